"""What memory of the hand and the current view say against a proposal, before it is acted on."""

from __future__ import annotations

import numpy as np

from agent.consistency import MISSED
from agent.deeds import STATE_AFTER
from agent.memory import ContextMemory
from agent.sight import Sight
from agent.wording import OUT_OF_VIEW, kinds_in, words
from envs.actions import Action
from policies.discrepancy import Discrepancy, DiscrepancyKind, DiscrepancySource, Remedy


def contradicts_hand(
    sight: Sight,
    frame: np.ndarray,
    verb: str,
    target: str | None,
    memory: ContextMemory,
) -> Discrepancy | None:
    """The hand as it is remembered speaks against the verb."""
    if verb in ("put in", "drop") and memory.holding is None and memory.grip_missed() is None:
        return Discrepancy(
            DiscrepancyKind.UNEXPECTED_STATE,
            "hand",
            "something",
            "nothing",
            0.9,
            DiscrepancySource.CONSISTENCY,
        )
    if verb == "pick up" and memory.holding is not None:
        # Who wants to take what should be in hand may see that it fell.
        doubtful = target == memory.holding and not _sees_held(sight, frame, target)
        return Discrepancy(
            DiscrepancyKind.UNEXPECTED_STATE,
            "hand",
            "nothing",
            words(memory.holding),
            0.6 if doubtful else 0.9,
            DiscrepancySource.CONSISTENCY,
        )
    if verb == "slice" and memory.holding not in ("Knife", "ButterKnife"):
        held = words(memory.holding) if memory.holding else "nothing"
        return Discrepancy(
            DiscrepancyKind.UNEXPECTED_STATE,
            "hand",
            "a knife",
            held,
            0.9,
            DiscrepancySource.CONSISTENCY,
        )
    return None


def _sees_held(sight: Sight, frame: np.ndarray, kind: str) -> bool:
    if sight.verifies:
        seen = sight.in_hand(frame)
        return seen is not None and seen[0] == kind
    held = sight.ask(frame, "holding", kind)
    return held is not None and held[0]


def absent(sight: Sight, frame: np.ndarray, verb: str, target: str) -> Discrepancy | None:
    """What is to be acted on is not in view."""
    seen = sight.ask(frame, "in_view", target)
    if seen is None or seen[0]:
        return None
    return Discrepancy(
        DiscrepancyKind.OBJECT_MISSING,
        target,
        f"in view, to {verb}",
        "not in view",
        seen[1],
        DiscrepancySource.VISION,
    )


def already(sight: Sight, frame: np.ndarray, verb: str, target: str) -> Discrepancy | None:
    """What is to be brought about is so already."""
    state = STATE_AFTER.get(verb)
    if state is None:
        return None
    seen = sight.ask(frame, "state", target, state)
    if seen is None or not seen[0]:
        return None
    return Discrepancy(
        DiscrepancyKind.UNEXPECTED_STATE,
        target,
        f"not yet {state}",
        f"{state} already",
        seen[1],
        DiscrepancySource.VISION,
    )


def nothing_found(sight: Sight, frame: np.ndarray, memory: ContextMemory) -> Discrepancy | None:
    """Before `done`: is anything the instruction names in view?"""
    named = [kind for kind, _ in memory.places if words(kind) in memory.instruction.lower()]
    answers = [sight.ask(frame, "in_view", kind) for kind in named]
    if not named or any(answer is None or answer[0] for answer in answers):
        return None
    return Discrepancy(
        DiscrepancyKind.OBJECT_MISSING,
        named[0],
        "in view, to be done",
        "not in view",
        min(answer[1] for answer in answers if answer),
        DiscrepancySource.VISION,
    )


def overlooked(
    sight: Sight,
    frame: np.ndarray,
    thought: str,
    memory: ContextMemory,
    state: str,
    trust: float,
) -> Discrepancy | None:
    """Before looking on: the thought says that something is not here, and it is in view.

    Args:
        sight: Whom to ask.
        frame: (H, W, 3) uint8, the current view.
        thought: Of the proposal.
        memory: What was tried.
        state: Name of the view.
        trust: Confidence it takes.
    """
    if not MISSED.search(thought.lower()):
        return None
    # What could not be reached from here is better seen from elsewhere.
    vain = {
        entry.action
        for entry in memory.attempts
        if entry.state == state and entry.outcome == "failed"
    }
    for kind in kinds_in(thought):
        if f"goto {kind}" in vain:
            continue
        seen = sight.ask(frame, "in_view", kind, trust=trust)
        if seen is not None and seen[0]:
            there = Remedy(Action("goto", kind), f"{words(kind)} in view after all")
            return Discrepancy(
                DiscrepancyKind.UNEXPECTED_STATE,
                kind,
                OUT_OF_VIEW,
                "in view",
                seen[1],
                DiscrepancySource.VISION,
                there,
            )
    return None
