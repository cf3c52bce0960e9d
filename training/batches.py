"""Makes batches of collected steps for SFT: text with its answer, memory events, features.

A step becomes the tokens of its prompt followed by those of its answer::

    open the fridge | fridge in view <open> fridge <end>
    prompt            thought        action        weights 0.3, 1.0 and, for the end, 0.1
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from envs.actions import Action
from envs.tasks.families import composite
from envs.tasks.instructions import instruct, join
from envs.tasks.registry import family_named
from policies.cimr.token_codec import REJECTED_SLOTS, Codec
from training.feature_cache import Steps

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

THOUGHT_WEIGHT, ACTION_WEIGHT, END_WEIGHT = 0.3, 1.0, 0.1


@dataclass(frozen=True)
class Augmentation:
    """How steps are varied.

    Attributes:
        rejected: Share of steps told of a wrong proposal.
        forget: Share of memory events dropped.
        reword: Share of instructions said in other words.
    """

    rejected: float = 0.15
    forget: float = 0.03
    reword: float = 0.7


class Batch(NamedTuple):
    """Tensors of a batch.

    Attributes:
        text: (B, T) int64 token ids, prompt and answer.
        prompt: (B, T) bool, the prompt's tokens.
        weights: (B, T) float32, of the answer's tokens in the loss; else 0.
        action: (B, T) bool, the answer's tokens that are its action.
        events: (B, 12, 3) int64 memory events.
        tokens: (B, P, V) float32 vision tokens before the projector.
        found: (B, T, F) float32, what a token that names an object finds in the picture; else 0.
    """

    text: Tensor
    prompt: Tensor
    weights: Tensor
    action: Tensor
    events: Tensor
    tokens: Tensor
    found: Tensor


def reworded(family: str, said_of: list[Any], rng: np.random.Generator) -> str:
    """A task in other words.

    Args:
        family: Of the task.
        said_of: Target, receptacle, whether to turn on, tool.
        rng: Chooses template and names.
    """
    target, receptacle, turn_on, tool = said_of
    wording = family_named(family).wording(turn_on)
    return instruct(wording, "train", rng, target, receptacle, tool)


class Batcher:
    """Makes batches of steps; a step's answer never leaks into its prompt.

    Args:
        steps: What to draw from.
        tokenizer: The policy's.
        name_ids: Whose findings ``steps.found`` holds, in order.
        augmentation: How they are varied.
    """

    def __init__(
        self,
        steps: Steps,
        tokenizer: PreTrainedTokenizerFast,
        name_ids: list[int],
        augmentation: Augmentation,
    ) -> None:
        self.steps, self.augmentation = steps, augmentation
        self.codec = Codec(tokenizer)
        self.pad = int(tokenizer.pad_token_id)
        self.row_of = np.zeros(len(tokenizer), np.int64)
        self.row_of[name_ids] = np.arange(1, len(name_ids) + 1)
        self.answers = [self._answer(r) for r in steps.records]
        self.wrong = sorted(
            {(r["verb"], r["target"]) for r in steps.records},
            key=lambda pair: (pair[0], pair[1] or ""),
        )

    def _answer(self, record: dict[str, Any]) -> list[int]:
        return self.codec.answer_ids(record["thought"], Action(record["verb"], record["target"]))

    def _instruction(self, record: dict[str, Any], rng: np.random.Generator) -> str:
        if rng.random() >= self.augmentation.reword or not record.get("task"):
            return record["instruction"]
        if record.get("parts"):
            first, second = (reworded(part[0], part[1:], rng) for part in record["parts"])
            return join(first, second, composite.WORDING, "train", rng)
        return reworded(record["family"], record["task"], rng)

    def _events(self, k: int, rng: np.random.Generator, augment: bool) -> np.ndarray:
        events = self.steps.events[k].copy()
        if not augment:
            return events
        events[rng.random(len(events)) < self.augmentation.forget] = self.codec.empty_event
        if rng.random() < self.augmentation.rejected:
            record = self.steps.records[k]
            for slot in range(int(rng.integers(1, REJECTED_SLOTS + 1))):
                verb, target = self.wrong[int(rng.integers(len(self.wrong)))]
                if rng.random() < 0.5 and target is not None:
                    target = record["target"] or target
                if (verb, target) != (record["verb"], record["target"]):
                    text = Action(verb, target).to_text()
                    events[len(events) - REJECTED_SLOTS + slot] = self.codec._done(text, "rejected")
        return events

    def make(self, chosen: np.ndarray, rng: np.random.Generator, augment: bool = True) -> Batch:
        """The batch of some steps, by index."""
        texts, prompts, weights, actions, events = [], [], [], [], []
        for k in chosen:
            record = self.steps.records[k]
            said = self._instruction(record, rng) if augment else record["instruction"]
            ids, answer = self.codec.prompt_ids(said), self.answers[k]
            act = next(i for i, token in enumerate(answer) if token in self.codec.verb_of_id)
            texts.append(ids + answer)
            prompts.append(len(ids))
            said_of_action = len(answer) - act - 1
            weights.append([THOUGHT_WEIGHT] * act + [ACTION_WEIGHT] * said_of_action + [END_WEIGHT])
            actions.append([False] * act + [True] * said_of_action + [False])
            events.append(self._events(int(k), rng, augment))
        length = max(map(len, texts))
        text = np.full((len(chosen), length), self.pad)
        weight = np.zeros((len(chosen), length), np.float32)
        action = np.zeros((len(chosen), length), bool)
        for i, ids in enumerate(texts):
            text[i, : len(ids)] = ids
            weight[i, prompts[i] : len(ids)] = weights[i]
            action[i, prompts[i] : len(ids)] = actions[i]
        prompt = np.arange(length)[None] < np.array(prompts)[:, None]
        rows = self.row_of[text]
        found = self.steps.found[np.asarray(chosen)[:, None], np.maximum(rows - 1, 0)]
        found = found * (rows > 0)[..., None]
        return Batch(
            torch.from_numpy(text),
            torch.from_numpy(prompt),
            torch.from_numpy(weight),
            torch.from_numpy(action),
            torch.from_numpy(np.stack(events)),
            torch.from_numpy(self.steps.tokens[chosen].astype(np.float32)),
            torch.from_numpy(found.astype(np.float32)),
        )
