"""A checked house: rooms, walls, openings and objects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from envs.simulator.core.geometry import Triple
from envs.simulator.houses.lighting import HouseLight
from envs.simulator.meshes.mesh import Color


@dataclass(frozen=True)
class Material:
    """A name of AI2-THOR's material list, and a colour if one was given."""

    name: str = ""
    color: Color | None = None


@dataclass(frozen=True, eq=False)
class Room:
    """A room: its floor's corners (N, 2) x and z, and the floor's height."""

    id: str
    room_type: str
    polygon: np.ndarray
    floor_y: float
    material: Material


@dataclass(frozen=True, eq=False)
class Wall:
    """An upright rectangle from ``start`` to ``end`` (2,) x and z, ``low`` to ``high`` metres."""

    id: str
    room: str
    start: np.ndarray
    end: np.ndarray
    low: float
    high: float
    material: Material
    exterior: bool

    @property
    def length(self) -> float:
        return float(np.linalg.norm(self.end - self.start))


@dataclass(frozen=True)
class Opening:
    """A door, door frame or window in a wall, from ``left`` to ``right`` along it, metres."""

    id: str
    asset: str
    wall: str
    left: float
    right: float
    bottom: float
    top: float
    openness: float
    openable: bool
    is_window: bool


@dataclass(frozen=True)
class HouseObject:
    """An object: the middle of its box, Euler angles in degrees, and what stands on it.

    Attributes:
        hints: Names that may tell what an asset is that AI2-THOR has not, the surest first.
        size: Its box in its own frame, metres, where the house gives that.
    """

    id: str
    asset: str
    position: Triple
    rotation: Triple
    kinematic: bool
    openness: float | None
    is_on: bool | None
    is_dirty: bool | None
    color: Color | None
    children: tuple[HouseObject, ...]
    hints: tuple[str, ...] = ()
    size: Triple | None = None


@dataclass(frozen=True)
class House:
    """A checked house."""

    rooms: tuple[Room, ...]
    walls: tuple[Wall, ...]
    openings: tuple[Opening, ...]
    objects: tuple[HouseObject, ...]
    ceiling: Material
    agent: tuple[Triple, float, float, bool] | None
    lights: tuple[HouseLight, ...]
    sky: Color
