"""Slips: proposals that are wrong the way an agent's are.

Whoever slips may act too early, take another object or the opposite verb, do the same again, call
it done, answer in no action's form, or do something at random.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from agent.wording import words
from envs.actions import INTERACTIONS, Action, ActionFormatError, parse_action
from envs.thor_env import ThorEnv
from policies.base import Context, Reply
from policies.expert.parts import Label
from training.data.labelling import random_action
from training.data.map.records import Move

_OPPOSITE = {
    "open": "close",
    "close": "open",
    "toggle on": "toggle off",
    "toggle off": "toggle on",
    "pick up": "put in",
    "put in": "pick up",
}
# What an object must be for a verb to be meant for it.
_FITS = {
    "pick up": "pickupable",
    "put in": "receptacle",
    "open": "openable",
    "close": "openable",
    "toggle on": "toggleable",
    "toggle off": "toggleable",
    "slice": "sliceable",
}

_SPOKEN = {"done": "finish", "goto": "go to"}
_IN_PLAIN_WORDS = ("I would {v}{x} now.", "Next step: {v}{x}", "I think I should {v}{x}")


@dataclass(frozen=True)
class Slip:
    """A wrong proposal.

    Attributes:
        kind: Which one, a key of ``SLIPS``.
        reply: What is proposed.
    """

    kind: str
    reply: Reply


@dataclass(frozen=True)
class Moment:
    """When a slip is made.

    Attributes:
        env: Played in.
        label: What would be right.
        context: What the agent remembers.
        plan: The undisturbed plan's steps.
    """

    env: ThorEnv
    label: Label
    context: Context
    plan: Sequence[Move]


def _reply(action: Action | None, thought: str = "") -> Reply | None:
    if action is None:
        return None
    return Reply(action, thought=thought, text=action.to_text())


def _early(moment: Moment, rng: np.random.Generator) -> Reply | None:
    """Acts on something without having gone to it, or found it."""
    if moment.label.action.verb not in ("goto", "look around"):
        return None
    acts = [move for move in moment.plan if move.verb in INTERACTIONS and move.target]
    if not acts:
        return None
    move = acts[int(rng.integers(len(acts)))]
    return _reply(Action(move.verb, move.target), f"{move.verb} the {words(move.target)}")


def _other_object(moment: Moment, rng: np.random.Generator) -> Reply | None:
    """Means one object and takes another in view."""
    right = moment.label.action
    if right.target is None:
        return None
    fits = _FITS.get(right.verb)
    kinds = sorted(
        {
            o["objectType"]
            for o in moment.env.controller.last_event.metadata["objects"]
            if o["visible"] and not o["isPickedUp"] and (fits is None or o[fits])
        }
        - {right.target}
    )
    if not kinds:
        return None
    return _reply(Action(right.verb, str(rng.choice(kinds))), moment.label.thought)


def _other_verb(moment: Moment, rng: np.random.Generator) -> Reply | None:
    """Does the opposite to the right object."""
    right = moment.label.action
    verb = _OPPOSITE.get(right.verb)
    return _reply(Action(verb, right.target), moment.label.thought) if verb else None


def _again(moment: Moment, rng: np.random.Generator) -> Reply | None:
    """Does what it did last once more."""
    history = moment.context.history
    if not history:
        return None
    try:
        return _reply(parse_action(history[-1].action), "once more")
    except ActionFormatError:
        return None


def _done(moment: Moment, rng: np.random.Generator) -> Reply | None:
    """Calls it done where nothing was done just now."""
    last = moment.context.history[-1] if moment.context.history else None
    if last is not None and last.outcome != "failed" and last.action != "look around":
        return None
    return _reply(Action("done"), "all done")


def _malformed(moment: Moment, rng: np.random.Generator) -> Reply | None:
    """Says in plain words what it would do."""
    right = moment.label.action
    does = _SPOKEN.get(right.verb, right.verb)
    thing = f" the {words(right.target)}" if right.target else ""
    text = str(rng.choice(_IN_PLAIN_WORDS)).format(v=does, x=thing)
    try:
        parse_action(text)
    except ActionFormatError as error:
        why = str(error).split(". ")[0].rstrip(".") + "."
        return Reply(None, thought=moment.label.thought, text=text, error=why)
    return None


def _random(moment: Moment, rng: np.random.Generator) -> Reply | None:
    """Does anything."""
    return _reply(random_action(moment.env, rng))


Maker = Callable[[Moment, np.random.Generator], Reply | None]
# How each is made, and how much more often it is tried than the rarest.
SLIPS: dict[str, tuple[Maker, int]] = {
    "too_early": (_early, 3),
    "other_object": (_other_object, 4),
    "other_verb": (_other_verb, 3),
    "again": (_again, 2),
    "done": (_done, 1),
    "malformed": (_malformed, 1),
    "random": (_random, 2),
}
# Ends the episode, or is no action: never carried out.
ONLY_SAID = ("done", "malformed")


def make_slip(moment: Moment, rng: np.random.Generator) -> Slip | None:
    """A slip of a kind that is possible now; None if none of three drawn is."""
    right = moment.label.action
    weights = np.array([weight for _, weight in SLIPS.values()], float)
    drawn = rng.choice(list(SLIPS), size=3, replace=False, p=weights / weights.sum())
    for kind in drawn:
        reply = SLIPS[str(kind)][0](moment, rng)
        action = reply.action if reply is not None else None
        is_right = action is not None and (action.verb, action.target) == (right.verb, right.target)
        if reply is not None and not is_right:
            return Slip(str(kind), reply)
    return None
