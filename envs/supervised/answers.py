"""Whether an answer can be believed: its shape, its numbers, and that it answers what was asked."""

from __future__ import annotations

import math
from typing import Any

from envs.supervised.errors import BackendGarbage, BackendLied

# Actions of the agent itself. AI2-THOR's manager of agents answers some others in its own way.
ECHOED = (
    "Move",
    "Rotate",
    "Look",
    "Pass",
    "Teleport",
    "Pickup",
    "Put",
    "Open",
    "Close",
    "Toggle",
    "Slice",
    "Drop",
)


def check_answer(event: Any, asked: str, trusted: object = None) -> None:
    """Looks an event over.

    Args:
        event: Of ai2thor's client.
        asked: Name of the action it answers, "" for the first message.
        trusted: A list of objects that was looked over before: patches repeat it.

    Raises:
        BackendGarbage: If a value is missing, of a wrong type, or no number.
        BackendLied: If it answers another action than the one that was sent.
    """
    last = event.metadata["lastAction"]
    if asked.startswith(ECHOED) and last != asked:
        raise BackendLied(f"it was asked {asked} and answered {last!r}")
    for one in event.events:
        _check_agent(one, trusted)


def _check_agent(event: Any, trusted: object) -> None:
    """One agent's part of an answer."""
    metadata = event.metadata
    if not isinstance(metadata["lastActionSuccess"], bool):
        raise BackendGarbage(f"lastActionSuccess is {metadata['lastActionSuccess']!r}")
    agent = metadata.get("agent")
    if agent is not None:
        _check_place(agent["position"], "the agent")
    objects = metadata["objects"]
    if not isinstance(objects, list):
        raise BackendGarbage(f"objects is a {type(objects).__name__}, not a list")
    if objects is not trusted:
        seen: set[str] = set()
        for thing in objects:
            object_id = thing["objectId"]
            if object_id in seen:
                raise BackendGarbage(f"two objects are called {object_id}")
            seen.add(object_id)
            _check_place(thing["position"], object_id)
    frame = event.frame
    size = (metadata["screenHeight"], metadata["screenWidth"], 3)
    if frame is not None and frame.size and frame.shape != size:
        raise BackendGarbage(f"a picture has shape {frame.shape}, not {size}")


def _check_place(place: dict[str, float], whose: str) -> None:
    if not math.isfinite(place["x"] + place["y"] + place["z"]):
        raise BackendGarbage(f"the position of {whose} is no number: {place}")
