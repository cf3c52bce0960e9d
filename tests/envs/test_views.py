"""A point of an earlier view means what was seen there then."""

from __future__ import annotations

import numpy as np
import pytest

from envs.observations import Segmentation
from envs.views import MOVED, SIDE, Views

MUG, CUP = "Mug|1", "Cup|2"


def _object(object_id, x=0.0):
    return {"objectId": object_id, "position": {"x": x, "y": 1.0, "z": 0.0}}


def _view(ids, index):
    return Segmentation(index, ids, np.bincount(index.ravel(), minlength=len(ids)))


def _one(object_id, rows, columns):
    index = np.zeros((300, 300), np.int32)
    index[rows, columns] = 1
    return _view(("", object_id), index)


@pytest.fixture
def views():
    made = Views()
    made.add(_one(MUG, slice(0, 60), slice(0, 60)), [_object(MUG), _object(CUP)])
    made.add(_one(CUP, slice(0, 60), slice(0, 60)), [_object(MUG), _object(CUP)])
    return made


def test_each_view_keeps_what_it_showed(views):
    assert len(views) == 2
    assert views.at(0, (0.1, 0.1), ("Mug",), 0.02) == MUG
    assert views.at(1, (0.1, 0.1), ("Mug",), 0.02) == CUP
    assert views.at(1, (0.9, 0.9), ("Mug",), 0.02) == ""
    assert views.at(0, (1.0, 1.0), ("Mug",), 0.02) == ""


def test_a_point_may_just_miss_what_it_names(views):
    edge = 60 / 300
    assert views.at(0, (edge + 0.015, 0.1), ("Mug",), 0.02) == MUG
    assert views.at(0, (edge + 0.03, 0.1), ("Mug",), 0.02) == ""
    assert views.at(0, (edge + 0.015, 0.1), ("Cup",), 0.02) == ""


def test_what_has_come_away_is_told(views):
    assert not views.has_moved(0, _object(MUG, MOVED - 0.01))
    assert views.has_moved(0, _object(MUG, MOVED + 0.01))
    assert views.has_moved(0, _object(CUP)), "it was not in that view"


def test_a_view_that_was_not_shown_counts_as_the_one_before(views):
    views.show_again()
    assert len(views) == 2
    assert views.at(1, (0.1, 0.1), ("Mug",), 0.02) == MUG


def test_a_view_that_never_was_is_refused(views):
    with pytest.raises(IndexError, match="0 to 1, not 2"):
        views.at(2, (0.5, 0.5), ("Mug",), 0.02)


def test_a_view_is_small(views):
    assert views._images[0].nbytes == 2 * SIDE * SIDE
