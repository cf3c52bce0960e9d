"""The expert finds another way where an open door bars it, and puts things where it sees them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from envs.motion.walking import Walker, cell_of
from envs.tasks.registry import FAMILY_NAMES
from envs.thor_env import ThorEnv
from policies.expert.policy import run_episode


@pytest.fixture(scope="module")
def env() -> Iterator[ThorEnv]:
    made = ThorEnv(split="all", room="any", families=FAMILY_NAMES)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("seed", "why"),
    [
        (2, "the bowl in the fridge shows only once the fridge is opened from another side"),
        (146, "the open fridge stands in the way of the nearest walk"),
        (277, "a bar of soap put down near the rim of the basin could not be seen again"),
    ],
)
def test_expert_succeeds_where_it_was_once_stuck(env: ThorEnv, seed: int, why: str) -> None:
    success, _, _, log = run_episode(env, seed, search=False)
    assert success, f"{why}: {log[-5:]}"


def test_walker_goes_round_what_bars_its_way(env: ThorEnv) -> None:
    controller = env.controller
    controller.reset("FloorPlan201", gridSize=0.25)
    start = controller.last_event.metadata["agent"]["position"]
    refused: list[tuple[int, int]] = []

    def step(name: str, **arguments: object):  # type: ignore[no-untyped-def]
        """The first step ahead fails: somebody holds the agent back."""
        if name == "MoveAhead" and not refused:
            refused.append(cell_of(start["x"], start["z"]))
            return controller.step("MoveAhead", moveMagnitude=20.0)
        return controller.step(name, **arguments)

    walker = Walker(controller, step)
    far = max(walker.distances().items(), key=lambda row: row[1])[0]
    place = walker.free[far]
    assert walker.walk({**place, "rotation": 90.0, "horizon": 30.0})
    assert refused
    assert cell_of(*walker.here()) == far
