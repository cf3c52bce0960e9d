"""What an answer says that is not so, by what the simulator knows: for dialogues of any writer.

Only words are read, no recorded facts: a hallucination is one in a model's dialogue as in a planted
one. What the reader of claims does not understand is let pass.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from envs.tasks.object_names import is_furniture
from training.mmcr.dialogue.claims import Claims, claims_of
from training.mmcr.dialogue.records import Turn
from training.mmcr.truth.world import APART, PAIRS, Shot, World

_ASKS_PRESENCE = re.compile(
    r"\b(is there|do you see|can you see|look for|looking for|in view|to be seen|show|"
    r"among the things you see)\b"
)
# It speaks of something that was named before.
_BACK = re.compile(r"\b(it|you just named|i first asked|in the beginning)\b")
# It is the frame that is meant here.
_NEIGHBOUR = re.compile(r"frame (before|after) (it|that)\b")
_FIRST = re.compile(r"\b(i first asked|in the beginning)\b")
_HAND = re.compile(r"\b(hold|holding|held|in my hand|in your hand|carrying)\b")
_SAID = re.compile(r"\b(list|named|first question|asked about|my task|your task|would be|begin)\b")


@dataclass(frozen=True)
class Finding:
    """Why a dialogue is rejected.

    Attributes:
        turn: Index of the turn.
        reason: Kind of what is wrong.
        detail: What it is.
    """

    turn: int
    reason: str
    detail: str


def check(world: World, turns: Sequence[Turn]) -> tuple[Finding, ...]:
    """What is not so in a dialogue; empty if nothing is known to be."""
    found: list[Finding] = []
    focus, frame = "", None
    asked_of: set[str] = set()
    for index, turn in enumerate(turns):
        asked, said = claims_of(turn.question), claims_of(turn.answer)
        frame = _frame_of(world, turn, asked, frame)
        shots = world.shots if frame is None else (world.shots[frame],)
        about = _about(asked, said, focus)
        asked_of |= set(asked.kinds)
        reader = _Reader(world, shots, asked, said, about, frozenset(asked_of))
        found += [Finding(index, reason, detail) for reason, detail in reader.findings()]
        focus = _focus_after(asked, said, focus, about)
    return tuple(found)


def _about(asked: Claims, said: Claims, focus: str) -> str:
    """The thing that a turn is of; empty if that is not clear."""
    fresh = [kind for kind in said.kinds if kind not in asked.kinds]
    if _BACK.search(_NEIGHBOUR.sub(" ", asked.text)):
        told = (
            fresh[0]
            if len(fresh) == 1 and said.polarity + "".join(s for _, s in said.sides)
            else ""
        )
        return told or ("" if _FIRST.search(asked.text) else focus)
    if len(asked.kinds) == 1:
        return asked.kinds[0]
    return "" if asked.kinds else focus


def _frame_of(world: World, turn: Turn, asked: Claims, last: int | None) -> int | None:
    """The frame a turn is of, from 0; None if any may be meant."""
    if len(world.shots) == 1:
        return 0
    if turn.frames and len(turn.frames) == 1:
        return turn.frames[0] - 1 if turn.frames[0] <= len(world.shots) else None
    if len(asked.frames) == 1 and asked.frames[0] <= len(world.shots):
        return asked.frames[0] - 1
    return None


def _focus_after(asked: Claims, said: Claims, focus: str, about: str) -> str:
    """What "it" is from now on; empty if that is not clear."""
    fresh = [kind for kind in said.kinds if kind not in asked.kinds and kind != about]
    if len(fresh) == 1 and not about:
        return fresh[0]
    if fresh and not said.polarity:
        return fresh[0] if len(fresh) == 1 and not asked.kinds else ""
    return about or focus


class _Reader:
    """Holds one answer against what is true.

    Args:
        world: Of the dialogue.
        shots: That the turn may be of.
        asked: What the question says.
        said: What the answer says.
        about: What "it" is; empty if that is not clear.
        asked_of: Types that questions named so far.
    """

    def __init__(
        self,
        world: World,
        shots: Sequence[Shot],
        asked: Claims,
        said: Claims,
        about: str,
        asked_of: frozenset[str],
    ) -> None:
        self.world, self.shots, self.asked, self.said, self.about = world, shots, asked, said, about
        self.asked_of = asked_of

    def findings(self) -> list[tuple[str, str]]:
        """Reasons with details, one of a kind at most."""
        found = [
            self._unseen(),
            self._presence(),
            self._count(),
            self._state(),
            self._side(),
            self._holder(),
            self._hand(),
            self._deed(),
        ]
        return [one for one in found if one is not None]

    def _known(self, kind: str) -> bool:
        """Whether a thing was seen anywhere, faintly at least, held, dealt with or asked of."""
        world = self.world
        if kind in world.needed or kind in self.asked_of or kind in world.next:
            return True
        if any(kind in (d.target, d.held, d.right[1]) for d in world.deeds):
            return True
        return any(self._shown(shot, kind) for shot in world.shots)

    def _shown(self, shot: Shot, kind: str) -> bool:
        return kind == shot.held or kind in shot.faint or any(t.kind == kind for t in shot.things)

    def _unseen(self) -> tuple[str, str] | None:
        """A thing that is nowhere."""
        said = self.said
        if said.denies or said.polarity == "no" or _SAID.search(said.text):
            return None
        for kind in said.kinds:
            if not self._known(kind):
                return "names what is not there", kind
            listed = not self.asked.kinds and not said.deeds and not said.polarity
            seen = re.search(r"\b(see|view|there is|there are|shows|things here)\b", said.text)
            if listed and seen and not any(self._shown(shot, kind) for shot in self.shots):
                return "names what is not there", kind
        return None

    def _presence(self) -> tuple[str, str] | None:
        """Yes, there is one, where there is none; or the other way round."""
        asks = _ASKS_PRESENCE.search(self.asked.text)
        other = (
            self.asked.states
            or _HAND.search(self.asked.text)
            or re.search(r"\bin or on\b|\bon or in\b", self.asked.text)
        )
        if not (self.said.polarity and asks and self.about) or other or self.asked.sides:
            return None
        if re.search(r"\b(left|right|open|closed|more|nearer)\b", self.asked.text):
            return None
        counts = [
            None if kind_in_hand(shot, self.about) else shot.count(self.about)
            for shot in self.shots
        ]
        if len(self.shots) != 1 or None in counts:
            return None
        there = bool(counts[0])
        if there != (self.said.polarity == "yes"):
            return "says yes or no where it is otherwise", self.about
        return None

    def _count(self) -> tuple[str, str] | None:
        if re.search(
            r"\b(together|in all|taken away|left of|remain|add|more|list|named)\b", self.asked.text
        ):
            return None
        for named in self.said.named:
            if named.count is None:
                continue
            counts = [shot.count(named.kind) for shot in self.shots]
            if None not in counts and named.count not in counts:
                return "counts wrong", f"{named.count} {named.kind}"
        if re.search(r"^(how many|count the|what is the number of) ", self.asked.text):
            kinds = self.asked.kinds
            counts = [shot.count(kinds[0]) for shot in self.shots] if len(kinds) == 1 else [None]
            numbers = self.said.numbers
            if None not in counts and len(numbers) == 1 and numbers[0] not in counts:
                return "counts wrong", f"{numbers[0]} {kinds[0]}"
        return None

    def _state(self) -> tuple[str, str] | None:
        for kind, state, affirmed in self.said.states:
            what = kind or self.about
            pair = next(name for name, states in PAIRS.items() if state in states)
            true = self._all(what, lambda t, pair=pair: t.state_of(pair))
            if true and affirmed != (state in true) and len(true) == 1:
                return "tells a wrong state", f"{what} {state}"
        return None

    def _all(self, kind: str, of: object) -> set[str]:
        """What is so of a thing in all frames that it may be of; empty if that is not known."""
        found = [shot.only(kind) for shot in self.shots] if kind else []
        values = [of(t) for t in found if t is not None]  # type: ignore[operator]
        return set(values) if values and None not in values else set()

    def _side(self) -> tuple[str, str] | None:
        said, asked = self.said, self.asked
        between = re.search(
            r"\b(left|right) of (?!the picture)|\bfurther (left|right) than\b", said.text
        )
        if between or re.search(r"\bleft or (?:to the )?right of\b|further", asked.text):
            return self._relation(between)
        if re.search(r"\b(leftmost|rightmost|furthest|first|last)\b", f"{asked.text} {said.text}"):
            return None
        for kind, side in said.sides:
            what = kind or self.about
            true = self._all(what, lambda t: t.side)
            if len(true) == 1 and side not in true:
                return "tells a wrong side", f"{what} {side}"
        return None

    def _relation(self, between: re.Match[str] | None) -> tuple[str, str] | None:
        sides = {side for _, side in self.said.sides}
        kinds = list(dict.fromkeys([*self.said.kinds]))
        one, other = (kinds + ["", ""])[:2]
        if len(kinds) == 1:
            one, other = self.about, kinds[0]
        elif not kinds:
            one, other = self.about, next((k for k in self.asked.kinds if k != self.about), "")
        if not (one and other) or len(sides) != 1 or len(self.shots) != 1:
            return None
        first, then = self.shots[0].only(one), self.shots[0].only(other)
        if first is None or then is None or abs(first.x - then.x) < APART:
            return None
        true = "left" if first.x < then.x else "right"
        return None if true in sides else ("tells a wrong side", f"{one} {other}")

    def _holder(self) -> tuple[str, str] | None:
        """In or on what something is said to be."""
        said = self.said
        asks = re.match(
            r"(where|whereabouts|in or on what|on or in what|tell me where|what holds)",
            self.asked.text,
        )
        if not asks or said.deeds or said.polarity:
            return None
        holders = [k for k in said.kinds if is_furniture(k) and k != self.about] or [
            k for k in said.kinds if k != self.about
        ]
        true = self._all(self.about, lambda t: t.holder or None)
        if holders and len(true) == 1 and holders[-1] not in true:
            return "puts it in the wrong place", f"{self.about} {holders[-1]}"
        return None

    def _hand(self) -> tuple[str, str] | None:
        """What is in the hand; a question of an earlier step is of another time."""
        if not _HAND.search(self.asked.text) or len(self.shots) != 1 or "step" in self.asked.text:
            return None
        held, said = self.shots[0].held, self.said
        if said.polarity:
            if self.about and (said.polarity == "yes") != (held == self.about):
                return "holds something else", self.about
            return None
        wrong = [k for k in said.kinds if k != held]
        if wrong:
            return "holds something else", wrong[0]
        if held and (said.denies or "empty" in said.text):
            return "holds something else", held
        return None

    def _deed(self) -> tuple[str, str] | None:
        """A deed that was never done, nor is right."""
        if not re.search(r"\bi\b", self.said.text) or self.said.denies or self.said.polarity:
            return None
        done = {d.what for d in self.world.deeds} | {d.right for d in self.world.deeds}
        done.add(self.world.next)
        if re.search(r"\b(can|could|would|carry|hold)\b", self.said.text):
            return None
        for verb, target in self.said.deeds:
            told = (verb, target) if target else None
            if told and told not in done:
                return "tells of what was not done", f"{verb} {target}"
        return None


def kind_in_hand(shot: Shot, kind: str) -> bool:
    """Whether a thing is in the hand, where it is neither in view nor out of it."""
    return bool(kind) and shot.held == kind
