"""The judge sees at least 95 % of each planted kind, and hardly ever one that was not planted."""

from __future__ import annotations

import numpy as np

from tests.training.mmcr.made_set import written
from training.mmcr.judging.planted import detections
from training.mmcr.judging.rules import DIMENSIONS


def test_each_dimension_detects_its_own_errors_and_does_not_fire_on_the_others():
    found = detections(written(26, 5), np.random.default_rng(0))
    for planted, row in found.items():
        for name in DIMENSIONS:
            fired, of = row[name]
            assert of > 30
            if name == planted:
                assert fired >= 0.95 * of, (planted, name, fired, of)
            else:
                assert fired <= max(1, 0.02 * of), (planted, name, fired, of)
