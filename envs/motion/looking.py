"""Looking around: three quarter turns, then from spot to spot over the room's tops and seats.

It knows where those are, as it knows the map; what lies on them it does not know. Each round after
the first is made otherwise than the one before: from nearer by or farther off, and not from the
same places, so that small objects come into view that were missed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from envs.motion.walking import CELL, Cell, Walker

if TYPE_CHECKING:
    from ai2thor.server import Event

REACH = 1.5
# Metres to a spot that are best, in rounds by turns, and what is added for a place used before.
BEST_GAPS, USED = (0.7, 0.45), 4.0
# Places so near each other, in metres, show the same.
BESIDE = 0.8


class Looker:
    """Where was looked already, and where next.

    Args:
        step: Carries out an AI2-THOR action by name.
        legs: Walk there.
        spots: Points (x, y, z) in metres to look at, as of ``envs.motion.surfaces``.
    """

    def __init__(
        self,
        step: Callable[..., Event],
        legs: Walker,
        spots: list[tuple[float, float, float]],
    ) -> None:
        self._step, self._legs, self._spots = step, legs, spots
        self._turns = 0
        self._looked: set[int] = set()
        self._round, self._eye = 0, 1.575
        self._used: Counter[tuple[Cell, float]] = Counter()

    def kept(self) -> tuple[Any, ...]:
        """What was looked at, for ``resume``."""
        return self._turns, set(self._looked), self._round, self._eye, self._used.copy()

    def resume(self, kept: tuple[Any, ...]) -> None:
        """Knows again what was looked at."""
        self._turns, looked, self._round, self._eye, used = kept
        self._looked, self._used = set(looked), used.copy()

    @property
    def rounds(self) -> int:
        """How often it has looked at all tops and seats."""
        return self._round

    def look_around(self) -> None:
        """Turns, or goes where it has not looked yet."""
        self._legs.tilt(30)
        if self._turns < 3:
            self._turns += 1
            self._step("RotateRight")
            return
        todo = [k for k in range(len(self._spots)) if k not in self._looked]
        if not todo:
            self._looked, self._round = set(), self._round + 1
            todo = list(range(len(self._spots)))
        best = self._nearest(todo)
        if best is None:
            self._looked = set(range(len(self._spots)))
            self._look_from_elsewhere()
            return
        _, k, key, yaw = best
        self._looked.add(k)
        self._used[key, yaw] += 1
        free = self._legs.free[key]
        gap = math.hypot(self._spots[k][0] - free["x"], self._spots[k][2] - free["z"])
        self._legs.walk({**free, "rotation": yaw, "horizon": self._horizon(k, gap)})

    def _look_from_elsewhere(self) -> None:
        """Looks where nothing has a place to be looked at from: from a place not used yet."""
        steps, paces = self._legs.distances(), self._legs.grid / CELL
        rows = [
            (USED * self._used[cell, yaw] + walked * paces + 0.1 * k, cell, yaw)
            for cell, walked in steps.items()
            if cell in self._legs.free
            for k, yaw in enumerate((0.0, 90.0, 180.0, 270.0))
        ]
        if not rows:
            self._step("RotateRight")
            return
        _, cell, yaw = min(rows)
        for other in steps:
            # What is seen from there is seen from beside it too.
            if math.dist(other, cell) * self._legs.grid < BESIDE:
                self._used[other, yaw] += 1
        self._legs.walk({**self._legs.free[cell], "rotation": yaw, "horizon": 30})

    def _horizon(self, spot: int, gap: float) -> int:
        """How far down to look at a spot from some metres off, degrees."""
        height = self._spots[spot][1]
        if self._round % 2:
            down = math.degrees(math.atan2(self._eye - height, gap))
            return min((0, 30, 60), key=lambda horizon: abs(horizon - down))
        return 60 if height < 0.5 else 30 if height < self._eye - 0.3 else 0

    def _nearest(self, todo: list[int]) -> tuple[float, int, Cell, float] | None:
        """Cost, spot, cell to stand on and yaw of the next look; None if there is no place."""
        steps, paces = self._legs.distances(), self._legs.grid / CELL
        best: tuple[float, int, Cell, float] | None = None
        for k in todo:
            for key, walked in steps.items():
                if key not in self._legs.free:
                    continue
                x, z = self._legs.free[key]["x"], self._legs.free[key]["z"]
                dx, dz = self._spots[k][0] - x, self._spots[k][2] - z
                flat = math.hypot(dx, dz)
                if not 0.35 < flat < 1.15:
                    continue
                yaw = float(round(math.degrees(math.atan2(dx, dz)) / 90) * 90 % 360)
                off = abs((math.degrees(math.atan2(dx, dz)) - yaw + 180) % 360 - 180)
                ideal = BEST_GAPS[self._round % len(BEST_GAPS)]
                cost = (
                    walked * paces + 3 * abs(flat - ideal) + off / 20 + USED * self._used[key, yaw]
                )
                if best is None or cost < best[0]:
                    best = (cost, k, key, yaw)
        return best

    def note(self, event: Event) -> None:
        """Takes note of a view: the spots in it are looked at."""
        agent, camera = event.metadata["agent"], event.metadata["cameraPosition"]
        yaw, pitch, self._eye = agent["rotation"]["y"], agent["cameraHorizon"], camera["y"]
        for k, (x, y, z) in enumerate(self._spots):
            dx, dz = x - camera["x"], z - camera["z"]
            flat = math.hypot(dx, dz)
            azimuth = (math.degrees(math.atan2(dx, dz)) - yaw + 180) % 360 - 180
            tilt = math.degrees(math.atan2(camera["y"] - y, max(flat, 0.05))) - pitch
            if flat < REACH and abs(azimuth) < 38 and abs(tilt) < 40:
                self._looked.add(k)
