"""Made-up objections to a proposal: what ``agent.feedback`` would say of it, right or wrong.

A model that is only ever told of right objections learns to give in; one that is told of false ones
as well has to look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agent.consistency import WALKS
from agent.deeds import STATE_AFTER
from agent.wording import OUT_OF_VIEW
from envs.actions import PRIMITIVE_MOVES, Action
from envs.tasks.object_names import is_furniture
from policies.discrepancy import Discrepancy, DiscrepancyKind, DiscrepancySource

_CONFIDENCE = (0.62, 0.99)
_SAID = DiscrepancySource.CONSISTENCY
# From how many refusals in a row, and rounds through one view, on the agent says so.
_PATIENCE, _CIRCLE = 3, 2


@dataclass(frozen=True)
class Tried:
    """How often a proposal was carried out before, as far as is known: failed, and worked."""

    failed: int = 0
    worked: int = 0


def _with(
    rng: np.random.Generator,
    kind: DiscrepancyKind,
    subject: str,
    expected: str,
    observed: str,
    source: DiscrepancySource = DiscrepancySource.VISION,
) -> Discrepancy:
    return Discrepancy(kind, subject, expected, observed, float(rng.uniform(*_CONFIDENCE)), source)


def made_up(
    action: Action,
    held: Sequence[str],
    rng: np.random.Generator,
    seen: str | None = None,
    tried: Tried | None = None,
) -> Discrepancy | None:
    """An objection of a kind that fits a proposal, whether or not it is true; None: none does.

    Args:
        action: The proposal.
        held: Names, in words, of what may be said to be in the hand.
        rng: Chooses.
        seen: Object type that may be said to be in view, to a proposal to look around.
        tried: Before; only what was tried can be called tried in vain.
    """
    target, verb = action.target, action.verb
    options = _vain(action, tried or Tried(), rng)
    if target is None:
        options += _against_targetless(verb, rng)
        if verb == "look around" and seen:
            # Nothing else is said of looking around but once it has gone on for long.
            there = _with(rng, DiscrepancyKind.UNEXPECTED_STATE, seen, OUT_OF_VIEW, "in view")
            options = [there, there, there, *options]
    elif verb == "goto":
        if not is_furniture(target):
            options += 2 * [_missing(rng, target, verb, _SAID)]
    else:
        options += _against_interaction(verb, target, held, rng)
    return options[int(rng.integers(len(options)))] if options else None


def _vain(action: Action, tried: Tried, rng: np.random.Generator) -> list[Discrepancy]:
    """It was tried before, as ``agent.consistency.repetition`` says it."""
    said = []
    if tried.failed:
        said.append(f"failed here {_times(int(rng.integers(tried.failed)) + 1)} before")
    if tried.failed >= _PATIENCE:
        said.append(f"failed {_times(tried.failed)} in a row")
    # To go on ahead is no circle: every move shows another view.
    if tried.worked >= _CIRCLE and not tried.failed and action.verb not in PRIMITIVE_MOVES:
        said.append(f"done in this very view {_times(tried.worked)} before")
    if tried.worked >= WALKS and action.verb == "goto":
        said.append(f"done {_times(tried.worked)} in a row")
    if not said:
        return []
    observed = said[int(rng.integers(len(said)))]
    kind = DiscrepancyKind.NO_PROGRESS
    return [_with(rng, kind, action.to_text(), "another action", observed, _SAID)]


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _missing(
    rng: np.random.Generator, target: str, verb: str, source: DiscrepancySource
) -> Discrepancy:
    kind = DiscrepancyKind.OBJECT_MISSING
    return _with(rng, kind, target, f"in view, to {verb}", "not in view", source)


def _against_targetless(verb: str, rng: np.random.Generator) -> list[Discrepancy]:
    if verb == "done":
        done = "nothing done just now"
        kind = DiscrepancyKind.NO_PROGRESS
        return [_with(rng, kind, "done", "something done", done, _SAID)]
    if verb == "drop":
        kind = DiscrepancyKind.UNEXPECTED_STATE
        return [_with(rng, kind, "hand", "something", "nothing", _SAID)]
    return []


def _against_interaction(
    verb: str, target: str, held: Sequence[str], rng: np.random.Generator
) -> list[Discrepancy]:
    missing = _missing(rng, target, verb, DiscrepancySource.VISION)
    text = Action(verb, target).to_text()
    fails = _with(rng, DiscrepancyKind.ACTION_FAILED, text, "to work", "it would fail from here")
    found, other = [missing, missing, fails], DiscrepancyKind.UNEXPECTED_STATE
    state = STATE_AFTER.get(verb)
    if state is not None:
        found += 2 * [_with(rng, other, target, f"not yet {state}", f"{state} already")]
    elif verb == "pick up" and held:
        name = held[int(rng.integers(len(held)))]
        found.append(_with(rng, other, "hand", "nothing", name, _SAID))
    elif verb in ("put in", "slice"):
        needed = "a knife" if verb == "slice" else "something"
        found.append(_with(rng, other, "hand", needed, "nothing", _SAID))
    return found
