"""Batches made in other processes come in one order, whoever made them."""

from __future__ import annotations

import multiprocessing
import os
from typing import NamedTuple

import pytest
import torch
from torch import Tensor

from training.prefetch import Prefetch

pytestmark = pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="needs fork"
)


class _Pair(NamedTuple):
    number: Tensor
    process: Tensor


def _make(rng):
    return _Pair(torch.tensor(rng.integers(10**6)), torch.tensor(os.getpid()))


def _drawn(workers, seed=(4,)):
    batches = Prefetch(_make, seed=seed, workers=workers, depth=2)
    found = [batches() for _ in range(6)]
    batches.close()
    return found


def test_any_number_of_workers_gives_the_same_batches():
    one, two = ([int(batch.number) for batch in _drawn(workers)] for workers in (1, 2))
    assert one == two and len(set(one)) == 6
    assert one != [int(batch.number) for batch in _drawn(1, seed=(5,))]


def test_they_are_made_elsewhere_and_keep_their_kind():
    found = _drawn(2)
    assert all(isinstance(batch, _Pair) for batch in found)
    assert os.getpid() not in {int(batch.process) for batch in found}
