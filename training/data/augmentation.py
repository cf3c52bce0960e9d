"""How collected decisions are varied, so that a policy learns from what matters.

History is forgotten now and then, or the next action is learned from the last ones instead of from
the picture (a copycat: endless looking around). Some decisions are told of an objection, right or
false, to a proposal; the expert's answer stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from agent.wording import words
from envs.actions import PRIMITIVE_MOVES, Action
from policies.base import Objection
from policies.cimr.memory_events import GROUPS, MemoryEvents, slots_of
from training.data.objections import Tried, made_up
from training.data.step_part import level_of


@dataclass(frozen=True)
class Augmentation:
    """Shares of decisions, and of what they are told.

    Of a proposal that is the policy's own favourite, about as many objections have to be right as
    are false: were most of them false, it would rightly learn never to give in.

    Attributes:
        corrected: Of decisions where the learner proposed something wrong: told of an objection
            to that.
        opposed: Of the others, told of a false objection to the right answer.
        strange: Of the others, told of an objection to a proposal that nobody made.
        forget: Of memory events dropped.
        no_past: Without any past action.
        reword: Said in other words.
        understood: Told the goal besides the instruction.
        misunderstood: Of those, told another decision's goal.
        unseen: Of decisions of the expert's episodes, without what was noticed: there it is the
            truth, which the policy's own eye is not.
        unseen_own: The same, of episodes in which the policy's own eye noticed.
        primitive: Of decisions drawn, those in primitive moves, where there are both levels.
    """

    corrected: float = 0.6
    opposed: float = 0.12
    strange: float = 0.05
    forget: float = 0.03
    no_past: float = 0.12
    reword: float = 0.75
    understood: float = 0.8
    misunderstood: float = 0.03
    unseen: float = 0.6
    unseen_own: float = 0.15
    primitive: float = 0.2


Pair = tuple[str, str | None]
# Looks around that one event of the past may stand for.
_IN_A_ROW = 3


class Doubts:
    """Varies the memory of decisions.

    Args:
        events: Writes them.
        wrong: By action level, actions that a proposal may be.
        shares: How often.
    """

    def __init__(
        self, events: MemoryEvents, wrong: Mapping[str, Sequence[Pair]], shares: Augmentation
    ) -> None:
        self.events, self.wrong, self.shares = events, wrong, shares
        self.names = sorted({words(k) for pairs in wrong.values() for _, k in pairs if k})

    def vary(self, memory: np.ndarray, record: dict[str, Any], rng: np.random.Generator) -> None:
        """Drops events of a decision's memory (SLOTS, COLUMNS), or adds objections, in place."""
        shares = self.shares
        memory[rng.random(len(memory)) < shares.forget] = self.events.empty
        if rng.random() < shares.no_past:
            memory[slots_of("past")] = self.events.empty
        own = "proposed" in record
        if rng.random() < (shares.unseen_own if own else shares.unseen):
            memory[slots_of("seen")] = self.events.empty
        if record.get("round", 1) == 1:
            proposals = self._proposals(record, rng)
            if proposals:
                self._object(memory, record, proposals, rng)

    def _object(
        self,
        memory: np.ndarray,
        record: dict[str, Any],
        proposals: list[Pair],
        rng: np.random.Generator,
    ) -> None:
        rows: list[tuple[int, ...]] = []
        held = [words(record["held"])] if record.get("held") else self.names
        # Said to be in view: where the expert goes, or what the task is about.
        goes = record["verb"] == "goto"
        seen = record["target"] if goes else record.get("task", [None])[0]
        for verb, target in proposals:
            action = Action(verb, target)
            found = made_up(action, held, rng, seen, self._tried(memory, action))
            if found is not None:
                rows += self.events.objections(Objection(action.to_text(), (found,)))
        where = slots_of("objections")
        rows = rows[: GROUPS["objections"]]
        memory[where] = rows + [self.events.empty] * (GROUPS["objections"] - len(rows))

    def _tried(self, memory: np.ndarray, action: Action) -> Tried:
        """How often the memory's past (SLOTS, COLUMNS) has an action, at least."""
        failed, worked = (
            self.events.done(action.to_text(), outcome) for outcome in ("failed", "ok")
        )
        past = memory[slots_of("past")]
        times = self.events.times(past)
        # What was done many times in a row is one event.
        often = _IN_A_ROW if action.verb == "look around" else 1

        def count(event: tuple[int, ...]) -> int:
            # In the last column may be how often.
            return int(times[(past[:, :-1] == event[:-1]).all(1)].sum())

        return Tried(count(failed), often * count(worked))

    def _proposals(self, record: dict[str, Any], rng: np.random.Generator) -> list[Pair]:
        """What is objected to: mostly nothing, else one proposal or two."""
        shares, draw = self.shares, rng.random()
        right: Pair = (record["verb"], record["target"])
        if is_corrected(record):
            own = record["proposed"]
            found = [(own[0], own[1])] if draw < shares.corrected else []
        elif draw < shares.opposed:
            return [right]
        else:
            found = [self._other(record, rng)] if draw < shares.opposed + shares.strange else []
        if found and rng.random() < 0.25:
            found.insert(0, self._other(record, rng))
        return found

    def _other(self, record: dict[str, Any], rng: np.random.Generator) -> Pair:
        """Some proposal other than the right one."""
        right: Pair = (record["verb"], record["target"])
        wrong = self.wrong[level_of(record)]
        while True:
            verb, target = wrong[int(rng.integers(len(wrong)))]
            if target is not None and record["target"] and rng.random() < 0.5:
                target = record["target"]
            if (verb, target) != right:
                return verb, target


def is_corrected(record: dict[str, Any]) -> bool:
    """Whether the learner proposed something else than the expert."""
    own = record.get("proposed")
    return own is not None and (own[0], own[1]) != (record["verb"], record["target"])


def sampling_weights(
    records: list[dict[str, Any]], past: list[str], primitive: float = Augmentation.primitive
) -> np.ndarray:
    """How often to draw each decision (N,), summing to 1.

    Args:
        records: The decisions.
        past: The action before each, as text, or empty.
        primitive: Share of those in primitive moves, where there are both levels.
    """
    weights = np.ones(len(records))
    for k, (record, last) in enumerate(zip(records, past, strict=True)):
        if record["verb"] == "look around" and last == "look around":
            weights[k] = 0.35
        elif record.get("round", 1) > 1 or is_corrected(record):
            weights[k] = 2.0
        elif record["verb"] == last and last in PRIMITIVE_MOVES:
            weights[k] = 0.6
        elif record["verb"] == "done":
            weights[k] = 1.5
    moved = np.array([level_of(record) == "primitive" for record in records], bool)
    if moved.any() and not moved.all():
        for rows, whole in ((moved, primitive), (~moved, 1.0 - primitive)):
            weights[rows] *= whole / weights[rows].sum()
    return weights / weights.sum()
