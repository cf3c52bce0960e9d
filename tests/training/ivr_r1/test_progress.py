"""A run goes on where it stood, to the last bit, and is no other policy's."""

from __future__ import annotations

import pytest
import torch

from tests.policies.tiny_policy import tiny_policy
from tests.training.ivr_r1.test_learner import answers, group_of, policy  # noqa: F401
from training.ivr_r1 import progress
from training.ivr_r1.learner import Learner, LearnerConfig
from training.ivr_r1.progress import RunRecord

OPTIONS = {"seed": 0, "tasks": ["open"]}


def learner(seed: int = 0) -> Learner:
    return Learner(tiny_policy(seed), LearnerConfig(learning_rate=1e-3))


def test_two_updates_are_the_same_with_a_stop_between_them(answers, tmp_path):  # noqa: F811
    group = group_of(answers, [0.0, 1.0, 0.0])
    straight = learner()
    straight.update([group])
    record = RunRecord(1, {"groups": 1}, 7, {"update": 1.5}, OPTIONS)
    progress.save(tmp_path, straight, record, {"round": 0})
    straight.update([group])
    stopped = learner()
    assert progress.load(tmp_path, stopped, OPTIONS) == record
    stopped.update([group])
    for name, parameter in straight.named.items():
        assert torch.equal(parameter, stopped.named[name]), name
    assert not list(tmp_path.glob("*.p*kl"))


def test_a_round_that_was_half_written_is_written_again(tmp_path):
    one = learner()
    progress.save(tmp_path, one, RunRecord(1, options=OPTIONS), {"round": 0})
    with (tmp_path / progress.ROUNDS).open("a") as lines:
        lines.write('{"round": 1}\n')  # killed before its state was there
    progress.save(tmp_path, one, RunRecord(2, options=OPTIONS), {"round": 1, "again": True})
    assert progress.rounds(tmp_path, 9) == [{"round": 0}, {"round": 1, "again": True}]


def test_what_does_not_fit_is_refused_in_one_line(tmp_path):
    progress.save(tmp_path, learner(), RunRecord(1, options=OPTIONS), {})
    with pytest.raises(ValueError, match="begun with seed 0, not 1: give that"):
        progress.load(tmp_path, learner(), OPTIONS | {"seed": 1})
    with pytest.raises(ValueError, match="another architecture or encoder, first at the vision"):
        progress.load(tmp_path, learner(seed=1), OPTIONS)
    (tmp_path / progress.STATE).write_bytes(b"torn")
    with pytest.raises(ValueError, match="is damaged"):
        progress.load(tmp_path, learner(), OPTIONS)
    assert progress.load(tmp_path / "none", learner(), OPTIONS).rounds == 0
