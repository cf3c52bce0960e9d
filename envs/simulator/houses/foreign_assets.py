"""Objects whose asset AI2-THOR has not: Objaverse's and others, in houses of other generators.

Such a house says in its own ways what an object is and how large: by ``size``, ``boundingBox``,
``assetMetadata.boundingBox``, or, as Holodeck writes it, by the ``vertices`` of its outline in
centimetres and a position of half its height::

    {"assetId": "3d8b1f...", "object_name": "sofa-0", "vertices": [[20, 35], [220, 35], ...],
     "position": {"x": 1.2, "y": 0.41, "z": 0.8}}

What is malformed is passed over: it only decides how a stand-in looks.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from envs.simulator.core.geometry import Triple
from envs.simulator.houses.assets import Asset, assets, find_asset

SMALLEST, LARGEST = 0.005, 20.0
_NAMED = 8
_PLAIN = "Undefined"


def hints_of(value: object) -> tuple[str, ...]:
    """Names in an object's description that may tell its type, the surest first."""
    if not isinstance(value, dict):
        return ()
    rows = (value.get(key) for key in ("objectType", "object_type", "object_name", "id"))
    # Ids go on with coordinates and rooms: "Sofa|1|2|3", "sofa-0 (living room)".
    cut = (row.split("|")[0].split("(")[0] for row in rows if isinstance(row, str))
    return tuple("".join(c for c in row if not c.isdigit()).strip(" -_") for row in cut)


def size_of(value: object) -> Triple | None:
    """An object's box in its own frame, metres, where its description gives that."""
    if not isinstance(value, dict):
        return None
    metadata = value.get("assetMetadata")
    for holder in (value, metadata if isinstance(metadata, dict) else {}):
        for key in ("size", "boundingBox", "bounding_box"):
            found = _box(holder.get(key))
            if found is not None:
                return found
    return _outline(value)


def stand_in(asset: str, hints: Sequence[str], size: Triple | None) -> Asset:
    """An asset by id; one that AI2-THOR has not is what its name or a hint says, of a given size.

    Args:
        asset: The id.
        hints: Further names that may tell the type, the surest first.
        size: Its box, metres, or None for the type's usual one.
    """
    if asset in assets():
        return find_asset(asset)
    guesses = (find_asset(name) for name in (asset, *hints) if name)
    found = next((guess for guess in guesses if guess.type != _PLAIN), None)
    made = replace(found or find_asset(asset), id=asset)
    return made if size is None else replace(made, size=size)


def warn_of_unknown(ids: Sequence[str]) -> None:
    """Tells once which of some assets AI2-THOR has not."""
    unknown = sorted({name for name in ids if name and name not in assets()})
    if unknown:
        named = ", ".join(unknown[:_NAMED])
        more = f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
        warnings.warn(
            f"AI2-THOR has not {len(unknown)} of the assets of this house: {named}{more}. "
            "Stand-ins are shown, of the size that the house gives or else of their type's usual "
            "size.",
            stacklevel=2,
        )


def _numbers(value: object, keys: Sequence[str]) -> list[float] | None:
    if isinstance(value, dict):
        value = [value.get(key) for key in keys]
    if not isinstance(value, (list, tuple)) or len(value) != len(keys):
        return None
    good = [
        float(part)
        for part in value
        if isinstance(part, (int, float)) and not isinstance(part, bool) and abs(part) < 1e6
    ]
    return good if len(good) == len(keys) else None


def _sized(parts: Sequence[float]) -> Triple | None:
    x, y, z = (float(part) for part in parts)
    good = all(math.isfinite(part) and SMALLEST <= part <= LARGEST for part in (x, y, z))
    return (x, y, z) if good else None


def _box(value: object) -> Triple | None:
    """Sides of a box given by its size, by ``size``, or by ``min`` and ``max``."""
    if isinstance(value, dict):
        if "size" in value:
            return _box(value["size"])
        low, high = _numbers(value.get("min"), "xyz"), _numbers(value.get("max"), "xyz")
        if low is not None and high is not None:
            return _sized([b - a for a, b in zip(low, high, strict=True)])
    sides = _numbers(value, "xyz")
    return None if sides is None else _sized(sides)


def _outline(value: dict) -> Triple | None:
    """Sides of a box given by its outline on the floor and half its height."""
    rows, place = value.get("vertices"), _numbers(value.get("position"), "xyz")
    if not isinstance(rows, (list, tuple)) or not 3 <= len(rows) <= 100 or place is None:
        return None
    corners = [_numbers(row, "xz") for row in rows]
    if any(corner is None for corner in corners):
        return None
    points = np.array(corners, dtype=float)
    middle, here = (points.min(0) + points.max(0)) / 2, np.array([place[0], place[2]])
    # Centimetres, unless the outline lies about the position as it is.
    if np.abs(middle / 100 - here).max() <= np.abs(middle - here).max():
        points = points / 100
    wide, deep = np.ptp(points, axis=0)
    turn = value.get("rotation")
    yaw = turn.get("y") if isinstance(turn, dict) else 0.0
    yaw = float(yaw) if isinstance(yaw, (int, float)) and math.isfinite(yaw) else 0.0
    if 45.0 < yaw % 180.0 < 135.0:
        wide, deep = deep, wide
    return _sized((wide, 2 * place[1], deep))
