"""What was drawn has the same probability when it is found again from its tokens alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.policies.tiny_policy import tiny_policy
from tests.training.ivr_r1.made_up_kitchen import asking, kitchen_player
from training.ivr_r1.batches import batch_of, per_token_logps, rows_of
from training.ivr_r1.grpo import GrpoConfig, grpo_loss, token_weights
from training.ivr_r1.rollouts.desk import Desk
from training.ivr_r1.rollouts.group import GroupJob


@pytest.fixture(scope="module")
def policy():
    return tiny_policy()


@pytest.fixture(scope="module")
def rollouts(policy):
    player = kitchen_player(
        asking(Desk(policy, 0.8)), num_generations=2, rounds=2, repairs=0, budget=6
    )
    return player.play(GroupJob(0, 0)).rollouts


def rows(rollouts):
    return [
        row
        for k, rollout in enumerate(rollouts)
        for row in rows_of(rollout, k, [1.0] * rollout.steps)
    ]


def again(policy, part) -> torch.Tensor:
    tokenizer = policy.codec.tokenizer
    batch = batch_of(part, policy.grammar, len(tokenizer), int(tokenizer.pad_token_id))
    return per_token_logps(policy.model, batch, 0.8)


def test_drawn_and_found_again_agree_and_so_do_batched_and_alone(policy, rollouts):
    made = [row for row in rows(rollouts) if not row.shaped]
    assert len(made) >= 6 and max(len(row.views) for row in made) >= 4
    with torch.no_grad():
        together = again(policy, made)
        for k, row in enumerate(made):
            old = row.decision.old_per_token_logps
            assert np.allclose(together[k, : len(old)], old, atol=1e-5, rtol=0)
            assert not together[k, len(old) :].any()
        for k in (0, len(made) // 2, len(made) - 1):
            alone = again(policy, made[k : k + 1])[0]
            assert torch.allclose(together[k, : len(alone)], alone, atol=1e-5, rtol=0)
    assert len({len(row.decision.answered.completion_ids) for row in made}) > 1


def test_only_what_was_carried_out_teaches_and_only_with_an_advantage(rollouts):
    own = rollouts[0]
    assert any(not d.carried_out for d in own.decisions), "nothing was objected to"
    taught = [row.decision for row in rows_of(own, 0, [1.0] * own.steps)]
    assert taught == [d for d in own.decisions if d.carried_out]
    assert rows_of(own, 0, [0.0] * own.steps) == []
    assert len(rows_of(own, 0, [0.0] * own.steps, keep_all=True)) == len(taught)


def test_the_network_learns_from_what_it_drew(policy, rollouts):
    part = [row for row in rows(rollouts) if not row.shaped][:8]
    model = policy.model
    logps = again(policy, part)
    mask = torch.zeros_like(logps, dtype=torch.bool)
    for k, row in enumerate(part):
        mask[k, : len(row.decision.completion_ids)] = True
    weights = token_weights(mask, torch.arange(len(part)))
    shaped = torch.zeros(len(part), dtype=torch.bool)
    loss = grpo_loss(logps, logps.detach(), torch.ones(len(part), 1), weights, shaped, GrpoConfig())
    loss.value.backward()
    assert model.recurrent_memory.gate.weight.grad.abs().sum() > 0
    assert model.context_encoder.compose.weight.grad.abs().sum() > 0
    model.zero_grad()
