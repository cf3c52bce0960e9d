"""The room from above, made of what the simulator says, to the measure of the agent's grid."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from envs.overview import Overview
from envs.tasks.published.suites import load_published
from envs.thor_env import ThorEnv

NEAR = Path(__file__).parents[1] / "data" / "eb_navigation_near.json"


def box(x: float, z: float, wide: float, deep: float) -> dict:
    return {"center": {"x": x, "y": 0.5, "z": z}, "size": {"x": wide, "y": 1.0, "z": deep}}


def thing(kind: str, where: dict, pickupable: bool = False, turned: list | None = None) -> dict:
    return {
        "objectType": kind,
        "pickupable": pickupable,
        "axisAlignedBoundingBox": where,
        "objectOrientedBoundingBox": None if turned is None else {"cornerPoints": turned},
    }


class Env:
    """An environment that stands still; whoever asks its controller for more finds no step."""

    def __init__(self, objects: list[dict]) -> None:
        agent = {"position": {"x": 0.25, "y": 0.9, "z": -1.5}, "rotation": {"y": 450.0}}
        metadata = {"objects": objects, "agent": agent}
        self.controller = SimpleNamespace(last_event=SimpleNamespace(metadata=metadata))
        self.skills = SimpleNamespace(free_cells=((1, -6), (0, -6)), cell=0.1)


def test_furniture_stands_where_it_stands_and_what_is_small_carried_or_hung_is_left_out() -> None:
    env = Env(
        [
            thing("Fridge", box(1.0, 2.0, 1.0, 0.5)),
            thing("Mug", box(0.0, 0.0, 1.0, 1.0), pickupable=True),
            thing("StoveKnob", box(0.0, 0.0, 0.05, 0.05)),
            thing("Window", box(0.0, 0.0, 2.0, 0.3)),
        ]
    )
    room = Overview(env).room()
    assert [piece.kind for piece in room.furniture] == ["Fridge"]
    assert room.furniture[0].corners == ((0.5, 1.75), (1.5, 1.75), (1.5, 2.25), (0.5, 2.25))
    assert room.free == ((0, -6), (1, -6)) and room.cell == 0.1


def test_a_piece_that_stands_askew_is_drawn_askew() -> None:
    corners = [[x, y, z] for y in (0, 1) for x, z in ((0, 1), (1, 0), (0, -1), (-1, 0))]
    env = Env([thing("Chair", box(0.0, 0.0, 2.0, 2.0), turned=corners)])
    piece = Overview(env).room().furniture[0]
    assert set(piece.corners) == {(0, 1), (1, 0), (0, -1), (-1, 0)}


def test_the_pose_is_place_and_yaw_within_a_turn() -> None:
    assert Overview(Env([])).pose() == (0.25, -1.5, 90.0)


@pytest.mark.slow
@pytest.mark.parametrize("level", ["skill", "primitive"])
def test_the_floor_of_a_suite_with_a_grid_of_its_own_is_drawn_to_its_measure(level: str) -> None:
    task = load_published(f"eb-navigation:{NEAR}")[0]
    env = ThorEnv(action_level=level, split="all", room="any", width=32, height=32)
    env.reset(seed=0, options={"task": task})
    room, pose = Overview(env).room(), Overview(env).pose()
    bounds = env.controller.last_event.metadata["sceneBounds"]
    env.close()
    for axis, (name, here) in enumerate(zip("xz", pose, strict=False)):
        places = [cell[axis] * room.cell for cell in room.free]
        half = bounds["size"][name] / 2 + 0.05
        assert max(abs(place - bounds["center"][name]) for place in places) <= half
        assert min(abs(place - here) for place in places) <= room.cell
