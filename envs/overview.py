"""The room from above and where the agent stands in it: for whoever looks on, never for the agent.

Privileged: it is made of what the simulator knows. Drawings and records of an episode show it; no
policy and no check of the agent is given it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from envs.motion.walking import CELL

if TYPE_CHECKING:
    from envs.thor_env import ThorEnv

Place = tuple[float, float]  # x and z, metres, in AI2-THOR's frame
Pose = tuple[float, float, float]  # x and z, metres; yaw, degrees, clockwise from above

# Too small to be found on a drawing of a room, m2.
_LEAST_AREA = 0.04
# Of these a room is made, or they hang where nobody stands.
_NO_FURNITURE = frozenset(
    {
        "Floor",
        "Wall",
        "Ceiling",
        "Window",
        "Curtains",
        "Blinds",
        "Painting",
        "Mirror",
        "LightSwitch",
    }
)


@dataclass(frozen=True)
class Footprint:
    """A piece of furniture from above.

    Attributes:
        kind: Its object type.
        corners: In order, metres.
    """

    kind: str
    corners: tuple[Place, ...]


@dataclass(frozen=True)
class RoomMap:
    """A room from above, as it is when the episode begins.

    Attributes:
        free: Cells of the floor where the agent can stand, by number of ``cell`` metres in x and z.
        furniture: What stands there, lowest first.
        cell: Side of a cell, metres.
    """

    free: tuple[tuple[int, int], ...]
    furniture: tuple[Footprint, ...]
    cell: float = CELL


class Onlooker(Protocol):
    """Who sees the room from above."""

    def room(self) -> RoomMap | None:
        """The room as it is now; None where that is not known."""

    def pose(self) -> Pose | None:
        """Where the agent stands now; None where that is not known."""


class Overview:
    """Sees the room of an environment from above, by what the simulator tells anyway.

    Only for the free floor, where the skills have not walked on it yet, the simulator is asked.

    Args:
        env: Reset before ``room`` and ``pose`` are called.
    """

    def __init__(self, env: ThorEnv) -> None:
        self.env = env

    def room(self) -> RoomMap:
        """The room as it is now."""
        found: list[tuple[float, Footprint]] = []
        for thing in self.env.controller.last_event.metadata["objects"]:
            if thing["pickupable"] or thing["objectType"] in _NO_FURNITURE:
                continue
            box = thing["axisAlignedBoundingBox"]
            if box["size"]["x"] * box["size"]["z"] >= _LEAST_AREA:
                top = box["center"]["y"] + box["size"]["y"] / 2
                found.append((top, Footprint(thing["objectType"], _corners(thing))))
        found.sort(key=lambda entry: entry[0])
        skills = self.env.skills
        free = tuple(sorted(skills.free_cells))
        return RoomMap(free, tuple(entry for _, entry in found), skills.cell)

    def pose(self) -> Pose:
        """Where the agent stands now."""
        agent = self.env.controller.last_event.metadata["agent"]
        place = agent["position"]
        return round(place["x"], 3), round(place["z"], 3), round(agent["rotation"]["y"] % 360, 1)


def _corners(thing: dict) -> tuple[Place, ...]:
    """The four corners of an object from above, by its oriented box where it has one."""
    box = thing["axisAlignedBoundingBox"]
    x, z = box["center"]["x"], box["center"]["z"]
    dx, dz = box["size"]["x"] / 2, box["size"]["z"] / 2
    turned = thing.get("objectOrientedBoundingBox")
    if turned is not None:
        points = [(round(p[0], 2), round(p[2], 2)) for p in turned["cornerPoints"]]
        hull = _hull(points)
        if len(hull) >= 3:
            return hull
    around = ((x - dx, z - dz), (x + dx, z - dz), (x + dx, z + dz), (x - dx, z + dz))
    return tuple((round(a, 2), round(b, 2)) for a, b in around)


def _hull(points: list[Place]) -> tuple[Place, ...]:
    """The convex hull of some points, counter-clockwise (Andrew 1979, the monotone chain).

    >>> _hull([(0, 0), (2, 0), (1, 1), (2, 2), (0, 2)])
    ((0, 0), (2, 0), (2, 2), (0, 2))
    """
    rows = sorted(set(points))
    halves: list[list[Place]] = []
    for order in (rows, rows[::-1]):
        half: list[Place] = []
        for point in order:
            while len(half) > 1 and _turn(half[-2], half[-1], point) <= 0:
                half.pop()
            half.append(point)
        halves.append(half[:-1])
    return tuple(halves[0] + halves[1])


def _turn(a: Place, b: Place, c: Place) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
