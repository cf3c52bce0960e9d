"""How collected decisions are varied, so that a policy learns from what matters.

History is forgotten now and then, or the next action is learned from the last ones instead of from
the picture (a copycat: endless looking around). Some decisions are told of an objection, right or
false, to a proposal; the expert's answer stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from agent.wording import words
from envs.actions import Action
from policies.base import Objection
from policies.cimr.memory_events import GROUPS, MemoryEvents, slots_of
from training.data.objections import made_up


@dataclass(frozen=True)
class Augmentation:
    """Shares of decisions, and of what they are told.

    Attributes:
        objected: Told of a made-up objection.
        false: Of those, to a proposal that was right.
        forget: Of memory events dropped.
        no_past: Without any past action.
        reword: Said in other words.
        understood: Told the goal besides the instruction.
        misunderstood: Of those, told another decision's goal.
        unseen: Of decisions of the expert's episodes, without what was noticed: there it is the
            truth, which the policy's own eye is not.
        unseen_own: The same, of episodes in which the policy's own eye noticed.
    """

    objected: float = 0.25
    false: float = 0.4
    forget: float = 0.03
    no_past: float = 0.12
    reword: float = 0.75
    understood: float = 0.8
    misunderstood: float = 0.03
    unseen: float = 0.6
    unseen_own: float = 0.15


Pair = tuple[str, str | None]


class Doubts:
    """Varies the memory of decisions.

    Args:
        events: Writes them.
        wrong: Actions that a proposal may be.
        shares: How often.
    """

    def __init__(self, events: MemoryEvents, wrong: list[Pair], shares: Augmentation) -> None:
        self.events, self.wrong, self.shares = events, wrong, shares
        self.names = sorted({words(kind) for _, kind in wrong if kind})

    def vary(self, memory: np.ndarray, record: dict[str, Any], rng: np.random.Generator) -> None:
        """Drops events of a decision's memory (SLOTS, COLUMNS), or adds objections, in place."""
        shares = self.shares
        memory[rng.random(len(memory)) < shares.forget] = self.events.empty
        if rng.random() < shares.no_past:
            memory[slots_of("past")] = self.events.empty
        own = "proposed" in record
        if rng.random() < (shares.unseen_own if own else shares.unseen):
            memory[slots_of("seen")] = self.events.empty
        if record.get("round", 1) == 1 and rng.random() < shares.objected:
            self._object(memory, record, rng)

    def _object(self, memory: np.ndarray, record: dict[str, Any], rng: np.random.Generator) -> None:
        right: Pair = (record["verb"], record["target"])
        proposals = [right] if rng.random() < self.shares.false else self._wrong(record, rng)
        rows: list[tuple[int, ...]] = []
        for verb, target in proposals:
            action = Action(verb, target)
            held = [words(record["held"])] if record.get("held") else self.names
            found = made_up(action, held, rng)
            rows += self.events.objections(Objection(action.to_text(), (found,)))
        where = slots_of("objections")
        rows = rows[: GROUPS["objections"]]
        memory[where] = rows + [self.events.empty] * (GROUPS["objections"] - len(rows))

    def _wrong(self, record: dict[str, Any], rng: np.random.Generator) -> list[Pair]:
        """One or two proposals other than the right one; the learner's own if it was wrong."""
        right: Pair = (record["verb"], record["target"])
        own = record.get("proposed")
        found: list[Pair] = []
        if own and (own[0], own[1]) != right and rng.random() < 0.8:
            found.append((own[0], own[1]))
        while len(found) < 1 + (rng.random() < 0.25):
            verb, target = self.wrong[int(rng.integers(len(self.wrong)))]
            if target is not None and record["target"] and rng.random() < 0.5:
                target = record["target"]
            if (verb, target) != right:
                found.append((verb, target))
        return found


def sampling_weights(records: list[dict[str, Any]], past: list[str]) -> np.ndarray:
    """How often to draw each decision (N,), summing to 1.

    Args:
        records: The decisions.
        past: The action before each, as text, or empty.
    """
    weights = np.ones(len(records))
    for k, (record, last) in enumerate(zip(records, past, strict=True)):
        if record["verb"] == "look around" and last == "look around":
            weights[k] = 0.35
        elif record.get("round", 1) > 1:
            weights[k] = 2.0
        elif record["verb"] == "done":
            weights[k] = 1.5
    return weights / weights.sum()
