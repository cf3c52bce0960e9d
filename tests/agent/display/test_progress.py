"""The terminal says what was done, what was reconsidered, and how it ended."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from agent.display.progress import Progress, closing_line, make_console
from agent.loop import Episode, EpisodeSettings
from tests.fakes import DoubtingPolicy, FakeKitchen, ScriptedPolicy
from tests.recorded import ENDED, HEADER, INSTEAD, SCRIPT


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


def shown(env: FakeKitchen, policy: ScriptedPolicy, rounds: int = 3) -> list[str]:
    screen = io.StringIO()
    settings = EpisodeSettings(rounds=rounds)
    Episode(env, policy, settings, [Progress(make_console(screen))]).run(HEADER, seed=0)
    return screen.getvalue().splitlines()


def test_what_the_environment_called_a_success_is_never_shown_as_failed():
    lines = shown(FakeKitchen(), DoubtingPolicy(("goto Fridge", "open Fridge", "done")))
    opened = next(line for line in lines if " open Fridge " in line)
    assert opened.split()[3:10] == "worked but the agent takes it for".split()
    assert opened.endswith("[false alarm]")


def test_a_reason_that_the_agent_was_not_told_is_shown_as_such():
    class Reasoning(FakeKitchen):
        def _info(self, works, fault):
            return {**super()._info(works, fault), "error": "" if works else "too far away"}

    lines = shown(Reasoning(), ScriptedPolicy(("open Fridge", "done")), rounds=1)
    failed = next(line for line in lines if " open Fridge " in line)
    assert "failed" in failed and "no reason given" not in failed
    assert "[the simulator's reason, not told to the agent: too far away]" in failed


def test_false_alarms_are_counted_at_the_end():
    line = closing_line(replace(ENDED, false_alarms=2), 1.0, "x")
    assert "1 error, 1 recovered, 2 false alarms" in line
