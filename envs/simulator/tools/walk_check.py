"""Checks that the floor is one: what is listed can be stood on, and what is led can be walked.

Every position of ``GetReachablePositions`` must be a place that ``Teleport`` goes to, and every leg
of a path of ``GetShortestPath`` one that a walker finishes in one stride.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from envs.simulator.dispatch.dispatcher import Dispatcher
from envs.simulator.world.world import World

# Paths to be found are looked for among this many objects for each one asked for.
_TRIES = 4


@dataclass(frozen=True)
class WalkCheck:
    """What was found of one room's floor.

    Attributes:
        positions: Number of reachable positions.
        refused: Those (x, z), metres, to which a teleport fails.
        paths: Shortest paths walked.
        legs: Their straight parts.
        blocked: Legs (x0, z0, x1, z1), metres, on which a walker is stopped.
    """

    positions: int
    refused: tuple[tuple[float, float], ...]
    paths: int
    legs: int
    blocked: tuple[tuple[float, float, float, float], ...]

    @property
    def passed(self) -> bool:
        """Whether every place and every leg works."""
        return not self.refused and not self.blocked


def check_walks(world: World, paths: int, rng: np.random.Generator) -> WalkCheck:
    """Teleports to every reachable position of a room and walks some shortest paths.

    Args:
        world: The room, loaded; its agent is moved.
        paths: How many paths to walk, each from a reachable position to an object, drawn by chance.
        rng: Draws them.
    """
    dispatcher = Dispatcher(world)
    dispatcher.act({"action": "Initialize", "snapToGrid": False})
    spots = dispatcher.act({"action": "GetReachablePositions"}).result
    spots = spots if isinstance(spots, list) else []
    refused = tuple((s["x"], s["z"]) for s in spots if not _stand(dispatcher, s))
    names = sorted(world.objects)
    walked, legs = 0, 0
    blocked: list[tuple[float, float, float, float]] = []
    for _ in range(paths * _TRIES):
        if walked == paths or not spots or not names:
            break
        start, name = spots[int(rng.integers(len(spots)))], names[int(rng.integers(len(names)))]
        answer = dispatcher.act({"action": "GetShortestPath", "objectId": name, "position": start})
        if not answer.success:
            continue  # not everything can be seen from somewhere
        corners = answer.result["corners"] if isinstance(answer.result, dict) else []
        walked += 1
        for here, there in zip(corners, corners[1:], strict=False):
            legs += 1
            if not _walk(dispatcher, here, there):
                blocked.append((here["x"], here["z"], there["x"], there["z"]))
    return WalkCheck(len(spots), refused, walked, legs, tuple(blocked))


def _stand(dispatcher: Dispatcher, place: dict, yaw: float = 0.0) -> bool:
    # Corners of paths lie on the floor: the height is the agent's own.
    pose = {"position": {k: place[k] for k in "xz"}, "rotation": {"x": 0.0, "y": yaw, "z": 0.0}}
    return bool(dispatcher.act({"action": "Teleport", **pose}).success)


def _walk(dispatcher: Dispatcher, here: dict, there: dict) -> bool:
    """Whether a walker gets from one corner of a path to the next in one stride."""
    dx, dz = there["x"] - here["x"], there["z"] - here["z"]
    length = math.hypot(dx, dz)
    if length < 1e-6:
        return True
    if not _stand(dispatcher, here, math.degrees(math.atan2(dx, dz)) % 360):
        return False
    return bool(dispatcher.act({"action": "MoveAhead", "moveMagnitude": length}).success)
