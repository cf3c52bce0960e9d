"""The context memory as token ids: one event a line, every event the same fourteen columns.

    tag or kind | verb | thing | other | expected, 4 words | observed, 4 words | source | sureness

An event of the past is ``<past> <pick_up> apple <failed>``; a discrepancy keeps all it says::

    <effect_missing> <put_in> fridge <nothing> empty hand mug still in hand <from_vision> <sure>

so that two discrepancies that differ in words differ in ids. What was done several times in a row
is one event; of primitive moves, whose number matters, one for up to three, with their number last:
``<past> <rotate_right> <nothing> <ok> .. <twice>``. Groups have slots of their own, each
with the latest first; an unused slot is all ``<nothing>``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from envs.actions import PRIMITIVE_MOVES, ActionFormatError, parse_action
from policies.base import Context, Objection
from policies.cimr.language import tokenizer as t
from policies.cimr.language.lexicon import SAME_THING, split_words, usual, verb_token
from policies.discrepancy import Discrepancy, DiscrepancyKind

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

EXPECTED_WORDS, OBSERVED_WORDS = 4, 4
COLUMNS = 4 + EXPECTED_WORDS + OBSERVED_WORDS + 2
# Slots of each group, in the order in which they stand.
GROUPS = {
    "holding": 1,
    "here": 1,
    "past": 10,
    "notes": 4,
    "objections": 6,
    "seen": 10,
    "searched": 6,
    "treated": 4,
    "states": 4,
}
SLOTS = sum(GROUPS.values())
# From which confidence on a discrepancy has each of ``tokenizer.SURENESS``.
_SURE_FROM = (0.0, 0.6, 0.75, 0.9)
# Most steps ago for each of ``tokenizer.AGES`` but the last.
_AGE_TO = (0, 4)
_KEPT = 4096  # texts whose ids are remembered
_FILLERS = frozenset({"a", "an", "the", "to", "is", "of"})

Event = tuple[int, ...]


def slots_of(group: str) -> slice:
    """Where a group's slots are.

    >>> slots_of("past"), slots_of("states").stop == SLOTS
    (slice(2, 12, None), True)
    """
    names = list(GROUPS)
    begin = sum(GROUPS[name] for name in names[: names.index(group)])
    return slice(begin, begin + GROUPS[group])


@dataclass(frozen=True)
class MemoryEvents:
    """Writes a context as events.

    Args:
        tokenizer: Of ``policies.cimr.language.tokenizer``.
        word_of_type: Token id of each object type's usual name.
    """

    tokenizer: PreTrainedTokenizerFast
    word_of_type: dict[str, int]

    def _id(self, token: str) -> int:
        return int(self.tokenizer.convert_tokens_to_ids(token))

    @cached_property
    def nothing(self) -> int:
        """Token id of what an empty column holds."""
        return self._id(t.NOTHING)

    @cached_property
    def empty(self) -> Event:
        """An unused slot."""
        return (self.nothing,) * COLUMNS

    @cached_property
    def _words_seen(self) -> dict[tuple[str, int], Event]:
        return {}

    @cached_property
    def kind_ids(self) -> dict[DiscrepancyKind, int]:
        """Token id of each kind of discrepancy; of one that the model does not know, ``told_as``'s.

        Raises:
            ValueError: If neither a kind nor what it is told as has a token.
        """
        known = self.tokenizer.get_vocab()
        ids = {}
        for kind in DiscrepancyKind:
            tokens = [f"<{name}>" for name in (kind.value, kind.meaning.told_as)]
            token = next((token for token in tokens if token in known), None)
            if token is None:
                raise ValueError(
                    f"The model's tokenizer has no token for the discrepancy {kind.value!r}: say "
                    "in policies.discrepancy, by told_as, as which older kind it is told."
                )
            ids[kind] = int(known[token])
        return ids

    # ---- a whole context ----
    def of(self, context: Context) -> np.ndarray:
        """The memory as (SLOTS, COLUMNS) int64 token ids."""
        places = {where: kind for kind, where in context.places}
        deeds = context.deeds
        groups: dict[str, Iterable[Event]] = {
            "holding": self._fact(t.HOLDING, places.get("in hand")),
            "here": self._fact(t.HERE, places.get("here")),
            "past": self._past(context),
            "notes": map(self.note, reversed(context.discrepancies[: self._told_before(context)])),
            "objections": (
                event for entry in reversed(context.objections) for event in self.objections(entry)
            ),
            "seen": (
                self._event(t.SEEN, None, entry.kind, self._thing(entry.near), age=entry.steps_ago)
                for entry in reversed(context.seen)
            ),
            "searched": (
                self._event(t.SEARCHED, None, kind, self._id(t.COUNTS[min(often, 3) - 1]))
                for kind, often in reversed(deeds.searched)
            ),
            "treated": (
                self._event(t.TREATED, None, kind, self._word(how))
                for kind, how in reversed(deeds.treated)
            ),
            "states": (
                self._event(t.STATE, None, kind, self._word(state))
                for kind, state in reversed(deeds.states)
            ),
        }
        rows: list[Event] = []
        for name, count in GROUPS.items():
            events = [event for _, event in zip(range(count), groups[name], strict=False)]
            rows += events + [self.empty] * (count - len(events))
        return np.array(rows, np.int64)

    @staticmethod
    def _told_before(context: Context) -> int:
        """How many of the discrepancies are of the step before, not of proposals."""
        of_proposals = {id(found) for entry in context.objections for found in entry.found}
        return sum(id(found) not in of_proposals for found in context.discrepancies)

    def _fact(self, tag: str, kind: str | None) -> tuple[Event, ...]:
        return (self._event(tag, None, kind),) if kind else ()

    def _past(self, context: Context) -> list[Event]:
        past: list[Event] = []
        before, count = self.empty, 0
        for step in reversed(context.history):
            event = self.done(step.action, step.outcome)
            count = count + 1 if event == before else 1
            if step.action in PRIMITIVE_MOVES and 1 < count <= len(t.COUNTS):
                past[-1] = (*event[:-1], self._id(t.COUNTS[count - 1]))
            # Looking around five times in a row is one event: the slots are few.
            elif event != before or step.action in PRIMITIVE_MOVES:
                past.append(event)
                count = 1
            before = event
        return past

    # ---- single events ----
    def times(self, past: np.ndarray) -> np.ndarray:
        """Of events (N, COLUMNS) of the past, how often they say that it was done (N,)."""
        counts = [self._id(token) for token in t.COUNTS]
        said = past[:, -1:] == np.array(counts)
        return np.where(said.any(1), 1 + said.argmax(1), 1)

    def done(self, text: str, outcome: str) -> Event:
        """A past action, by its text and how it ended."""
        verb, kind = self._action(text)
        result = self._id(t.OUTCOMES.get(outcome, t.OUTCOMES["unknown"]))
        return self._event(t.PAST, verb, kind, result)

    def note(self, found: Discrepancy) -> Event:
        """A discrepancy of the last action."""
        verb, kind = self._action(found.subject)
        return self._told(found, verb, kind, self.nothing)

    def objections(self, entry: Objection) -> tuple[Event, ...]:
        """What was found against a proposal; each event begins with the proposal."""
        verb, kind = self._action(entry.proposal)
        return tuple(
            self._told(found, verb, kind, self._thing(self._action(found.subject)[1]))
            for found in entry.found
        )

    def _told(self, found: Discrepancy, verb: str | None, kind: str | None, other: int) -> Event:
        if found.subject == "hand":
            other = self._id(t.HAND)
        sure = sum(found.confidence >= least for least in _SURE_FROM) - 1
        return (
            self.kind_ids[found.kind],
            self._verb(verb),
            self._thing(kind),
            other,
            *self._said(found.expected, EXPECTED_WORDS),
            *self._said(found.observed, OBSERVED_WORDS),
            self._id(t.SOURCES[found.source]),
            self._id(t.SURENESS[max(sure, 0)]),
        )

    def _event(
        self,
        tag: str,
        verb: str | None,
        kind: str | None,
        other: int | None = None,
        age: int | None = None,
    ) -> Event:
        rest = [self.nothing] * (COLUMNS - 4)
        if age is not None:
            rest[-1] = self._id(t.AGES[sum(age > most for most in _AGE_TO)])
        return (
            self._id(tag),
            self._verb(verb),
            self._thing(kind),
            self.nothing if other is None else other,
            *rest,
        )

    # ---- words ----
    def _action(self, text: str) -> tuple[str | None, str | None]:
        """Verb and target of an action's text; of an object type, no verb and it."""
        if text in self.word_of_type or text in SAME_THING:
            return None, text
        try:
            action = parse_action(text)
        except ActionFormatError:
            return None, None
        return action.verb, action.target

    def _verb(self, verb: str | None) -> int:
        return self.nothing if verb is None else self._id(verb_token(verb))

    def _thing(self, kind: str | None) -> int:
        kind = SAME_THING.get(kind or "", kind or "")
        return self.word_of_type.get(kind, self.nothing)

    def _word(self, word: str) -> int:
        return t.encode_text(self.tokenizer, word)[0]

    def _said(self, text: str, count: int) -> Event:
        """The first words of a text without its fillers, names as one."""
        key = (text, count)
        known = self._words_seen.get(key)
        if known is None:
            words = [usual(word) for word in split_words(text) if word not in _FILLERS]
            ids = [self._word(word) for word in words][:count]
            known = (*ids, *[self.nothing] * (count - len(ids)))
            if len(self._words_seen) < _KEPT:
                self._words_seen[key] = known
        return known
