"""Finds the triples of an episode: where something went wrong or was called wrong.

Before acting: the first proposal of a step was objected to, and the step was the expert's in the
end. After acting: discrepancies were found, and the next step was the expert's. Left out is what
would teach what can't be known or what does not help: a correction that failed when it was carried
out, or that is of something which the view does not show, or belies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from agent.recording.trajectory import RoundRecord, StepRecord
from agent.wording import plain, same_action
from envs.actions import ActionFormatError, parse_action
from policies.base import PastStep
from policies.discrepancy import Discrepancy
from training.data.map.learner import CAME_TO_NOTHING
from training.data.map.play import PlayedStep
from training.data.map.records import Move

_HISTORY = 16


@dataclass(frozen=True, eq=False)
class Found:
    """A triple without its names and pictures; see ``training.data.map.records.Triple``.

    Attributes:
        before: Index of the step whose frame comes before the proposal.
        after: Of the one whose frame comes after; None where nothing was carried out.
    """

    step: int
    stage: str
    cause: str
    detail: str
    history: tuple[PastStep, ...]
    memory: tuple[str, ...]
    proposal: Move
    feedback: str
    discrepancies: tuple[Discrepancy, ...]
    holds: bool
    correction: Move
    answer: str
    before: int
    after: int | None


def find_triples(steps: Sequence[PlayedStep]) -> list[Found]:
    """All triples of an episode that was won, in order."""
    found = []
    for k in range(len(steps)):
        found += [*_before_acting(steps, k), *_after_acting(steps, k)]
    return found


def choose(
    found: Sequence[Found], most: int, seen: set[tuple[str, ...]], rng: np.random.Generator
) -> list[Found]:
    """At most so many, in order: rather what went wrong than what was only said.

    Args:
        found: Of an episode.
        most: So many.
        seen: What the task's other episodes said; nothing is said twice. Is added to.
        rng: Chooses among equals.
    """
    fresh = []
    for k in rng.permutation(len(found)):
        one, said = found[int(k)], found[int(k)].discrepancies[0]
        key = (one.stage, plain(one.proposal.text), said.kind, said.observed, one.answer)
        if key not in seen:
            seen.add(key)
            fresh.append((_rank(one), int(k)))
    return [found[k] for k in sorted(k for _, k in sorted(fresh, key=lambda e: e[0])[:most])]


def _rank(one: Found) -> int:
    """0 comes first: faults and own failures, then what was done, then what was only proposed."""
    return 0 if one.cause in ("fault", "policy") else 1 if one.stage == "outcome" else 2


def plan_of(steps: Sequence[PlayedStep]) -> tuple[Move, ...]:
    """What an undisturbed episode did: its steps that worked."""
    return tuple(
        Move.of(step.label.action, step.label.thought) for step in steps if not step.record.is_error
    )


def _before_acting(steps: Sequence[PlayedStep], k: int) -> Iterator[Found]:
    step = steps[k]
    record, label = step.record, step.label
    first = record.rounds[0]
    is_right = _is(record.action, label.action.to_text())
    if not first.discrepancies or not is_right or record.is_error:
        return
    if not _fits(step):
        return
    insists = _is(first.action, label.action.to_text())
    if step.by_policy and not step.slip and not insists:
        return  # it points elsewhere, which may be as right
    wrong = "policy" if step.by_policy else "slip"
    yield Found(
        step=record.index,
        stage="proposal",
        cause="none" if insists else wrong,
        detail=step.slip,
        history=_history(steps[:k]),
        memory=record.memory,
        proposal=_proposed(first),
        feedback="",
        discrepancies=_strongest_first(first.discrepancies),
        holds=not insists,
        correction=Move.of(label.action, label.thought),
        answer="insist" if insists else "change",
        before=k,
        after=None,
    )


def _after_acting(steps: Sequence[PlayedStep], k: int) -> Iterator[Found]:
    if k + 1 >= len(steps):
        return
    record, then = steps[k].record, steps[k + 1]
    correction = then.label.action
    carried_out = _is(then.record.action, correction.to_text()) and not then.record.is_error
    if not record.discrepancies or not carried_out or not _fits(then):
        return
    retries = _same_deed(record.action, correction.to_text())
    answer = "retry" if retries else "change" if record.is_error else "go on"
    yield Found(
        step=record.index,
        stage="outcome",
        cause=_cause(steps[k]),
        detail=_detail(steps[k]),
        history=_history(steps[: k + 1]),
        memory=then.record.memory,
        proposal=_done(record),
        feedback=record.answer,
        discrepancies=_strongest_first(record.discrepancies),
        holds=record.is_error,
        correction=Move.of(correction, then.label.thought),
        answer=answer,
        before=k,
        after=k + 1,
    )


def _fits(step: PlayedStep) -> bool:
    """Whether what was right can be told from the view."""
    label = step.label
    return step.truth.shows(label.action) and not step.truth.belies(label.thought)


def _cause(step: PlayedStep) -> str:
    if step.record.fault:
        return "fault"
    if not step.record.is_error:
        return "none"
    if step.record.action != step.record.rounds[0].action:
        return "own"  # what came first was taken back
    return "policy" if step.by_policy else "slip" if step.slip else "own"


def _detail(step: PlayedStep) -> str:
    """Kind of the fault, of the slip, or of the policy's failure."""
    cause = _cause(step)
    if cause == "policy":
        return step.slip or CAME_TO_NOTHING
    return {"fault": step.record.fault, "slip": step.slip}.get(cause, "")


def _is(text: str, right: str) -> bool:
    """Whether an action's text is the right one, but for a point that hardly differs."""
    return same_action(text, right)


def _same_deed(text: str, other: str) -> bool:
    return plain(text) == plain(other)


def _proposed(first: RoundRecord) -> Move:
    return _move(first.action or first.text, first.thought)


def _done(record: StepRecord) -> Move:
    return _move(record.action, record.thought)


def _move(text: str, thought: str) -> Move:
    try:
        return Move.of(parse_action(text), thought)
    except ActionFormatError:
        return Move(text, thought=thought)


def _history(steps: Sequence[PlayedStep]) -> tuple[PastStep, ...]:
    return tuple(PastStep(step.record.action, step.record.outcome) for step in steps[-_HISTORY:])


def _strongest_first(found: tuple[Discrepancy, ...]) -> tuple[Discrepancy, ...]:
    """Without what each says is to be done: the answer is not to be told."""
    told = [
        Discrepancy(d.kind, d.subject, d.expected, d.observed, round(d.confidence, 2), d.source)
        for d in found
    ]
    return tuple(sorted(told, key=lambda d: -d.confidence))
