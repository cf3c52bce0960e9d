"""The grid of reachable positions."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.core.grid import CELL, NEIGHBOURS, cell_of


@pytest.mark.parametrize("cell", [(0, 0), (3, -7), (-40, 12)])
def test_a_place_within_a_cell_belongs_to_it(cell):
    middle = np.array(cell) * CELL
    for off in ((0.0, 0.0), (0.12, -0.12), (-0.1, 0.1)):
        assert cell_of(middle + off) == cell


def test_neighbours_are_a_step_away_in_each_direction():
    assert sorted(NEIGHBOURS) == [(-1, 0), (0, -1), (0, 1), (1, 0)]
