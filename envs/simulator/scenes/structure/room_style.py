"""How a room's structure looks: wall, floor and ceiling by the type of room, scene and seed.

One type of room shares a vocabulary (tiles in bathrooms, boards in living rooms, carpet in
bedrooms); scenes differ within it. Seed 0 is a scene's standard appearance.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from envs.simulator.core.geometry import triple
from envs.simulator.meshes.furniture.cupboards import front_color
from envs.simulator.meshes.mesh import Color
from envs.simulator.scenes.appearance import kitchen_style
from envs.simulator.scenes.structure.wall_reliefs import Band

ROOM_TYPES = ("kitchen", "living room", "bedroom", "bathroom", "robothor")
SKIRTING = 0.08
# Colours nearer than this look alike; the deeper shade is darker and has more colour by these.
_TOLD_APART, _DEEPER, _STRONGER = 0.15, np.array([0.86, 0.82, 0.75]), 1.4


@dataclass(frozen=True)
class Finish:
    """One surface's colour, texture and the metres a repeat of it covers."""

    color: Color
    texture: str | None
    tile: float


@dataclass(frozen=True)
class RoomStyle:
    """Everything a room's structure is painted with.

    Attributes:
        bands: Of the walls, from the bottom up.
        base: Colour of counter bases and cupboard bodies.
        trim: Doors, skirting and frames.
    """

    bands: tuple[Band, ...]
    floor: Finish
    ceiling: Color
    base: Color
    base_texture: str | None
    trim: Color
    door: Color

    @property
    def wall(self) -> Band:
        """The appearance of the upper wall."""
        return self.bands[-1]


_WALLS: dict[str, tuple[Color, ...]] = {
    "kitchen": (
        (0.93, 0.90, 0.82),
        (0.86, 0.89, 0.88),
        (0.92, 0.86, 0.74),
        (0.80, 0.86, 0.88),
        (0.90, 0.90, 0.90),
        (0.85, 0.88, 0.78),
        (0.94, 0.87, 0.82),
    ),
    "living room": (
        (0.93, 0.91, 0.86),
        (0.84, 0.87, 0.86),
        (0.91, 0.86, 0.76),
        (0.78, 0.80, 0.80),
        (0.80, 0.84, 0.76),
        (0.88, 0.82, 0.78),
        (0.72, 0.79, 0.84),
    ),
    "bedroom": (
        (0.82, 0.87, 0.91),
        (0.93, 0.89, 0.84),
        (0.86, 0.83, 0.90),
        (0.84, 0.89, 0.82),
        (0.95, 0.90, 0.80),
        (0.91, 0.91, 0.90),
        (0.91, 0.83, 0.83),
    ),
    "bathroom": (
        (0.93, 0.94, 0.94),
        (0.83, 0.91, 0.92),
        (0.88, 0.92, 0.86),
        (0.94, 0.91, 0.86),
        (0.85, 0.87, 0.91),
    ),
    "robothor": ((0.93, 0.93, 0.92), (0.90, 0.90, 0.91), (0.94, 0.93, 0.89)),
}
_TILED: tuple[Color, ...] = (
    (0.96, 0.97, 0.97),
    (0.74, 0.86, 0.88),
    (0.90, 0.88, 0.82),
    (0.70, 0.78, 0.86),
    (0.80, 0.86, 0.78),
)
_FLOORS: dict[str, tuple[Finish, ...]] = {
    "kitchen": (
        Finish((0.80, 0.72, 0.60), "tiles", 0.9),
        Finish((0.66, 0.48, 0.31), "planks", 0.9),
        Finish((0.74, 0.75, 0.76), "tiles", 0.9),
    ),
    "living room": (
        Finish((0.66, 0.48, 0.31), "planks", 0.8),
        Finish((0.80, 0.62, 0.42), "planks", 0.8),
        Finish((0.50, 0.34, 0.23), "planks", 0.8),
        Finish((0.72, 0.66, 0.58), "planks", 0.8),
    ),
    "bedroom": (
        Finish((0.72, 0.68, 0.62), "carpet", 0.9),
        Finish((0.62, 0.66, 0.72), "carpet", 0.9),
        Finish((0.74, 0.62, 0.54), "carpet", 0.9),
        Finish((0.60, 0.66, 0.58), "carpet", 0.9),
        Finish((0.76, 0.58, 0.40), "planks", 0.8),
    ),
    "bathroom": (
        Finish((0.86, 0.87, 0.88), "tiles", 0.6),
        Finish((0.62, 0.67, 0.72), "tiles", 0.6),
        Finish((0.82, 0.76, 0.68), "tiles", 0.6),
        Finish((0.50, 0.53, 0.55), "tiles", 0.8),
    ),
    "robothor": (
        Finish((0.70, 0.62, 0.52), "planks", 0.8),
        Finish((0.63, 0.63, 0.64), "plaster", 2.0),
        Finish((0.62, 0.50, 0.38), "planks", 0.8),
    ),
}
_DOORS: tuple[Color, ...] = ((0.95, 0.95, 0.93), (0.62, 0.43, 0.27), (0.88, 0.85, 0.78))


def room_type(scene_name: str) -> str:
    """Which of ``ROOM_TYPES`` a scene is, by AI2-THOR's numbering."""
    plain = scene_name.removesuffix("_physics")
    if plain.startswith(("FloorPlan_Train", "FloorPlan_Val")):
        return "robothor"
    digits = plain.removeprefix("FloorPlan")
    block = int(digits) // 100 if digits.isdecimal() else -1
    # Scenes from elsewhere look like living rooms.
    return {0: "kitchen", 3: "bedroom", 4: "bathroom"}.get(block, "living room")


def apart(color: Color, other: Color) -> Color:
    """The colour, or a deeper shade of it if the other is too like it."""
    near = float(np.abs(np.subtract(color, other)).max())
    if near >= _TOLD_APART:
        return color
    value = np.asarray(color)
    strong = value.mean() + _STRONGER * (value - value.mean())
    return triple(np.clip(_DEEPER * strong, 0, 1))


def style_of(scene_name: str, seed: int = 0) -> RoomStyle:
    """A scene's style; equal for equal scene and seed."""
    room = room_type(scene_name)
    plain = scene_name.removesuffix("_physics")
    digits = "".join(c for c in plain if c.isdigit()) or "0"
    if room == "robothor":
        # Arrangements of one wall layout look alike.
        digits = str(zlib.crc32(plain.rsplit("_", 1)[0].encode()) % 10_000)
    rng = np.random.default_rng([int(digits) % 10_000, seed])
    wall = _WALLS[room][int(rng.integers(len(_WALLS[room])))]
    floor = _FLOORS[room][int(rng.integers(len(_FLOORS[room])))]
    door = _DOORS[int(rng.integers(len(_DOORS)))]
    tiled = _TILED[int(rng.integers(len(_TILED)))]
    tile_top = float(rng.choice((1.2, 1.5, 2.1)))
    base, texture = front_color(kitchen_style(seed, plain))
    if room != "robothor":  # That hall has no cupboards.
        wall, tiled = apart(wall, base), apart(tiled, base)
    trim = (0.94, 0.94, 0.92) if rng.random() < 0.75 else triple(0.9 * np.array(door))
    upper = Band(9.0, wall, "plaster", 1.5)
    bands: tuple[Band, ...] = (Band(SKIRTING, trim, None, 1.0, 0.012), upper)
    if room == "bathroom":
        bands = (Band(tile_top, tiled, "tiles", 0.4), upper)
    return RoomStyle(
        bands=bands,
        floor=floor,
        ceiling=(0.90, 0.90, 0.88),
        base=base,
        base_texture=texture,
        trim=trim,
        door=door,
    )
