"""Writes dialogues from simulator truth, turn by turn, and throws away what needs no dialogue.

    writer = GroundedWriter()
    written = writer.write(world, "counting_and_comparing", "how_many", 4, rng)

A turn's kind is drawn from its sub-topic, or else from its domain, now and then from another. From
the second on a question is kept only if nobody could answer it who has not heard what was said
before; see ``solver``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

import training.mmcr.writing.deed_queries
import training.mmcr.writing.scene_queries  # noqa: F401  # both fill the table of kinds
from training.mmcr.dialogue.domains import SUB_TOPICS, kinds_of
from training.mmcr.dialogue.records import Turn
from training.mmcr.truth.world import World
from training.mmcr.writing.proposals import propose
from training.mmcr.writing.queries import KINDS, Query, QueryKind, Value
from training.mmcr.writing.solver import Solver
from training.mmcr.writing.talk import Talk
from training.mmcr.writing.wording import words_of

# Ways to fill a kind's slots that are tried before another kind is.
_TRIES = 8
# A kind of the sub-topic itself, and one of another domain, comes so much sooner than one of the
# rest of its domain; of a dialogue's turns so many are of its domain, at least.
_OWN, _FOREIGN = 6.0, 0.05
_OF_ITS_DOMAIN = 0.5
# Turns of one kind in a dialogue, at most; kinds that hardly vary only once.
_MOST_OF_A_KIND = 2
_ONCE = frozenset(
    "recall_number first_asked frame_number named_count first_named last_named step_of".split()
)
# Ask for what was said; there is no point in it where that was just now.
_RECALLS = frozenset({"recall_number", "first_asked"})
# What the first asks of a frame, or a thing, the others have told already.
_TOLD_BY = {
    "seen_in": ("presence", "side", "where", "state", "relation"),
    "presence": ("seen_in", "count", "side", "where", "state"),
    "is_held": ("holding",),
    "holding": ("is_held",),
    "state_is": ("state",),
    "state": ("state_is",),
    "can_carry": ("carried_of",),
    "frame_number": ("frame_number", "frames_with", "first_seen"),
    "acted_on": ("between", "did", "last_deed"),
}
# Where one of yes and no is ahead, the chance that it is taken again.
_AHEAD = 0.15
Rejections = Counter[str]


@dataclass(frozen=True)
class Written:
    """What came of writing.

    Attributes:
        turns: Of the dialogue; empty if there was none.
        rejected: Why turns and dialogues were thrown away, and how often.
    """

    turns: tuple[Turn, ...]
    rejected: Rejections


class Writer(Protocol):
    """Writes a dialogue.

    Attributes:
        name: In the record of what it wrote.
    """

    name: str

    def write(
        self,
        world: World,
        domain: str,
        sub_topic: str,
        turns: int,
        rng: np.random.Generator,
        frames: Sequence[np.ndarray] = (),
    ) -> Written:
        """Writes about a world.

        Args:
            world: What may be spoken of.
            domain: One of ``training.mmcr.dialogue.domains.DOMAINS``.
            sub_topic: Of it.
            turns: So many.
            rng: Of all that is random.
            frames: The pictures, (H, W, 3) uint8 each, for writers that look at them.
        """
        ...


class GroundedWriter:
    """Writes by grammar, from the simulator's truth."""

    name = "grounded"

    def __init__(self) -> None:
        # How often each kind was answered by yes and by no: neither shall be the better guess.
        self._answers: dict[str, Counter[str]] = {}

    def write(
        self,
        world: World,
        domain: str,
        sub_topic: str,
        turns: int,
        rng: np.random.Generator,
        frames: Sequence[np.ndarray] = (),
    ) -> Written:
        """A dialogue, or none if the world gives no more turns of that kind."""
        own = SUB_TOPICS[domain, sub_topic].kinds
        of_domain = kinds_of(domain)
        kinds = list(KINDS.values())
        weights = {
            name: _OWN if name in own else 1.0 if name in of_domain else _FOREIGN for name in KINDS
        }
        talk, made, rejected = Talk(world), list[Turn](), Counter[str]()
        solver = Solver(world)
        while len(made) < turns:
            found = self._next(talk, kinds, weights, solver, rejected, rng)
            if found is None:
                rejected[f"nothing more to ask after turn {len(made)}"] += 1
                return Written((), rejected)
            query, value = found
            turn = _turn(world, query, value, rng)
            if any(turn.question == earlier.question for earlier in made):
                turn = _turn(world, query, value, rng)
            made.append(turn)
            talk = talk.after(query, value)
        share = sum(turn.kind in of_domain for turn in made) / turns
        if len({turn.question for turn in made}) < turns:
            rejected["a question in the same words"] += 1
            return Written((), rejected)
        if share < _OF_ITS_DOMAIN or not any(turn.kind in own for turn in made):
            rejected["off its theme"] += 1
            return Written((), rejected)
        for turn in made:
            if turn.sort == "yes_no":
                self._answers.setdefault(turn.kind, Counter())[turn.value[0]] += 1
        return Written(tuple(made), rejected)

    def _next(
        self,
        talk: Talk,
        kinds: list[QueryKind],
        weights: dict[str, float],
        solver: Solver,
        rejected: Rejections,
        rng: np.random.Generator,
    ) -> tuple[Query, Value] | None:
        begins = not talk.turns
        used = Counter(asked.query.kind.name for asked in talk.turns)
        open_to = [
            k
            for k in kinds
            if (k.opens and weights[k.name] != _FOREIGN or not begins)
            and used[k.name] < (1 if k.name in _ONCE else _MOST_OF_A_KIND)
        ]
        chances = np.array([weights[k.name] / (1 + 2 * used[k.name]) for k in open_to])
        # The larger the weight the earlier, by chance: exponential clocks.
        clocks = rng.exponential(size=len(open_to)) / chances
        for k in np.argsort(clocks):
            for query in propose(talk, open_to[k], rng, _TRIES):
                value = query.answer(talk.world)
                if value is None or not self._is_new(talk, query) or _is_known(talk, query, value):
                    continue
                if self._is_ahead(query, value, rng):
                    continue
                if begins:
                    if all(ref.is_said for ref in query.refs):
                        return query, value
                elif solver.needs_earlier_turns(query):
                    return query, value
                elif query.needs:
                    rejected["can be answered alone"] += 1
        return None

    def _is_new(self, talk: Talk, query: Query) -> bool:
        """Whether it was not asked, nor told, before."""
        same = (query.kind.name, query.contents)
        if any((a.query.kind.name, a.query.contents) == same for a in talk.turns):
            return False
        if query.kind.name in _RECALLS and max(query.needs, default=-1) >= len(talk.turns) - 1:
            return False
        told = _TOLD_BY.get(query.kind.name, ())
        return not any(
            a.query.kind.name in told and _same_scene(a.query, query) for a in talk.turns
        )

    def _is_ahead(self, query: Query, value: Value, rng: np.random.Generator) -> bool:
        """Whether of yes and no this one was the answer more often, and shall not be again."""
        if value.sort != "yes_no":
            return False
        counts = self._answers.get(query.kind.name, Counter())
        (said,) = value.items
        other = "no" if said == "yes" else "yes"
        return counts[said] > counts[other] and rng.random() >= _AHEAD


def _is_known(talk: Talk, query: Query, value: Value) -> bool:
    """Whether a deed was told of already, or is one that says nothing new."""
    if value.sort != "deed":
        return False
    step = _step_after(talk.world, query)
    told = [a for a in talk.turns if a.value.sort == "deed"]
    if step is not None and step in [_step_after(talk.world, a.query) for a in told]:
        return True
    return value.items[0] == "look around" and any(a.value == value for a in told)


def _step_after(world: World, query: Query) -> int | None:
    step = query.kind.step
    return step(world, *query.contents) if step is not None else None


def _same_scene(one: Query, other: Query) -> bool:
    """Whether two questions are of the same frame and, where both name one, the same thing."""
    things = [q.of("thing") or q.of("kind") for q in (one, other)]
    return one.of("frame") == other.of("frame") and (None in things or things[0] == things[1])


def _turn(world: World, query: Query, value: Value, rng: np.random.Generator) -> Turn:
    question, answer = words_of(world, query, value, rng)
    about: list[str] = []
    frames: list[int] = []
    for ref in query.refs:
        if ref.role in ("thing", "other", "kind"):
            about.append(ref.value)
        elif ref.role == "list":
            about += ref.value
        elif ref.role in ("frame", "later"):
            frames.append(ref.value + 1)
    return Turn(
        question,
        answer,
        query.kind.name,
        value.sort,
        value.items,
        tuple(dict.fromkeys(about)),
        tuple(frames),
        query.needs,
    )
