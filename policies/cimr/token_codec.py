"""What the default policy is asked and how it answers, in token ids; shared by training and acting.

The prompt is ``<s> <skill> put the apple in the fridge <goal> put apple fridge <answer>``; the
memory comes beside it as events, see ``policies.cimr.memory_events``.

The answer is a short thought, a verb and, where the verb needs one, an object::

    apple in view <goto> apple </s>
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from envs.actions import Action
from policies.base import Context
from policies.cimr.language import tokenizer as t
from policies.cimr.language.instruction import instruction_ids
from policies.cimr.language.lexicon import (
    CLOSING_WORDS,
    SAME_THING,
    VERB_TOKENS,
    needs_target,
    plain_words,
    type_names,
    usual_names,
    verb_token,
)
from policies.cimr.memory_events import MemoryEvents

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

MAX_THOUGHT = 10


@dataclass(frozen=True)
class Codec:
    """Between words and token ids.

    Args:
        tokenizer: Of ``policies.cimr.language.tokenizer``.
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
        words = [t.word_id(self.tokenizer, word) for word in (*plain_words(), *CLOSING_WORDS)]
        return tuple(sorted({*words, *self.word_of_type.values()}))

    @cached_property
    def events(self) -> MemoryEvents:
        """Writes the memory."""
        return MemoryEvents(self.tokenizer, self.word_of_type)

    # ---- asking ----
    def prompt_ids(
        self, instruction: str, goals: tuple[str, ...] = (), level: str = "skill"
    ) -> list[int]:
        """Ids of the prompt's text, names as their usual ones; a long one without its middle.

        Args:
            instruction: In any words.
            goals: What was understood, in words of the lexicon; see ``language.reader``.
            level: skill or primitive: which actions are asked for.
        """
        words = instruction_ids(self.tokenizer, instruction).ids
        meant = [i for word in goals for i in t.encode_text(self.tokenizer, word)]
        goal = [self._id(t.GOAL), *meant] if meant else []
        level_id = self._id(t.LEVELS[level])
        return [self._id(t.BEGIN), level_id, *words, *goal, self._id(t.ANSWER)]

    def event_ids(self, context: Context) -> np.ndarray:
        """The memory as (SLOTS, COLUMNS) int64 token ids; see ``memory_events``."""
        return self.events.of(context)

    def word(self, kind: str | None) -> int:
        """Token id of an object type's usual name; of nothing, where there is none."""
        kind = SAME_THING.get(kind or "", kind or "")
        return self.word_of_type.get(kind, self._id(t.NOTHING))

    # ---- answering ----
    def answer_ids(self, thought: str, action: Action) -> list[int]:
        """Ids of an answer, with its end."""
        ids = t.encode_text(self.tokenizer, thought)[:MAX_THOUGHT]
        ids.append(self._id(verb_token(action.verb)))
        if action.target is not None:
            ids.append(self.word(action.target))
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
