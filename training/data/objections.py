"""Made-up objections to a proposal: what ``agent.feedback`` would say of it, right or wrong.

A model that is only ever told of right objections learns to give in; one that is told of false ones
as well has to look.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agent.deeds import STATE_AFTER
from envs.actions import Action
from policies.discrepancy import Discrepancy, DiscrepancyKind, DiscrepancySource

_CONFIDENCE = (0.62, 0.99)


def _with(
    rng: np.random.Generator,
    kind: DiscrepancyKind,
    subject: str,
    expected: str,
    observed: str,
    source: DiscrepancySource = DiscrepancySource.VISION,
) -> Discrepancy:
    return Discrepancy(kind, subject, expected, observed, float(rng.uniform(*_CONFIDENCE)), source)


def made_up(action: Action, held: Sequence[str], rng: np.random.Generator) -> Discrepancy:
    """An objection of a kind that fits a proposal, whether or not it is true.

    Args:
        action: The proposal.
        held: Names, in words, of what may be said to be in the hand.
        rng: Chooses.
    """
    text, target, verb = action.to_text(), action.target, action.verb
    said = DiscrepancySource.CONSISTENCY
    again = _with(
        rng, DiscrepancyKind.NO_PROGRESS, text, "another action", "failed here once before", said
    )
    options = [again]
    if target is None:
        done = "nothing done just now"
        if verb == "done":
            options.append(
                _with(rng, DiscrepancyKind.NO_PROGRESS, "done", "something done", done, said)
            )
        elif verb == "drop":
            options.append(
                _with(rng, DiscrepancyKind.UNEXPECTED_STATE, "hand", "something", "nothing", said)
            )
        return options[int(rng.integers(len(options)))]
    fails = _with(rng, DiscrepancyKind.ACTION_FAILED, text, "ok", "will not work")
    if verb == "goto":
        options.append(fails)
        return options[int(rng.integers(len(options)))]
    missing = _with(
        rng, DiscrepancyKind.OBJECT_MISSING, target, f"in view, to {verb}", "not in view"
    )
    options += [missing, missing, fails]
    state = STATE_AFTER.get(verb)
    if state is not None:
        options.append(
            _with(
                rng,
                DiscrepancyKind.UNEXPECTED_STATE,
                target,
                f"not yet {state}",
                f"{state} already",
            )
        )
    elif verb == "pick up" and held:
        name = held[int(rng.integers(len(held)))]
        options.append(_with(rng, DiscrepancyKind.UNEXPECTED_STATE, "hand", "nothing", name, said))
    elif verb in ("put in", "slice"):
        needed = "a knife" if verb == "slice" else "something"
        options.append(
            _with(rng, DiscrepancyKind.UNEXPECTED_STATE, "hand", needed, "nothing", said)
        )
    return options[int(rng.integers(len(options)))]
