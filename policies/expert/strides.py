"""Shortest walks in primitive moves, on whatever grid the agent keeps to.

The four moves lead to the four sides of the agent, so it need never turn: a shortest walk is one of
moves alone. Where a move ends is worked out as AI2-THOR does it: so many metres along the agent's
sides, then to the nearest place of its grid. EB-Navigation walks 0.25 m on a grid of 0.1 m, so its
moves are 0.2 or 0.3 m long. After every move the walk is planned anew from where that led, which is
remembered: no room has to be walked twice into the same dead end.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

Place = tuple[float, float]
# Number of a place: steps of the grid in x and z from another.
Node = tuple[int, int]
# From where, the yaw in degrees, and which move.
_Stride = tuple[Node, int, str]

SIDES = ("move ahead", "move right", "move back", "move left")
# What a move is thought to cost more where something may stand in its way.
DOUBT = 0.5
# A move that failed is tried once more if no other way is as short, as what stood there may be
# gone; then it is barred.
PATIENCE = 2
# A spot this near to a listed place, in steps of the grid, is that place.
SAME = 0.04


class Strides:
    """What one episode's walk knows: the free floor, and where it could not go.

    Args:
        controller: Any backend's, in the agent's present room.
        move: Metres of a move.
    """

    def __init__(self, controller: Any, move: float) -> None:
        self._controller, self._move = controller, move
        settings = controller.initialization_parameters
        self._grid = float(settings.get("gridSize", 0.25))
        snaps = bool(settings.get("snapToGrid", True))
        found = controller.step("GetReachablePositions", renderImage=False)
        places = [(float(p["x"]), float(p["z"])) for p in found.metadata["actionReturn"] or []]
        # They are counted from where the agent stands, which need not be on its grid.
        self._first = places[0] if places else (0.0, 0.0)
        self._free = {self._counted(place, self._first) for place in places}
        self._zero = (0.0, 0.0) if snaps else self._first
        self._failed: Counter[_Stride] = Counter()
        self._led: dict[_Stride, Node] = {}
        self._last: _Stride | None = None

    def next_move(self, too_far: Callable[[Place], float], ok: bool) -> str | None:
        """The next move of a shortest walk; None where there is nowhere better to go.

        Args:
            too_far: Metres by which a place (x, z) is too far off; 0: near enough. Where none is,
                the walk is to the nearest of all.
            ok: Whether the last move worked.
        """
        agent = self._controller.last_event.metadata["agent"]
        here = (float(agent["position"]["x"]), float(agent["position"]["z"]))
        yaw = round(float(agent["rotation"]["y"]) % 360)
        if self._last is not None and self._last[1] == yaw:
            if ok and self._node(here) != self._last[0]:
                self._led[self._last] = self._node(here)
            elif not ok and self._node(here) == self._last[0]:
                self._failed[self._last] += 1
        move = self._first_of_shortest(here, yaw, too_far)
        self._last = None if move is None else (self._node(here), yaw, move)
        return move

    def _first_of_shortest(
        self, here: Place, yaw: int, too_far: Callable[[Place], float]
    ) -> str | None:
        best: tuple[float, float] = (too_far(here), 0.0)
        move: str | None = None
        # Cost, then order of finding, so that moves never are compared.
        queue: list[tuple[float, int, Place, str]] = [(0.0, 0, here, "")]
        costs, count = {self._node(here): 0.0}, 0
        while queue:
            cost, _, place, first = heapq.heappop(queue)
            if cost > costs[self._node(place)]:
                continue
            if first and (too_far(place), cost) < best:
                best, move = (too_far(place), cost), first
            if best[0] <= 0.0 and first:
                break
            for verb, end, price in self._strides(place, yaw):
                if cost + price < costs.get(end, math.inf):
                    costs[end], count = cost + price, count + 1
                    heapq.heappush(queue, (cost + price, count, self._place(end), first or verb))
        return move

    def _strides(self, place: Place, yaw: int) -> Iterator[tuple[str, Node, float]]:
        """Moves from a place that may work: verb, where it ends, cost."""
        start = self._node(place)
        for side, verb in enumerate(SIDES):
            failed = self._failed[start, yaw, verb]
            if failed >= PATIENCE:
                continue
            angle = math.radians(yaw + 90 * side)
            way = (math.sin(angle), math.cos(angle))
            led = self._led.get((start, yaw, verb))
            if led is not None:
                yield verb, led, 1.0
                continue
            end = self._node(_along(place, way, self._move))
            if end == start:
                continue
            doubt = self._doubt(place, way)
            if doubt is not None:
                yield verb, end, 1.0 + doubt + failed

    def _doubt(self, place: Place, way: Place) -> float | None:
        """How doubtful a move is, by the free floor along it; None: it is barred."""
        doubt = 0.0
        for piece in range(1, max(1, math.ceil(self._move / self._grid - 1e-6)) + 1):
            spot = _along(place, way, min(piece * self._grid, self._move))
            if self._counted(spot, self._first) not in self._free:
                return None
            if not self._free.issuperset(self._round(spot)):
                doubt = DOUBT
        return doubt

    def _node(self, place: Place) -> Node:
        return self._counted(place, self._zero)

    def _place(self, node: Node) -> Place:
        # Rounded, so that halves of the grid fall to the side that they fall to in the room.
        x, z = (round(a + n * self._grid, 6) for a, n in zip(self._zero, node, strict=True))
        return x, z

    def _counted(self, place: Place, zero: Place) -> Node:
        """A place in steps of the grid from another."""
        return round((place[0] - zero[0]) / self._grid), round((place[1] - zero[1]) / self._grid)

    def _round(self, spot: Place) -> Iterator[Node]:
        """The listed places on all sides of a spot; only itself if it is one of them."""
        sides = []
        for value, zero in zip(spot, self._first, strict=True):
            steps = (value - zero) / self._grid
            low = math.floor(steps)
            nearest = round(steps)
            sides.append((nearest,) if abs(steps - nearest) < SAME else (low, low + 1))
        return ((x, z) for x in sides[0] for z in sides[1])


def _along(place: Place, way: Place, far: float) -> Place:
    return place[0] + way[0] * far, place[1] + way[1] * far
