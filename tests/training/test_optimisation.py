"""The training loop keeps its budget, its schedule and its seeds."""

from __future__ import annotations

import time

import numpy as np
import pytest
import torch
from torch import nn

from training.optimisation import Optimisation, TrainingConfig, learning_rate


class _Line(nn.Module):
    """Squared distance of a line from ``y = 2 x``."""

    def __init__(self):
        super().__init__()
        self.slope = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return ((self.slope * x - 2 * x) ** 2).mean()


class _Clock:
    """A minute passes at every look."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        self.seconds += 60.0
        return self.seconds


def _train(config, checkpoint=lambda progress: {}, every=1e9, mask=lambda: None, before=0.0):
    line = _Line()
    groups = [{"params": [line.slope], "weight_decay": 0.0}]
    loop = Optimisation(
        line, config, groups, [line.slope], warmup=2, minutes_before=before, clock=_Clock()
    )
    rng = loop.generator()

    def batch():
        return (torch.from_numpy(rng.normal(size=8).astype(np.float32)),)

    return line, loop.run(batch, checkpoint, every=every, mask=mask)


def test_it_learns_within_the_updates_that_were_asked_for():
    line, end = _train(TrainingConfig(updates=200, batch=8, rate=0.1))
    assert abs(line.slope.item() - 2) < 0.05
    assert (end.updates, end.samples, end.is_main) == (200, 1600, True)
    assert end.loss < 0.01


def test_minutes_are_spent_over_all_runs_into_one_folder():
    assert _train(TrainingConfig(minutes=10))[1].updates == 9
    _, end = _train(TrainingConfig(minutes=10), before=4.0)
    assert (end.updates, end.minutes) == (5, 10)
    assert _train(TrainingConfig(minutes=0))[1].loss is None


def test_a_time_of_day_ends_it_too():
    assert _train(TrainingConfig(minutes=10, until=time.time() + 299.5))[1].updates == 4
    assert _train(TrainingConfig(minutes=10, until=time.time() - 1))[1].updates == 0


def test_a_checkpoint_comes_when_its_time_has_passed():
    seen = []
    _train(TrainingConfig(minutes=10), lambda p: seen.append(p.updates) or {}, every=2.5)
    assert seen == [3, 6, 9]


def test_a_masked_gradient_changes_nothing():
    line = _Line()
    groups = [{"params": [line.slope], "weight_decay": 0.0}]
    loop = Optimisation(line, TrainingConfig(updates=3), groups, [line.slope], warmup=1)
    loop.run(
        lambda: (torch.ones(2),), lambda p: {}, every=1.0, mask=lambda: line.slope.grad.zero_()
    )
    assert line.slope.item() == 0.0


def test_the_rate_rises_then_falls_to_a_fiftieth():
    rates = [learning_rate(1.0, k / 100, k, 10) for k in range(101)]
    assert rates[:10] == sorted(rates[:10]) and rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] == pytest.approx(0.02)


def test_tensorboard_reads_what_was_trained(tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    config = TrainingConfig(minutes=5, tensorboard=tmp_path)
    _train(config, lambda progress: {"verb": 0.5}, every=1.5)
    events = EventAccumulator(str(tmp_path))
    events.Reload()
    assert set(events.Tags()["scalars"]) == {"loss", "rate", "scores/verb"}
    assert [event.step for event in events.Scalars("loss")] == [1, 2, 3, 4]


def test_a_loss_that_is_no_number_ends_with_a_word():
    line = _Line()
    groups = [{"params": [line.slope], "weight_decay": 0.0}]
    loop = Optimisation(line, TrainingConfig(updates=3), groups, [line.slope], warmup=1)
    with pytest.raises(ValueError, match="--rate"):
        loop.run(lambda: (torch.tensor([float("nan")]),), lambda p: {}, every=1.0)


def test_without_makers_batches_follow_the_seed_one_after_the_other():
    line = _Line()
    groups = [{"params": [line.slope], "weight_decay": 0.0}]
    loop = Optimisation(line, TrainingConfig(seed=3), groups, [line.slope], warmup=1)
    batch, rng = loop.ahead(lambda rng: (torch.tensor(rng.integers(1000)),), 5), loop.generator(5)
    assert [int(batch()[0]) for _ in range(3)] == [int(rng.integers(1000)) for _ in range(3)]
