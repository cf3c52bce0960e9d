"""The update: rollouts of a round to advantages, rows and steps of AdamW.

Language model, fusion and memory are trained, as in ``training.sft``; the vision encoder and what
its words find stay as they are, which is why pictures need be encoded but once.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from policies.cimr.policy import LvlmPolicy
from training.ivr_r1.advantages import group_advantages, step_advantages
from training.ivr_r1.batches import AnswerBatch, Row, batch_of, per_token_logps, rows_of
from training.ivr_r1.grpo import GrpoConfig, grpo_loss, token_weights
from training.ivr_r1.rollouts.rollout import Group, Origin, Rollout
from training.ivr_r1.rollouts.screening import has_variance
from training.sft import parameter_groups, trainable


@dataclass(frozen=True)
class LearnerConfig:
    """How an update is made; the names are TRL's where it has them.

    Attributes:
        grpo: The loss.
        scale_rewards: As of ``training.ivr_r1.advantages``.
        step_credit: Omega of GiGPO's step advantages; 0: every step has its rollout's.
        gamma: Their discount.
        learning_rate: Constant.
        num_iterations: Steps of AdamW on the same rollouts.
        batch: Answers in one pass; gradients of passes add up.
        max_grad_norm: Of all gradients together.
        temperature: At which answers were drawn.
    """

    grpo: GrpoConfig = GrpoConfig()
    scale_rewards: str = "group"
    step_credit: float = 0.0
    gamma: float = 0.95
    learning_rate: float = 2e-5
    num_iterations: int = 1
    batch: int = 32
    max_grad_norm: float = 1.0
    temperature: float = 1.0


@dataclass(frozen=True)
class UpdateReport:
    """What an update did.

    Attributes:
        loss: Of its last pass over the rollouts.
        rows: Answers that were learned from.
        shaped: Of these, of repairs.
        clipped: Share of weight whose ratio was held back.
        kl: Divergence from the reference.
        ratio: Mean ratio of the policy's own tokens.
        grad_norm: Before it was held.
    """

    loss: float = 0.0
    rows: int = 0
    shaped: int = 0
    clipped: float = 0.0
    kl: float = 0.0
    ratio: float = 1.0
    grad_norm: float = 0.0


class Learner:
    """Learns from groups of rollouts.

    Args:
        policy: Whose network is changed.
        config: How.

    Attributes:
        optimizer: AdamW.
        named: The trained parameters by name.
    """

    def __init__(self, policy: LvlmPolicy, config: LearnerConfig) -> None:
        self.policy, self.config = policy, config
        self.model = policy.model
        self._reference = None
        if config.grpo.beta:
            self._reference = copy.deepcopy(self.model).requires_grad_(False).eval()
        parameters, self._known = trainable(self.model)
        self.named = {n: p for n, p in self.model.named_parameters() if p.requires_grad}
        self._parameters: list[nn.Parameter] = parameters
        groups = parameter_groups(parameters, self.model.get_input_embeddings().weight)
        self.optimizer = torch.optim.AdamW(groups, lr=config.learning_rate, betas=(0.9, 0.98))

    def rows(self, groups: Sequence[Group]) -> list[Row]:
        """The answers of a round that teach something."""
        rollouts: list[Rollout] = []
        which: list[int] = []
        for number, group in enumerate(groups):
            if has_variance([r.reward for r in group.rollouts]):
                rollouts += group.rollouts
                which += [number] * len(group.rollouts)
        if not rollouts:
            return []
        advantages = group_advantages(
            [r.reward for r in rollouts], which, self.config.scale_rewards
        )
        credit = self._step_credit(rollouts, which)
        keep_all = bool(self.config.grpo.beta)
        return [
            row
            for k, rollout in enumerate(rollouts)
            for row in rows_of(rollout, k, advantages[k] + credit[k], keep_all)
        ]

    def _step_credit(self, rollouts: Sequence[Rollout], which: Sequence[int]) -> list[np.ndarray]:
        """What each step of each rollout gets beside its rollout's advantage."""
        if not self.config.step_credit:
            return [np.zeros(rollout.steps) for rollout in rollouts]
        keys, earned = [], []
        for rollout, group in zip(rollouts, which, strict=True):
            first = {d.step: d for d in reversed(rollout.decisions)}
            keys.append([(group, first[step].frame) for step in range(rollout.steps)])
            earned.append([0.0] * (rollout.steps - 1) + [rollout.reward])
        scale = self.config.scale_rewards == "group"
        return [
            self.config.step_credit * part
            for part in step_advantages(keys, earned, self.config.gamma, scale)
        ]

    def update(self, groups: Sequence[Group]) -> UpdateReport:
        """Learns from a round's groups; where nothing teaches, nothing is changed.

        Raises:
            ValueError: If the loss is no number; the network is as it was.
        """
        rows = self.rows(groups)
        if not rows:
            return UpdateReport()
        self.model.eval()  # batch statistics are the encoder's, which stays as it is
        weights = self._weights(rows)
        references = self._references(rows)
        told: dict[str, float] = {}
        for _ in range(self.config.num_iterations):
            told = self._step(rows, weights, references)
        shaped = sum(row.shaped for row in rows)
        return UpdateReport(rows=len(rows), shaped=shaped, **told)

    def _step(
        self, rows: list[Row], weights: list[Tensor], references: list[Tensor | None]
    ) -> dict[str, float]:
        """One step of AdamW on all rows."""
        sums = torch.zeros(4)
        self.optimizer.zero_grad()
        for (part, batch), weight, reference in zip(
            self._passes(rows), weights, references, strict=True
        ):
            logps = per_token_logps(self.model, batch, self.config.temperature)
            advantages = torch.tensor([row.advantage for row in part], dtype=logps.dtype)
            loss = grpo_loss(
                logps,
                _old_logps(part, logps),
                advantages[:, None],
                weight,
                torch.tensor([row.shaped for row in part]),
                self.config.grpo,
                reference,
            )
            loss.value.backward()
            sums += torch.stack([loss.value.detach(), *loss[1:]])
        value, clipped, kl, ratio = sums.tolist()
        if not np.isfinite(value):
            self.optimizer.zero_grad()
            raise ValueError(
                f"The loss is {value}: try a lower rate than {self.config.learning_rate:g}. What "
                "was saved before is as it was."
            )
        table = self.model.get_input_embeddings().weight
        if table.grad is not None:
            table.grad[self._known] = 0
        norm = nn.utils.clip_grad_norm_(self._parameters, self.config.max_grad_norm)
        self.optimizer.step()
        own = sum(
            float(w[torch.tensor([not row.shaped for row in part])].sum())
            for (part, w) in zip(self._parts(rows), weights, strict=True)
        )
        return {
            "loss": value,
            "clipped": clipped / own if own else 0.0,
            "kl": kl,
            "ratio": ratio / own if own else 1.0,
            "grad_norm": float(norm),
        }

    def _parts(self, rows: list[Row]) -> Iterator[list[Row]]:
        for begin in range(0, len(rows), self.config.batch):
            yield rows[begin : begin + self.config.batch]

    def _passes(self, rows: list[Row]) -> Iterator[tuple[list[Row], AnswerBatch]]:
        words = len(self.policy.codec.tokenizer)
        pad = int(self.policy.codec.tokenizer.pad_token_id)
        for part in self._parts(rows):
            yield part, batch_of(part, self.policy.grammar, words, pad)

    def _weights(self, rows: list[Row]) -> list[Tensor]:
        """Token weights of each pass, of an update that they sum to 1 over."""
        most = max(len(row.decision.completion_mask) for row in rows)
        mask = torch.zeros(len(rows), most, dtype=torch.bool)
        for k, row in enumerate(rows):
            own = row.decision.completion_mask
            mask[k, : len(own)] = torch.tensor(own)
        numbers = torch.tensor([row.rollout for row in rows])
        weights = token_weights(mask, numbers, self.config.grpo.loss_type)
        parts, begin = [], 0
        for part in self._parts(rows):
            longest = max(len(row.decision.completion_mask) for row in part)
            parts.append(weights[begin : begin + len(part), :longest])
            begin += len(part)
        return parts

    @torch.no_grad()
    def _references(self, rows: list[Row]) -> list[Tensor | None]:
        """The reference's log-probabilities of each pass, where it is asked."""
        reference = self._reference
        if reference is None:
            return [None for _ in self._parts(rows)]
        return [
            per_token_logps(reference, batch, self.config.temperature)
            for _, batch in self._passes(rows)
        ]


def _old_logps(rows: Sequence[Row], like: Tensor) -> Tensor:
    """Log-probabilities when the answers were drawn: (B, A), 0 for padding."""
    old = torch.zeros_like(like)
    for k, row in enumerate(rows):
        own = row.decision.old_per_token_logps
        old[k, : len(own)] = torch.tensor(own)
    return old


def summary(groups: Sequence[Group]) -> dict[str, Any]:
    """Mean reward, success and steps of the policy's own rollouts."""
    own = [r for group in groups for r in group.rollouts if r.origin is Origin.POLICY]
    if not own:
        return {"reward": 0.0, "success": 0.0, "steps": 0.0}
    return {
        "reward": float(np.mean([r.reward for r in own])),
        "success": float(np.mean([r.success for r in own])),
        "steps": float(np.mean([r.steps for r in own])),
    }
