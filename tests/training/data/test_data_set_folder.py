"""Of a long set some entries are drawn in one pass, each as likely as any other."""

from __future__ import annotations

from collections import Counter

import numpy as np

from training.data.data_set_folder import drawn


def test_so_many_are_drawn_and_each_as_often():
    rng = np.random.default_rng(0)
    counts = Counter(one for _ in range(3000) for one in drawn(iter(range(12)), 3, rng))
    assert counts.total() == 9000
    assert len(counts) == 12 and all(600 < count < 900 for count in counts.values())


def test_of_fewer_than_are_wanted_all_are_taken():
    assert drawn(iter("abc"), 5, np.random.default_rng(0)) == ["a", "b", "c"]
