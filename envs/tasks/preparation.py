"""Puts a room into the state that a task begins with; cheap when it is the last state again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from ai2thor.controller import Controller

# What was prepared last on each controller: what was asked for, and the backend's snapshot of it.
_LAST: WeakKeyDictionary[Controller, tuple[tuple, Any]] = WeakKeyDictionary()
# Of AI2-THOR's own defaults, those that published suites change; a reset keeps what it is not told.
_USUAL = {"gridSize": 0.25, "snapToGrid": True, "visibilityDistance": 1.5, "fieldOfView": 90}


def prepare(
    controller: Controller,
    scene: str,
    appearance: int,
    spawn: int | None,
    shut_away: bool = False,
) -> None:
    """Resets a room and spawns its loose objects.

    A backend with snapshots is put back to the last prepared state if the same is asked for again.

    Args:
        controller: Any backend's.
        scene: AI2-THOR scene name.
        appearance: Seed of the room's appearance; 0 is the standard one.
        spawn: Seed of where loose objects lie; None leaves the recorded places.
        shut_away: Loose objects may be spawned into closed furniture.
    """
    asked = (scene, appearance, spawn, shut_away)
    last = _LAST.get(controller)
    if last is not None and last[0] == asked:
        try:
            controller.restore(last[1], renderImage=False)
            return
        except ValueError:
            pass  # the backend has gone on to other rooms since
    extra: dict[str, Any] = {}
    snapshots = hasattr(controller, "snapshot")
    if snapshots:
        extra["appearanceSeed"] = appearance
    controller.reset(scene, renderInstanceSegmentation=True, **_USUAL, **extra)
    if spawn is not None:
        controller.step(
            "InitialRandomSpawn",
            randomSeed=spawn,
            forceVisible=not shut_away,
            placeStationary=True,
            numPlacementAttempts=5,
            renderImage=False,
        )
    if snapshots:
        _LAST[controller] = (asked, controller.snapshot())


def forget(controller: Controller) -> None:
    """Drops what was prepared last: the next ``prepare`` resets the room."""
    _LAST.pop(controller, None)
