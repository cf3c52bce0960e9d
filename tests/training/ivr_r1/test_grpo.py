"""GRPO's loss against a reference in float64, and what is masked has exactly no gradient."""

from __future__ import annotations

import math

import pytest
import torch

from training.ivr_r1.grpo import GrpoConfig, grpo_loss, token_weights


def example(seed: int = 0):
    rng = torch.Generator().manual_seed(seed)
    logps = -3 * torch.rand(4, 5, generator=rng)
    old = logps + 0.6 * (torch.rand(4, 5, generator=rng) - 0.5)
    reference = logps + 0.4 * (torch.rand(4, 5, generator=rng) - 0.5)
    advantages = torch.tensor([[1.5], [-0.7], [0.4], [-1.2]])
    mask = torch.arange(5)[None] < torch.tensor([5, 3, 4, 2])[:, None]
    mask[2, 0] = False
    shaped = torch.tensor([False, False, True, False])
    return logps, old, reference, advantages, mask, shaped


def by_hand(logps, old, reference, advantages, mask, shaped, config, rollout):
    """The same in plain floats, token by token."""
    lengths: dict[int, int] = {}
    for k in range(4):
        lengths[rollout[k]] = lengths.get(rollout[k], 0) + int(mask[k].sum())
    total = 0.0
    for k in range(4):
        for t in range(5):
            if not mask[k, t]:
                continue
            a, now = float(advantages[k, 0]), float(logps[k, t])
            if shaped[k]:
                p = math.exp(now)
                gain = p / (p + 0.1) * a
            else:
                ratio = math.exp(now - float(old[k, t]))
                held = min(max(ratio, 1 - config.epsilon), 1 + config.epsilon_high)
                gain = min(ratio * a, held * a)
            far = float(reference[k, t]) - now
            gain -= config.beta * (math.exp(far) - far - 1)
            if config.loss_type == "dapo":
                weight = 1 / sum(lengths.values())
            else:
                weight = 1 / lengths[rollout[k]] / len(lengths)
            total -= weight * gain
    return total


@pytest.mark.parametrize("loss_type", ["dapo", "grpo"])
@pytest.mark.parametrize("beta", [0.0, 0.3])
def test_the_loss_is_that_of_the_formulas(loss_type, beta):
    logps, old, reference, advantages, mask, shaped = example()
    config, rollout = GrpoConfig(beta=beta, loss_type=loss_type), [0, 0, 1, 2]
    weights = token_weights(mask, torch.tensor(rollout), loss_type)
    loss = grpo_loss(logps, old, advantages, weights, shaped, config, reference)
    expected = by_hand(logps, old, reference, advantages, mask, shaped, config, rollout)
    assert loss.value.item() == pytest.approx(expected, rel=1e-5)
    assert weights.sum().item() == pytest.approx(1.0)
    assert not weights[~mask].any()


def test_gradients_are_those_of_float64():
    logps, old, reference, advantages, mask, shaped = example(1)
    config, which = GrpoConfig(beta=0.1), torch.tensor([0, 1, 2, 3])
    grads = []
    for kind in (torch.float32, torch.float64):
        own = logps.to(kind, copy=True).requires_grad_(True)
        weights = token_weights(mask, which).to(kind)
        rest = (old.to(kind), advantages.to(kind), weights, shaped, config, reference.to(kind))
        grpo_loss(own, *rest).value.backward()
        grads.append(own.grad.double())
    assert torch.allclose(*grads, atol=1e-6)
    assert grads[1].abs().max() > 0.01


def test_what_is_masked_has_exactly_no_gradient_whatever_stands_there():
    logps, old, _, advantages, mask, shaped = example()
    mask[1] = False  # the steps before a repair
    logps[1, 0], old[1, 1] = float("nan"), float("-inf")
    own = logps.requires_grad_(True)
    weights = token_weights(mask, torch.arange(4))
    loss = grpo_loss(own, old, advantages, weights, shaped, GrpoConfig())
    loss.value.backward()
    assert torch.isfinite(loss.value)
    assert torch.equal(own.grad[~mask], torch.zeros_like(own.grad[~mask]))
    assert own.grad[mask].abs().sum() > 0


def test_a_ratio_that_went_too_far_teaches_nothing_and_a_repair_is_never_clipped():
    old = torch.tensor([[math.log(0.2)], [math.log(0.2)]])
    logps = torch.tensor([[math.log(0.8)], [math.log(0.8)]]).requires_grad_(True)
    weights = token_weights(torch.ones(2, 1, dtype=torch.bool), torch.arange(2))
    shaped = torch.tensor([False, True])
    loss = grpo_loss(logps, old, torch.ones(2, 1), weights, shaped, GrpoConfig())
    loss.value.backward()
    assert logps.grad[0].item() == 0.0 and loss.clipped.item() == pytest.approx(0.5)
    # d/dlogp of p / (p + 0.1) is 0.1 p / (p + 0.1)^2
    assert logps.grad[1].item() == pytest.approx(-0.5 * 0.08 / 0.81, rel=1e-5)


def test_shaping_weighs_unlikely_tokens_most():
    logps = torch.log(torch.tensor([[0.02], [0.1], [0.9]])).requires_grad_(True)
    weights = token_weights(torch.ones(3, 1, dtype=torch.bool), torch.arange(3))
    shaped = torch.ones(3, dtype=torch.bool)
    grpo_loss(
        logps, logps.detach(), torch.ones(3, 1), weights, shaped, GrpoConfig()
    ).value.backward()
    by_chance = -logps.grad[:, 0] / logps.detach().exp()[:, 0]
    assert by_chance[0] > by_chance[1] > by_chance[2]


def test_what_there_is_not_is_refused():
    with pytest.raises(ValueError, match="'mean': use one of dapo, grpo"):
        token_weights(torch.ones(1, 1, dtype=torch.bool), torch.zeros(1), "mean")
    logps, old, _, advantages, mask, shaped = example()
    weights = token_weights(mask, torch.arange(4))
    with pytest.raises(ValueError, match="needs the reference"):
        grpo_loss(logps, old, advantages, weights, shaped, GrpoConfig(beta=0.1))
