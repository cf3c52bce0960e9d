"""Discrepancies found by a learned verifier: what failed, what will fail, what is in the hand.

It takes the place of questions about one frame and of comparing frames, where the policy has one.
"""

from __future__ import annotations

import numpy as np

from agent.deeds import STATE_AFTER
from agent.memory import ContextMemory
from agent.sight import Sight
from agent.wording import words
from envs.actions import Action
from policies.cimr.language.lexicon import SAME_THING
from policies.discrepancy import Discrepancy, DiscrepancyKind, DiscrepancySource


def _seen(
    kind: DiscrepancyKind, subject: str, expected: str, observed: str, confidence: float
) -> Discrepancy:
    return Discrepancy(kind, subject, expected, observed, confidence, DiscrepancySource.VISION)


def expected_effect(action: Action, memory: ContextMemory) -> str:
    """What an action should have brought about, in words."""
    target = words(action.target or "")
    if action.verb == "pick up":
        return f"{target} in hand"
    if action.verb in ("put in", "drop"):
        return f"{words(memory.holding)} out of hand" if memory.holding else "an empty hand"
    if action.verb == "goto":
        return f"{target} before it"
    return STATE_AFTER.get(action.verb, f"{target} sliced")


def unworked(
    sight: Sight,
    verdict: tuple[bool, float],
    after: np.ndarray,
    action: Action,
    memory: ContextMemory,
    is_told_ok: bool,
) -> Discrepancy | None:
    """What the verifier says of an action that was taken; None if it worked, or may have.

    Args:
        sight: Whom to ask.
        verdict: Of ``Sight.judged``: whether it is taken to have failed, and how surely.
        after: (H, W, 3) uint8, the view after it.
        action: What was done.
        memory: As it stood before.
        is_told_ok: The environment said that it worked: then its effect is missing; where it said
            nothing, the action failed.
    """
    other = _other_in_hand(sight, after, action)
    if other is not None:
        return other
    if not verdict[0]:
        return None
    if action.verb == "goto" and action.target:
        shown = sight.ask(after, "in_view", action.target)
        if shown is not None and not shown[0]:
            expected = "in view once there"
            missing = DiscrepancyKind.OBJECT_MISSING
            return _seen(missing, action.target, expected, "not in view", verdict[1])
    kind = DiscrepancyKind.EFFECT_MISSING if is_told_ok else DiscrepancyKind.ACTION_FAILED
    subject = f"{action.verb} {action.target}" if action.target else action.verb
    return _seen(
        kind, subject, expected_effect(action, memory), "the view does not show it", verdict[1]
    )


def _other_in_hand(sight: Sight, after: np.ndarray, action: Action) -> Discrepancy | None:
    """Something else was picked up."""
    if action.verb != "pick up" or not action.target:
        return None
    held = sight.in_hand(after)
    if held is None or held[0] is None or _same(held[0], action.target):
        return None
    wrong = DiscrepancyKind.WRONG_OBJECT
    return _seen(
        wrong, held[0], f"{words(action.target)} in hand", f"{words(held[0])} in hand", held[1]
    )


def will_fail(sight: Sight, frame: np.ndarray, action: Action) -> Discrepancy | None:
    """The verifier foresees that a proposal will fail."""
    sure = sight.foreseen(frame, action)
    if sure is None:
        return None
    subject = f"{action.verb} {action.target}" if action.target else action.verb
    return _seen(DiscrepancyKind.ACTION_FAILED, subject, "to work", "it would fail from here", sure)


def lost(
    sight: Sight, before: np.ndarray, after: np.ndarray, verb: str, memory: ContextMemory
) -> Discrepancy | None:
    """What was seen in the hand before is in it no more, without the agent's doing."""
    if memory.holding is None or verb in ("put in", "drop", "done"):
        return None
    held, earlier = sight.in_hand(after), sight.in_hand(before)
    # An object too thin to be seen was not seen in the hand either, and is not missed.
    if held is None or earlier is None or not _same(earlier[0], memory.holding):
        return None
    if _same(held[0], memory.holding):
        return None
    state = DiscrepancyKind.UNEXPECTED_STATE
    return _seen(state, memory.holding, "in hand", "no longer in hand", held[1])


def _same(one: str | None, other: str) -> bool:
    """Whether two types are the same to the eye: a whole thing and its slice, a sink's basin."""
    if one is None:
        return False
    first, second = (SAME_THING.get(kind, kind).removesuffix("Sliced") for kind in (one, other))
    return first == second
