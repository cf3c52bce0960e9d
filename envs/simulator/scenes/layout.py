"""The parts of a room that the recordings leave out, inferred from boxes and free floor.

Walls and ceiling from the extent of everything recorded; partitions behind things that hang where
no outer wall is; bases under counters; the body of a stove under its burners. Nothing inferred
covers the free floor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from envs.simulator.looks import kitchen_style
from envs.simulator.meshes.cupboards import front_color
from envs.simulator.meshes.mesh import Part
from envs.simulator.scenes.bases import counter_bases, stove_bodies
from envs.simulator.scenes.records import Fixture, ObjectRecord, SceneRecord
from envs.simulator.scenes.slabs import centered, slab

AGENT_RADIUS = 0.2
THICKNESS = 0.12
_HANGS = frozenset(
    {
        "Window",
        "LightSwitch",
        "Cabinet",
        "Painting",
        "Mirror",
        "Blinds",
        "Curtains",
        "TowelHolder",
        "ToiletPaperHanger",
        "HandTowelHolder",
        "ShowerHead",
        "Television",
        "Poster",
    }
)
_NOT_IN_EXTENT = frozenset({"Floor", "Window", "Blinds", "Curtains"})


@dataclass(frozen=True)
class Palette:
    """Colours and textures of a room's structure."""

    wall: tuple[float, float, float]
    wall_texture: str | None
    ceiling: tuple[float, float, float]
    base: tuple[float, float, float]
    base_texture: str | None


_WALLS = (
    (0.93, 0.90, 0.82),
    (0.86, 0.89, 0.88),
    (0.92, 0.86, 0.74),
    (0.80, 0.86, 0.88),
    (0.90, 0.90, 0.90),
    (0.85, 0.88, 0.78),
    (0.94, 0.87, 0.82),
)


def palette(scene: SceneRecord, seed: int) -> Palette:
    """The structure's look; equal for equal scene and seed."""
    digits = "".join(c for c in scene.name if c.isdigit()) or "0"
    rng = np.random.default_rng([int(digits) % 10_000, seed])
    base, texture = front_color(kitchen_style(seed, scene.name))
    return Palette(
        wall=_WALLS[int(rng.integers(len(_WALLS)))],
        wall_texture="plaster",
        ceiling=(0.97, 0.97, 0.96),
        base=base,
        base_texture=texture,
    )


def room_box(scene: SceneRecord) -> tuple[np.ndarray, np.ndarray]:
    """Inner corners (3,) of the room: everything recorded lies within."""
    boxes = [
        (np.asarray(o.center), np.asarray(o.size))
        for o in scene.objects
        if o.object_type not in _NOT_IN_EXTENT
    ]
    low = np.min([c - s / 2 for c, s in boxes], axis=0)
    high = np.max([c + s / 2 for c, s in boxes], axis=0)
    for window in (o for o in scene.objects if o.object_type == "Window"):
        middle = np.asarray(window.center)
        low, high = np.minimum(low, middle), np.maximum(high, middle)
    if len(scene.reachable):
        margin = AGENT_RADIUS + 0.06
        floor_low, floor_high = scene.reachable.min(0) - margin, scene.reachable.max(0) + margin
        low[[0, 2]] = np.minimum(low[[0, 2]], floor_low)
        high[[0, 2]] = np.maximum(high[[0, 2]], floor_high)
    low[1] = 0.0
    high[1] = max(2.55, high[1] + 0.08)
    return low, high


class _Builder:
    def __init__(self) -> None:
        self.fixtures: list[Fixture] = []
        self._count: dict[str, int] = {}

    def add(self, kind: str, parts: list[Part]) -> None:
        points = np.concatenate([p.vertices for p in parts])
        low, high = points.min(0).astype(float), points.max(0).astype(float)
        middle = (low + high) / 2
        index = self._count.get(kind, 0)
        self._count[kind] = index + 1
        self.fixtures.append(
            Fixture(
                f"{kind}|{index}",
                kind,
                tuple(middle),
                tuple(high - low),
                0.0,
                centered(parts, middle),
            )
        )


def infer_fixtures(scene: SceneRecord, seed: int = 0) -> tuple[Fixture, ...]:
    """Walls, ceiling, partitions, counter bases and stove bodies of a room."""
    look = palette(scene, seed)
    low, high = room_box(scene)
    made = _Builder()
    _shell(made, look, low, high)
    for obj in scene.objects:
        if obj.object_type in _HANGS:
            _partition(made, look, scene, obj, low, high)
    for parts in counter_bases(scene, look.base, look.base_texture):
        made.add("CounterBase", parts)
    for parts in stove_bodies(scene, low, high):
        made.add("StoveBody", parts)
    return tuple(made.fixtures)


def _shell(made: _Builder, look: Palette, low: np.ndarray, high: np.ndarray) -> None:
    t = THICKNESS
    for axis in (0, 2):
        for side in (-1, 1):
            a, b = low - t, high + t
            if side < 0:
                b = b.copy()
                b[axis] = low[axis]
            else:
                a = a.copy()
                a[axis] = high[axis]
            a[1], b[1] = -0.05, high[1] + 0.02
            made.add("Wall", [slab(a, b, look.wall, look.wall_texture, tile=1.5)])
    made.add(
        "Ceiling",
        [
            slab(
                np.array([low[0] - t, high[1], low[2] - t]),
                np.array([high[0] + t, high[1] + 0.1, high[2] + t]),
                look.ceiling,
                "plaster",
                tile=2.0,
                cell=1.0,
            )
        ],
    )
    made.add(
        "Ground",
        [
            slab(
                np.array([low[0] - t, -0.16, low[2] - t]),
                np.array([high[0] + t, -0.012, high[2] + t]),
                (0.55, 0.5, 0.45),
                None,
                cell=1.0,
            )
        ],
    )


def _partition(
    made: _Builder,
    look: Palette,
    scene: SceneRecord,
    obj: ObjectRecord,
    low: np.ndarray,
    high: np.ndarray,
) -> None:
    """A piece of wall behind something that hangs away from every outer wall."""
    center, size = np.asarray(obj.center), np.asarray(obj.size)
    if center[1] - size[1] / 2 < 0.6:
        return
    yaw = round(obj.local_rotation[1] / 90) % 4
    axis, sign = ((2, 1), (0, 1), (2, -1), (0, -1))[yaw]
    back = center[axis] - sign * size[axis] / 2
    edge = low[axis] if sign > 0 else high[axis]
    if abs(back - edge) < 0.45:
        return
    across = 0 if axis == 2 else 2
    a, b = np.array([0.0, -0.05, 0.0]), np.array([0.0, high[1] + 0.02, 0.0])
    a[axis], b[axis] = sorted((back, back - sign * 0.08))
    if obj.object_type in ("Window", "Mirror"):
        # The glass lies within the wall's thickness.
        a[axis], b[axis] = center[axis] - 0.04, center[axis] + 0.04
    a[across] = center[across] - size[across] / 2 - 0.15
    b[across] = center[across] + size[across] / 2 + 0.15
    free = scene.reachable
    flat = [0, 2]
    gap = np.maximum(a[flat] - free, free - b[flat]).max(1)
    if len(gap) and gap.min() < AGENT_RADIUS - 0.01:
        # Free floor below: hang the piece above head height only.
        a[1] = center[1] - size[1] / 2 - 0.1
        if a[1] < 1.7:
            return
    for other in scene.objects:
        if other is obj or other.object_type in ("Floor", obj.object_type):
            continue
        o_low = np.asarray(other.center) - np.asarray(other.size) / 2
        o_high = np.asarray(other.center) + np.asarray(other.size) / 2
        if (np.minimum(b, o_high) - np.maximum(a, o_low) > 0.03).all():
            a[1] = max(a[1], float(o_high[1]))
    if b[1] - a[1] > 0.3:
        made.add("Wall", [slab(a, b, look.wall, look.wall_texture, tile=1.5)])
