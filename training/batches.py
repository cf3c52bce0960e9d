"""Makes batches of collected steps for SFT: text with its answer, memory events, features.

A step becomes the tokens of its prompt followed by those of its answer::

    open the fridge | fridge in view <open> fridge <end>
    prompt            thought        action        weights 0.3, 1.0 and, for the end, 0.1
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from envs.actions import PRIMITIVE_MOVES, Action
from policies.cimr.language.goal_words import goal_words
from policies.cimr.language.subgoals import parse_of
from policies.cimr.memory_events import COLUMNS
from policies.cimr.recollection import news_of
from policies.cimr.recurrent_memory import NEWS
from policies.cimr.token_codec import Codec
from training.data.augmentation import Augmentation, Doubts, Pair, sampling_weights
from training.data.step_part import level_of
from training.data.wording.rewording import Rewording, Said
from training.feature_cache import Steps

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

THOUGHT_WEIGHT, ACTION_WEIGHT, END_WEIGHT = 0.3, 1.0, 0.1
PAST_STEPS = 40


class Batch(NamedTuple):
    """Tensors of a batch.

    Attributes:
        text: (B, T) int64 token ids, prompt and answer.
        prompt: (B, T) bool, the prompt's tokens.
        weights: (B, T) float32, of the answer's tokens in the loss; else 0.
        action: (B, T) bool, the answer's tokens that are its action.
        events: (B, K, C) int64 memory events.
        tokens: (B, P, V) float32 vision tokens before the projector.
        found: (B, T, F) float32, what a token that names an object finds in the picture; else 0.
        views: (B, H, V) float32 mean vision tokens of the steps before, oldest first, at the end.
        news: (B, H, X - 1, C) int64 events that those brought.
        past: (B, H) bool, False for padding.
    """

    text: Tensor
    prompt: Tensor
    weights: Tensor
    action: Tensor
    events: Tensor
    tokens: Tensor
    found: Tensor
    views: Tensor
    news: Tensor
    past: Tensor


class Batcher:
    """Makes batches of decisions; a decision's answer never leaks into its prompt.

    Args:
        steps: What to draw from.
        tokenizer: The policy's.
        name_ids: Whose findings ``steps.found`` holds, in order.
        augmentation: How they are varied.
        rewording: Says their tasks in other words.
    """

    def __init__(
        self,
        steps: Steps,
        tokenizer: PreTrainedTokenizerFast,
        name_ids: list[int],
        augmentation: Augmentation,
        rewording: Rewording | None = None,
    ) -> None:
        self.steps, self.augmentation = steps, augmentation
        self.rewording = rewording or Rewording()
        self.codec = Codec(tokenizer)
        self.pad = int(tokenizer.pad_token_id)
        self.row_of = np.zeros(len(tokenizer), np.int64)
        self.row_of[name_ids] = np.arange(1, len(name_ids) + 1)
        self.answers = [self._answer(r) for r in steps.records]
        self.earlier = steps.earlier()
        self.doubts = Doubts(self.codec.events, _actions(steps.records), augmentation)
        last = [_last_action(steps, chain) for chain in self.earlier]
        weights = sampling_weights(steps.records, last, augmentation.primitive)
        self._cumulated = np.cumsum(weights)

    def draw(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Indices (count,) of decisions, those that teach more more often."""
        drawn = np.searchsorted(self._cumulated, rng.random(count), side="right")
        return np.minimum(drawn, len(self.steps) - 1)

    def _answer(self, record: dict[str, Any]) -> list[int]:
        return self.codec.answer_ids(record["thought"], Action(record["verb"], record["target"]))

    def _prompt(self, record: dict[str, Any], rng: np.random.Generator, augment: bool) -> list[int]:
        """The task's prompt: in its own or in other words, with or without its goal."""
        said = Said(record["instruction"], parse_of(record))
        if augment and rng.random() < self.augmentation.reword:
            said = self.rewording.draw(record, rng)
        parses = said.parses
        if augment and rng.random() >= self.augmentation.understood:
            parses = ()
        elif augment and rng.random() < self.augmentation.misunderstood:
            parses = parse_of(self.steps.records[int(rng.integers(len(self.steps)))])
        return self.codec.prompt_ids(said.text, goal_words(parses), level_of(record))

    def make(self, chosen: np.ndarray, rng: np.random.Generator, augment: bool = True) -> Batch:
        """The batch of some decisions, by index."""
        texts, prompts, weights, actions, events = [], [], [], [], []
        for k in chosen:
            record = self.steps.records[k]
            ids, answer = self._prompt(record, rng, augment), self.answers[k]
            act = next(i for i, token in enumerate(answer) if token in self.codec.verb_of_id)
            texts.append(ids + answer)
            prompts.append(len(ids))
            said_of_action = len(answer) - act - 1
            weights.append([THOUGHT_WEIGHT] * act + [ACTION_WEIGHT] * said_of_action + [END_WEIGHT])
            actions.append([False] * act + [True] * said_of_action + [False])
            memory = self.steps.events[k].astype(np.int64)
            if augment:
                self.doubts.vary(memory, record, rng)
            events.append(memory)
        length = max(map(len, texts))
        text = np.full((len(chosen), length), self.pad)
        weight = np.zeros((len(chosen), length), np.float32)
        action = np.zeros((len(chosen), length), bool)
        for i, ids in enumerate(texts):
            text[i, : len(ids)] = ids
            weight[i, prompts[i] : len(ids)] = weights[i]
            action[i, prompts[i] : len(ids)] = actions[i]
        prompt = np.arange(length)[None] < np.array(prompts)[:, None]
        rows, frames = self.row_of[text], self.steps.frame[chosen]
        found = self.steps.found[frames[:, None], np.maximum(rows - 1, 0)]
        found = found * (rows > 0)[..., None]
        return Batch(
            torch.from_numpy(text),
            torch.from_numpy(prompt),
            torch.from_numpy(weight),
            torch.from_numpy(action),
            torch.from_numpy(np.stack(events)),
            torch.from_numpy(self.steps.tokens[frames].astype(np.float32)),
            torch.from_numpy(found.astype(np.float32)),
            *self._past(chosen, rng, augment),
        )

    def _past(
        self, chosen: np.ndarray, rng: np.random.Generator, augment: bool
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Views, news and their mask of the steps before, as in ``Batch``."""
        steps = self.steps
        chains = [self.earlier[k][-PAST_STEPS:] for k in chosen]
        if augment:
            gone = rng.random(len(chains)) < self.augmentation.no_past
            chains = [c[:0] if drop else c for c, drop in zip(chains, gone, strict=True)]
        length = max(map(len, chains))
        shape = (len(chosen), length)
        views = np.zeros((*shape, steps.tokens.shape[2]), np.float32)
        news = np.full((*shape, NEWS, COLUMNS), self.codec.events.nothing)
        past = np.zeros(shape, bool)
        for i, (k, chain) in enumerate(zip(chosen, chains, strict=True)):
            if len(chain):
                after = np.append(chain[1:], k)
                views[i, -len(chain) :] = steps.tokens[steps.frame[chain]].mean(1, np.float32)
                news[i, -len(chain) :] = news_of(steps.events[after])
                past[i, -len(chain) :] = True
        return torch.from_numpy(views), torch.from_numpy(news), torch.from_numpy(past)


def _actions(records: list[dict[str, Any]]) -> dict[str, list[Pair]]:
    """The actions of decisions by their level, each once, in order."""
    # Any move may be proposed: few decisions need not hold them all.
    found: dict[str, set[Pair]] = {"primitive": {(verb, None) for verb in PRIMITIVE_MOVES}}
    for record in records:
        found.setdefault(level_of(record), set()).add((record["verb"], record["target"]))
    return {
        level: sorted(pairs, key=lambda pair: (pair[0], pair[1] or ""))
        for level, pairs in found.items()
    }


def _last_action(steps: Steps, chain: np.ndarray) -> str:
    """Verb of what was done before a decision, or empty."""
    acted = steps.records[chain[-1]].get("acted") if len(chain) else None
    return acted[0] if acted else ""
