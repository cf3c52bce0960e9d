"""An update raises what did better than its group; where nothing is to learn it does nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from policies.base import Context, Observation
from tests.fakes import FakeKitchen
from tests.policies.tiny_policy import tiny_policy
from tests.training.ivr_r1.made_up_kitchen import asking
from training.ivr_r1.grpo import GrpoConfig
from training.ivr_r1.learner import Learner, LearnerConfig, summary
from training.ivr_r1.rollouts.desk import Desk
from training.ivr_r1.rollouts.rollout import Decision, Group, Origin, RewardParts, Rollout


@pytest.fixture(scope="module")
def policy():
    return tiny_policy()


@pytest.fixture(scope="module")
def answers(policy):
    """Three answers to one frame, drawn by three seeds."""
    ask, kitchen = asking(Desk(policy)), FakeKitchen()
    seen, _ = kitchen.reset(seed=0)
    observation = Observation(seen["rgb"], seen["instruction"])
    made = []
    for seed in range(3):
        ask("reset", seen["instruction"], seed)
        made.append(ask("act", observation, Context())[1])
    return made


def group_of(answers, rewards, origins=None) -> Group:
    rollouts = []
    for k, (answered, reward) in enumerate(zip(answers, rewards, strict=True)):
        mask = (True,) * len(answered.completion_ids)
        decision = Decision(0, 1, answered, mask, "f", True, "", "ok", True, False, 0)
        origin = origins[k] if origins else Origin.POLICY
        parts = RewardParts(success=reward)
        rollouts.append(Rollout("t", 0, origin, (decision,), parts, bool(reward), 1, 5, 0, 1))
    return Group(0, "t", tuple(rollouts))


def chances(learner, group) -> list[float]:
    rows = learner.rows(replace_rewards(group))
    from training.ivr_r1.batches import per_token_logps

    (_, batch), *_ = learner._passes(rows)
    with torch.no_grad():
        return per_token_logps(learner.model, batch).sum(1).tolist()


def replace_rewards(group: Group) -> list[Group]:
    """Rewards that differ, so that every rollout has rows."""
    rollouts = tuple(
        replace(r, parts=RewardParts(success=float(k))) for k, r in enumerate(group.rollouts)
    )
    return [replace(group, rollouts=(*rollouts, replace(rollouts[0], parts=RewardParts(9.0))))]


@pytest.mark.parametrize("origin", [Origin.POLICY, Origin.RECTIFIED])
def test_what_did_better_becomes_likelier_and_what_did_worse_less(answers, origin):
    learner = Learner(tiny_policy(), LearnerConfig(learning_rate=1e-3))
    group = group_of(answers, [0.0, 1.0, 0.0], [Origin.POLICY, origin, Origin.POLICY])
    before = chances(learner, group)
    report = learner.update([group])
    after = chances(learner, group)
    assert after[1] > before[1] and after[0] < before[0]
    assert (report.rows, report.shaped) == (3, int(origin is Origin.RECTIFIED))
    assert report.ratio == pytest.approx(1.0, abs=1e-4) and report.grad_norm > 0


def test_a_group_all_alike_changes_nothing(answers):
    learner = Learner(tiny_policy(), LearnerConfig())
    before = {k: v.clone() for k, v in learner.model.state_dict().items()}
    assert learner.update([group_of(answers, [1.0, 1.0, 1.0])]).rows == 0
    assert all(torch.equal(v, before[k]) for k, v in learner.model.state_dict().items())


def test_the_vision_encoder_and_its_words_stay(answers):
    learner = Learner(tiny_policy(), LearnerConfig(learning_rate=1e-2))
    before = {k: v.clone() for k, v in learner.model.state_dict().items()}
    learner.update([group_of(answers, [0.0, 1.0, 0.0])])
    after, names = learner.model.state_dict(), learner.model.config.name_ids
    assert all(torch.equal(v, after[k]) for k, v in before.items() if "vision_tower" in k)
    table = "model.language_model.embed_tokens.weight"
    assert torch.equal(before[table][names], after[table][names])
    assert not torch.equal(before[table], after[table])


def test_passes_add_up_to_one_update(answers):
    group, made = group_of(answers, [0.0, 1.0, 0.0]), []
    for batch in (1, 8):
        learner = Learner(tiny_policy(), LearnerConfig(batch=batch, learning_rate=1e-3))
        made.append((learner.update([group]), learner.model.lm_head.weight.detach().clone()))
    assert made[0][0].loss == pytest.approx(made[1][0].loss, abs=1e-6)
    assert made[0][0].grad_norm == pytest.approx(made[1][0].grad_norm, rel=1e-4)
    assert torch.allclose(made[0][1], made[1][1], atol=1e-4)


def test_the_reference_holds_back_once_the_policy_has_moved(answers):
    config = LearnerConfig(grpo=GrpoConfig(beta=1.0), num_iterations=2, learning_rate=1e-3)
    report = Learner(tiny_policy(), config).update([group_of(answers, [0.0, 1.0, 0.0])])
    assert report.kl > 0 and report.ratio != pytest.approx(1.0, abs=1e-5)


def test_step_credit_adds_to_the_rollouts_advantage(answers):
    group = group_of(answers, [0.0, 1.0, 0.0])
    plain, credited = (
        Learner(tiny_policy(), LearnerConfig(step_credit=omega)).rows([group]) for omega in (0, 1)
    )
    ratio = [b.advantage / a.advantage for a, b in zip(plain, credited, strict=True)]
    assert min(ratio) > 1.5


def test_a_loss_that_is_no_number_leaves_the_network_as_it_was(answers):
    learner = Learner(tiny_policy(), LearnerConfig())
    with torch.no_grad():
        learner.model.context_encoder.compose.bias.fill_(float("nan"))
    before = learner.model.recurrent_memory.gate.weight.clone()
    with pytest.raises(ValueError, match="The loss is nan: try a lower rate"):
        learner.update([group_of(answers, [0.0, 1.0, 0.0])])
    assert torch.equal(before, learner.model.recurrent_memory.gate.weight)


def test_only_the_policys_own_rollouts_are_scored(answers):
    origins = [Origin.POLICY, Origin.POLICY, Origin.EXPERT]
    told = summary([group_of(answers, [0.0, 1.0, 1.0], origins)])
    assert told["success"] == 0.5 and np.isclose(told["reward"], 0.5)
    assert summary([])["reward"] == 0.0
