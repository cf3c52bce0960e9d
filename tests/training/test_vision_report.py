"""Figures of made-up sightings with known answers."""

from __future__ import annotations

import numpy as np
import pytest

from policies.cimr.language.lexicon import type_names
from training.vision_report import Sightings, fit, report, scores


def _found(truth_level: float = 3.0, seed: int = 0) -> Sightings:
    """Types are in view with the chance that a third of the said log-odds stands for."""
    rng = np.random.default_rng(seed)
    shape = (400, len(type_names()))
    true = rng.normal(-1, 2, shape)
    there = rng.random(shape) < 1 / (1 + np.exp(-true))
    pixels = np.where(there, rng.integers(20, 500, shape), 0)
    hit = np.where(there, 1.0, np.nan)
    return Sightings(true * truth_level, pixels, np.ones(shape, bool), hit, np.arange(400) % 2, {})


def test_a_fit_makes_presence_reliable():
    found = _found()
    scale, bias = fit(found)
    fitted = Sightings(
        scale * found.level + bias, found.pixels, found.around, found.hit, found.room, {}
    )
    assert scale == pytest.approx(1 / 3, abs=0.03)
    assert scores(fitted)["ece"] < 0.02 < scores(found)["ece"]


def test_the_report_names_its_figures():
    text = report(_found())
    assert "absent called present" in text and "100-199" in text and "reliability" not in text


def test_one_room_is_not_halved():
    found = _found()
    assert len(found.of_rooms(odd=True).level) == 200
    alone = Sightings(found.level, found.pixels, found.around, found.hit, np.zeros(400, int), {})
    assert len(alone.of_rooms(odd=True).level) == 400
