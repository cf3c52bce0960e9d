"""A learned verifier: will this action work, did it work, and what is in the hand?

It reads what the vision encoder made of the frame before an action and of the one after it: both
pooled to a coarse grid with what changed between them, what the action's object finds in each, and
the part of the picture where the hand shows what it holds. Its answers are calibrated after
training, on held-out rooms.

Legend of shapes: B batch, S width of the space that words and patches share, D width of the
language model's embeddings, K object types, H cells of the hand's part of the picture, G cells of
the coarse grid's side, V width of the verifier.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from envs.actions import SKILL_VERBS_WITH_TARGET

# Where the hand shows what it holds: top, bottom, left and right, as fractions of the picture.
HAND = (15 / 28, 1.0, 9 / 28, 19 / 28)
# Verbs whose success is judged; of others nothing is said.
JUDGED_VERBS = (*SKILL_VERBS_WITH_TARGET, "drop")
GRID_SIDE, HAND_ROWS, HAND_COLUMNS = 9, 9, 6
_MODES = 2  # before acting, after acting


class Evidence(NamedTuple):
    """What a verdict rests on; no part of it is learned by the verifier itself.

    Attributes:
        cells: (B, G * G, 3 * S) before, after, and how much changed; zeros where there is no after.
        found: (B, 2, S + 8) what the action's object finds before and after.
        hand: (B, 2, H, S) the hand's part of the picture before and after.
        likely: (B, 2, K) log-probability that the surest cell there shows a type.
        acted: (B,) bool, there is a frame after.
    """

    cells: Tensor
    found: Tensor
    hand: Tensor
    likely: Tensor
    acted: Tensor


class Verdict(NamedTuple):
    """Answers as log-odds and log-probabilities, calibrated.

    Attributes:
        works: (B,) log-odds that the action will work, or, where there is an after, that it did.
        held: (B, K + 1) log-probabilities of what was in the hand before acting; first nothing.
    """

    works: Tensor
    held: Tensor


def coarse(before: Tensor, after: Tensor | None) -> Tensor:
    """(B, G * G, 3 * S) of patches (B, P, S), P a square number, row by row.

    What changed is pooled by its largest value: an apple that is gone is one patch of many.
    """

    def square(patches: Tensor) -> Tensor:
        side = round(patches.shape[1] ** 0.5)
        return patches.transpose(1, 2).unflatten(2, (side, side))

    first = F.adaptive_avg_pool2d(square(before), GRID_SIDE)
    if after is None:
        second = change = torch.zeros_like(first)
    else:
        second = F.adaptive_avg_pool2d(square(after), GRID_SIDE)
        change = F.adaptive_max_pool2d(square((after - before).abs()), GRID_SIDE)
    return torch.cat([first, second, change], 1).flatten(2).transpose(1, 2)


def hand_part(patches: Tensor) -> Tensor:
    """The hand's part (B, rows, columns, S) of patches (B, P, S)."""
    side = round(patches.shape[1] ** 0.5)
    top, bottom, left, right = (round(edge * side) for edge in HAND)
    return patches.unflatten(1, (side, side))[:, top:bottom, left:right]


def pooled_hand(patches: Tensor) -> Tensor:
    """(B, H, S) of patches (B, P, S)."""
    part = hand_part(patches).permute(0, 3, 1, 2)
    return F.adaptive_avg_pool2d(part, (HAND_ROWS, HAND_COLUMNS)).flatten(2).transpose(1, 2)


class _Block(nn.Module):
    """A pre-norm transformer layer."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm, self.norm_wide = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.query_key_value, self.output = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)
        self.wide, self.narrow = nn.Linear(dim, 3 * dim), nn.Linear(3 * dim, dim)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, V) to (B, T, V)."""
        split = self.query_key_value(self.norm(x)).unflatten(-1, (3, self.heads, -1))
        query, key, value = split.permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(query, key, value)
        x = x + self.output(mixed.transpose(1, 2).flatten(2))
        return x + self.narrow(F.gelu(self.wide(self.norm_wide(x)), approximate="tanh"))


class Verifier(nn.Module):
    """From evidence to verdicts.

    Args:
        dim: D.
        shared_dim: S.
        width: V.
        heads: Of attention.
        layers: Transformer layers.
    """

    def __init__(
        self, dim: int, shared_dim: int, width: int = 160, heads: int = 4, layers: int = 2
    ) -> None:
        super().__init__()
        self.cell, self.found = nn.Linear(3 * shared_dim, width), nn.Linear(shared_dim + 8, width)
        self.hand_cell, self.hand_out = nn.Linear(shared_dim, width), nn.Linear(width, width)
        self.hand_weight = nn.Linear(width, 1)
        self.word_norm = nn.RMSNorm(dim, elementwise_affine=False, eps=1e-6)
        self.verb, self.thing = nn.Embedding(len(JUDGED_VERBS), width), nn.Linear(dim, width)
        self.place = nn.Embedding(GRID_SIDE**2, width)
        self.hand_place = nn.Embedding(HAND_ROWS * HAND_COLUMNS, width)
        self.mode, self.kind = nn.Embedding(_MODES, width), nn.Embedding(5, width)
        self.blocks = nn.ModuleList(_Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.works = nn.Linear(width, _MODES)
        self.type_query, self.nothing = nn.Linear(width, dim), nn.Linear(width, 1)
        self.likely_share = nn.Linear(1, 1)
        self.dropout = nn.Dropout(0.1)
        # Fitted after training: scale and bias of the two verdicts, and of what is held.
        self.register_buffer("scale", torch.ones(3))
        self.register_buffer("bias", torch.zeros(2))

    @torch.no_grad()
    def reset_calibration(self) -> None:
        """As if it had never been calibrated."""
        self.scale.fill_(1.0)
        self.bias.zero_()

    def holding(self, hand: Tensor, likely: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        """What the hand holds.

        Args:
            hand: (B, H, S).
            likely: (B, K).
            types: (K, D) embeddings of the types' names.

        Returns:
            A summary (B, V), and log-probabilities (B, K + 1), first of nothing.
        """
        cells = F.gelu(self.hand_cell(hand) + self.hand_place.weight)
        weights = self.hand_weight(cells).softmax(1)
        summary = F.gelu(self.hand_out((weights * cells).sum(1)))
        normed = self.word_norm(types)
        logits = self.type_query(summary) @ normed.T * normed.shape[-1] ** -0.5
        logits = logits + self.likely_share(likely[..., None])[..., 0]
        every = torch.cat([self.nothing(summary), logits], -1).float()
        return summary, (every * self.scale[2]).log_softmax(-1)

    def forward(self, evidence: Evidence, verb: Tensor, thing: Tensor, types: Tensor) -> Verdict:
        """Verdicts on actions.

        Args:
            evidence: What they rest on.
            verb: (B,) indices into ``JUDGED_VERBS``.
            thing: (B, D) embedding of the object's name; zeros for none.
            types: (K, D) embeddings of the types' names.
        """
        mode = evidence.acted.long()
        before, held = self.holding(evidence.hand[:, 0], evidence.likely[:, 0], types)
        after, _ = self.holding(evidence.hand[:, 1], evidence.likely[:, 1], types)
        after = after * evidence.acted[:, None]
        action = self.verb(verb) + self.thing(self.word_norm(thing))
        found = self.found(evidence.found)
        heads = torch.stack([self.mode(mode) + action, before, after, found[:, 0], found[:, 1]], 1)
        cells = self.cell(evidence.cells) + self.place.weight
        stream = self.dropout(torch.cat([heads + self.kind.weight, cells], 1))
        for block in self.blocks:
            stream = block(stream)
        odds = self.works(self.norm(stream[:, 0])).float() * self.scale[:2] + self.bias
        return Verdict(odds.gather(1, mode[:, None])[:, 0], held)
