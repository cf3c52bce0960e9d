"""All variants are trained alike, but for what each does without."""

from __future__ import annotations

import pytest

from policies.cimr.ablations import PARTS
from training.ablations.__main__ import AblationConfig, main, make
from training.ablations.plan import Sources, play_command, setting_of, stages_of
from training.recipe import Record
from training.sft import SftConfig
from training.tables.__main__ import make_parser
from training.tables.setting import ABLATIONS


@pytest.fixture
def sources(tmp_path):
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "policy.json").write_text("{}")
    (tmp_path / "policy" / "model.safetensors").write_bytes(b"weights")
    for name in ("steps", "dagger"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "steps_000.jsonl").write_text("{}\n")
    return Sources.of(
        str(tmp_path / "policy"), (tmp_path / "steps", tmp_path / "dagger"), None, None
    )


def test_commands_differ_in_what_is_left_out_and_where_it_goes_alone(sources):
    config = AblationConfig(episodes=sources.episodes, updates=300, seed=4)
    stages = stages_of(sources, tuple(PARTS), config)
    assert [stage.name for stage in stages] == ["full", *(f"no-{part}" for part in PARTS)]
    setting = setting_of(4, "cpu", False)
    commands = [stage.arguments(setting, 5.0) for stage in stages]
    whole = commands[0]
    assert "--minutes" not in whole and whole[whole.index("--updates") + 1] == "300"
    for part, words in zip(PARTS, commands[1:], strict=True):
        without = words.index("--without")
        assert words[without + 1] == part
        alike = [*words[:without], *words[without + 2 :]]
        assert [w for w in alike if w != f"no-{part}"] == [w for w in whole if w != "full"]
    assert all(not stage.resumed for stage in stages), "its updates would be more"


def test_what_trains_them_and_what_plays_them_have_one_set_of_names(sources, tmp_path):
    assert list(ABLATIONS) == [f"no-{part}" for part in PARTS]
    words = play_command(tmp_path, ("memory", "state")).split()
    assert words[:4] == ["python", "-m", "training.tables", "cimr"]
    asked = make_parser().parse_args(words[3:])
    assert asked.policy == str(tmp_path / "full")
    assert asked.ablation == [f"no-{k}={tmp_path}/no-{k}" for k in ("memory", "state")]
    assert SftConfig.__dataclass_fields__["without"].default == ()


def test_a_folder_goes_on_with_the_same_sources_and_updates_only(sources, tmp_path):
    setting, out = setting_of(0, "cpu", False), tmp_path / "out"
    out.mkdir()
    before = {"updates": 4, "sources": sources.fingerprint()}
    stage = stages_of(sources, ("memory",), AblationConfig(episodes=()))[0]
    Record(out, "ablations", setting, **before).note(stage, seconds=1.0, finished=True)
    assert Record(out, "ablations", setting, **before).of(stage)["finished"]
    (sources.episodes[1] / "steps_001.jsonl").write_text("{}\n")
    assert sources.fingerprint() != before["sources"]
    for other in ({"updates": 5}, {"sources": sources.fingerprint()}):
        with pytest.raises(ValueError, match="name another --out"):
            Record(out, "ablations", setting, **{**before, **other})


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--policy", "GONE"], "no policy of this project"),
        (["--policy", "POLICY", "--episodes", "GONE"], "holds no steps"),
        (["--policy", "POLICY", "--check", "GONE"], "holds no steps"),
        (["--policy", "POLICY", "--goals", "GONE"], "is missing"),
        (["--parts", "brain"], "'brain': use some of fusion"),
        (["--updates", "0"], "0"),
    ],
)
def test_misuse_is_one_line_and_trains_nothing(sources, tmp_path, capsys, flags, said):
    places = {"GONE": str(tmp_path / "gone"), "POLICY": str(sources.policy)}
    given = [places.get(word, word) for word in flags]
    out = tmp_path / "out"
    try:
        code = main(["--episodes", str(sources.episodes[0]), *given, "--out", str(out)])
    except SystemExit as end:
        code = end.code
    told = capsys.readouterr().err.strip()
    assert code == 2 and said in told and "\n" not in told
    assert not list(out.rglob("*"))


@pytest.mark.slow
def test_a_smoke_of_two_makes_both_and_a_second_run_trains_nothing(tmp_path, capsys):
    import json

    import numpy as np

    from policies.cimr.language.tokenizer import build_tokenizer
    from tests.training.made_up_steps import small_parts
    from training.data.step_part import StepPart

    _, _, steps = small_parts()
    part = StepPart()
    rng = np.random.default_rng(0)
    empty = build_tokenizer().convert_tokens_to_ids("<nothing>")
    for k, record in enumerate(steps.records[:6]):
        frame = part.see(rng.integers(0, 255, (288, 288, 3)).astype(np.uint8))
        events = np.full(steps.events.shape[1:], empty)
        part.add(events, {**record, "frame": frame, "episode": 0, "step": k})
    (tmp_path / "steps").mkdir()
    part.save(tmp_path / "steps", 0)
    config = AblationConfig(
        episodes=(tmp_path / "steps",), parts=("memory",), out=tmp_path / "out", smoke=True
    )
    play = make(config)
    assert f"no-memory={tmp_path}/out/no-memory" in play
    told = {
        name: json.loads((tmp_path / "out" / name / "config.json").read_text())
        for name in ("full", "no-memory")
    }
    assert [told[name].get("without") for name in told] == [None, ["memory"]]
    assert all(config["verifies"] for config in told.values())
    assert (tmp_path / "out" / "no-memory" / "reader.json").is_file()
    kept = (tmp_path / "out" / "full" / "policy.json").stat().st_mtime_ns
    assert make(config) == play
    assert (tmp_path / "out" / "full" / "policy.json").stat().st_mtime_ns == kept
