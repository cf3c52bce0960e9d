"""Words for what the agent knows: discrepancies and the lines of its memory.

``describe`` is the one place that turns a typed ``Discrepancy`` into a sentence, so that the video,
the report and the memory read the same words.
"""

from __future__ import annotations

import re

from envs.actions import VERBS
from policies.base import Context
from policies.cimr.language.lexicon import split_words, type_of_name
from policies.discrepancy import Discrepancy

_POINT = re.compile(r" at \(([\d.]+), ([\d.]+)\)(?: of view (\d+))?")
# Points of a noisy picture differ by so much, as a share of its width or height.
SAME_POINT = 0.02
# Stands for the reason where the environment says only that an action failed.
NO_REASON = "no reason given"
# What is expected of a thing by one who looks on for it.
OUT_OF_VIEW = "out of view"


def words(object_type: str) -> str:
    """An AI2-THOR object type in plain words.

    >>> words("DishSponge"), words("TVStand")
    ('dish sponge', 'tv stand')
    """
    return " ".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", object_type)).lower()


def outcome_of(feedback: str) -> str:
    """The environment's text as an outcome: "" says nothing, "ok" (or "ok: ...") worked.

    >>> outcome_of(""), outcome_of("ok"), outcome_of("failed: Fridge is not in view")
    ('unknown', 'ok', 'failed')
    """
    if not feedback:
        return "unknown"
    return "ok" if re.match(r"ok\b", feedback) else "failed"


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
    return _POINT.sub("", action)


def same_action(one: str, other: str) -> bool:
    """Whether two action texts mean the same: pointing at nearly the same place is no difference.

    >>> same_action("goto Mug at (0.50, 0.40)", "goto Mug at (0.51, 0.40)")
    True
    >>> same_action("goto Mug at (0.50, 0.40)", "goto Mug")
    False
    """
    if one == other:
        return True
    first, second = _POINT.search(one), _POINT.search(other)
    if first is None or second is None or plain(one) != plain(other):
        return False
    (x, y, view), (u, v, seen) = first.groups(), second.groups()
    return view == seen and max(abs(float(x) - float(u)), abs(float(y) - float(v))) <= SAME_POINT


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
    pattern = discrepancy.kind.meaning.sentence
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
