"""What a sentence claims, read off its words: things, numbers, states, sides, frames, steps, deeds.

    claims_of("No, the fridge is closed.").states     # (Claim("Fridge", "closed", True),)

A small reader of plain English, not a grammar of it: what it does not understand it leaves out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from envs.tasks.object_names import OBJECT_NAMES
from training.mmcr.dialogue.wording import number_of, plural_of, usual_name

_YES = re.compile(r"^(yes|yeah|yep|indeed|certainly|correct|right)\b|[,;] yes\b")
_NO = re.compile(r"^(no|nope|not really)\b(?! step| thing)|[,;] no\b")
_NOT = re.compile(r"\b(not|no|none|never|nothing|nowhere|cannot|without|longer|out of)\b|n't\b")
_STATE = re.compile(
    r"\b(?:is|are|was|looks|seems|stays|stands|switched|turned)(?P<no> not| no longer|n't)?"
    r"(?: now| still| also| just)? (?P<state>open|closed|shut|on|off)\b(?! the| it| a| or| my)"
)
_SIDE = re.compile(
    r"\b(?:on|to|in|at) (?:the |its )?(?:far )?(left|right|middle|centre|center)\b|"
    r"\bfurther (?:to the )?(left|right)\b|\bis (left|right) of\b"
)
_FRAME = re.compile(r"\b(?:frame|picture|image)s? ((?:\d+(?:, | and )?)+)")
_STEP = re.compile(r"\bstep (\d+)")
_SAME = {"shut": "closed", "centre": "middle", "center": "middle"}
# How deeds are told, by verb; what they are on comes right after.
_DEEDS = {
    "pick up": r"pick(?:ed|ing)? up|took|take|grabbed",
    "put in": r"put|placed|place",
    "open": r"open(?:ed|ing)?",
    "close": r"clos(?:ed|ing)|close|shut",
    "toggle on": r"(?:switch|turn)(?:ed|ing)? on",
    "toggle off": r"(?:switch|turn)(?:ed|ing)? off",
    "slice": r"slic(?:ed|ing)|slice|cut",
    "goto": r"went to|go to|gone to|going to|walk(?:ed)? to",
    "look around": r"look(?:ed|ing)? (?:around|about)",
    "drop": r"drop(?:ped|ping)?",
    "done": r"say that i am done|said that i was done",
}
_DEED = {verb: re.compile(rf"\b(?:{words})\b") for verb, words in _DEEDS.items()}


@dataclass(frozen=True)
class Named:
    """A thing that is named.

    Attributes:
        kind: Object type.
        start: Where its name begins.
        end: Where it ends.
        count: How many are spoken of; None if that is not said.
    """

    kind: str
    start: int
    end: int
    count: int | None = None


@dataclass(frozen=True)
class Claims:
    """What a text claims.

    Attributes:
        text: In lower case.
        polarity: yes, no, or empty if neither is said.
        named: Things, in order.
        numbers: That stand alone or with things.
        states: (type or empty for "it", state, whether it is affirmed).
        sides: (type or empty, side).
        frames: Numbers of frames.
        steps: Numbers of steps.
        deeds: (verb, type or empty).
        denies: It holds a not, or the like.
    """

    text: str
    polarity: str
    named: tuple[Named, ...]
    numbers: tuple[int, ...]
    states: tuple[tuple[str, str, bool], ...]
    sides: tuple[tuple[str, str], ...]
    frames: tuple[int, ...]
    steps: tuple[int, ...]
    deeds: tuple[tuple[str, str], ...]
    denies: bool

    @property
    def kinds(self) -> tuple[str, ...]:
        """Object types, each once."""
        return tuple(dict.fromkeys(named.kind for named in self.named))


@cache
def _names() -> tuple[re.Pattern[str], dict[str, str]]:
    """All names of things, longest first, and what they mean."""
    meaning: dict[str, str] = {}
    for kind, names in OBJECT_NAMES.items():
        for name in (usual_name(kind), *names):
            meaning.setdefault(name, kind)
            meaning.setdefault(plural_of(name), kind)
    # "Light" and "right" of a thing's place, and "glass" of a door, are rarely things.
    for odd in ("light", "lights", "stove", "bat"):
        meaning.pop(odd, None)
    words = sorted(meaning, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b"), meaning


def claims_of(text: str) -> Claims:
    """Reads a text."""
    low = " ".join(text.lower().replace("’", "'").split())
    named = _named(low)
    frames = [int(n) for found in _FRAME.finditer(low) for n in re.findall(r"\d+", found[1])]
    steps = [int(found[1]) for found in _STEP.finditer(low)]
    rest = _STEP.sub(" ", _FRAME.sub(" ", low))
    words = re.findall(r"[a-z]+|\d+", rest)
    numbers = [n for word in words if word != "one" and (n := number_of(word)) is not None]
    numbers += [1] * len(
        re.findall(r"\b(?:is|are|count|see|was|be|said|leaves|makes) one\b|^ *one\b", rest)
    )
    polarity = "yes" if _YES.search(low) else "no" if _NO.search(low) else ""
    return Claims(
        low,
        polarity,
        named,
        tuple(numbers),
        tuple(_states(low, named)),
        tuple(_sides(low, named)),
        tuple(frames),
        tuple(steps),
        tuple(_deeds(low, named)),
        bool(_NOT.search(low)),
    )


def _named(low: str) -> tuple[Named, ...]:
    pattern, meaning = _names()
    found = []
    for match in pattern.finditer(low):
        before = re.search(r"(\w+) $", low[: match.start()])
        count = number_of(before[1]) if before else None
        found.append(Named(meaning[match[0]], match.start(), match.end(), count))
    return tuple(found)


def _last_before(named: tuple[Named, ...], place: int, low: str) -> str:
    """The thing named last before a place, in the same sentence; empty if none is."""
    start = max(low.rfind(mark, 0, place) for mark in ".;?!")
    before = [n for n in named if start < n.start < place]
    return before[-1].kind if before else ""


def _states(low: str, named: tuple[Named, ...]) -> list[tuple[str, str, bool]]:
    return [
        (
            _last_before(named, found.start(), low),
            _SAME.get(found["state"], found["state"]),
            not found["no"],
        )
        for found in _STATE.finditer(low)
    ]


def _sides(low: str, named: tuple[Named, ...]) -> list[tuple[str, str]]:
    found = []
    for match in _SIDE.finditer(low):
        side = match[1] or match[2] or match[3]
        found.append((_last_before(named, match.start(), low), _SAME.get(side, side)))
    return found


def _deeds(low: str, named: tuple[Named, ...]) -> list[tuple[str, str]]:
    """Deeds of the speaker: what someone is able to do, or is done to a thing, is none."""
    found = []
    for verb, pattern in _DEED.items():
        for match in pattern.finditer(low):
            after = [n for n in named if match.end() <= n.start <= match.end() + 30]
            target = after[0].kind if after else ""
            if target or verb in ("look around", "drop", "done"):
                found.append((match.start(), verb, target))
    return [(verb, target) for _, verb, target in sorted(found)]
