"""A room from above: what is floor, where the agent went, and which way it looks."""

from __future__ import annotations

import numpy as np
import pytest

from agent.display import drawing
from agent.display.room_drawing import FLOOR, RoomDrawing, Stop
from envs.overview import RoomMap

ALONG_X = RoomMap(tuple((i, 0) for i in range(17)), ())  # 4 m in x, 0.25 m in z
ALONG_Z = RoomMap(tuple((0, k) for k in range(17)), ())


def near(picture, colour) -> np.ndarray:
    """(rows, columns) of pixels of about a colour."""
    return np.argwhere(np.abs(np.asarray(picture).astype(int) - colour).max(axis=2) < 12)


@pytest.mark.parametrize("room", [ALONG_X, ALONG_Z])
def test_the_long_side_of_a_room_lies_along_the_long_side_of_the_drawing(room):
    floor = near(RoomDrawing(room, (400, 200)).picture([]), FLOOR)
    assert np.ptp(floor[:, 1]) > 300 and np.ptp(floor[:, 0]) < 60


@pytest.mark.parametrize(
    ("room", "way"),
    [
        (ALONG_X, [(0.5, 0.0, 90.0), (3.5, 0.0, 90.0)]),
        (ALONG_Z, [(0.0, 0.5, 0.0), (0.0, 3.5, 0.0)]),
    ],
)
def test_the_running_step_is_a_line_to_where_the_agent_stands_and_looks_on(room, way):
    picture = RoomDrawing(room, (400, 200)).picture([], way)
    line = near(picture, drawing.ACT)
    assert np.ptp(line[:, 1]) > 150 and np.ptp(line[:, 0]) < 12
    # It looks the way it went: what it sees lies beyond the end of the line.
    empty = np.asarray(RoomDrawing(room, (400, 200)).picture([])).astype(int)
    changed = np.argwhere(np.abs(np.asarray(picture).astype(int) - empty).max(axis=2) > 12)
    assert changed[:, 1].max() > line[:, 1].max() + 25
    assert changed[:, 1].min() > line[:, 1].min() - 12


def test_where_a_step_ended_is_a_dot_of_its_colour():
    drawn = RoomDrawing(ALONG_X, (400, 200))
    picture = drawn.picture([(1.0, 0.0, 0.0)], [], [Stop((3.0, 0.0), drawing.BAD, 1)])
    assert len(near(picture, drawing.BAD)) > 10
    assert len(near(drawn.picture([]), drawing.BAD)) == 0
