"""The benchmark tells right answers from wrong ones, goes on where it was, and shows failures."""

from __future__ import annotations

import json

import pytest

from policies.chat.client import ChatClient, EndpointError
from policies.chat.openai_server import OpenAIServerBackend
from tests.policies.chat.chat_server import ChatServer, Said, failing
from tests.training.mmcr.made_set import dialogue, write_made, written
from training.mmcr.bench import BenchConfig, main, run
from training.mmcr.bench_folder import ANSWERS, read
from training.mmcr.judging.answerers import ChatAnswerer, EchoAnswerer, TruthAnswerer
from training.mmcr.judging.lvlm_judge import LvlmJudge
from training.mmcr.results import CONTEXTUAL

SCORES = '{"precision": 1, "consistency": 1, "logic": 1, "clarity": 1, "redundancy": 1}'


def bench(folder, name, dialogues, flags=()):
    write_made(folder / "data", dialogues)
    out = folder / name
    count = str(len(dialogues))
    status = main(
        ["--policy", name, "--out", str(out), "--data", str(folder / "data"), "--dialogues", count]
        + list(flags)
    )
    assert status == 0
    return json.loads((out / "results.json").read_text())


def test_the_truth_scores_all_the_echo_little_and_the_blind_between(tmp_path):
    made = written(16)
    found = {name: bench(tmp_path, name, made) for name in ("truth", "blind", "echo")}
    assert found["truth"]["rule"]["all"] == 1.0 and found["truth"][CONTEXTUAL] == 1.0
    assert found["echo"]["rule"]["redundancy"] < 0.1 and found["echo"][CONTEXTUAL] < 0.1
    assert found["blind"][CONTEXTUAL] < 0.5 < found["blind"]["rule"]["redundancy"]
    assert set(found["truth"]["domains"]) == {d.domain for d in made}
    page = (tmp_path / "echo" / "report.html").read_text()
    assert "it repeats the question" in page and "data:image/jpeg" in page
    assert "it repeats the question" not in (tmp_path / "truth" / "report.html").read_text()


def test_a_run_goes_on_where_it_was_and_only_as_it_was_begun(tmp_path):
    made = written(4)
    config = BenchConfig(policy="x", out=tmp_path / "run", data=tmp_path)
    script = [Said("It is closed.")] * 9 + [failing(500, "out of order")]
    with ChatServer(script) as server:
        answerer = ChatAnswerer(OpenAIServerBackend(ChatClient("m", server.url, "", 5.0, 1)))
        with pytest.raises(EndpointError):
            run(config, made, answerer, None)
        kept = read(tmp_path / "run")
        assert 0 < len(kept) < 4
        with (tmp_path / "run" / ANSWERS).open("a") as stream:
            stream.write('{"id": "cut sho')
        server.script = [Said("It is closed.")]
        asked = len(server.requests)
        run(config, made, answerer, None)
        left = [d for d in made if d.id not in kept]
        assert len(server.requests) - asked == sum(len(d.turns) for d in left)
    assert len(read(tmp_path / "run")) == 4
    with pytest.raises(ValueError, match="was begun with answerer 'openai:m', not 'echo'"):
        run(config, made, EchoAnswerer(), None)


def test_two_judges_are_compared_and_one_that_says_no_scores_is_left_out(tmp_path):
    made = written(2)
    replies = iter([Said(SCORES), Said("I won't.")] + [Said(SCORES)] * 50)
    with ChatServer(lambda body: next(replies)) as server:
        judging = LvlmJudge(OpenAIServerBackend(ChatClient("m", server.url, "", 5.0, 1)))
        config = BenchConfig(policy="x", out=tmp_path / "run", data=tmp_path)
        found = run(config, made, TruthAnswerer(made), judging)
    assert found["judge"] == "openai:m" and found["lvlm"]["all"] == 1.0
    assert found["agreement"]["precision"]["share"] == 1.0


def test_a_damaged_picture_costs_its_dialogue_alone(tmp_path, capsys):
    good, other = written(2)
    bad = dialogue(9, other.turns, pictures=(other.pictures[0][:30],))
    config = BenchConfig(policy="x", out=tmp_path / "run", data=tmp_path)
    found = run(config, [bad, good], TruthAnswerer([good]), None)
    assert found["problems"] == 1 and found["dialogues"] == 1
    assert "damaged" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--policy", "default"], "does not answer in words"),
        (["--policy", "echo", "--judge", "default"], "does not answer in words"),
        (["--policy", "echo", "--dialogues", "50"], "holds 2 dialogues"),
    ],
)
def test_bad_flags_are_told_in_a_line(tmp_path, capsys, flags, said):
    write_made(tmp_path / "data", written(2))
    most = [] if "--dialogues" in flags else ["--dialogues", "2"]
    out = ["--out", str(tmp_path / "run"), "--data", str(tmp_path / "data")]
    assert main([*flags, *most, *out]) == 2
    told = capsys.readouterr().err
    assert said in told and len(told.splitlines()) == 1
