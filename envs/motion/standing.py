"""Where to stand to act on an object: the best place first.

AI2-THOR's GetInteractablePoses says from where an object is in view and in reach. Of those, best
are places that face it at arm's length, near by, and not stood at before. Doors and drawers come
towards whoever opens them, so there the agent keeps back.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from envs.motion.walking import CELL, Cell, Walker

if TYPE_CHECKING:
    from ai2thor.server import Event

HORIZONS = (-30, 0, 30, 60)
# Metres before a thing's middle that are best, of small things and of others; how small those are.
SMALL, BEST_GAPS = 0.5, (0.65, 0.95)
# What opens needs so many metres before it: from there all but a few of the recorded doors and
# drawers open without hitting the agent, from nearer by one in five does (``docs/tasks.md``).
ROOM_TO_OPEN, CRAMPED = 0.75, 6.0
# What a metre's walk costs, and to stand once more where it stood before.
WALKED, STOOD = 0.08, 2.0
# Height of the standing agent's camera over its middle, metres.
_EYES = 0.675

_Stand = tuple[str, Cell, float]


class Stands:
    """Places to stand in one episode.

    Args:
        step: Carries out an AI2-THOR action by name.
        legs: They know the floor.
    """

    def __init__(self, step: Callable[..., Event], legs: Walker) -> None:
        self._step, self._legs = step, legs
        self._stood: Counter[_Stand] = Counter()

    def kept(self) -> Counter[_Stand]:
        """Where it stood, for ``resume``."""
        return self._stood.copy()

    def resume(self, kept: Counter[_Stand]) -> None:
        """Knows again where it stood."""
        self._stood = kept.copy()

    def took(self, item: dict, pose: dict) -> None:
        """Takes note that it stood somewhere for an object: next time it tries another place."""
        self._stood[self._stand(item, pose)] += 1

    def _stand(self, item: dict, pose: dict) -> _Stand:
        return item["objectId"], self._legs.cell(pose["x"], pose["z"]), float(pose["rotation"])

    def best(self, item: dict) -> list[dict]:
        """Poses that an object can be acted on from, one for each place and yaw, best first."""
        found = self._step(
            "GetInteractablePoses",
            objectId=item["objectId"],
            standings=[True],
            horizons=list(HORIZONS),
        ).metadata["actionReturn"]
        self._legs.look_about()
        steps, paces = self._legs.distances(), self._legs.grid
        costs: list[tuple[float, int]] = []
        poses: list[dict] = found or []
        for k, pose in enumerate(poses):
            cell = self._legs.cell(pose["x"], pose["z"])
            if cell in steps:
                again = STOOD * self._stood[self._stand(item, pose)]
                costs.append((pose_cost(pose, item) + WALKED * paces * steps[cell] + again, k))
        chosen: dict[_Stand, dict] = {}
        for _, k in sorted(costs):
            chosen.setdefault(self._stand(item, poses[k]), poses[k])
        return list(chosen.values())

    def nearest(self, item: dict, within: float) -> list[dict]:
        """Poses for a suite that asks to come near: first those that are, by the way there.

        Args:
            item: AI2-THOR's dict of the object.
            within: Metres from its middle, on the floor plan.
        """
        self._legs.look_about()
        place = item["position"]["x"], item["position"]["z"]
        rows = []
        for cell, steps in self._legs.distances().items():
            free = self._legs.free.get(cell)
            if free is not None:
                gap = math.dist((free["x"], free["z"]), place)
                rows.append((max(0.0, gap - within + 1e-3), steps, gap, cell))
        return [self._facing(self._legs.free[cell], item) for *_, cell in sorted(rows)]

    @staticmethod
    def _facing(free: dict, item: dict) -> dict:
        """A place on the free floor, with the quarter and the tilt that face an object."""
        center = item["axisAlignedBoundingBox"]["center"]
        dx, dz = center["x"] - free["x"], center["z"] - free["z"]
        tilt = math.degrees(math.atan2(free["y"] + _EYES - center["y"], math.hypot(dx, dz) or CELL))
        yaw = float(round(math.degrees(math.atan2(dx, dz)) / 90) * 90 % 360)
        return {**free, "rotation": yaw, "horizon": min(HORIZONS, key=lambda h: abs(h - tilt))}


def pose_cost(pose: dict, item: dict) -> float:
    """How badly an object can be acted on from a pose; 0 is best."""
    box = item["axisAlignedBoundingBox"]
    center, size = box["center"], box["size"]
    dx, dz = _off(pose, box, 4)
    flat = math.hypot(dx, dz)
    azimuth = (math.degrees(math.atan2(dx, dz)) - pose["rotation"] + 180) % 360 - 180
    tilt = math.degrees(math.atan2(pose["y"] + _EYES - center["y"], max(flat, 0.05)))
    ideal = BEST_GAPS[0] if max(size.values()) < SMALL else BEST_GAPS[1]
    cost = (abs(azimuth) / 30) ** 2 + (abs(tilt - pose["horizon"]) / 30) ** 2 + abs(flat - ideal)
    if item["openable"] and not item["pickupable"]:
        cost += CRAMPED * max(0.0, ROOM_TO_OPEN - math.hypot(*_off(pose, box, 2)))
    return float(cost)


def _off(pose: dict, box: dict, share: float) -> tuple[float, float]:
    """From a pose to the nearest point of a box whose sides are ``2 / share`` as long, metres."""
    off = []
    for axis in "xz":
        middle, half = box["center"][axis], box["size"][axis] / share
        off.append(min(max(pose[axis], middle - half), middle + half) - pose[axis])
    return off[0], off[1]
