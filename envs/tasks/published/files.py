"""Reading the publishers' files of suites, with one clear error that names the field."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from envs.observations import CHARSET, MAX_INSTRUCTION
from envs.simulator.system import foreign_json

if TYPE_CHECKING:
    from ai2thor.controller import Controller
    from ai2thor.server import Event

FARTHEST = 1000.0


class PublishedError(ValueError):
    """A published file can't be used; the message names the file and the field."""


def read_json(path: Path) -> Any:
    """What a JSON file holds.

    Raises:
        PublishedError: If it is missing, unreadable or no JSON.
    """
    try:
        return foreign_json.read_json(path)
    except foreign_json.ForeignJsonError as error:
        raise PublishedError(f"{path}: {error}.") from error


def part(raw: Any, name: str, kind: type, where: str) -> Any:
    """A field of a JSON object, of a kind: ``str``, ``dict``, ``list`` or ``float``.

    Raises:
        PublishedError: If it is missing or of another kind.
    """
    if not isinstance(raw, dict) or name not in raw:
        raise PublishedError(f"{where} has no field {name!r}.")
    value = raw[name]
    if kind is float:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not abs(value) <= FARTHEST:
            raise PublishedError(
                f"{where}: {name} must be a number of metres or degrees within {FARTHEST:g}, "
                f"not {str(value)[:60]!r}."
            )
        return float(value)
    if not isinstance(value, kind):
        raise PublishedError(
            f"{where}: {name} must be a {kind.__name__}, not {type(value).__name__}."
        )
    return value


def words(text: str) -> str:
    """An instruction as observations can hold it."""
    return "".join(c for c in text if c in CHARSET).strip()[:MAX_INSTRUCTION]


def begin_room(controller: Controller, scene: str, grid: float = 0.25) -> Event:
    """A room as recorded, with an agent whose places are on a grid of so many metres."""
    return controller.reset(
        scene,
        gridSize=grid,
        snapToGrid=True,
        visibilityDistance=1.5,
        fieldOfView=90,
        renderInstanceSegmentation=True,
    )
