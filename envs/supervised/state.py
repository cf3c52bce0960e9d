"""The state of a room as far as it must come back: its hash, and what differs between two.

Positions count to 2 cm and angles to 1 degree, since a physics engine may not repeat itself to
the last digit; what was seen (visible, distance) follows from the rest and is left out.
"""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

METRES, DEGREES = 0.02, 1.0
STATES = (
    "isOpen",
    "isToggled",
    "isBroken",
    "isFilledWithLiquid",
    "fillLiquid",
    "isDirty",
    "isUsedUp",
    "isCooked",
    "isSliced",
    "isPickedUp",
    "temperature",
)


def state_hash(metadata: dict[str, Any]) -> str:
    """16 hexadecimal digits that are the same for the same rounded state.

    Args:
        metadata: Of an event; lengths in metres, angles in degrees.
    """
    agent = metadata.get("agent") or {}
    rows: list[Any] = [
        metadata.get("sceneName"),
        _rounded(agent.get("position")),
        [round(_turn(agent, key)) % 360 for key in ("rotation", "cameraHorizon")],
        agent.get("isStanding"),
    ]
    for thing in sorted(metadata["objects"], key=lambda o: o["objectId"]):
        rows.append(
            [
                thing["objectId"],
                _rounded(thing["position"]),
                round(float(thing.get("openness") or 0.0), 1),
                *(thing.get(name) for name in STATES),
            ]
        )
    text = json.dumps(rows, separators=(",", ":"), sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def difference(before: dict[str, Any], after: dict[str, Any]) -> str:
    """The first thing in which two states differ, in words; empty where they agree."""
    if before.get("sceneName") != after.get("sceneName"):
        return f"the room is {after.get('sceneName')}, not {before.get('sceneName')}"
    was, now = before.get("agent") or {}, after.get("agent") or {}
    gap = _gap(was.get("position"), now.get("position"))
    if gap > METRES:
        return f"the agent stands {gap:.2f} m elsewhere"
    for key in ("rotation", "cameraHorizon"):
        turn = abs(_turn(was, key) - _turn(now, key)) % 360.0
        if min(turn, 360.0 - turn) > DEGREES:
            return f"the agent's {key} differs by {min(turn, 360.0 - turn):.0f} degrees"
    if was.get("isStanding") != now.get("isStanding"):
        return "the agent stands in one and crouches in the other"
    old = {o["objectId"]: o for o in before["objects"]}
    new = {o["objectId"]: o for o in after["objects"]}
    if old.keys() != new.keys():
        return f"{min(old.keys() ^ new.keys())} is in only one of them"
    for object_id, thing in old.items():
        found = _object_difference(thing, new[object_id])
        if found:
            return f"{object_id} {found}"
    return ""


def _object_difference(was: dict[str, Any], now: dict[str, Any]) -> str:
    gap = _gap(was["position"], now["position"])
    if gap > METRES:
        return f"lies {gap:.2f} m elsewhere"
    for name in STATES:
        if was.get(name) != now.get(name):
            return f"has {name} {now.get(name)!r}, not {was.get(name)!r}"
    if abs((was.get("openness") or 0.0) - (now.get("openness") or 0.0)) > 0.05:
        return f"is open by {now.get('openness')}, not {was.get('openness')}"
    return ""


def _rounded(place: dict[str, float] | None) -> list[float]:
    return [round(place[axis] / METRES) for axis in "xyz"] if place else []


def _gap(one: dict[str, float] | None, other: dict[str, float] | None) -> float:
    if one is None or other is None:
        return 0.0 if one is other else math.inf
    return math.dist([one[axis] for axis in "xyz"], [other[axis] for axis in "xyz"])


def _turn(agent: dict[str, Any], key: str) -> float:
    """Degrees: of the rotation its yaw."""
    value = agent.get(key) or 0.0
    return float(value["y"] if isinstance(value, dict) else value)
