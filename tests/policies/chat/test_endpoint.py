"""The options of ``openai:MODEL``, from the command line to played episodes."""

from __future__ import annotations

import json

import pytest

import run_episode
from policies.chat.endpoint import EndpointSettings
from policies.loading import load_policy
from tests.policies.chat.chat_server import ChatServer, Said
from training import evaluate


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("openai:", {"endpoint": EndpointSettings(base_url="http://localhost/v1")}, "openai:MODEL"),
        ("openai:m", {"endpoint": EndpointSettings(base_url="localhost")}, "address"),
        ("openai:m", {"adapter": "lora"}, "adapter"),
        (
            "endpoint:m",
            {"endpoint": EndpointSettings("http://localhost/v1", timeout=0)},
            "time-out",
        ),
    ],
)
def test_names_and_options_that_make_no_sense_are_refused(name, options, says):
    with pytest.raises(ValueError, match=says):
        load_policy(name, **options)


def test_an_episode_is_played_by_an_endpoint(tmp_path, capsys):
    def robot(body: dict) -> Said:
        if len(body["messages"]) == 1:
            return Said("no")  # a question about the picture
        known = body["messages"][1]["content"][1]["text"]
        if "open Fridge (ok)" in known:
            return Said("Action: done")
        return Said("Action: open Fridge" if "goto Fridge (ok)" in known else "Action: goto Fridge")

    with ChatServer(robot) as server:
        arguments = [
            "--policy",
            "openai:some-model",
            "--base-url",
            server.url,
            "--scene",
            "FloorPlan1",
            "--instruction",
            "open the fridge",
            "--no-questions",
            "--out",
            str(tmp_path / "run"),
            "--json",
        ]
        assert run_episode.main(arguments) == 0
        result = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert result["policy"] == "openai:some-model"
        assert result["success"] and result["steps"] == 3
        assert server.pictures()[0].shape == (300, 300, 3)
        again = [*arguments[:-3], "--out", str(tmp_path / "other"), "--budget-tokens", "0"]
        assert run_episode.main(again) == 1
        assert "budget of 0 tokens is used up" in capsys.readouterr().err
        assert not (tmp_path / "other").exists()


def test_bad_endpoint_options_are_one_line(capsys):
    for extra in (["--base-url", "nowhere"], ["--budget-usd", "1"], ["--request-timeout", "0"]):
        assert (
            run_episode.main(["--policy", "openai:m", "--base-url", "http://localhost/v1", *extra])
            == 2
        )
        assert len(capsys.readouterr().err.splitlines()) == 1
    with pytest.raises(SystemExit):
        run_episode.main(["--price", "cheap"])


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["0", "2"])
def test_an_evaluation_stops_at_its_budget_and_goes_on_with_a_larger_one(tmp_path, capsys, workers):
    out = tmp_path / "run"
    with ChatServer([Said("Action: done", usage=(100, 0))]) as server:
        command = [
            "--suite",
            "map-val",
            "--episodes",
            "3",
            "--no-faults",
            "--rounds",
            "1",
            "--policy",
            "openai:m",
            "--base-url",
            server.url,
            "--no-questions",
            "--workers",
            workers,
            "--out",
            str(out),
            "--json",
        ]
        assert evaluate.main([*command, "--budget-tokens", "200"]) == 2
        assert "200 tokens is used up" in capsys.readouterr().err
        assert len(server.requests) == 2
        assert evaluate.main([*command, "--budget-tokens", "500"]) == 0
        assert len(server.requests) == 3
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["episodes"] == 3 and found["crashed"] == 0
