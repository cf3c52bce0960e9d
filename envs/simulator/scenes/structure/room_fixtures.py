"""The parts of a room that the recordings leave out, inferred from boxes and free floor.

Walls, ceiling and ground; partitions; plates behind what hangs off its wall; bodies behind cupboard
doors; bases under counters; the body of a stove under its burners; a door. Nothing inferred covers
the free floor.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from envs.simulator.core.caching import for_life
from envs.simulator.meshes.mesh import Part
from envs.simulator.meshes.slabs import centered, joined, slab
from envs.simulator.scenes.records import Fixture, SceneRecord
from envs.simulator.scenes.structure.counter_bases import counter_bases
from envs.simulator.scenes.structure.counter_shapes import piece_bases
from envs.simulator.scenes.structure.recorded_objects import RecordedObject, recorded_objects
from envs.simulator.scenes.structure.robothor_plan import hall_plan
from envs.simulator.scenes.structure.room_door import door
from envs.simulator.scenes.structure.room_plan import RoomPlan, plan_room
from envs.simulator.scenes.structure.room_style import RoomStyle, room_type, style_of
from envs.simulator.scenes.structure.stoves import stove_bodies
from envs.simulator.scenes.structure.wall_details import (
    cabinet_bodies,
    corner_walls,
    hanging_boards,
    knee_walls,
    plates,
)
from envs.simulator.scenes.structure.wall_reliefs import Band, Side, relief_parts

_BEYOND = 0.25
# Of the second layers of ground and ceiling.
_UNDER = 0.2
_CEILING_CELL = 1.0


class _Builder:
    def __init__(self) -> None:
        self.fixtures: list[Fixture] = []
        self._count: dict[str, int] = {}

    def add(self, object_type: str, parts: list[Part]) -> None:
        points = np.concatenate([p.vertices for p in parts])
        low, high = points.min(0).astype(float), points.max(0).astype(float)
        middle = (low + high) / 2
        index = self._count.get(object_type, 0)
        self._count[object_type] = index + 1
        self.fixtures.append(
            Fixture(
                f"{object_type}|{index}",
                object_type,
                tuple(middle),
                tuple(high - low),
                0.0,
                centered(parts, middle),
            )
        )


@for_life()
def plan_of(scene: SceneRecord) -> RoomPlan:
    """The plan of a scene's walls."""
    if room_type(scene.name) == "robothor":
        return hall_plan(scene.name.rsplit("_", 1)[0])
    return plan_room(recorded_objects(scene), scene.walked)


@lru_cache(maxsize=8)
def infer_fixtures(scene: SceneRecord, seed: int = 0) -> tuple[Fixture, ...]:
    """All structure of a room that no metadata lists."""
    style = style_of(scene.name, seed)
    plan = plan_of(scene)
    objects = recorded_objects(scene)
    made = _Builder()
    _shell(made, style, plan, next((t for t in objects if t.object_type == "Floor"), None))
    for low, high in joined([(piece.low, piece.high) for piece in plan.partitions]):
        upper = style.wall
        made.add("Wall", [slab(low, high, upper.color, upper.texture, tile=upper.tile)])
    for parts in plates(plan, objects, style):
        made.add("Wall", parts)
    for parts in hanging_boards(plan, objects, style):
        made.add("Wall", parts)
    for parts in corner_walls(plan, scene, style):
        made.add("Wall", parts)
    for parts in knee_walls(plan, objects, scene.walked, style):
        made.add("Wall", parts)
    for parts in cabinet_bodies(plan, objects, style):
        made.add("CabinetBody", parts)
    for parts in counter_bases(scene, style.base, style.base_texture):
        made.add("CounterBase", parts)
    for parts in piece_bases(scene, style.base, style.base_texture):
        made.add("CounterBase", parts)
    for parts in stove_bodies(scene, plan.low, plan.high):
        made.add("StoveBody", parts)
    leaf = door(plan, objects, scene.walked, style)
    if leaf:
        made.add("Door", leaf)
    return tuple(made.fixtures)


def _shell(made: _Builder, style: RoomStyle, plan: RoomPlan, floor: RecordedObject | None) -> None:
    # RoboTHOR records no floor; elsewhere the ground is what the floor leaves uncovered.
    low, high = plan.low, plan.high
    for relief in plan.walls:
        made.add(
            "Wall", [*relief_parts(relief, style.bands), _backing(plan, relief.side, style.wall)]
        )
    a, b = low - _BEYOND, high + _BEYOND
    only_below = ((0, -1), (0, 1), (1, 1), (2, -1), (2, 1))
    only_above = ((0, -1), (0, 1), (1, -1), (2, -1), (2, 1))
    # The rasteriser now and then drops a triangle that touches the view's edge: a second layer.
    ceiling = [
        slab(
            np.array([a[0], level, a[2]]),
            np.array([b[0], level + 0.1, b[2]]),
            style.ceiling,
            "plaster",
            tile=2.0,
            cell=cell,
            skip=only_below,
            emissive=True,
        )
        for level, cell in ((high[1], _CEILING_CELL), (high[1] + _UNDER, 2.3))
    ]
    made.add("Ceiling", ceiling)
    # Well under a floor: the rasteriser's depth does not tell near planes apart.
    layers = [(a, b, -_UNDER, 2.3)]
    strips = [(low, high)] if floor is None else _around(low, high, floor)
    layers += [(np.array(p), np.array(q), 0.0, 0.35) for p, q in strips]
    ground = [
        slab(
            np.array([p[0], level - 0.1, p[2]]),
            np.array([q[0], level, q[2]]),
            style.floor.color,
            style.floor.texture,
            tile=style.floor.tile,
            cell=cell,
            skip=only_above,
        )
        for p, q, level, cell in layers
    ]
    made.add("Floor" if floor is None else "Ground", ground)


def _around(
    low: np.ndarray, high: np.ndarray, floor: RecordedObject
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Rectangles of a room that its recorded floor does not reach."""
    a, b = np.clip(floor.low, low, high), np.clip(floor.high, low, high)
    pieces = []
    for p, q in (
        ((low[0], 0, low[2]), (a[0], 0, high[2])),
        ((b[0], 0, low[2]), (high[0], 0, high[2])),
        ((a[0], 0, low[2]), (b[0], 0, a[2])),
        ((a[0], 0, b[2]), (b[0], 0, high[2])),
    ):
        if q[0] - p[0] > 0.01 and q[2] - p[2] > 0.01:
            pieces.append((np.array(p, dtype=float), np.array(q, dtype=float)))
    return pieces


def _backing(plan: RoomPlan, side: Side, style: Band) -> Part:
    """A face behind a wall, so that not even a seam between its faces lets the void through."""
    a, b = plan.low - _BEYOND, plan.high + _BEYOND
    a[1] = -_UNDER - 0.05
    place = side.plane - side.sign * _BEYOND
    a[side.axis], b[side.axis] = sorted((place, place - side.sign * 0.05))
    others = [(k, s) for k in range(3) for s in (-1, 1) if (k, s) != (side.axis, side.sign)]
    return slab(a, b, style.color, style.texture, cell=4.0, tile=style.tile, skip=tuple(others))
