"""What the view after an action says of its effect: missing, lost from the hand, changed back."""

from __future__ import annotations

import numpy as np

from agent.deeds import STATE_AFTER
from agent.memory import ContextMemory
from agent.sight import Sight
from agent.wording import words
from policies.discrepancy import Discrepancy, DiscrepancyKind, DiscrepancySource


def missing_effect(
    sight: Sight, after: np.ndarray, verb: str, target: str, memory: ContextMemory
) -> Discrepancy | None:
    """The view after an action does not show what the action should have done."""
    if verb == "goto":
        seen = sight.ask(after, "in_view", target)
        if seen is not None and not seen[0]:
            return Discrepancy(
                DiscrepancyKind.OBJECT_MISSING,
                target,
                "in view once there",
                "not in view",
                seen[1],
                DiscrepancySource.VISION,
            )
        return None
    if verb == "pick up":
        held = sight.ask(after, "holding", target)
        if held is None or held[0]:
            return None
        return _other_in_hand(sight, after, target, memory) or Discrepancy(
            DiscrepancyKind.EFFECT_MISSING,
            f"pick up {target}",
            f"{words(target)} in hand",
            "no such thing",
            held[1],
            DiscrepancySource.VISION,
        )
    if verb == "put in" and memory.holding:
        held = sight.ask(after, "holding", memory.holding)
        if held is None or not held[0]:
            return None
        return Discrepancy(
            DiscrepancyKind.EFFECT_MISSING,
            f"put in {target}",
            "an empty hand",
            f"{words(memory.holding)} still in hand",
            held[1],
            DiscrepancySource.VISION,
        )
    state = STATE_AFTER.get(verb)
    if state is None:
        return None
    seen = sight.ask(after, "state", target, state)
    if seen is None or seen[0]:
        return None
    return Discrepancy(
        DiscrepancyKind.EFFECT_MISSING,
        f"{verb} {target}",
        state,
        f"not {state}",
        seen[1],
        DiscrepancySource.VISION,
    )


def _other_in_hand(
    sight: Sight, after: np.ndarray, target: str, memory: ContextMemory
) -> Discrepancy | None:
    """The hand is not empty but holds another thing the agent has met."""
    for kind, _ in memory.places:
        if kind == target:
            continue
        held = sight.ask(after, "holding", kind)
        if held is not None and held[0]:
            return Discrepancy(
                DiscrepancyKind.WRONG_OBJECT,
                kind,
                f"{words(target)} in hand",
                f"{words(kind)} in hand",
                held[1],
                DiscrepancySource.VISION,
            )
    return None


def lost_grip(
    sight: Sight,
    before: np.ndarray,
    after: np.ndarray,
    verb: str,
    memory: ContextMemory,
) -> Discrepancy | None:
    """What was seen in the hand before is seen there no more."""
    if memory.holding is None or verb in ("put in", "drop", "done"):
        return None
    held = sight.ask(after, "holding", memory.holding)
    if held is None or held[0]:
        return None
    # An object too thin to be seen was not seen in the hand either, and is not missed.
    earlier = sight.ask(before, "holding", memory.holding)
    if earlier is None or not earlier[0]:
        return None
    return Discrepancy(
        DiscrepancyKind.UNEXPECTED_STATE,
        memory.holding,
        "in hand",
        "no longer in hand",
        held[1],
        DiscrepancySource.VISION,
    )


def changed_back(
    sight: Sight,
    after: np.ndarray,
    verb: str,
    target: str | None,
    memory: ContextMemory,
) -> Discrepancy | None:
    """Something the agent opened or switched is no longer so, without its doing."""
    for kind, state in memory.states:
        if kind == target and verb in STATE_AFTER:
            continue
        shown = sight.ask(after, "in_view", kind)
        if shown is None or not shown[0]:
            continue
        seen = sight.ask(after, "state", kind, state)
        if seen is not None and not seen[0]:
            return Discrepancy(
                DiscrepancyKind.UNEXPECTED_STATE,
                kind,
                f"{state}, as left",
                f"not {state}",
                seen[1],
                DiscrepancySource.VISION,
            )
    return None
