"""Proposals the agent makes out of a refused one, where the objection itself says what to do."""

from __future__ import annotations

from dataclasses import replace

from agent.wording import OUT_OF_VIEW, words
from envs.actions import Action, ActionFormatError, parse_action
from policies.base import Discrepancy, Reply


def without_point(reply: Reply, found: tuple[Discrepancy, ...]) -> Reply | None:
    """The reply without its point, if all that speaks against it is that it was refused before."""
    action = reply.action
    if action is None or action.point is None or action.target is None:
        return None
    if any(entry.kind != "no_progress" for entry in found):
        return None
    return replace(
        reply,
        action=replace(action, point=None),
        thought=f"{reply.thought} (the nearest, not where it pointed)".strip(),
    )


def called_for(found: tuple[Discrepancy, ...]) -> Reply | None:
    """What objections call for.

    To go to the thing that was said not to be here and is in view, or to do what the instruction
    names and nobody did.
    """
    for entry in found:
        if entry.expected == OUT_OF_VIEW:
            return _own(Action("goto", entry.subject), f"{words(entry.subject)} in view after all")
        if entry.subject == "done":
            try:
                return _own(parse_action(entry.expected), entry.observed)
            except ActionFormatError:
                continue  # said in words
    return None


def _own(action: Action, thought: str) -> Reply:
    return Reply(action, thought=thought, text=action.to_text())
