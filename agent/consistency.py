"""What the agent's own words, its memory and the instruction say against a proposal.

No picture is looked at here, and nobody is asked: these objections hold for any policy, also for
one that cannot answer questions. All but ``repetition`` and ``never_seen`` are hand-written rules
on what instruction, thought and plan say, which `agent.feedback.FeedbackParser` leaves out without
``rules``.
"""

from __future__ import annotations

import re

from agent.memory import ContextMemory
from agent.wording import kinds_in, plain, same_action, words
from envs.actions import Action, ActionFormatError, parse_action
from envs.tasks.object_names import is_furniture
from policies.base import Reply
from policies.cimr.language.lexicon import SAME_THING, split_words, type_of_name
from policies.discrepancy import Discrepancy, DiscrepancyKind, DiscrepancySource, Remedy

# A thought with one of these says that something is not here.
MISSED = re.compile(r"\b(not|no|nowhere|missing|can't|cannot)\b")
# What follows the name of a thing that is said not to be here.
_NOT_HERE = re.compile(r"(?:(?:is|are) )?(?:not here|not in view|not found|nowhere|missing)\b")
# How an instruction says an act before a thing, and after it.
_SAID = {
    "open": (r"open(?: up)?", r"open(?:ed)?"),
    "close": (r"(?:close|shut)", r"(?:closed|shut)"),
    "slice": (r"(?:slice|cut|chop)(?: up)?", r"(?:sliced|cut|in slices)"),
    "toggle on": (r"(?:turn|switch) on", r"on"),
    "toggle off": (r"(?:turn|switch) off", r"off"),
}
_DONE = {
    "open": "opened",
    "close": "closed",
    "slice": "cut",
    "toggle on": "switched on",
    "toggle off": "switched off",
}
# After so many walks in a row to things of a type, what is looked for is not among them.
WALKS = 3


def repetition(
    action: str,
    memory: ContextMemory,
    state: str,
    *,
    retries: int,
    patience: int,
    forgive_after: int,
) -> Discrepancy | None:
    """The same action in the same view: again in vain, or a circle.

    Args:
        action: As text.
        memory: What was tried.
        state: Name of the view.
        retries: As of `agent.feedback.FeedbackParser`, like the other two.
        patience: How often in a row it may be refused.
        forgive_after: Steps after which a refusal is forgiven.
    """

    def again(observed: str, confidence: float) -> Discrepancy:
        return Discrepancy(
            DiscrepancyKind.NO_PROGRESS,
            action,
            "another action",
            observed,
            confidence,
            DiscrepancySource.CONSISTENCY,
        )

    tried = [
        entry
        for entry in memory.attempts
        if entry.state == state and same_action(entry.action, action)
    ]
    failures = [entry for entry in tried if entry.outcome == "failed"]
    slips = sum(entry.slipped for entry in failures)
    if len(failures) > slips or slips > retries:
        return again(
            f"failed here {_times(len(failures))} before", min(0.99, 0.6 + 0.2 * len(failures))
        )
    refused = memory.failures_in_a_row(action, forgive_after)
    if refused >= patience:
        return again(f"failed {_times(refused)} in a row", 0.7)
    walked = memory.just_done(action) if action.startswith("goto ") else 0
    if walked >= WALKS:
        return again(f"done {_times(walked)} in a row", 0.7)
    if len(tried) >= 2 and not failures:
        return again(f"done in this very view {_times(len(tried))} before", 0.7)
    return None


def never_seen(action: Action, memory: ContextMemory) -> Discrepancy | None:
    """A walk to a loose object that points nowhere, and the agent has not seen one anywhere."""
    kind = action.target
    if action.verb != "goto" or kind is None or action.point is not None or is_furniture(kind):
        return None
    if memory.sightings.place_of(kind) is not None:
        return None
    return Discrepancy(
        DiscrepancyKind.OBJECT_MISSING,
        kind,
        "in view, to goto",
        "not in view",
        0.9,
        DiscrepancySource.CONSISTENCY,
    )


def nothing_done(memory: ContextMemory) -> Discrepancy | None:
    """Before `done`: was anything done but looking, and it just now?"""
    last = memory.attempts[-1] if memory.attempts else None
    if last is not None and last.outcome != "failed" and plain(last.action) != "look around":
        return None
    return Discrepancy(
        DiscrepancyKind.NO_PROGRESS,
        "done",
        "something done",
        "nothing done just now",
        0.9,
        DiscrepancySource.CONSISTENCY,
    )


def left_undone(memory: ContextMemory) -> Discrepancy | None:
    """Before `done`: the instruction names an act on a thing, and no such act has worked."""
    for act in acts_in(memory.instruction):
        if act.verb not in memory.worked:
            undone = f"nothing was {_DONE[act.verb]} yet"
            return Discrepancy(
                DiscrepancyKind.NO_PROGRESS,
                "done",
                act.to_text(),
                undone,
                0.9,
                DiscrepancySource.CONSISTENCY,
                Remedy(act, undone),
            )
    return None


def acts_in(instruction: str) -> tuple[Action, ...]:
    """What an instruction asks to be opened, closed, cut or switched.

    >>> [act.to_text() for act in acts_in("find the box and close it")]
    ['close Box']
    >>> acts_in("move close to the open fridge")
    ()
    """
    names = type_of_name()
    text = " ".join(
        f"<{names[word]}>" if word in names else word for word in split_words(instruction)
    )
    found = []
    for verb, (before, after) in _SAID.items():
        particle = verb.partition(" ")[2]
        ways = [
            rf"(?<!the )(?<!an )(?<!a )(?<!not )\b{before} (?:(?:the|an|a) )?(?:<(\w+)>|it\b)",
            rf"<(\w+)> {after}$",
        ]
        if particle:
            # "turn the lamp on and ...", but not "turn the cup on the table".
            ways.append(
                rf"\b(?:turn|switch) (?:(?:the|an|a) )?(?:<(\w+)>|it) {particle}\b"
                r"(?! (?:(?:the|an|a) )?<)"
            )
        for match in (match for way in ways for match in re.finditer(way, text)):
            earlier = re.findall(r"<(\w+)>", text[: match.start()])
            kind = match.group(1) or (earlier[-1] if earlier else None)
            if kind is not None:
                found.append(Action(verb, kind))
    return tuple(dict.fromkeys(found))


def against_own_words(reply: Reply) -> Discrepancy | None:
    """The first sub-goal of the plan is an action, and not the one proposed."""
    if reply.action is None or not reply.plan:
        return None
    try:
        planned = parse_action(reply.plan[0])
    except ActionFormatError:
        return None  # a sub-goal in words binds no single action
    if (planned.verb, planned.target) == (reply.action.verb, reply.action.target):
        return None
    return _off_plan(reply.action, reply.plan[0], 0.6)


def other_thing(reply: Reply) -> Discrepancy | None:
    """The thought is of some things, the action of another."""
    if reply.action is None or reply.action.target is None:
        return None
    thought_of = [SAME_THING.get(kind, kind) for kind in kinds_in(reply.thought)]
    target = SAME_THING.get(reply.action.target, reply.action.target)
    if not thought_of or target in thought_of:
        return None
    return Discrepancy(
        DiscrepancyKind.OFF_PLAN,
        reply.action.to_text(),
        words(thought_of[0]),
        words(target),
        0.9,
        DiscrepancySource.CONSISTENCY,
    )


def missed_thing(reply: Reply) -> Discrepancy | None:
    """The thought says a thing is not here, and yet the action is on it, or lets go of another."""
    action = reply.action
    if action is None or action.verb == "goto" or (action.target is None and action.verb != "drop"):
        return None
    names, said = type_of_name(), split_words(reply.thought)
    missed = [
        names[word]
        for k, word in enumerate(said)
        if word in names and _NOT_HERE.match(" ".join(said[k + 1 :]))
    ]
    if not missed or (action.target is not None and action.target not in missed):
        return None
    return _off_plan(action, f"looking for {words(missed[0])}", 0.95)


def _off_plan(action: Action, expected: str, confidence: float) -> Discrepancy:
    return Discrepancy(
        DiscrepancyKind.OFF_PLAN,
        action.to_text(),
        expected,
        action.to_text(),
        confidence,
        DiscrepancySource.CONSISTENCY,
    )


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
