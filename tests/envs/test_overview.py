"""The room from above, made of what the simulator says without asking it for more."""

from __future__ import annotations

from types import SimpleNamespace

from envs.overview import Overview


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
        self.skills = SimpleNamespace(free_cells=((1, -6), (0, -6)))


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
    assert room.free == ((0, -6), (1, -6))


def test_a_piece_that_stands_askew_is_drawn_askew() -> None:
    corners = [[x, y, z] for y in (0, 1) for x, z in ((0, 1), (1, 0), (0, -1), (-1, 0))]
    env = Env([thing("Chair", box(0.0, 0.0, 2.0, 2.0), turned=corners)])
    piece = Overview(env).room().furniture[0]
    assert set(piece.corners) == {(0, 1), (1, 0), (0, -1), (-1, 0)}


def test_the_pose_is_place_and_yaw_within_a_turn() -> None:
    assert Overview(Env([])).pose() == (0.25, -1.5, 90.0)
