"""The agent's actions and their text form.

``Action("pick up", "Apple", (0.52, 0.61))`` is the text ``pick up Apple at (0.52, 0.61)``: a verb,
an AI2-THOR object type where the verb needs one, and optionally a point of the picture, in
fractions of its width and height with the origin top left. A walk may be to what was seen in an
earlier view of the episode: ``goto Mug at (0.40, 0.52) of view 7``; the first view is 0.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

SKILL_VERBS_WITH_TARGET = (
    "goto",
    "pick up",
    "put in",
    "open",
    "close",
    "toggle on",
    "toggle off",
    "slice",
)
SKILL_VERBS_ALONE = ("look around", "drop", "done")
PRIMITIVE_MOVES = (
    "move ahead",
    "move back",
    "move left",
    "move right",
    "rotate left",
    "rotate right",
    "look up",
    "look down",
    "crouch",
    "stand",
)
INTERACTIONS = ("pick up", "put in", "open", "close", "toggle on", "toggle off", "slice", "drop")
WITH_TARGET = frozenset(SKILL_VERBS_WITH_TARGET)
VERBS = SKILL_VERBS_WITH_TARGET + SKILL_VERBS_ALONE + PRIMITIVE_MOVES
MAX_TEXT = 80
# To people a sink and its basin are one object.
_ALIASES = {"Sink": ("Sink", "SinkBasin")}

_POINT = re.compile(
    r"^(.*?)\s+at\s+\(\s*([0-9.]+)\s*,\s*([0-9.]+)\s*\)(?:\s+of\s+view\s+([0-9]{1,6}))?$"
)


class ActionFormatError(ValueError):
    """The text is no action."""


@dataclass(frozen=True)
class Action:
    """One action.

    Attributes:
        verb: One of ``VERBS``.
        target: AI2-THOR object type, for verbs that act on something.
        point: (x, y) in [0, 1], origin top left, or None for the nearest fitting object.
        view: Number of the view that the point is of; None: the present one.
    """

    verb: str
    target: str | None = None
    point: tuple[float, float] | None = None
    view: int | None = None

    def to_text(self) -> str:
        """The text form.

        >>> Action("pick up", "Apple", (0.52, 0.61)).to_text()
        'pick up Apple at (0.52, 0.61)'
        >>> Action("goto", "Mug", (0.4, 0.52), view=7).to_text()
        'goto Mug at (0.40, 0.52) of view 7'
        """
        text = self.verb if self.target is None else f"{self.verb} {self.target}"
        if self.point is not None:
            text += f" at ({self.point[0]:.2f}, {self.point[1]:.2f})"
            if self.view is not None:
                text += f" of view {self.view}"
        return text


def types_of(name: str) -> tuple[str, ...]:
    """Returns the AI2-THOR object types that an action's target, or a goal's, stands for.

    >>> types_of("Sink"), types_of("Mug")
    (('Sink', 'SinkBasin'), ('Mug',))
    """
    return _ALIASES.get(name, (name,))


def verbs_of(action_level: str) -> tuple[str, ...]:
    """The verbs of an action level.

    Raises:
        ValueError: If the level is neither ``"skill"`` nor ``"primitive"``.
    """
    if action_level == "skill":
        return SKILL_VERBS_WITH_TARGET + SKILL_VERBS_ALONE
    if action_level == "primitive":
        return PRIMITIVE_MOVES + INTERACTIONS + ("done",)
    raise ValueError(f"action_level {action_level!r} must be 'skill' or 'primitive'.")


def parse_action(text: str) -> Action:
    """The action of a text.

    >>> parse_action("goto Fridge")
    Action(verb='goto', target='Fridge', point=None, view=None)

    Raises:
        ActionFormatError: If the text is no action; the message says what one looks like.
    """
    words = " ".join(str(text).split())
    if len(words) > 4 * MAX_TEXT:
        raise ActionFormatError(f"An action has at most {MAX_TEXT} characters, not {len(words)}.")
    words, point, view = _located(words)
    lower = words.lower()
    if view is not None and not lower.startswith("goto "):
        raise ActionFormatError(f"{text!r}: only goto can be to what an earlier view showed.")
    for verb in sorted(VERBS, key=len, reverse=True):
        if verb in WITH_TARGET:
            if lower.startswith(verb + " "):
                target = words[len(verb) + 1 :].strip()
                if re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", target):
                    return Action(verb, target, point, view)
                raise ActionFormatError(
                    f"{text!r}: after {verb!r} comes one object type, such as 'Fridge'."
                )
        elif lower == verb:
            return Action(verb, None, point)
    if lower in WITH_TARGET:
        raise ActionFormatError(f"{text!r} needs an object type, such as '{lower} Fridge'.")
    near = difflib.get_close_matches(lower, VERBS, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise ActionFormatError(
        f"{text!r} is no action.{hint} Use a verb with an object type "
        f"({', '.join(SKILL_VERBS_WITH_TARGET)}) or alone "
        f"({', '.join(SKILL_VERBS_ALONE + PRIMITIVE_MOVES)})."
    )


def _located(words: str) -> tuple[str, tuple[float, float] | None, int | None]:
    """An action's words without where it is, its point, and the view which that is of.

    Raises:
        ActionFormatError: If the point is none of a picture.
    """
    located = _POINT.match(words)
    if not located:
        return words, None, None
    try:
        point = (float(located.group(2)), float(located.group(3)))
    except ValueError as error:
        raise ActionFormatError(f"{words!r}: the point is not two numbers.") from error
    if not all(0.0 <= v <= 1.0 for v in point):
        raise ActionFormatError(f"{words!r}: a point lies within (0, 0) and (1, 1).")
    view = located.group(4)
    return located.group(1), point, None if view is None else int(view)
