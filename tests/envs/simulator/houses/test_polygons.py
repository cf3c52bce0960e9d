"""Outlines of rooms as triangles."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.houses.polygons import inside, refined, triangles


def test_triangles_cover_an_outline_exactly():
    outline = np.array([(0, 0), (4, 0), (4, 3), (3, 3), (3, 5), (0, 5)], float)
    found = refined(triangles(outline), 0.7)
    a, b, c = found[:, 0], found[:, 1], found[:, 2]
    u, v = b - a, c - a
    assert (np.abs(u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]) / 2).sum() == pytest.approx(18)
    assert inside(outline, found.mean(1)).all()
