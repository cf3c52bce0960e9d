"""GRPO's loss, with repaired rollouts shaped as demonstrations and wrong prefixes left out.

    ratio = exp(per_token_logps - old_per_token_logps)
    token  = min(ratio * A, clip(ratio, 1 - epsilon, 1 + epsilon_high) * A)     the policy's own
    token  = p / (p + 0.1) * A,  p = exp(per_token_logps)                       repaired
    loss   = - sum over tokens of weight * (token - beta * kl)

The first is GRPO's clipped objective (arXiv 2402.03300) with DAPO's wider upper bound
(arXiv 2503.14476); the second LUFFY's shaping (arXiv 2504.14945): a repaired token was not drawn
as the policy would draw it, so there is no ratio to clip, and those it finds unlikely weigh most.
Names are TRL's. What is masked has the weight zero, and exactly no gradient.

Legend of shapes: B answers, A tokens of the longest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

LOSS_TYPES = ("dapo", "grpo")
SHAPING = 0.1  # LUFFY's gamma


@dataclass(frozen=True)
class GrpoConfig:
    """How the loss is made.

    Attributes:
        epsilon: How far a ratio counts below 1.
        epsilon_high: How far above.
        beta: Of the divergence from the reference; 0: there is none.
        loss_type: ``dapo``: every token of the update weighs the same; ``grpo``: every rollout
            does, its tokens sharing its weight.
        shaping: Of repaired tokens, gamma of p / (p + gamma).
    """

    epsilon: float = 0.2
    epsilon_high: float = 0.28
    beta: float = 0.0
    loss_type: str = "dapo"
    shaping: float = SHAPING


class Loss(NamedTuple):
    """The loss and what is told of it.

    Attributes:
        value: To be minimised; the parts of an update add up to the loss of all of it.
        clipped: Weight of the tokens whose ratio is held back.
        kl: Weighed divergence from the reference.
        ratio: Weighed sum of ratios, of the policy's own tokens.
    """

    value: Tensor
    clipped: Tensor
    kl: Tensor
    ratio: Tensor


def token_weights(completion_mask: Tensor, rollout: Tensor, loss_type: str = "dapo") -> Tensor:
    """How much each token of an update counts, summing to 1: (B, A).

    Args:
        completion_mask: (B, A) bool, the tokens that are learned from, of the whole update.
        rollout: (B,) number of the rollout that an answer belongs to.
        loss_type: As of ``GrpoConfig``.

    Raises:
        ValueError: If there is no such type.
    """
    if loss_type not in LOSS_TYPES:
        raise ValueError(f"loss_type is {loss_type!r}: use one of {', '.join(LOSS_TYPES)}")
    real = completion_mask.double()
    if loss_type == "dapo":
        return (real / real.sum().clamp_min(1)).float()
    _, which = torch.unique(rollout, return_inverse=True)
    lengths = real.new_zeros(int(which.max()) + 1).index_add(0, which, real.sum(1))
    learned = (lengths > 0).sum().clamp_min(1)
    return (real / lengths[which].clamp_min(1)[:, None] / learned).float()


def grpo_loss(
    per_token_logps: Tensor,
    old_per_token_logps: Tensor,
    advantages: Tensor,
    weights: Tensor,
    shaped: Tensor,
    config: GrpoConfig,
    ref_per_token_logps: Tensor | None = None,
) -> Loss:
    """The loss of some answers of an update.

    Args:
        per_token_logps: (B, A) of each token now; anything where its weight is 0.
        old_per_token_logps: (B, A) when it was drawn; not read where ``shaped``.
        advantages: (B, A) of each token, or (B, 1).
        weights: (B, A) of ``token_weights``; 0 for what is masked.
        shaped: (B,) bool: of a repair, learned from as a demonstration.
        config: How.
        ref_per_token_logps: (B, A) by the reference, where ``beta`` is not 0.

    Raises:
        ValueError: If the divergence is wanted and there is no reference.
    """
    real = weights > 0
    # Where nothing is learned nothing is computed: no weight makes NaN times zero a number.
    logps = torch.where(real, per_token_logps, 0.0)
    old = torch.where(real & ~shaped[:, None], old_per_token_logps, logps.detach())
    ratio = (logps - old).exp()
    held = ratio.clamp(1 - config.epsilon, 1 + config.epsilon_high)
    own = torch.minimum(ratio * advantages, held * advantages)
    chance = logps.exp()
    shown = chance / (chance + config.shaping) * advantages
    gain = torch.where(shaped[:, None], shown, own)
    kl = torch.zeros_like(logps)
    if config.beta:
        if ref_per_token_logps is None:
            raise ValueError(f"beta is {config.beta}: that needs the reference's log-probabilities")
        far = torch.where(real, ref_per_token_logps, 0.0) - logps
        kl = far.exp() - far - 1
    value = -(weights * torch.where(real, gain - config.beta * kl, 0.0)).sum()
    drawn = weights * ~shaped[:, None]
    return Loss(
        value,
        (drawn * (ratio * advantages > held * advantages)).sum().detach(),
        (weights * kl).sum().detach(),
        (drawn * ratio).sum().detach(),
    )
