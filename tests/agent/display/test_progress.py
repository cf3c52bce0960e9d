"""The terminal says what was done, what was reconsidered, and how it ended."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from agent.display.progress import Progress, closing_line, make_console
from agent.loop import Episode
from agent.recording.trajectory import EpisodeSummary
from tests.fakes import FakeKitchen, ScriptedPolicy
from tests.recorded import HEADER, INSTEAD, SCRIPT

ENDED = EpisodeSummary(
    success=True,
    steps=6,
    goal_conditions_met=1,
    goal_conditions=1,
    errors=1,
    recovered=1,
    noticed=1,
    false_alarms=0,
    mean_rounds=1.5,
)


def test_every_step_is_a_line_and_every_proposal_dropped_one_before_it():
    screen = io.StringIO()
    env, policy = FakeKitchen(broken=("open Fridge",)), ScriptedPolicy(SCRIPT, INSTEAD)
    Episode(env, policy, observers=[Progress(make_console(screen))]).run(HEADER, seed=0)
    lines = screen.getvalue().splitlines()
    assert lines[0].startswith("Fake: put the apple in the fridge")
    assert [line.split()[0] for line in lines if line[:4].strip()][1:] == list("123456")
    assert lines[1].split() == "thinks again: pick up Apple? Apple is not in view".split()
    assert sum("[fault injected: no effect]" in line for line in lines) == 1


@pytest.mark.parametrize(
    ("summary", "says"),
    [
        (ENDED, "success after 6 steps: 1 of 1 goal conditions met, 1 error, 1 recovered, 1.50"),
        (replace(ENDED, success=False, errors=0), "not solved after 6 steps: 1 of 1"),
        (replace(ENDED, errors=0), "no errors"),
        (replace(ENDED, judged=False, steps=1), "finished after 1 step: free instruction, not"),
    ],
)
def test_the_end_is_one_line(summary, says):
    line = closing_line(summary, 2.0, "runs/x/report.html")
    assert says in line and line.endswith("2.0 s -> runs/x/report.html")


def test_what_the_policy_understood_is_said_under_the_goal():
    screen = io.StringIO()
    policy = ScriptedPolicy(SCRIPT, INSTEAD)
    policy.understood = "understood: put Apple in Fridge; unsure about 'brass'"
    Episode(FakeKitchen(), policy, observers=[Progress(make_console(screen))]).run(HEADER, seed=0)
    assert screen.getvalue().splitlines()[1].strip() == policy.understood
