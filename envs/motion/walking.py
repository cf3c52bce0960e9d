"""Walking over the free floor: shortest ways on the grid, and other ways where one is barred."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ai2thor.controller import Controller
    from ai2thor.server import Event

Cell = tuple[int, int]

# Metres between the places of AI2-THOR's usual grid.
CELL = 0.25
# So often another way is looked for before a walk is given up.
DETOURS = 20


class Walker:
    """Legs that know the floor.

    Args:
        controller: Any backend.
        step: Carries out an AI2-THOR action by name.

    Attributes:
        grid: Metres between cells: those of one of the agent's own moves.
    """

    def __init__(self, controller: Controller, step: Callable[..., Event]) -> None:
        self._controller, self._step = controller, step
        self.grid = float(controller.initialization_parameters.get("gridSize", CELL))
        self._free: dict[Cell, dict] | None = None
        self._barred: set[tuple[Cell, Cell]] = set()

    @property
    def free(self) -> dict[Cell, dict]:
        """Where the agent can walk to, by cell, as AI2-THOR lists it; looked up on first use."""
        if self._free is None:
            self.look_about()
        return self._free or {}

    def kept(self) -> tuple[object, ...]:
        """What it knows of the floor, for ``resume``."""
        return self._free, set(self._barred)

    def resume(self, kept: tuple[Any, ...]) -> None:
        """Knows again what it knew."""
        self._free, barred = kept
        self._barred = set(barred)

    def look_about(self) -> None:
        """Takes note of where it can walk now, with doors and things as they stand."""
        found = self._step("GetReachablePositions").metadata["actionReturn"] or []
        self._free = {self.cell(p["x"], p["z"]): p for p in found}
        self._barred = set()

    def here(self) -> tuple[float, float]:
        """Where the agent's middle is, x and z in metres."""
        place = self._controller.last_event.metadata["agent"]["position"]
        return place["x"], place["z"]

    def cell(self, x: float, z: float) -> Cell:
        """The cell of a place in metres."""
        return cell_of(x, z, self.grid)

    def distances(self) -> dict[Cell, int]:
        """Steps to every cell that can be walked to."""
        start = self.cell(*self.here())
        found = {start: 0}
        queue, free = deque([start]), self.free
        while queue:
            cell = queue.popleft()
            for other in _beside(cell):
                if other in free and other not in found and (cell, other) not in self._barred:
                    found[other] = found[cell] + 1
                    queue.append(other)
        return found

    def walk(self, pose: dict) -> bool:
        """Walks to a pose of GetInteractablePoses; whether it got there.

        A step that fails is not tried again: another way is taken, if there is one.
        """
        goal = self.cell(pose["x"], pose["z"])
        for _ in range(DETOURS):
            path = self._path(goal)
            if path is None:
                return False
            if self._follow(path):
                # What is held may keep it from looking there.
                return self.turn(pose["rotation"]) and self.tilt(pose["horizon"])
        return False

    def _path(self, goal: Cell) -> list[Cell] | None:
        steps = self.distances()
        if goal not in steps:
            return None
        path = [goal]
        while steps[path[-1]]:
            at = path[-1]
            before = [k for k in _beside(at) if k in steps and (k, at) not in self._barred]
            path.append(min(before, key=lambda k: steps[k]))
        path.reverse()
        return path

    def _follow(self, path: list[Cell]) -> bool:
        for a, b in zip(path, path[1:], strict=False):
            faces = self.turn(math.degrees(math.atan2(b[0] - a[0], b[1] - a[1])) % 360)
            if not faces or not self._step("MoveAhead").metadata["lastActionSuccess"]:
                self._barred.add((a, b))
                return False
        return True

    def turn(self, yaw: float) -> bool:
        """Turns to a yaw, in quarters, degrees; whether it got there.

        Where what is held would hit something on the shorter way round, it tries the longer one.
        """
        quarter = self._quarters(yaw)
        for name in (
            ("RotateLeft", "RotateRight") if quarter == 3 else ("RotateRight", "RotateLeft")
        ):
            while self._quarters(yaw) and self._step(name).metadata["lastActionSuccess"]:
                pass
        return not self._quarters(yaw)

    def _quarters(self, yaw: float) -> int:
        now = self._controller.last_event.metadata["agent"]["rotation"]["y"]
        return round(((yaw - now) % 360) / 90) % 4

    def tilt(self, horizon: float) -> bool:
        """Tilts the camera to a horizon, degrees, down positive; whether it got there."""
        for _ in range(4):
            now = self._controller.last_event.metadata["agent"]["cameraHorizon"]
            if abs(now - horizon) < 1:
                return True
            event = self._step("LookDown" if horizon > now else "LookUp")
            if not event.metadata["lastActionSuccess"]:
                return False
        now = self._controller.last_event.metadata["agent"]["cameraHorizon"]
        return bool(abs(now - horizon) < 1)


def cell_of(x: float, z: float, grid: float = CELL) -> Cell:
    """The cell of a place in metres, on a grid of as many metres."""
    return round(x / grid), round(z / grid)


def _beside(cell: Cell) -> tuple[Cell, Cell, Cell, Cell]:
    i, j = cell
    return (i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)
