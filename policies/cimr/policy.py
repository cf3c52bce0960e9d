"""The default policy: the small LLaVA of ``policies.cimr.model``, asked and heard in token ids.

It answers every step in one pass over picture, memory and instruction and a few more for the
answer. Thoughts are free among known words; verb and object are chosen among those that make an
action, so that a reply can't be malformed. Where the object's name points in the picture is the
point of the action, and the reply's attention.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from envs.actions import Action, ActionFormatError, parse_action
from envs.simulator.core.object_types import object_type
from policies.base import (
    Answer,
    Context,
    Observation,
    Question,
    Reply,
    Sighting,
    VerifierTrust,
)
from policies.cimr.ablations import keeps_memory
from policies.cimr.answers import answering
from policies.cimr.answers.answering import Grammar, answer
from policies.cimr.answers.kept_answers import KeptEpisode, Refused
from policies.cimr.closer_look import FROM, TO, can_look_closer, combined, window_around
from policies.cimr.judging import Judge
from policies.cimr.language import tokenizer as t
from policies.cimr.language.goal_words import goal_words
from policies.cimr.language.lexicon import (
    SAME_THING,
    check_says_something,
    type_names,
)
from policies.cimr.model import CimrLlava
from policies.cimr.pointing import IN_VIEW, peak, point_of
from policies.cimr.preprocess import shrink, to_pixels
from policies.cimr.recollection import Recollection
from policies.cimr.token_codec import Codec
from policies.cimr.verifier import hand_part

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

    from policies.cimr.language.reader import Reader
    from policies.cimr.language.understanding import Understanding

# So sure it has to be of an object that it reports unasked.
SIGHTED = 0.8
FRAMES_KEPT = 2  # the one before an action and the one after it


class LvlmPolicy:
    """Acts and answers with a ``CimrLlava``.

    Args:
        model: The network.
        tokenizer: Its tokenizer.
        action_level: skill or primitive: which verbs it may answer with.
        name: Shown in reports.
        sighted: Least probability of being in view of an object that ``sightings`` reports.
        reader: Says what it makes of an instruction; None to say nothing.

    Attributes:
        forbids: Never answer again what was refused in this step: a rule, and no choice of the
            model's, which is told of it in either case.
    """

    def __init__(
        self,
        model: CimrLlava,
        tokenizer: PreTrainedTokenizerFast,
        action_level: str = "skill",
        name: str = "default",
        sighted: float = SIGHTED,
        reader: Reader | None = None,
    ) -> None:
        self.name, self.sighted, self.forbids = name, sighted, True
        self.reader = reader
        self.understanding: Understanding | None = None
        self.model = model.eval()
        self.codec = Codec(tokenizer)
        self.size = model.config.vision_config.image_size
        self.action_level = action_level
        self.grammar = Grammar(self.codec, action_level)
        words = self.codec.word_of_type
        self._loose = {
            kind: word
            for kind, word in words.items()
            if self.codec.type_of_word[word] == kind and object_type(kind).pickupable
        }
        self._seen: dict[bytes, tuple[Tensor, Tensor]] = {}
        self._judge = Judge(model, self.codec)
        self._recollection = Recollection(model)
        self._draws = torch.Generator()

    def reset(self, instruction: str, seed: int) -> None:
        """Begins an episode; the policy itself is deterministic, but for what it redraws.

        Raises:
            ValueError: If the instruction has no words.
        """
        check_says_something(instruction)
        self.understanding = self.reader.read(instruction) if self.reader else None
        self._recollection.begin()
        self._seen = {}
        self._draws = torch.Generator().manual_seed(seed)

    @property
    def understood(self) -> str:
        """What it made of the instruction, in words; empty where it can't tell."""
        return self.understanding.text if self.understanding else ""

    def act(self, observation: Observation, context: Context) -> Reply:
        """The most likely answer; where it forbids itself, one not refused in this step."""
        return self._reply(observation, context, None)

    def redraw(self, observation: Observation, context: Context) -> Reply:
        """An answer drawn token by token by its own probabilities."""
        return self._reply(observation, context, self._draws)

    def _reply(
        self, observation: Observation, context: Context, draws: torch.Generator | None
    ) -> Reply:
        question, _ = self.question(observation, context)
        return self.reply(
            question, answer(self.model, self.grammar, [question], [draws])[0], context
        )

    @torch.inference_mode()
    def question(
        self, observation: Observation, context: Context
    ) -> tuple[answering.Question, np.ndarray]:
        """What an answer will rest on, and the memory's events (SLOTS, COLUMNS) of it.

        Asking takes in what the step before brought: ask once, then answer as often as you like.
        """
        tokens, patches = self._see(observation.rgb)
        events = self.codec.event_ids(context)
        encoded = self.model.encode_context(torch.from_numpy(events)[None])
        memory = self._recollection.join(encoded, tokens, events, context)
        refused = _refused(context.rejected) if self.forbids else answering.NOBODY
        prompt = self._prompt(observation.instruction)
        return answering.Question(prompt, tokens, patches, memory, refused), events

    @torch.inference_mode()
    def reply(
        self, question: answering.Question, drawn: answering.Drawn, context: Context
    ) -> Reply:
        """An answer as the agent hears it."""
        ids = drawn.ids
        sure = answering.confidence(self.grammar, drawn)
        text = t.decode_text(self.codec.tokenizer, ids)
        try:
            thought, action = self.codec.read_answer(ids)
        except ValueError as error:
            return Reply(None, text=text, confidence=sure, error=str(error))
        attention = self._attention(action.target, question.patches)
        known = context if keeps_memory(self.model.without) else Context()
        point = None if attention is None else point_of(action, attention, known)
        if point is not None:
            action = Action(action.verb, action.target, point)
        return Reply(action, thought=thought, text=text, confidence=sure, attention=attention)

    def kept(self) -> KeptEpisode:
        """Its own state of the running episode, for ``resume``."""
        memory, view = (
            None if part is None else part.detach().numpy().copy()
            for part in self._recollection.kept()
        )
        return KeptEpisode(memory, view, self.understanding)

    def resume(self, kept: KeptEpisode | None) -> None:
        """Goes back to a kept state of an episode; what it draws with goes on as it is."""
        kept = kept or KeptEpisode(None, None, self.understanding)
        self.understanding = kept.understanding
        parts = (kept.memory, kept.view)
        self._recollection.resume(*(None if p is None else torch.from_numpy(p) for p in parts))

    @property
    def took_in(self) -> bool:
        """The learned memory took in the step before when the last question was asked."""
        return self._recollection.took

    @property
    def draws(self) -> torch.Generator:
        """What further answers of this episode are drawn with."""
        return self._draws

    def seed_draws(self, seed: int) -> None:
        """From here on answers are drawn by another seed."""
        self._draws = torch.Generator().manual_seed(seed)

    def _prompt(self, instruction: str) -> list[int]:
        goals = goal_words(self.understanding.parses) if self.understanding else ()
        return self.codec.prompt_ids(instruction, goals, self.action_level)

    def _see(self, frame: np.ndarray) -> tuple[Tensor, Tensor]:
        """Vision tokens before the projector, and patches; those of the last frames are kept."""
        small = shrink(frame, self.size)
        key = small.tobytes()
        if key not in self._seen:
            view = self.model.model.vision_tower(to_pixels(torch.from_numpy(small)[None]))
            kept = list(self._seen.items())[1 - FRAMES_KEPT :]
            self._seen = dict([*kept, (key, (view.tokens, view.fine.flatten(1, 2)))])
        return self._seen[key]

    def _attention(self, target: str | None, patches: Tensor) -> np.ndarray | None:
        """Where an object may be: a map (G, G) that sums to the chance of its being in view."""
        if target is None:
            return None
        look = self.model.look(torch.tensor([[self.codec.word_of_type[target]]]), patches)
        weights: np.ndarray = look.pointing[0, 0, :-1].exp().numpy()
        side = round(len(weights) ** 0.5)
        return weights.reshape(side, side)

    @torch.inference_mode()
    def sightings(self, frame: np.ndarray) -> tuple[Sighting, ...]:
        """The loose objects that it is sure to see in a frame, each where it most likely is."""
        _, patches = self._see(frame)
        look = self.model.look(torch.tensor([list(self._loose.values())]), patches)
        weights = look.pointing[0, :, :-1].exp()
        chances = weights.sum(-1).tolist()
        side = round(patches.shape[1] ** 0.5)
        return tuple(
            Sighting(kind, peak(weights[k].reshape(side, side).numpy()), chances[k])
            for k, kind in enumerate(self._loose)
            if chances[k] >= self.sighted
        )

    @torch.inference_mode()
    def ask(self, frame: np.ndarray, question: Question) -> Answer | None:
        """Answers about one frame from what its patches show; None if it can't be told."""
        subject = SAME_THING.get(question.subject, question.subject)
        if subject not in self.codec.word_of_type:
            return None
        _, patches = self._see(frame)
        word = torch.tensor([[self.codec.word_of_type[subject]]])
        look = self.model.look(word, patches)
        weights = look.pointing[0, 0, :-1].exp()
        present = float(weights.sum())
        if question.kind == "in_view":
            return _answer(self._closer(frame, word, weights, present))
        if question.kind == "holding":
            return _answer(float(hand_part(look.evidence[0].T[None]).max()))
        pairs = {"open": (0, 1), "closed": (1, 0), "on": (2, 3), "off": (3, 2)}
        if question.kind != "state" or question.state not in pairs or present < IN_VIEW:
            return None
        grounding, config = self.model.fusion.grounding, self.model.config
        words = self.model.get_input_embeddings().weight[config.state_ids or []]
        logits = grounding.states(grounding.keys(patches), words)[0]
        yes, no = pairs[question.state]
        chance = torch.sigmoid(logits[:, yes] - logits[:, no])
        return _answer(float((chance * weights).sum() / weights.sum()))

    def _closer(self, frame: np.ndarray, word: Tensor, weights: Tensor, present: float) -> float:
        """The chance that a word (1, 1) is in view, after a closer look if that can help."""
        trust = self.model.config.closer_weights
        if not trust or not FROM < present < TO or not can_look_closer(frame, self.size):
            return present
        return combined(present, self._second_look(frame, word, weights), trust)

    def _second_look(self, frame: np.ndarray, word: Tensor, weights: Tensor) -> float:
        """The chance that a word (1, 1) is in the part of a frame where it most likely is."""
        side = round(len(weights) ** 0.5)
        where = peak(weights.reshape(side, side).numpy())
        part = np.ascontiguousarray(frame[window_around(frame.shape, where, self.size)])
        view = self.model.model.vision_tower(to_pixels(torch.from_numpy(part)[None]))
        look = self.model.look(word, view.fine.flatten(1, 2))
        return float(look.pointing[0, 0, :-1].exp().sum())

    @torch.inference_mode()
    def looks_twice(self, frame: np.ndarray) -> list[tuple[int, float, float]]:
        """Of the loose types that a first look at a frame (H, W, 3) leaves unsure, both looks.

        Returns:
            Number of the type in the lexicon, its chance of being in view by the first look, and by
            a second one at the place where it most likely is.

        Raises:
            ValueError: If the frame is too small to be looked at more closely.
        """
        if not can_look_closer(frame, self.size):
            raise ValueError(
                f"A frame of {frame.shape} has no closer look than {self.size} pixels."
            )
        _, patches = self._see(frame)
        words = torch.tensor([list(self._loose.values())])
        weights = self.model.look(words, patches).pointing[0, :, :-1].exp()
        kinds = {kind: k for k, kind in enumerate(type_names())}
        return [
            (kinds[kind], float(row.sum()), self._second_look(frame, words[:, k : k + 1], row))
            for k, (kind, row) in enumerate(zip(self._loose, weights, strict=True))
            if FROM < float(row.sum()) < TO
        ]

    @property
    def verifier_trust(self) -> VerifierTrust | None:
        """How sure the verifier must be; None if it was never trained."""
        config = self.model.config
        if not self._judge.is_trained:
            return None
        return VerifierTrust(config.judge_trust, config.foresee_trust)

    @torch.inference_mode()
    def judge(self, before: np.ndarray, after: np.ndarray, action: Action) -> Answer | None:
        """Whether an action worked, of the frames (H, W, 3) before and after; None: no word."""
        if not self._judge.is_trained:
            return None
        chance = self._judge.works(self._see(before)[1], self._see(after)[1], action)
        return None if chance is None else _answer(chance)

    @torch.inference_mode()
    def foresee(self, frame: np.ndarray, action: Action) -> Answer | None:
        """Whether an action would work, of the frame (H, W, 3) before it; None: no word."""
        if not self._judge.is_trained:
            return None
        chance = self._judge.works(self._see(frame)[1], None, action)
        return None if chance is None else _answer(chance)

    @torch.inference_mode()
    def held(self, frame: np.ndarray) -> tuple[str | None, float] | None:
        """The type in the hand, None for nothing, and its probability; None: no word."""
        return self._judge.held(self._see(frame)[1]) if self._judge.is_trained else None


def _refused(texts: tuple[str, ...]) -> Refused:
    """Verbs and targets of proposals that were found wrong in this step."""
    pairs = set()
    for text in texts:
        try:
            action = parse_action(text)
        except ActionFormatError:
            continue
        pairs.add((action.verb, SAME_THING.get(action.target or "", action.target)))
    return frozenset(pairs)


def _answer(chance: float) -> Answer:
    yes = chance >= 0.5
    return Answer(yes, chance if yes else 1.0 - chance)
