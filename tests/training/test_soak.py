"""Episodes whose backend is killed under them."""

from __future__ import annotations

import json

import pytest

from training import soak


@pytest.mark.parametrize(
    "arguments",
    [["--episodes", "0"], ["--backend", "embedded"], ["--every", "0"], ["--families", "juggle"]],
)
def test_what_makes_no_sense_is_refused_in_one_line(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        soak.main(arguments)
    assert stop.value.code == 2 and "error:" in capsys.readouterr().err


@pytest.mark.slow
def test_every_episode_ends_with_a_verdict_and_no_process_is_left(capsys):
    assert soak.main(["--episodes", "6", "--every", "3", "--families", "open", "toggle"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["episodes"] == 6 == result["won"] + result["lost"] + result["crashed"]
    assert result["kills"] >= 2 and result["recovered"] >= 1 and result["strays"] == 0
