"""Proposals the agent makes out of a refused one, where the objection itself says what to do."""

from __future__ import annotations

from dataclasses import replace

from policies.base import Reply
from policies.discrepancy import Discrepancy, DiscrepancyKind


def without_point(reply: Reply, found: tuple[Discrepancy, ...]) -> Reply | None:
    """The reply without its point, if all that speaks against it is that it was refused before."""
    action = reply.action
    if action is None or action.point is None or action.target is None:
        return None
    if any(entry.kind is not DiscrepancyKind.NO_PROGRESS for entry in found):
        return None
    return replace(
        reply,
        action=replace(action, point=None),
        thought=f"{reply.thought} (the nearest, not where it pointed)".strip(),
    )


def called_for(found: tuple[Discrepancy, ...]) -> Reply | None:
    """The first remedy that an objection brings with it, as a reply; None where none does."""
    for entry in found:
        if entry.remedy is not None:
            action, thought = entry.remedy.action, entry.remedy.thought
            return Reply(action, thought=thought, text=action.to_text())
    return None
