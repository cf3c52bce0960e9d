"""The expert meets a goal condition by condition where a family has no plan of its own."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from envs.tasks.base import Task
from envs.tasks.goals import (
    Contained,
    Every,
    Found,
    Held,
    Near,
    Openness,
    Sliced,
    State,
    Toggled,
    Treated,
    TreatedContained,
)
from envs.thor_env import ThorEnv
from policies.expert.policy import run_episode


@pytest.fixture(scope="module")
def env():
    made = ThorEnv(split="all", varied=False)
    yield made
    made.close()


def task(*conditions):
    return Task(
        family="chores",
        scene="FloorPlan1",
        instruction="do the chores",
        goal=Every(conditions),
        target="",
        spawn_seed=3,
        start=(-1.0, -1.5, 0.0, 30.0),
    )


@pytest.mark.parametrize(
    "conditions",
    [
        (Toggled("Faucet", True), Openness("Microwave", True)),
        (Found("Fridge"), Toggled("CoffeeMachine", True)),
        (Near("Toaster"), Openness("Fridge", True)),
        (Contained("Apple", "Fridge"), Held("Egg")),
        (Sliced("Bread"),),
        (Treated("Potato", "heated"), TreatedContained("Potato", "heated", "CounterTop")),
    ],
    ids=lambda conditions: "+".join(type(c).__name__ for c in conditions),
)
def test_conditions_are_met_one_after_the_other(env, conditions):
    won, _, family, log = run_episode(env, 0, search=False, task=task(*conditions))
    assert won and family == "chores", log


@dataclass(frozen=True)
class Polished:
    """A condition that nobody knows how to meet."""

    target: str

    def text(self) -> str:
        return f"{self.target} shines"

    def verify(self, state: State) -> bool:
        return False


def test_a_goal_without_a_plan_is_named(env):
    with pytest.raises(ValueError, match="no plan for family 'chores'.*Mug shines"):
        run_episode(env, 0, search=False, task=task(Polished("Mug")))
