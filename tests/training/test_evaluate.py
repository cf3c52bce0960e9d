"""Controls really blind, intervals are right, and a tally adds up."""

from __future__ import annotations

import numpy as np
import pytest

from envs.actions import Action
from policies.base import Context, Observation, Question, Reply
from training.evaluate import Controlled, Tally, evaluate, wilson


class _Listener:
    name = "listener"

    def __init__(self):
        self.heard = []

    def reset(self, instruction, seed):
        self.heard.append(instruction)

    def act(self, observation, context):
        self.heard.append((observation.rgb.std(), observation.instruction))
        return Reply(Action("done"))

    def ask(self, frame, question):
        self.heard.append(frame.std())


@pytest.mark.parametrize(("control", "sees", "reads"), [
    ("none", True, "open the fridge"), ("blank_frame", False, "open the fridge"),
    ("blank_instruction", True, ""), ("wrong_instruction", True, "find the cup"),
])
def test_a_control_takes_away_exactly_one_sense(control, sees, reads):
    inner = _Listener()
    policy = Controlled(inner, control)
    policy.other = "find the cup"
    frame = np.random.default_rng(0).integers(0, 255, (8, 8, 3), dtype=np.uint8)
    policy.reset("open the fridge", 0)
    policy.act(Observation(frame, "open the fridge"), Context())
    policy.ask(frame, Question("in_view", "Cup"))
    assert all(word == reads for word in inner.heard[:-2])
    assert (inner.heard[-2][0] > 0) == sees and inner.heard[-2][1] == reads
    assert (inner.heard[-1] > 0) == sees


def test_unknown_controls_are_refused():
    with pytest.raises(ValueError, match="blank_frame"):
        evaluate(_Listener(), [0], control="deaf")


def test_the_interval_holds_the_share_and_narrows():
    low, high = wilson(5, 10)
    lower, higher = wilson(500, 1000)
    assert low < lower < 0.5 < higher < high
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_tally_adds_up():
    tally = Tally([{"success": True, "steps": 2, "ms": 10, "family": "find"},
                   {"success": False, "steps": 4, "ms": 20, "family": "open"}], 4, 3)
    summary = tally.summary()
    assert summary["success"] == 0.5 and summary["pointing"] == 0.75
    assert summary["families"] == {"find": [1, 1], "open": [0, 1]}
