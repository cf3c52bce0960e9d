"""Where is this word in the picture, and what is this patch?

Patches and the language model's own word embeddings meet in one space by a dot product. A word
points at the patches that show it and is told what it finds there and where.

Legend of shapes: B batch, T words, P patches, C known names, D width of the language model, F width
of the patches, S of the space that words and patches share.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import initialization as init

from policies.cimr.gate import TanhGate

FACTS = 8


class Look(NamedTuple):
    """What each token finds in the picture.

    Attributes:
        pointing: (B, T, P + 1) log-probabilities over patches; the last is "not in view".
        evidence: (B, T, P) probability of each patch to show this.
        found: (B, T, S + 8) the patches pointed at, and in numbers: in view at all, surest patch,
            x and y in [-1, 1], spread, size, how open and how switched on it looks.
    """

    pointing: Tensor
    evidence: Tensor
    found: Tensor


class Grounding(TanhGate):
    """Patches and words in one space: what is this patch, and where is this word?

    Args:
        dim: D, of the word embeddings.
        patch_dim: F.
        shared_dim: S; patches are used as they are if it equals ``patch_dim``.
    """

    def __init__(self, dim: int, patch_dim: int, shared_dim: int) -> None:
        super().__init__()
        self.word_norm = nn.RMSNorm(dim, elementwise_affine=False, eps=1e-6)
        self.word_query = nn.Linear(dim, shared_dim, bias=False)
        self.state_query = nn.Linear(dim, shared_dim, bias=False)
        self.patch_key: nn.Module = (
            nn.Identity()
            if shared_dim == patch_dim
            else nn.Linear(patch_dim, shared_dim, bias=False)
        )
        self.word_bias, self.absent = nn.Linear(dim, 1), nn.Linear(dim, 1)
        self.background = nn.Parameter(torch.zeros(1))
        self.sharpness = nn.Parameter(torch.zeros(1))
        # How much of what a patch has in common with rival names counts against a word there.
        self.rivalry = nn.Parameter(torch.zeros(1))
        # Fitted after training, on held-out views: how sure presence is, and how readily.
        self.register_buffer("presence_scale", torch.ones(1))
        self.register_buffer("presence_bias", torch.zeros(1))
        self.scale = shared_dim**-0.5
        self.found_dim = shared_dim + FACTS
        self.read = nn.Sequential(
            nn.Linear(self.found_dim, dim),
            nn.GELU(approximate="tanh"),
            nn.Linear(dim, dim),
        )

    @torch.no_grad()
    def set_gate(self, gate: float) -> None:
        """Sets what no initialiser of a library knows."""
        super().set_gate(gate)
        for zero in (self.sharpness, self.background, self.rivalry, self.presence_bias):
            init.zeros_(zero)
        init.ones_(self.presence_scale)

    def keys(self, patches: Tensor) -> Tensor:
        """Patches (B, P, F) in the shared space (B, P, S)."""
        return self.patch_key(patches)

    def classify(self, keys: Tensor, words: Tensor) -> Tensor:
        """Logits (B, P, 1 + C) of background and of each word, of word embeddings (C, D)."""
        normed = self.word_norm(words)
        found = keys @ self.word_query(normed).T * self.scale + self.word_bias(normed)[:, 0]
        return torch.cat([self.background.to(found.dtype).expand(*found.shape[:-1], 1), found], -1)

    def states(self, keys: Tensor, words: Tensor) -> Tensor:
        """Logits (B, P, C) of state words, of their embeddings (C, D)."""
        return keys @ self.state_query(self.word_norm(words)).T * self.scale

    def _scores(self, words: Tensor, keys: Tensor) -> tuple[Tensor, Tensor]:
        """Likeness (B, T, P) of words and patches, and normed words."""
        normed = self.word_norm(words)
        scores = self.word_query(normed) @ keys.transpose(1, 2) * self.scale
        return (scores + self.word_bias(normed)).float(), normed

    def point(
        self, words: Tensor, keys: Tensor, rivals: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Where each word is.

        Args:
            words: (B or 1, T, D) embeddings.
            keys: (B, P, S).
            rivals: (B, P) how well each patch fits all names together, in log-probability.

        Returns:
            Log-probabilities (B, T, P + 1), the last for "not in view", and evidence (B, T, P):
            the probability of each patch to be this rather than background.
        """
        scores, normed = self._scores(words, keys)
        likely = scores if rivals is None else scores - self.rivalry * rivals[:, None]
        likely = likely * self.sharpness.exp()
        level = likely.logsumexp(-1, keepdim=True) - self.absent(normed).float()
        level = level * self.presence_scale + self.presence_bias
        there = likely.log_softmax(-1) + F.logsigmoid(level)
        pointing = torch.cat([there, F.logsigmoid(-level)], -1)
        return pointing, torch.sigmoid(scores - self.background)

    @torch.no_grad()
    def calibrate(self, scale: float, bias: float) -> None:
        """From now on presence's log-odds are ``scale * before + bias``.

        >>> grounding = Grounding(8, 4, 4)
        >>> grounding.calibrate(2.0, -1.0)
        >>> grounding.calibrate(0.5, 0.0)
        >>> grounding.presence_scale.item(), grounding.presence_bias.item()
        (1.0, -0.5)
        """
        self.presence_scale.mul_(scale)
        self.presence_bias.mul_(scale).add_(bias)

    def look(
        self, words: Tensor, keys: Tensor, names: Tensor | None = None, states: Tensor | None = None
    ) -> Look:
        """What each word finds.

        Args:
            words: (B, T, D) plain embeddings.
            keys: (B, P, S), P a square number, row by row.
            names: (C, D) embeddings of all known names, which compete for every patch.
            states: (4, D) embeddings of open, closed, on, off; without them states are unknown.
        """
        rivals = None
        if names is not None:
            rivals = self.classify(keys, names).float().logsumexp(-1)
        pointing, evidence = self.point(words, keys, rivals)
        if rivals is not None:
            evidence = (self._scores(words, keys)[0] - rivals[:, None]).clamp_max(0).exp()
        weights = pointing[..., :-1].exp()
        present = weights.sum(-1, keepdim=True)
        relative = weights / present.clamp_min(1e-6)
        x, y = _places(keys.shape[1], keys.device)
        place_x = (relative * x).sum(-1, keepdim=True)
        place_y = (relative * y).sum(-1, keepdim=True)
        spread = (relative * (x * x + y * y)).sum(-1, keepdim=True) - place_x**2 - place_y**2
        moods = torch.zeros_like(present).expand(*present.shape[:-1], 2)
        if states is not None:
            felt = self.states(keys, states).float()
            moods = relative @ torch.tanh(
                torch.stack([felt[..., 0] - felt[..., 1], felt[..., 2] - felt[..., 3]], -1)
            )
        facts = torch.cat(
            [
                present,
                evidence.amax(-1, keepdim=True),
                place_x * present,
                place_y * present,
                spread.clamp_min(0) * present,
                torch.log1p(evidence.sum(-1, keepdim=True)) / 3,
                moods * present,
            ],
            -1,
        )
        what = (weights.to(keys.dtype) @ keys).float()
        return Look(pointing, evidence, torch.cat([what, facts], -1))

    def forward(self, text: Tensor, found: Tensor) -> Tensor:
        """Tells each token (B, T, D) what it found (B, T, S + 8)."""
        return self.let_in(text, self.read(found.to(text.dtype)))


def _places(patches: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """x and y (P,) of patch centres in [-1, 1]."""
    side = round(patches**0.5)
    line = (torch.arange(side, device=device, dtype=torch.float32) + 0.5) / side * 2 - 1
    return line.repeat(side), line.repeat_interleave(side)
