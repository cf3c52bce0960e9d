"""How the default policy answers: token by token, each among those that may stand there.

A thought is of known words, at most ``MAX_THOUGHT`` of them; then comes a verb of the action level,
and an object where the verb needs one. What may stand at a place follows from the tokens before it
and from what was refused: so the probability of an answer can be found again from its tokens alone.

Several questions are answered in one pass of the network; each answer is what it would be alone.

Legend of shapes: B questions, L tokens of a prompt, P vision tokens of V values, G patches of F
values, K tokens of context.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from torch import Tensor

from envs.actions import verbs_of
from policies.cimr.answers.kept_answers import Refused
from policies.cimr.language.lexicon import needs_target
from policies.cimr.token_codec import MAX_THOUGHT, Codec

if TYPE_CHECKING:
    from policies.cimr.fusion import FusionOutput
    from policies.cimr.model import CimrLlava

NOBODY: Refused = frozenset()


class Question(NamedTuple):
    """What an answer rests on.

    Attributes:
        prompt: Token ids.
        tokens: (1, P, V) vision tokens before the projector.
        patches: (1, G, F).
        memory: (1, K, D) context.
        refused: Verbs and targets that must not be answered.
    """

    prompt: list[int]
    tokens: Tensor
    patches: Tensor
    memory: Tensor
    refused: Refused = NOBODY


class Drawn(NamedTuple):
    """An answer.

    Attributes:
        ids: Its tokens, without an end.
        logps: The log-probability of each, among those allowed.
        found: (T, F) what the tokens of prompt and answer find in the picture, where that is kept.
    """

    ids: list[int]
    logps: list[float]
    found: Tensor


class Grammar:
    """Which tokens may stand where in an answer.

    Args:
        codec: The policy's.
        action_level: skill or primitive: which verbs there are.
    """

    def __init__(self, codec: Codec, action_level: str = "skill") -> None:
        verbs = set(verbs_of(action_level))
        self.codec = codec
        self._verbs = tuple(i for i, verb in codec.verb_of_id.items() if verb in verbs)
        self._first = (*self._verbs, *codec.thought_ids)
        self._objects = tuple(sorted(codec.word_of_type.values()))

    def ends(self, ids: Sequence[int]) -> bool:
        """Whether an answer is complete."""
        verbs = self.codec.verb_of_id
        last = verbs.get(ids[-1]) if ids else None
        before = verbs.get(ids[-2]) if len(ids) > 1 else None
        return before is not None or (last is not None and not needs_target(last))

    def allowed(self, ids: Sequence[int], refused: Refused = NOBODY) -> tuple[int, ...]:
        """Token ids that may follow those of an answer that is not complete.

        Args:
            ids: The answer so far.
            refused: Verbs and targets that must not be answered.
        """
        codec = self.codec
        last = codec.verb_of_id.get(ids[-1]) if ids else None
        if last is None:
            options = self._verbs if len(ids) >= MAX_THOUGHT else self._first
            if not refused:
                return options
            named = {codec.type_of_word.get(i) for i in ids}
            # What was refused for the object thought of isn't done to another one instead.
            barred = {verb for verb, target in refused if target is None or target in named}
            kept = tuple(i for i in options if codec.verb_of_id.get(i) not in barred)
            return kept or options
        if not refused:
            return self._objects
        named = {codec.type_of_word.get(i) for i in ids}
        options = tuple(
            sorted(codec.word_of_type[k] for k in named if k and (last, k) not in refused)
        )
        barred_words = {
            codec.word_of_type[target]
            for verb, target in refused
            if verb == last and target in codec.word_of_type
        }
        options = tuple(i for i in options or self._objects if i not in barred_words)
        return options or self._objects


def restricted_logps(logits: Tensor, allowed: Sequence[int], temperature: float = 1.0) -> Tensor:
    """Log-probabilities (allowed,) of the tokens that may stand at a place, of logits (N,)."""
    index = torch.tensor(allowed, device=logits.device)
    return (logits[index].float() / temperature).log_softmax(-1)


@torch.inference_mode()
def answer(
    model: CimrLlava,
    grammar: Grammar,
    questions: Sequence[Question],
    draws: Sequence[torch.Generator | None],
    *,
    temperature: float = 1.0,
    keeps: bool = False,
) -> list[Drawn]:
    """Answers questions together.

    Args:
        model: The network.
        grammar: What may stand where.
        questions: With as many tokens, patches and context each; prompts of any length.
        draws: For each, what it is drawn with; None: the likeliest token is taken each time.
        temperature: Logits are divided by it.
        keeps: Keep what tokens find, for learning; else that is left empty.
    """
    decoding = _Decoding(model, questions)
    answers: list[list[int]] = [[] for _ in questions]
    logps: list[list[float]] = [[] for _ in questions]
    found: list[list[Tensor]] = [[row] for row in decoding.prompt_found]
    while True:
        logits = decoding.logits()
        for k, ids in enumerate(answers):
            if grammar.ends(ids):
                continue
            options = grammar.allowed(ids, questions[k].refused)
            chances = restricted_logps(logits[k], options, temperature)
            generator = draws[k]
            best = int(
                chances.argmax()
                if generator is None
                else torch.multinomial(chances.exp(), 1, generator=generator)
            )
            ids.append(options[best])
            logps[k].append(float(chances[best]))
        if all(grammar.ends(ids) for ids in answers):
            break
        seen = decoding.read([ids[-1] for ids in answers])
        for k, ids in enumerate(answers):
            if len(found[k]) <= len(ids):
                found[k].append(seen[k])
    for k, ids in enumerate(answers):
        if not keeps:
            found[k] = [found[k][0][:0]]
        elif len(found[k]) <= len(ids):
            found[k].append(finds(model, ids[-1:], questions[k].patches))
    rows = zip(answers, logps, found, strict=True)
    return [Drawn(ids, logs, torch.cat(parts)) for ids, logs, parts in rows]


@torch.inference_mode()
def finds(model: CimrLlava, ids: Sequence[int], patches: Tensor) -> Tensor:
    """What tokens find among patches (1, G, F): (tokens, F)."""
    return model.look(torch.tensor([list(ids)]), patches).found[0]


class _Decoding:
    """A batch of prompts, padded on the right, and answers that grow behind them."""

    def __init__(self, model: CimrLlava, questions: Sequence[Question]) -> None:
        self.model = model
        self.lengths = torch.tensor([len(q.prompt) for q in questions])
        longest = int(self.lengths.max())
        pad = int(model.config.text_config.pad_token_id or 0)
        text = torch.tensor([[*q.prompt, *[pad] * (longest - len(q.prompt))] for q in questions])
        real = torch.arange(longest)[None] < self.lengths[:, None]
        self.patches = torch.cat([q.patches for q in questions])
        self.memory = torch.cat([q.memory for q in questions])
        self.tokens = model.model.multi_modal_projector(torch.cat([q.tokens for q in questions]))
        found = model.look(text, self.patches).found
        names, known = model.config.name_ids, model.config.type_word_ids is not None
        self._names = frozenset(names or ()) if known else None
        self.prompt_found = [found[k, :n] for k, n in enumerate(self.lengths.tolist())]
        fused: FusionOutput = model.fuse(text, self.tokens, self.memory, found, real)
        before = fused.vision.shape[1] + fused.context.shape[1]
        self._place = before + self.lengths
        # Alone, or of one length, nothing is padded, and nothing has to be masked.
        self._mask = None
        if not bool(real.all()):
            self._mask = torch.cat([real.new_ones(len(real), before), real], 1)
        self._step = model.model.language_model(
            inputs_embeds=torch.cat([fused.vision, fused.context, fused.text], 1),
            attention_mask=self._long(),
            use_cache=True,
        )
        hidden = self._step.last_hidden_state
        self._last = hidden[torch.arange(len(hidden)), self._place - 1]

    def _long(self) -> Tensor | None:
        return None if self._mask is None else self._mask.long()

    def logits(self) -> Tensor:
        """Logits (B, N) of each answer's next token."""
        return self.model.lm_head(self._last)

    def read(self, ids: list[int]) -> Tensor:
        """Appends a token to each answer; returns what each finds in its picture, (B, 1, F)."""
        model = self.model
        words = torch.tensor(ids)[:, None]
        if self._names is not None and self._names.isdisjoint(ids):
            # Only names find anything, and to look is half of the work.
            found = self.prompt_found[0].new_zeros(len(ids), 1, self.prompt_found[0].shape[1])
        else:
            found = model.look(words, self.patches).found
        text = model.get_input_embeddings()(words)
        text = model.fusion.read(text, self.tokens, self.memory, found)
        if self._mask is not None:
            self._mask = torch.cat([self._mask, self._mask.new_ones(len(ids), 1)], 1)
        self._step = model.model.language_model(
            inputs_embeds=text,
            attention_mask=self._long(),
            position_ids=self._place[:, None],
            past_key_values=self._step.past_key_values,
            use_cache=True,
        )
        self._place = self._place + 1
        self._last = self._step.last_hidden_state[:, -1]
        return found


def confidence(grammar: Grammar, drawn: Drawn) -> float:
    """The probability of an answer's action, given its thought."""
    verbs = grammar.codec.verb_of_id
    at = next((k for k, i in enumerate(drawn.ids) if i in verbs), len(drawn.ids))
    return float(np.exp(np.sum(drawn.logps[at:])))
