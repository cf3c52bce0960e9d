"""The learned part of U, C_t = U(C_{t-1}, R_{t-1}, S_t): memory tokens that take in every step.

The tokens query what the step brought (its view, the action taken and how it ended, what was found
wrong) by cross-attention, and let it in by a gate of their own, as a gated recurrent unit does.
They stand beside the written events, so that what has no slot there is not lost.

Legend of shapes: B batch, H steps so far, X tokens a step, M memory tokens, D width of the language
model, V width of the vision tokens.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

# Written events that are new in a step: the action, and two discrepancies.
NEWS = 3


class RecurrentMemory(nn.Module):
    """Memory tokens and how a step changes them.

    Args:
        dim: D.
        view_dim: V.
        slots: M.
        heads: Attention heads.
    """

    def __init__(self, dim: int, view_dim: int, slots: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.initial = nn.Embedding(slots, dim)
        self.view = nn.Linear(view_dim, dim)
        self.norm_memory, self.norm_news = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.query, self.output = nn.Linear(dim, dim), nn.Linear(dim, dim)
        self.key_value = nn.Linear(dim, 2 * dim)
        self.gate, self.candidate = nn.Linear(2 * dim, dim), nn.Linear(2 * dim, dim)
        self.norm_out = nn.LayerNorm(dim)

    def begin(self, batch: int) -> Tensor:
        """The tokens (B, M, D) of an episode's start."""
        return self.initial.weight[None].expand(batch, -1, -1)

    def news(self, views: Tensor, events: Tensor) -> Tensor:
        """What steps bring (..., X, D), of mean vision tokens (..., V), events (..., X - 1, D)."""
        seen = self.view(views.to(self.view.weight.dtype))
        return self.norm_news(torch.cat([seen[..., None, :], events], -2))

    def update(self, memory: Tensor, news: Tensor) -> Tensor:
        """The tokens (B, M, D) after a step that brought (B, X, D)."""
        batch, count, dim = memory.shape

        def split(x: Tensor) -> Tensor:
            return x.view(batch, x.shape[1], self.heads, dim // self.heads).transpose(1, 2)

        normed = self.norm_memory(memory)
        keys, values = self.key_value(news).chunk(2, -1)
        found = F.scaled_dot_product_attention(
            split(self.query(normed)), split(keys), split(values)
        )
        found = self.output(found.transpose(1, 2).reshape(batch, count, dim))
        both = torch.cat([normed, found], -1)
        gate = torch.sigmoid(self.gate(both))
        return memory + gate * (torch.tanh(self.candidate(both)) - memory)

    def tokens(self, memory: Tensor) -> Tensor:
        """The memory (B, M, D) as the language model reads it."""
        return self.norm_out(memory)

    def forward(self, views: Tensor, events: Tensor, real: Tensor) -> Tensor:
        """The tokens (B, M, D) after all steps of each sample.

        Args:
            views: (B, H, V) mean vision tokens of past steps, oldest first, at the end.
            events: (B, H, X - 1, D) their events, embedded.
            real: (B, H) bool; False for padding, which changes nothing.
        """
        memory = self.begin(len(views))
        if views.shape[1]:
            news = self.news(views, events)
            for step in range(views.shape[1]):
                fresh = self.update(memory, news[:, step])
                memory = torch.where(real[:, step, None, None], fresh, memory)
        return self.tokens(memory)
