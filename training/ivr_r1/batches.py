"""Answers of rollouts as tensors, and their log-probabilities as the network has them now.

Legend of shapes: B answers, T tokens of the longest prompt and answer, A of the longest answer, P
vision tokens of V values, K events of C columns, F of what a word finds, H past steps, N words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from policies.cimr.answers.answering import Grammar
from policies.cimr.model import CimrLlava
from policies.cimr.recollection import news_of
from policies.cimr.recurrent_memory import NEWS
from training.ivr_r1.rollouts.rollout import Decision, Rollout


@dataclass(frozen=True, eq=False)
class Row:
    """An answer to learn from, and what the update makes of it.

    Attributes:
        decision: The answer.
        views: Mean vision tokens (V,) of each step that the learned memory took in, oldest first.
        news: (X, C) the events that each brought.
        rollout: Number of its rollout in the update.
        advantage: Of its step.
        shaped: It is a repair's.
    """

    decision: Decision
    views: tuple[np.ndarray, ...]
    news: tuple[np.ndarray, ...]
    rollout: int
    advantage: float
    shaped: bool


class AnswerBatch(NamedTuple):
    """Tensors of some answers.

    Attributes:
        text: (B, T) token ids of prompt and answer, padded on the right.
        prompt: (B, T) bool, the prompt's.
        completion_ids: (B, A), 0 for padding.
        completion_mask: (B, A) bool, the answer's tokens, learned from or not.
        allowed: (B, A, N) bool, tokens that might have stood there.
        events: (B, K, C).
        tokens: (B, P, V) vision tokens before the projector.
        found: (B, T, F) what each token finds in its picture.
        views: (B, H, V), news: (B, H, X, C), past: (B, H) bool; at the end, as in SFT.
    """

    text: Tensor
    prompt: Tensor
    completion_ids: Tensor
    completion_mask: Tensor
    allowed: Tensor
    events: Tensor
    tokens: Tensor
    found: Tensor
    views: Tensor
    news: Tensor
    past: Tensor


def rows_of(
    rollout: Rollout, number: int, advantages: Sequence[float], keep_all: bool = False
) -> list[Row]:
    """The answers of a rollout that teach, each with what the learned memory had taken in.

    Args:
        rollout: With the decisions of all its steps, also of those that teach nothing.
        number: Of the rollout in the update.
        advantages: By step of the episode.
        keep_all: Those without an advantage too, which a divergence is measured on.
    """
    rows: list[Row] = []
    views: list[np.ndarray] = []
    news: list[np.ndarray] = []
    last: np.ndarray | None = None
    for decision in rollout.decisions:
        answered = decision.answered
        if decision.round == 1:
            if answered.recalls and last is not None:
                views.append(last)
                news.append(news_of(answered.events.astype(np.int64)))
            last = answered.tokens.mean(0, dtype=np.float32)
        advantage = float(advantages[decision.step])
        if decision.teaches and (advantage or keep_all):
            rows.append(
                Row(
                    decision,
                    tuple(views),
                    tuple(news),
                    number,
                    advantage,
                    rollout.is_shaped,
                )
            )
    return rows


def batch_of(rows: Sequence[Row], grammar: Grammar, words: int, pad: int) -> AnswerBatch:
    """Answers as tensors.

    Args:
        rows: The answers.
        grammar: Says what might have stood where.
        words: N.
        pad: Token id of padding.
    """
    answers = [row.decision.answered for row in rows]
    ids = [(*a.prompt_ids, *a.completion_ids) for a in answers]
    count, longest = len(rows), max(map(len, ids))
    most = max(len(a.completion_ids) for a in answers)
    text = np.full((count, longest), pad, np.int64)
    prompt = np.zeros((count, longest), bool)
    found = np.zeros((count, longest, answers[0].found.shape[1]), np.float32)
    completion_ids = np.zeros((count, most), np.int64)
    mask = np.zeros((count, most), bool)
    allowed = np.zeros((count, most, words), bool)
    for k, (answer, row) in enumerate(zip(answers, ids, strict=True)):
        text[k, : len(row)] = row
        prompt[k, : len(answer.prompt_ids)] = True
        found[k, : len(row)] = answer.found
        own = answer.completion_ids
        completion_ids[k, : len(own)] = own
        mask[k, : len(own)] = True
        for place in range(len(own)):
            allowed[k, place, list(grammar.allowed(own[:place], answer.refused))] = True
    return AnswerBatch(
        torch.from_numpy(text),
        torch.from_numpy(prompt),
        torch.from_numpy(completion_ids),
        torch.from_numpy(mask),
        torch.from_numpy(allowed),
        torch.from_numpy(np.stack([a.events for a in answers]).astype(np.int64)),
        torch.from_numpy(np.stack([a.tokens for a in answers])),
        torch.from_numpy(found),
        *_past(rows),
    )


def _past(rows: Sequence[Row]) -> tuple[Tensor, Tensor, Tensor]:
    """Views, news and their mask, as in ``AnswerBatch``."""
    answers = [row.decision.answered for row in rows]
    length = max(len(row.views) for row in rows)
    columns = answers[0].events.shape[1]
    views = np.zeros((len(rows), length, answers[0].tokens.shape[1]), np.float32)
    news = np.zeros((len(rows), length, NEWS, columns), np.int64)
    past = np.zeros((len(rows), length), bool)
    for k, row in enumerate(rows):
        if row.views:
            views[k, -len(row.views) :] = np.stack(row.views)
            news[k, -len(row.views) :] = np.stack(row.news)
            past[k, -len(row.views) :] = True
    return torch.from_numpy(views), torch.from_numpy(news), torch.from_numpy(past)


def per_token_logps(model: CimrLlava, batch: AnswerBatch, temperature: float = 1.0) -> Tensor:
    """The log-probability of each token of the answers among those allowed: (B, A), 0 for padding.

    The same as when they were drawn (``policies.cimr.answers.answering``), found from the tokens
    alone, and with gradients.

    Args:
        model: The network.
        batch: The answers.
        temperature: As when they were drawn.
    """
    tokens = model.model.multi_modal_projector(batch.tokens)
    memory = model.remember(model.encode_context(batch.events), batch.views, batch.news, batch.past)
    fused = model.fuse(batch.text, tokens, memory, batch.found, batch.prompt)
    hidden = model.model.language_model(
        inputs_embeds=torch.cat([fused.vision, fused.context, fused.text], 1), use_cache=False
    ).last_hidden_state
    row, place = batch.completion_mask.nonzero(as_tuple=True)
    before = fused.vision.shape[1] + fused.context.shape[1] - 1
    where = before + batch.prompt.sum(1)[row] + place
    logits = model.lm_head(hidden[row, where]).float() / temperature
    logits = logits.masked_fill(~batch.allowed[row, place], -torch.inf)
    drawn = logits.log_softmax(-1).gather(1, batch.completion_ids[row, place][:, None])[:, 0]
    return torch.zeros_like(batch.completion_ids, dtype=drawn.dtype).index_put((row, place), drawn)
