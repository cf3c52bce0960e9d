"""Made-up objections to a proposal: what ``agent.feedback`` would say of it, right or wrong.

A model that is only ever told of right objections learns to give in; one that is told of false ones
as well has to look.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agent.deeds import STATE_AFTER
from agent.wording import OUT_OF_VIEW
from envs.actions import Action
from envs.tasks.object_names import is_furniture
from policies.discrepancy import Discrepancy, DiscrepancyKind, DiscrepancySource

_CONFIDENCE = (0.62, 0.99)
_SAID = DiscrepancySource.CONSISTENCY


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
    action: Action, held: Sequence[str], rng: np.random.Generator, seen: str | None = None
) -> Discrepancy:
    """An objection of a kind that fits a proposal, whether or not it is true.

    Args:
        action: The proposal.
        held: Names, in words, of what may be said to be in the hand.
        rng: Chooses.
        seen: Object type that may be said to be in view, to a proposal to look around.
    """
    target, verb = action.target, action.verb
    options = [*_vain(action, rng)]
    if target is None:
        options += _against_targetless(verb, rng)
        if verb == "look around" and seen:
            # Nothing else is said of looking around but once it has gone on for long.
            there = _with(rng, DiscrepancyKind.UNEXPECTED_STATE, seen, OUT_OF_VIEW, "in view")
            options = [there, there, there, options[0]]
    elif verb == "goto":
        if not is_furniture(target):
            options += 2 * [_missing(rng, target, verb, _SAID)]
    else:
        options += _against_interaction(verb, target, held, rng)
    return options[int(rng.integers(len(options)))]


def _vain(action: Action, rng: np.random.Generator) -> list[Discrepancy]:
    """It was tried before, as ``agent.consistency.repetition`` says it."""
    times = ("once", "twice", "3 times", "4 times")[int(rng.integers(4))]
    said = [f"failed here {times} before", f"failed {int(rng.integers(3, 6))} times in a row"]
    if action.verb in ("goto", "look around"):
        said += [f"done in this very view {times} before"]
    observed = said[int(rng.integers(len(said)))]
    kind = DiscrepancyKind.NO_PROGRESS
    return [_with(rng, kind, action.to_text(), "another action", observed, _SAID)]


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
