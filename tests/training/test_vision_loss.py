"""What a wrong answer about a frame costs."""

from __future__ import annotations

import torch

from training.vision_loss import presence_loss

HELD = torch.tensor([[[True, False, False], [False, False, False]]])


def _pointing(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor([rows]).log()


def test_pointing_at_the_word_costs_less_than_pointing_elsewhere():
    nowhere = (0.01, 0.01, 0.01, 0.97)
    there = _pointing((0.9, 0.05, 0.03, 0.02), nowhere)
    elsewhere = _pointing((0.05, 0.9, 0.03, 0.02), nowhere)
    assert presence_loss(there, HELD) < presence_loss(elsewhere, HELD)


def test_what_is_not_there_is_not_to_be_found():
    seen = (0.9, 0.05, 0.03, 0.02)
    right, wrong = _pointing(seen, (0.01, 0.01, 0.01, 0.97)), _pointing(seen, seen)
    assert presence_loss(right, HELD) < presence_loss(wrong, HELD)


def test_an_empty_frame_costs_nothing_strange():
    assert presence_loss(_pointing((0.2, 0.2, 0.2, 0.4)), torch.zeros(1, 1, 3)).isfinite()
