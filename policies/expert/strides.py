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
        self._before: tuple[Node, int] | None = None
        self._advised = ""

    @property
    def pose(self) -> tuple[float, float, int]:
        """Where the agent is, x and z in metres, and its yaw in whole degrees."""
        agent = self._controller.last_event.metadata["agent"]
        where, yaw = agent["position"], agent["rotation"]["y"]
        return float(where["x"]), float(where["z"]), round(float(yaw) % 360)

    def note(self, ok: bool, done: str | None = None) -> None:
        """Learns from what was done since the last note, whoever did it.

        Args:
            ok: Whether it worked.
            done: The verb that was carried out; None: the move that was told last.
        """
        x, z, yaw = self.pose
        here, verb = self._node((x, z)), self._advised if done is None else done
        if self._before is not None and verb in SIDES and self._before[1] == yaw:
            stride = (*self._before, verb)
            if ok and here != stride[0]:
                self._led[stride] = here
            elif not ok and here == stride[0]:
                self._failed[stride] += 1
        self._before, self._advised = (here, yaw), ""

    def next_move(self, too_far: Callable[[Place], float], ok: bool) -> str | None:
        """The next move of a shortest walk; None where there is nowhere better to go.

        Args:
            too_far: Metres by which a place (x, z) is too far off; 0: near enough. Where none is,
                the walk is to the nearest of all.
            ok: Whether the last move worked.
        """
        self.note(ok)
        moves = self.best_moves(too_far)
        self._advised = moves[0] if moves else ""
        return self._advised or None

    def best_moves(self, too_far: Callable[[Place], float]) -> tuple[str, ...]:
        """The moves that shortest walks begin with, in the order of ``SIDES``; none as above.

        Args:
            too_far: As of ``next_move``.
        """
        x, z, yaw = self.pose
        start = self._node((x, z))
        best, firsts = (too_far((x, z)), 0.0), frozenset[str]()
        # Cost, then order of finding, so that nothing else is ever compared.
        queue: list[tuple[float, int, Node, Place]] = [(0.0, 0, start, (x, z))]
        costs, count = {start: 0.0}, 0
        begun: dict[Node, frozenset[str]] = {start: frozenset()}
        while queue:
            cost, _, node, place = heapq.heappop(queue)
            if cost > costs[node]:
                continue
            if best[0] <= 0.0 and cost > best[1]:
                break
            reached = (too_far(place), cost)
            if node != start and reached < best:
                best, firsts = reached, begun[node]
            elif node != start and reached == best:
                firsts |= begun[node]
            for verb, end, price in self._strides(place, yaw):
                known = costs.get(end, math.inf)
                if end == start or cost + price > known:
                    continue
                first = begun[node] or frozenset((verb,))
                if cost + price == known:
                    begun[end] |= first
                    continue
                costs[end], begun[end], count = cost + price, first, count + 1
                heapq.heappush(queue, (cost + price, count, end, self._place(end)))
        return tuple(verb for verb in SIDES if verb in firsts)

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
