"""The check counts what was won and lost, and why."""

from __future__ import annotations

import pytest

from envs.tasks.base import Task
from envs.tasks.goals import Every, Found
from policies.expert.__main__ import main
from policies.expert.check import Tally, cause_of

TASK = Task("find", "FloorPlan301", "find the egg", Every((Found("Egg"),)), "Egg")
LOG = ["goto Egg failed no way", "look around ok ", "goto Egg failed no way"]


def test_won_and_lost_are_counted_by_family_and_room():
    tally = Tally(unsampled=1)
    tally.add(0, TASK, True, 4, [])
    tally.add(1, TASK, False, 8, LOG)
    found = tally.to_plain()
    assert found["families"] == {"find": [1, 2]} and found["rooms"] == {"bedroom": [1, 2]}
    assert (found["episodes"], found["success"], found["steps"]) == (2, 0.5, 6.0)
    assert found["unsampled"] == 1 and found["failures"][0]["cause"] == LOG[0]


def test_nothing_played_is_no_success():
    assert Tally().to_plain()["success"] == 0.0


def test_the_cause_is_what_failed_most_often_whatever_the_object():
    log = ["open Fridge at (0.1, 0.2) failed Fridge|+1|+2 is shut"] * 2 + ["drop failed no room"]
    assert cause_of(log) == "open Fridge failed  is shut"
    assert cause_of(["done ok "]) == "no action failed"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--tasks", "juggle"], "pick_and_place"),
        (["--rooms", "attic"], "living_room"),
        (["--suite", "nowhere:x"], "alfred"),
    ],
)
def test_a_bad_option_is_one_line_that_names_the_allowed_values(arguments, says, capsys):
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert says in said and said.count("\n") == 1


def test_one_episode_is_told_as_json(capsys):
    assert main(["--episodes", "1", "--seed", "3", "--split", "val", "--json"]) == 0
    assert '"episodes": 1' in capsys.readouterr().out.splitlines()[-1]
