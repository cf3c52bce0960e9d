"""What a lost episode is put down to: one of ``verdicts.CAUSES``.

Single steps are named by ``step_truth``. An episode is more than its last error: what comes late is
most often the consequence of what came before, and an agent that is lost fails at anything. So the
steps are held against the expert's from where the episode last got on:

1. The goal was reached, and it was never said to be done: ending.
2. A right action came to nothing, the agent took it for done, and it never was: unnoticed.
3. It said that it was done, and was not: what had misled it, where that is known (understanding,
   memory, self-check), else what the step itself is (ending, perception).
4. Else the cause of most wrong steps, acts counting double, since looking and walking only serve
   them; of equals the one that came first.

Two causes can't be seen in a single step. Self-check: the agent proposed what the expert would do,
objected to it itself, and did something else; or it disbelieved a success, and did it again.
Unnoticed: as in 2. "Got on" means that more goal conditions held than ever before, or that an act
of the expert's worked that had not worked before; to do the same again is no progress.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agent.recording.trajectory import RoundRecord, StepRecord
from agent.recovery import ErrorSpan
from envs.actions import INTERACTIONS, ActionFormatError, parse_action
from training.evaluation.truth.step_truth import StepTruth

Skill = tuple[str, str | None]
# What explains why an agent believes that it is done.
_MISLED = ("understanding", "memory", "self-check")
_ACT, _OTHER = 2, 1


@dataclass(frozen=True)
class _Wrong:
    """A wrong step: its index, its cause and how much that counts."""

    index: int
    cause: str
    weight: int


def attribute_failure(
    steps: Sequence[StepRecord], errors: Sequence[ErrorSpan], truth: Sequence[StepTruth]
) -> str:
    """The cause of a lost episode, one of ``verdicts.CAUSES``; empty for one without steps.

    Args:
        steps: Of the episode.
        errors: Its errors, with the steps at which they were made good.
        truth: Of each step.
    """
    if not truth or not steps:
        return ""
    if any(step.goal_conditions_met == step.goal_conditions > 0 for step in steps):
        return "ending"
    wrong = _wrong_steps(steps, truth)
    begin = _last_progress(steps, truth) + 1
    stall = [entry for entry in wrong if entry.index >= begin]
    if any(_went_unnoticed(error, steps, truth) for error in errors if error.step >= begin):
        return "unnoticed"
    last = truth[len(steps) - 1]
    if steps[-1].action == "done" and (last.astray or last.cause):
        misled = [entry for entry in stall if entry.cause in _MISLED]
        return _most(misled) or last.astray or last.cause
    return _most(stall) or _most(wrong) or "planning"


def _most(wrong: Sequence[_Wrong]) -> str:
    """The cause that counts most, of equals the first; empty without any."""
    votes: dict[str, int] = {}
    for entry in wrong:
        votes[entry.cause] = votes.get(entry.cause, 0) + entry.weight
    return max(votes, key=votes.__getitem__, default="")


def _wrong_steps(steps: Sequence[StepRecord], truth: Sequence[StepTruth]) -> list[_Wrong]:
    """The steps that failed or led nowhere, each with its cause."""
    found: list[_Wrong] = []
    disbelieved: set[Skill] = set()
    refused: set[Skill] = set()
    for k, (step, known) in enumerate(zip(steps, truth, strict=False)):
        skill, cause = _skill(step.action), known.cause or known.astray
        if cause and not step.fault:
            vetoed = _vetoed(step, known, refused)
            if vetoed or skill in disbelieved:
                cause, skill = "self-check", vetoed or skill
        if cause:
            acts = skill is not None and skill[0] in INTERACTIONS
            found.append(_Wrong(k, cause, _ACT if acts else _OTHER))
        own = _skill(step.action)
        if own is not None:
            if not step.is_error and step.outcome == "failed":
                disbelieved.add(own)
            elif step.is_error:
                refused.add(own)
            else:
                refused.discard(own)
    return found


def _vetoed(step: StepRecord, known: StepTruth, refused: set[Skill]) -> Skill | None:
    """The right proposal that the agent objected to in a step and did not carry out, if any.

    An objection to what the world had refused before is no mistake of the self-check's.
    """
    right = _skill(known.expert)
    if right is None or right in refused or _skill(step.action) == right:
        return None
    return right if any(_objected(entry, right) for entry in step.rounds) else None


def _objected(entry: RoundRecord, right: Skill) -> bool:
    return bool(entry.discrepancies) and _skill(entry.action) == right


def _last_progress(steps: Sequence[StepRecord], truth: Sequence[StepTruth]) -> int:
    """Index of the last step that got on; -1 if none did."""
    at, most = -1, 0
    done: set[Skill] = set()
    for k, (step, known) in enumerate(zip(steps, truth, strict=False)):
        skill = _skill(step.action)
        right = not (known.cause or known.astray or step.is_error)
        if right and skill is not None and skill[0] in INTERACTIONS and skill not in done:
            done.add(skill)
            at = k
        if step.goal_conditions_met > most:
            at, most = k, step.goal_conditions_met
    return at


def _went_unnoticed(
    error: ErrorSpan, steps: Sequence[StepRecord], truth: Sequence[StepTruth]
) -> bool:
    """Whether an error that was never made good was taken for a success, and mattered."""
    if error.recovered_at is not None or error.step >= len(steps):
        return False
    step = steps[error.step]
    said = any(found.kind.meaning.alarm for found in step.discrepancies)
    if step.outcome == "failed" or said:
        return False
    if error.fault:
        return True
    # The expert still wants it at the end.
    skill, wanted = _skill(step.action), _skill(truth[len(steps) - 1].expert)
    return skill is not None and wanted is not None and skill[1] == wanted[1] is not None


def _skill(text: str) -> Skill | None:
    """Verb and target of an action's text; None for what is none."""
    try:
        action = parse_action(text)
    except ActionFormatError:
        return None
    return action.verb, action.target
