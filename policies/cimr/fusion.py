"""CIMR fusion: text, vision and context features query each other before the language model.

Each stream gets ``x + tanh(gate) * attention(x; the two others)``, see ``policies.cimr.gate``; the
text also gets what its words find in the picture, see ``policies.cimr.grounding``. All gates are
shut at first, so that a pretrained model is unchanged until trained.

Legend of shapes: B batch, T text tokens, N vision tokens, K context tokens, P patches, D width of
the language model, F width of the patches, S of the space that words and patches share.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from policies.cimr.gate import TanhGate
from policies.cimr.grounding import Grounding

# The parts of a fused model that its base, a plain LLaVA, lacks.
FUSION_PARTS = ("fusion", "context_encoder", "recurrent_memory")


def fusion_parameters(model: nn.Module) -> dict[str, nn.Parameter]:
    """The parameters that fusion brings into a model, by their names in its state dict.

    >>> model = nn.Module()
    >>> model.fusion = CimrFusion(dim=8, heads=2, patch_dim=4, shared_dim=4)
    >>> model.lm_head = nn.Linear(8, 8)
    >>> names = fusion_parameters(model)
    >>> [name for name in names if name.endswith("gate")]
    ['fusion.text.gate', 'fusion.vision.gate', 'fusion.context.gate', 'fusion.grounding.gate']
    >>> any(name.startswith("lm_head") for name in names)
    False
    """
    prefixes = tuple(f"{part}." for part in FUSION_PARTS)
    named = model.named_parameters()
    return {name: value for name, value in named if name.startswith(prefixes)}


class FusionOutput(NamedTuple):
    """The enriched streams: text (B, T, D), vision (B, N, D), context (B, K, D)."""

    text: Tensor
    vision: Tensor
    context: Tensor


class CrossQuery(TanhGate):
    """One stream queries others by pre-norm cross-attention behind a gate."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm_query, self.norm_key = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.query, self.output = nn.Linear(dim, dim), nn.Linear(dim, dim)
        self.key_value = nn.Linear(dim, 2 * dim)

    def forward(self, x: Tensor, others: Tensor, mask: Tensor | None = None) -> Tensor:
        """Enriches ``x`` (B, T, D) from ``others`` (B, M, D); mask (B, M), True to attend."""
        batch, _, dim = x.shape

        def split(t: Tensor) -> Tensor:
            return t.view(batch, t.shape[1], self.heads, dim // self.heads).transpose(1, 2)

        keys, values = self.key_value(self.norm_key(others)).chunk(2, -1)
        found = F.scaled_dot_product_attention(
            split(self.query(self.norm_query(x))),
            split(keys),
            split(values),
            attn_mask=None if mask is None else mask[:, None, None, :],
        )
        return self.let_in(x, self.output(found.transpose(1, 2).reshape(x.shape)))


class CimrFusion(nn.Module):
    """The fusion block; usable beside any model with text, vision and context features.

    Args:
        dim: D.
        heads: Attention heads.
        patch_dim: F; D if the vision tokens themselves are pointed at.
        shared_dim: S.
        gate: Initial value of all gates; 0 leaves a pretrained model unchanged.
        queries: False: the streams do not query each other.
        findings: False: words are not told what they find.
    """

    def __init__(
        self,
        dim: int,
        heads: int,
        patch_dim: int,
        shared_dim: int,
        gate: float = 0.0,
        *,
        queries: bool = True,
        findings: bool = True,
    ) -> None:
        super().__init__()
        self.queries, self.findings = queries, findings
        self.text, self.vision, self.context = (CrossQuery(dim, heads) for _ in range(3))
        self.grounding = Grounding(dim, patch_dim, shared_dim)
        for block in (self.text, self.vision, self.context, self.grounding):
            block.set_gate(gate)

    def read(self, text: Tensor, vision: Tensor, context: Tensor, found: Tensor) -> Tensor:
        """Enriched text (B, T, D); each token by itself, so that answers can grow."""
        text = self.grounding(text, found) if self.findings else text
        return self.text(text, torch.cat([vision, context], 1)) if self.queries else text

    def forward(
        self, text: Tensor, vision: Tensor, context: Tensor, found: Tensor, prompt: Tensor
    ) -> FusionOutput:
        """Lets every stream query the others.

        Args:
            text: (B, T, D).
            vision: (B, N, D).
            context: (B, K, D), K may be 0.
            found: (B, T, S + 8), of ``Grounding.look``.
            prompt: (B, T) True for text the other streams may see: not the answer, not padding.
        """
        if not self.queries:
            return FusionOutput(self.read(text, vision, context, found), vision, context)
        seen = prompt.new_ones(len(prompt), 1)
        vision_mask = torch.cat([prompt, seen.expand(-1, context.shape[1])], 1)
        context_mask = torch.cat([prompt, seen.expand(-1, vision.shape[1])], 1)
        return FusionOutput(
            self.read(text, vision, context, found),
            self.vision(vision, torch.cat([text, context], 1), vision_mask),
            self.context(context, torch.cat([text, vision], 1), context_mask),
        )
