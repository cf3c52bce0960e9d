"""What the agent's own words, its memory and the instruction say against a proposal.

No picture is looked at here, and nobody is asked: these objections hold for any policy, also for
one that cannot answer questions.
"""
from __future__ import annotations

import re

from agent.memory import ContextMemory
from agent.prompts import kinds_in, plain, words
from envs.actions import Action, ActionFormatError, parse_action
from policies.base import Discrepancy, Reply
from policies.lexicon import SAME_THING

# A thought with one of these says that something is not here.
MISSED = re.compile(r"\b(not|no|nowhere|missing|can't|cannot)\b")
# An act that an instruction names, how it does, and what was not yet done without it.
ACTS = {
    "open": (re.compile(r"\bopen(ed)?\b"), "opened"),
    "close": (re.compile(r"\b(closed?|shut)\b(?! to\b)"), "closed"),
    "slice": (re.compile(r"\b(sliced?|cut|chop)\b"), "cut"),
    "toggle on": (re.compile(r"\b(turn|switch)(ed)? on\b"), "switched on"),
    "toggle off": (re.compile(r"\b(turn|switch)(ed)? off\b"), "switched off"),
}
# Walking to a thing so often in a row brings nothing new.
WALKS = 3


def repetition(action: str, memory: ContextMemory, state: str, *, retries: int, patience: int,
               grudge: int) -> Discrepancy | None:
    """The same action in the same view: again in vain, or a circle.

    Args:
        action: As text.
        memory: What was tried.
        state: Hash of the frame.
        retries: As of `agent.feedback.FeedbackParser`, like the other two.
        patience: How often in a row it may be refused.
        grudge: Steps after which a refusal is forgiven.
    """
    def again(observed: str, confidence: float) -> Discrepancy:
        return Discrepancy("no_progress", action, "another action", observed, confidence,
                           "consistency")

    tried = memory.tried(action, state)
    failures = [entry for entry in tried if entry.outcome == "failed"]
    slips = sum(entry.slipped for entry in failures)
    if len(failures) > slips or slips > retries:
        return again(f"failed here {_times(len(failures))} before",
                     min(0.99, 0.6 + 0.2 * len(failures)))
    refused = memory.failures_in_a_row(action, grudge)
    if refused >= patience:
        return again(f"failed {_times(refused)} in a row", 0.7)
    walked = memory.just_done(action) if action.startswith("goto ") else 0
    if walked >= WALKS:
        return again(f"done {_times(walked)} in a row", 0.7)
    if len(tried) >= 2 and not failures:
        return again(f"done in this very view {_times(len(tried))} before", 0.7)
    return None


def nothing_done(memory: ContextMemory) -> Discrepancy | None:
    """Before `done`: was anything done but looking, and it just now?"""
    last = memory.attempts[-1] if memory.attempts else None
    if last is not None and last.outcome != "failed" and plain(last.action) != "look around":
        return None
    return Discrepancy("no_progress", "done", "something done", "nothing done just now", 0.9,
                       "consistency")


def left_undone(memory: ContextMemory) -> Discrepancy | None:
    """Before `done`: the instruction names an act, and no such act has worked."""
    for verb, (named, past) in ACTS.items():
        if named.search(memory.instruction.lower()) and not memory.did(verb):
            return Discrepancy("no_progress", "done", verb, f"nothing was {past} yet", 0.9,
                               "consistency")
    return None


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
    return Discrepancy("off_plan", reply.action.to_text(), words(thought_of[0]), words(target),
                       0.9, "consistency")


def missed_thing(reply: Reply) -> Discrepancy | None:
    """The thought says a thing is not here, and yet the action is on it, or lets go of another."""
    action = reply.action
    if action is None or action.verb in ("look around", "goto", "done"):
        return None
    if not MISSED.search(reply.thought.lower()):
        return None
    missed = kinds_in(reply.thought)
    if not missed or (action.target is not None and action.target not in missed):
        return None
    return _off_plan(action, f"looking for {words(missed[0])}", 0.95)


def _off_plan(action: Action, expected: str, confidence: float) -> Discrepancy:
    return Discrepancy("off_plan", action.to_text(), expected, action.to_text(), confidence,
                       "consistency")


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
