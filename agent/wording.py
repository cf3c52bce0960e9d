"""Words for what the agent knows: discrepancies, memory lines, and chat messages for big LVLMs.

`describe` is the one place that turns a typed `Discrepancy` into a sentence, so that the video,
the report, the memory and a chat model all read the same words. `to_messages` renders one
decision as the common chat format (`role`, `content` parts of type `image` and `text`).
"""

from __future__ import annotations

import re
from typing import Any

from envs.actions import VERBS
from policies.base import Context, Discrepancy, Observation
from policies.cimr.lexicon import split_words, type_of_name

_SENTENCES = {
    "action_failed": "{subject} failed: {observed}",
    "effect_missing": "{subject} had no effect: expected {expected}, saw {observed}",
    "object_missing": "{subject} is {observed}",
    "unexpected_state": "{subject}: expected {expected}, saw {observed}",
    "wrong_object": "wrong object: expected {expected}, saw {observed}",
    "no_progress": "{subject}: {observed}",
    "off_plan": "{subject}: its own words say {expected}",
    "malformed_reply": "the reply is no action: {observed}",
}

# What is expected of a thing by one who looks on for it.
OUT_OF_VIEW = "out of view"

SYSTEM = (
    "You are a household robot. Each turn you get the camera image, the goal and what you remember."
    " Answer in three lines: Thought: <one sentence>; Plan: <the remaining sub-goals, separated by"
    " semicolons>; Action: <one action>."
)


def words(object_type: str) -> str:
    """An AI2-THOR object type in plain words.

    >>> words("DishSponge"), words("TVStand")
    ('dish sponge', 'tv stand')
    """
    return " ".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", object_type)).lower()


def kinds_in(text: str) -> tuple[str, ...]:
    """The object types a text names, in its order.

    >>> kinds_in("butter knife not here")
    ('ButterKnife',)
    """
    names = type_of_name()
    return tuple(dict.fromkeys(names[word] for word in split_words(text) if word in names))


def plain(action: str) -> str:
    """An action text without its point, which a picture shows better.

    >>> plain("pick up Apple at (0.52, 0.61)")
    'pick up Apple'
    """
    return re.sub(r" at \([\d.]+, [\d.]+\)", "", action)


def proposal(action: str) -> str:
    """An action text as a proposal: whether it points, but not where.

    >>> proposal("goto Apple at (0.52, 0.61)"), proposal("goto Apple")
    ('goto Apple there', 'goto Apple')
    """
    return plain(action) + " there" * (plain(action) != action)


def objection(discrepancy: Discrepancy) -> str:
    """`describe` without its subject where that is the action itself, for beside the proposal."""
    said = describe(discrepancy)
    subject = plain(discrepancy.subject)
    return said.removeprefix(subject + ": ") if subject.startswith(VERBS) else said


def describe(discrepancy: Discrepancy) -> str:
    """One sentence saying what does not agree with what."""
    pattern = _SENTENCES.get(discrepancy.kind, "{subject}: expected {expected}, saw {observed}")
    if discrepancy.expected == OUT_OF_VIEW:
        pattern = "{subject} is in view after all"
    if discrepancy.subject == "hand":
        pattern = "the hand should hold {expected}, but holds {observed}"
    return plain(
        pattern.format(
            subject=discrepancy.subject,
            expected=discrepancy.expected,
            observed=discrepancy.observed,
        )
    )


def describe_context(context: Context) -> tuple[str, ...]:
    """The context memory in words, one line a fact, most general first."""
    lines = []
    if context.subgoals:
        lines.append("plan: " + "; ".join(map(plain, context.subgoals)))
    if context.places:
        lines.append(
            "places: " + "; ".join(f"{words(kind)} {place}" for kind, place in context.places)
        )
    if context.history:
        lines.append(
            "done, latest first: "
            + "; ".join(
                f"{plain(step.action)} ({step.outcome})" for step in reversed(context.history)
            )
        )
    lines.extend("wrong: " + describe(entry) for entry in context.discrepancies)
    if context.rejected:
        lines.append("rejected now: " + "; ".join(map(plain, context.rejected)))
    return tuple(lines)


def to_messages(
    observation: Observation, context: Context, *, earlier_frames: bool = False
) -> list[dict[str, Any]]:
    """One decision as chat messages.

    Args:
        observation: The current frame (H, W, 3) uint8, instruction and feedback.
        context: The context memory.
        earlier_frames: Also show the remembered frames, oldest first; only for models trained on
            several images a sample.

    Returns:
        A system and a user message; image parts hold the arrays under "image".
    """
    parts: list[dict[str, Any]] = []
    if earlier_frames:
        parts.extend({"type": "image", "image": frame} for frame in context.frames)
    parts.append({"type": "image", "image": observation.rgb})
    lines = [f"Goal: {observation.instruction}"]
    if observation.feedback:
        lines.append(f"Last action: {observation.feedback}")
    lines.extend(line[:1].upper() + line[1:] for line in describe_context(context))
    if context.rejected:
        lines.append("Propose another action.")
    parts.append({"type": "text", "text": "\n".join(lines)})
    return [
        {"role": "system", "content": [{"type": "text", "text": SYSTEM}]},
        {"role": "user", "content": parts},
    ]
