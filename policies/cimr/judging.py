"""Asks a model's verifier about actions and the hand, from patches of frames.

    evidence = evidence_of(model, before, after, things)
    verdict = verify(model, evidence, verbs, things)

Legend of shapes: as of ``policies.cimr.verifier``; P patches of F values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

from envs.actions import Action
from policies.cimr.language.lexicon import SAME_THING, type_names
from policies.cimr.verifier import (
    JUDGED_VERBS,
    Evidence,
    Verdict,
    coarse,
    hand_part,
    pooled_hand,
)

if TYPE_CHECKING:
    from policies.cimr.model import CimrLlava
    from policies.cimr.token_codec import Codec

_LEAST_LIKELY = -12.0


class ActionIds(NamedTuple):
    """Index into ``JUDGED_VERBS``, and token id of the object's name; -1 where there is none."""

    verb: int
    thing: int


def action_ids(codec: Codec, verb: str, target: str | None) -> ActionIds | None:
    """An action as the verifier is told of it; None if it says nothing of such."""
    kind = SAME_THING.get(target or "", target or "")
    if verb not in JUDGED_VERBS or (target is not None and kind not in codec.word_of_type):
        return None
    return ActionIds(JUDGED_VERBS.index(verb), codec.word_of_type[kind] if kind else -1)


def _types(model: CimrLlava) -> Tensor:
    """(K, D) embeddings of the types' names."""
    return model.get_input_embeddings().weight[model.config.type_word_ids or []]


@torch.no_grad()
def evidence_of(model: CimrLlava, before: Tensor, after: Tensor | None, things: Tensor) -> Evidence:
    """What a verdict on an action rests on.

    Args:
        model: Whose patches they are.
        before: (B, P, F) patches of the frame before it.
        after: (B, P, F) patches of the frame after it; None: it was not taken yet.
        things: (B,) token ids of the objects' names; -1 for none.
    """
    grounding, types = model.fusion.grounding, _types(model)
    keys = [grounding.keys(patches) for patches in (before, after) if patches is not None]
    found, hands, likely = [], [], []
    for patches, key in zip((before, after), keys, strict=False):
        found.append(model.look(things[:, None].clamp_min(0), patches).found[:, 0])
        hands.append(pooled_hand(key))
        shown = grounding.classify(hand_part(key).flatten(1, 2), types).float().log_softmax(-1)
        likely.append(shown[..., 1:].amax(1).clamp_min(_LEAST_LIKELY))
    if after is None:
        for values in (found, hands, likely):
            values.append(torch.zeros_like(values[0]))
    return Evidence(
        coarse(keys[0], keys[1] if after is not None else None),
        torch.stack(found, 1),
        torch.stack(hands, 1),
        torch.stack(likely, 1),
        torch.full((len(before),), after is not None, device=before.device),
    )


def verify(model: CimrLlava, evidence: Evidence, verbs: Tensor, things: Tensor) -> Verdict:
    """Verdicts on actions, of their ``ActionIds`` (B,) each."""
    named = model.get_input_embeddings().weight[things.clamp_min(0)] * (things >= 0)[:, None]
    verdict: Verdict = model.verifier(evidence, verbs, named, _types(model))
    return verdict


class Judge:
    """A trained verifier's word on single actions, as probabilities.

    Args:
        model: Whose verifier it is.
        codec: The model's words.
    """

    def __init__(self, model: CimrLlava, codec: Codec) -> None:
        self.model, self.codec = model, codec

    @property
    def is_trained(self) -> bool:
        """Whether its word is worth anything."""
        return bool(self.model.config.verifies)

    def works(self, before: Tensor, after: Tensor | None, action: Action) -> float | None:
        """Probability that an action will work, or that it did; None where nothing is said.

        Args:
            before: (1, P, F) patches.
            after: (1, P, F) patches; None: not acted yet.
            action: Judged.
        """
        ids = action_ids(self.codec, action.verb, action.target)
        if ids is None or not self.is_trained:
            return None
        things = torch.tensor([ids.thing])
        evidence = evidence_of(self.model, before, after, things)
        verdict = verify(self.model, evidence, torch.tensor([ids.verb]), things)
        return float(torch.sigmoid(verdict.works[0]))

    def held(self, patches: Tensor) -> tuple[str | None, float] | None:
        """The likeliest type in the hand, None for nothing, and its probability.

        Args:
            patches: (1, P, F).
        """
        if not self.is_trained:
            return None
        key = self.model.fusion.grounding.keys(patches)
        types = _types(self.model)
        part = hand_part(key).flatten(1, 2)
        shown = self.model.fusion.grounding.classify(part, types).float().log_softmax(-1)
        likely = shown[..., 1:].amax(1).clamp_min(_LEAST_LIKELY)
        chances = self.model.verifier.holding(pooled_hand(key), likely, types)[1][0].exp()
        best = int(chances.argmax())
        return (type_names()[best - 1] if best else None), float(chances[best])
