"""What a dialogue may speak of: the frames it shows, and what was done until the last of them.

Only what the picture plainly shows is a thing here. What shows a few pixels is ``faint``: it is
neither there nor not there, so nothing is said of things of its type. All of it is plain data, so
that questions can be asked of made-up worlds too.
"""

from __future__ import annotations

from dataclasses import dataclass

OPENNESS, SWITCH = ("open", "closed"), ("on", "off")
PAIRS = {"openness": OPENNESS, "switch": SWITCH}
# Things nearer to each other than this, in shares of the picture's width, are not told apart.
APART = 0.12
# Metres, and a ratio of pixels, below which nobody could say which is nearer, or larger.
NEARER, LARGER = 0.6, 2.2
_LEFT, _RIGHT = 0.36, 0.64
# So near to a border of left, middle and right a thing is in neither.
_UNSURE = 0.03


@dataclass(frozen=True)
class Thing:
    """An object that is plainly seen.

    Attributes:
        kind: Object type.
        x: Of its middle, as a share of the picture's width.
        pixels: That show it, as in a frame of 300 x 300.
        distance: Metres from the agent.
        loose: Can be picked up.
        states: Of open, closed, on, off.
        holder: Type of what it lies in or on, if that is plainly seen; else empty.
    """

    kind: str
    x: float
    pixels: int
    distance: float
    loose: bool
    states: tuple[str, ...] = ()
    holder: str = ""

    @property
    def side(self) -> str | None:
        """Left, middle or right of the picture; None between them."""
        if min(abs(self.x - _LEFT), abs(self.x - _RIGHT)) < _UNSURE:
            return None
        return "left" if self.x < _LEFT else "right" if self.x > _RIGHT else "middle"

    def state_of(self, pair: str) -> str | None:
        """Which of a pair of states it is in; None if neither fits it."""
        return next((state for state in PAIRS[pair] if state in self.states), None)


@dataclass(frozen=True)
class Shot:
    """A frame of a dialogue.

    Attributes:
        step: How many deeds came before it.
        things: Plainly seen.
        faint: Types of which something is hard to see.
        held: Type in the hand; empty for none.
    """

    step: int
    things: tuple[Thing, ...]
    faint: frozenset[str] = frozenset()
    held: str = ""

    def count(self, kind: str) -> int | None:
        """How many of a type are seen; None if that can't be told."""
        return None if kind in self.faint else sum(t.kind == kind for t in self.things)

    def only(self, kind: str) -> Thing | None:
        """The one thing of a type; None if there is none or several, or that can't be told."""
        found = [t for t in self.things if t.kind == kind]
        return found[0] if len(found) == 1 and kind not in self.faint else None

    def singles(self) -> tuple[Thing, ...]:
        """The things that their type alone names."""
        return tuple(t for t in self.things if self.only(t.kind) is not None)


@dataclass(frozen=True)
class Deed:
    """A step of the episode.

    Attributes:
        verb: Of ``envs.actions``; empty if nothing that was understood.
        target: Object type, or empty.
        held: Type in the hand before it.
        worked: It really did.
        told: What the environment said: ok, failed or unknown.
        right: Verb and target that the expert held for right then.
    """

    verb: str
    target: str
    held: str
    worked: bool
    told: str
    right: tuple[str, str] = ("", "")

    @property
    def what(self) -> tuple[str, str]:
        """Verb and target."""
        return self.verb, self.target


@dataclass(frozen=True)
class World:
    """What a dialogue may speak of.

    Attributes:
        room: Kind of room.
        instruction: Of the task.
        target: Type that the task is about; empty if it is about several.
        receptacle: Where that goes; empty if nowhere.
        needed: All types that the task needs.
        shots: The frames, in order.
        deeds: All until the last frame.
        next: Verb and target that are right after the last frame; empty if unknown.
        inventory: Types that there are in the room.
    """

    room: str
    instruction: str
    target: str
    receptacle: str
    needed: frozenset[str]
    shots: tuple[Shot, ...]
    deeds: tuple[Deed, ...]
    next: tuple[str, str]
    inventory: tuple[str, ...] = ()

    def kinds(self) -> tuple[str, ...]:
        """Types of the single things of all frames, in order."""
        return tuple(dict.fromkeys(t.kind for shot in self.shots for t in shot.singles()))
