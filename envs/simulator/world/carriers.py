"""Which of several receptacles that list an object carries it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from envs.simulator.world.objects import SimObject

# How far beyond a board's edge and above it an object may be and still lie on it, metres.
EDGE, LIFTED = 0.03, 0.1


def main_parent(objects: Mapping[str, SimObject], thing: SimObject) -> str | None:
    """Of several receptacles that list an object, the one that carries it.

    AI2-THOR's recordings list a book on a table also with the chair that is pushed under it. The
    smallest board right below counts; failing that, the nearest in height.
    """
    best: tuple[float, float, str] | None = None
    parents = [p for p in thing.metadata["parentReceptacles"] or () if p in objects]
    for parent in parents:
        other = objects[parent]
        for surface, middle in other.surfaces():
            away = other.rotation.T @ (thing.center - middle)
            gap = abs(float(thing.low[1] - middle[1]))
            over = (np.abs(away[[0, 2]]) <= np.asarray(surface.size) / 2 + EDGE).all()
            near = 0.0 if over and gap < LIFTED else 1.0 + gap + (0.0 if over else 1.0)
            rank = (near, surface.size[0] * surface.size[1], parent)
            if best is None or rank < best:
                best = rank
    return best[2] if best is not None else (parents[0] if parents else None)
