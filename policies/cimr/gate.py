"""Lets a new block into a pretrained network without changing what it says before training.

The block's update is scaled by the tanh of one learned number that begins at 0, as in Flamingo's
gated cross-attention (Alayrac et al. 2022, arXiv:2204.14198, section 2.2).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import initialization as init


class TanhGate(nn.Module):
    """Base of a block that adds to a stream: ``x + tanh(gate) * update``.

    A shut gate passes the stream on unchanged, bit for bit, and yet learns:

    >>> block = TanhGate()
    >>> x, update = torch.ones(1, 3, 8), torch.full((1, 3, 8), 0.3)
    >>> torch.equal(block.let_in(x, update), x)
    True
    >>> block.let_in(x, update).sum().backward()
    >>> bool(block.gate.grad > 0)
    True
    >>> block.set_gate(0.5)
    >>> torch.equal(block.let_in(x, update), x)
    False
    """

    def __init__(self) -> None:
        super().__init__()
        self.gate = nn.Parameter(torch.zeros(1))

    @torch.no_grad()
    def set_gate(self, gate: float) -> None:
        """Sets what no initialiser of a library knows: the gate, before tanh."""
        init.constant_(self.gate, gate)

    def let_in(self, x: Tensor, update: Tensor) -> Tensor:
        """``x`` with the gated update; both (..., D)."""
        return x + torch.tanh(self.gate) * update
