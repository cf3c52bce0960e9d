"""What the default policy is asked and how it answers, in token ids; shared by training and acting.

The prompt is ``<s> put the apple in the fridge <answer>``; the memory comes beside it as events of
three words each, in slots of fixed meaning, for example::

    (<holding>, apple, <ok>)  (<here>, counter top, <ok>)  (<pick_up>, apple, <failed>) ...

The answer is a short thought, a verb and, where the verb needs one, an object::

    apple in view <goto> apple </s>
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from envs.actions import Action, ActionFormatError, parse_action
from policies.base import Context
from policies.cimr import tokenizer as t
from policies.cimr.instruction import instruction_ids
from policies.cimr.lexicon import (
    SAME_THING,
    VERB_TOKENS,
    needs_target,
    plain_words,
    type_names,
    usual_names,
    verb_token,
)
from policies.discrepancy import DiscrepancyKind

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

PAST_SLOTS, NOTE_SLOTS, REJECTED_SLOTS = 8, 2, 2
SLOTS = 2 + PAST_SLOTS + NOTE_SLOTS + REJECTED_SLOTS
MAX_THOUGHT = 10


@dataclass(frozen=True)
class Codec:
    """Between words and token ids.

    Args:
        tokenizer: Of ``policies.cimr.tokenizer``.
    """

    tokenizer: PreTrainedTokenizerFast

    def _id(self, token: str) -> int:
        return int(self.tokenizer.convert_tokens_to_ids(token))

    @cached_property
    def word_of_type(self) -> dict[str, int]:
        """Token id of a type's usual name."""
        pairs = zip(type_names(), usual_names(), strict=True)
        return {k: t.word_id(self.tokenizer, name) for k, name in pairs}

    @cached_property
    def type_of_word(self) -> dict[int, str]:
        """The type a name's token id stands for."""
        return {token: kind for kind, token in reversed(self.word_of_type.items())}

    @cached_property
    def verb_of_id(self) -> dict[int, str]:
        """Verb of a verb token's id."""
        return {self._id(token): verb for token, verb in VERB_TOKENS.items()}

    @cached_property
    def thought_ids(self) -> tuple[int, ...]:
        """Token ids a thought may be made of: known words and usual names."""
        words = [t.word_id(self.tokenizer, word) for word in plain_words()]
        return tuple(sorted({*words, *self.word_of_type.values()}))

    @cached_property
    def note_ids(self) -> dict[DiscrepancyKind, int]:
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

    @cached_property
    def empty_event(self) -> tuple[int, int, int]:
        """An unused slot."""
        nothing = self._id(t.NOTHING)
        return nothing, nothing, nothing

    # ---- asking ----
    def prompt_ids(self, instruction: str) -> list[int]:
        """Ids of the prompt's text, names as their usual ones; a long one without its middle."""
        words = instruction_ids(self.tokenizer, instruction).ids
        return [self._id(t.BEGIN), *words, self._id(t.ANSWER)]

    def event_ids(self, context: Context) -> np.ndarray:
        """The memory as (SLOTS, 3) int64 token ids: holding, here, past, notes, rejected."""
        places = {where: kind for kind, where in context.places}
        ok = self._id(t.OUTCOMES["ok"])
        events = [
            self._fact(t.HOLDING, places.get("in hand"), ok),
            self._fact(t.HERE, places.get("here"), ok),
        ]
        past: list[tuple[int, int, int]] = []
        for step in reversed(context.history):
            event = self._done(step.action, step.outcome)
            # Looking around five times in a row is one event: the slots are few.
            if not past or past[-1] != event:
                past.append(event)
        events += self._fill(past, PAST_SLOTS)
        notes = [self._note(d.kind, d.subject) for d in reversed(context.discrepancies)]
        events += self._fill(notes, NOTE_SLOTS)
        rejected = [self._done(text, "rejected") for text in reversed(context.rejected)]
        events += self._fill(rejected, REJECTED_SLOTS)
        return np.array(events, np.int64)

    def _fill(self, events: list[tuple[int, int, int]], count: int) -> list[tuple[int, int, int]]:
        return (events + [self.empty_event] * count)[:count]

    def _word(self, kind: str | None) -> int:
        kind = SAME_THING.get(kind or "", kind or "")
        return self.word_of_type.get(kind, self._id(t.NOTHING))

    def _fact(self, token: str, kind: str | None, outcome: int) -> tuple[int, int, int]:
        return (self._id(token), self._word(kind), outcome) if kind else self.empty_event

    def _done(self, text: str, outcome: str) -> tuple[int, int, int]:
        result = self._id(t.OUTCOMES.get(outcome, t.OUTCOMES["unknown"]))
        try:
            action = parse_action(text)
        except ActionFormatError:
            return self._id(t.NOTES[DiscrepancyKind.MALFORMED_REPLY]), self._id(t.NOTHING), result
        return self._id(verb_token(action.verb)), self._word(action.target), result

    def _note(self, kind: DiscrepancyKind, subject: str) -> tuple[int, int, int]:
        note = self.note_ids[kind]
        if subject in self.word_of_type:
            return note, self.word_of_type[subject], self._id(t.NOTHING)
        verb, word, _ = self._done(subject, "unknown")
        return note, word, verb

    # ---- answering ----
    def answer_ids(self, thought: str, action: Action) -> list[int]:
        """Ids of an answer, with its end."""
        ids = t.encode_text(self.tokenizer, thought)[:MAX_THOUGHT]
        ids.append(self._id(verb_token(action.verb)))
        if action.target is not None:
            ids.append(self._word(action.target))
        return [*ids, self._id(t.END)]

    def read_answer(self, ids: list[int]) -> tuple[str, Action]:
        """Thought and action of an answer.

        Raises:
            ValueError: If it holds no verb, or the verb's object is missing.
        """
        for k, token in enumerate(ids):
            verb = self.verb_of_id.get(token)
            if verb is None:
                continue
            thought = t.decode_text(self.tokenizer, ids[:k])
            if not needs_target(verb):
                return thought, Action(verb)
            target = self.type_of_word.get(ids[k + 1]) if k + 1 < len(ids) else None
            if target is None:
                break
            return thought, Action(verb, target)
        text = t.decode_text(self.tokenizer, ids)
        raise ValueError(f"The answer {text!r} has no complete action.")
