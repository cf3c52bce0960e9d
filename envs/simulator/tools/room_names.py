"""Rooms as the tools' command lines name them."""

from __future__ import annotations

from collections.abc import Sequence

from envs.simulator.scenes import scene_names

ALL = "all"


def named_rooms(given: Sequence[str] | None) -> list[str]:
    """Scene names without ``_physics``; every room if none is given, or ``all``.

    >>> named_rooms(["FloorPlan1_physics"])
    ['FloorPlan1']

    Raises:
        ValueError: If there is no such room.
    """
    known = scene_names()
    if not given or list(given) == [ALL]:
        return list(known)
    names = [name.removesuffix("_physics") for name in given]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ValueError(
            f"unknown room {unknown[0]!r}; the rooms go from {known[0]} to {known[-1]}"
        )
    return names
