"""What stage 0 asks of a frame, and what the answer costs.

Three questions: what does every cell show, in which state is it, and, for every known name, is it
in view and where? Of the names, those out of view count three times as much as those in view
together: about what an agent asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from policies.cimr.language.lexicon import type_names, usual_names
from policies.cimr.language.tokenizer import word_id
from policies.cimr.model import CimrLlava
from policies.cimr.preprocess import to_pixels
from training.optimisation import mixed_precision

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

BACKGROUND_WEIGHT, FIXED_WEIGHT, LOOSE_WEIGHT = 0.15, 0.5, 1.0
ABSENT_PER_PRESENT = 3.0
STATE_SHARE, POINTING_SHARE, PRESENCE_SHARE = 0.3, 0.15, 0.6


class Sight(NamedTuple):
    """What each cell shows, and where all known names are.

    Attributes:
        types: (B, P, K + 1) log-probabilities; index 0 is nothing nameable.
        states: (B, P, 4) logits of open, closed, on, off.
        pointing: (B, K, P + 1) log-probabilities of each name; the last is "not in view".
    """

    types: Tensor
    states: Tensor
    pointing: Tensor


class Names:
    """Token ids of every type's usual name, and of the words for states."""

    def __init__(self, tokenizer: PreTrainedTokenizerFast) -> None:
        self.ids = torch.tensor([word_id(tokenizer, name) for name in usual_names()])
        self.states = torch.tensor([word_id(tokenizer, w) for w in ("open", "closed", "on", "off")])


def look(model: CimrLlava, pixels: Tensor, names: Tensor, states: Tensor) -> Sight:
    """Looks at frames.

    Args:
        model: The network.
        pixels: (B, 3, S, S).
        names: (K,) token ids, one name of every type.
        states: (4,) token ids.
    """
    words = model.get_input_embeddings()
    grounding = model.fusion.grounding
    keys = grounding.keys(model.model.vision_tower(pixels).fine.flatten(1, 2))
    named = words(names)
    types = grounding.classify(keys, named).float()
    pointing, _ = grounding.point(named[None], keys, types.logsumexp(-1))
    return Sight(
        types.log_softmax(-1), grounding.states(keys, words(states)).float(), pointing.float()
    )


def type_weights() -> Tensor:
    """(K + 1,) weight of a cell by its type."""
    from envs.simulator.core.object_types import object_type

    rows = [BACKGROUND_WEIGHT]
    rows += [LOOSE_WEIGHT if object_type(k).pickupable else FIXED_WEIGHT for k in type_names()]
    return torch.tensor(rows)


def sight_loss(sight: Sight, labels: Tensor, weights: Tensor) -> Tensor:
    """Types, states, presence and pointing; ``labels`` is (B, G, G, 3), ``weights`` (K + 1,)."""
    kind, openness, power = (labels[..., k].flatten(1) for k in range(3))
    loss = F.nll_loss(sight.types.flatten(0, 1), kind.flatten(), weight=weights)
    for first, truth in ((0, openness), (2, power)):
        # Cells without the state are skipped by their index: no waiting for a GPU to count them.
        logits = sight.states[..., first : first + 2].flatten(0, 1)
        missed = F.cross_entropy(logits, truth.flatten() - 1, ignore_index=-1, reduction="sum")
        loss = loss + STATE_SHARE * missed / (truth > 0).sum().clamp_min(1)
    classes = torch.arange(1, sight.types.shape[-1], device=kind.device)
    return loss + presence_loss(sight.pointing, kind[:, None] == classes[:, None])


def presence_loss(pointing: Tensor, held: Tensor) -> Tensor:
    """What it costs to find names where they are not, or not to find them.

    Args:
        pointing: (B, K, P + 1) log-probabilities, the last of "not in view".
        held: (B, K, P) bool, the cells that hold the name.
    """
    held = held.to(pointing.dtype)
    cells = held.sum(-1)
    present = (cells > 0).to(pointing.dtype)
    in_view = pointing[..., :-1].logsumexp(-1)
    missed = -(in_view * present).sum()
    imagined = -(pointing[..., -1] * (1 - present)).sum()
    count, absent = present.sum().clamp_min(1), (1 - present).sum().clamp_min(1)
    presence = (missed / count + ABSENT_PER_PRESENT * imagined / absent) / (1 + ABSENT_PER_PRESENT)
    there = (held * (pointing[..., :-1] - in_view[..., None])).sum(-1) / cells.clamp_min(1)
    return PRESENCE_SHARE * presence - POINTING_SHARE * there.sum() / count


class VisionObjective(nn.Module):
    """The loss of a batch of labelled frames.

    Args:
        model: The network.
        names: What its words are.
    """

    def __init__(self, model: CimrLlava, names: Names) -> None:
        super().__init__()
        self.model = model
        self.register_buffer("names", names.ids, persistent=False)
        self.register_buffer("states", names.states, persistent=False)
        self.register_buffer("weights", type_weights(), persistent=False)

    def forward(self, frames: Tensor, labels: Tensor) -> Tensor:
        """Loss of (B, S, S, 3) uint8 frames and (B, G, G, 3) labels."""
        with mixed_precision(frames.device):
            sight = look(self.model, to_pixels(frames), self.names, self.states)
        return sight_loss(sight, labels, self.weights)
