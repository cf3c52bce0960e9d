"""Assets that are not AI2-THOR's own: what they are taken for."""

from __future__ import annotations

from envs.simulator.houses.foreign_assets import size_of


def test_malformed_sizes_are_passed_over():
    for size in ([1, 2], {"x": "wide"}, {"x": -1, "y": 1, "z": 1}, 10**400, None, [1e9] * 3):
        assert size_of({"size": size, "position": None}) is None
    assert size_of({"boundingBox": {"min": [0, 0, 0], "max": [1, 2, 3]}}) == (1.0, 2.0, 3.0)
