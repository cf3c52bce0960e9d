"""The default policy's vision encoder: CLIP's transformer on a convolutional stem, and a fine map.

A frame of 288 x 288 becomes (a) 36 x 36 features of ``grounding_dim`` for dense labels and for
pointing, and (b) tokens for the language model, pooled from the 18 x 18 transformer output.
CLIP's single 16-pixel patch convolution would blur an apple of six pixels into its surroundings.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import CLIPVisionConfig
from transformers.models.clip.modeling_clip import CLIPEncoder, CLIPPreTrainedModel


class VisionOutput(NamedTuple):
    """What the tower sees.

    Attributes:
        tokens: (B, N, hidden_size), N = tokens_side ** 2, row by row.
        fine: (B, G, G, grounding_dim) with G = image_size / 8.
    """

    tokens: Tensor
    fine: Tensor


def _conv(inputs: int, outputs: int, stride: int = 1, kernel: int = 3) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, 1, bias=False),
        nn.BatchNorm2d(outputs),
    )


class _Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = _conv(width, width), _conv(width, width)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.second(F.relu(self.first(x))))


class ConvStem(nn.Module):
    """(B, 3, S, S) to features at stride 8 and stride 16.

    Args:
        width4: Channels at stride 4.
        width8: Channels at stride 8.
        width16: Channels at stride 16.
        blocks: Residual blocks at stride 4 and at stride 8.
    """

    def __init__(self, width4: int, width8: int, width16: int, blocks: tuple[int, int]) -> None:
        super().__init__()
        self.stride4 = nn.Sequential(
            _conv(3, width4, 4, 6),
            nn.ReLU(),
            *(_Residual(width4) for _ in range(blocks[0])),
        )
        self.stride8 = nn.Sequential(
            _conv(width4, width8, 2),
            nn.ReLU(),
            *(_Residual(width8) for _ in range(blocks[1])),
        )
        self.stride16 = _conv(width8, width16, 2)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        fine = self.stride8(self.stride4(pixels))
        return fine, self.stride16(fine)


class StemVisionTower(CLIPPreTrainedModel):
    """CLIP's encoder on a convolutional stem.

    Args:
        config: ``patch_size`` 16; ``image_size`` a multiple of 32.
        grounding_dim: Width of the fine map.
        stem_widths: Channels of the stem at strides 4 and 8.
        stem_blocks: Residual blocks there.
        tokens_side: Tokens for the language model along one side.
    """

    config: CLIPVisionConfig
    main_input_name = "pixel_values"

    def __init__(
        self,
        config: CLIPVisionConfig,
        grounding_dim: int = 128,
        stem_widths: tuple[int, int] = (64, 128),
        stem_blocks: tuple[int, int] = (1, 1),
        tokens_side: int = 7,
    ) -> None:
        super().__init__(config)
        width = config.hidden_size
        self.side, self.tokens_side = config.image_size // 16, tokens_side
        self.stem = ConvStem(*stem_widths, width, stem_blocks)
        self.position = nn.Parameter(torch.zeros(1, self.side**2, width))
        self.pre_layernorm = nn.LayerNorm(width, eps=config.layer_norm_eps)
        self.encoder = CLIPEncoder(config)
        self.post_layernorm = nn.LayerNorm(width, eps=config.layer_norm_eps)
        self.lateral = nn.Conv2d(stem_widths[1], grounding_dim, 1)
        self.coarse = nn.Linear(width, grounding_dim)
        self.mix = _conv(grounding_dim, grounding_dim)
        self.out = nn.Conv2d(grounding_dim, grounding_dim, 1)
        self.post_init()

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif not isinstance(module, nn.BatchNorm2d):
            super()._init_weights(module)
        if isinstance(module, StemVisionTower):
            nn.init.normal_(module.position, std=0.02)

    def forward(self, pixel_values: Tensor) -> VisionOutput:
        """Looks.

        Args:
            pixel_values: (B, 3, S, S) in [-1, 1].
        """
        stem, coarse = self.stem(pixel_values.contiguous(memory_format=torch.channels_last))
        batch = len(pixel_values)
        hidden = self.pre_layernorm(coarse.flatten(2).transpose(1, 2) + self.position)
        hidden = self.encoder(inputs_embeds=hidden).last_hidden_state
        hidden = self.post_layernorm(hidden)
        raised = self.coarse(hidden).view(batch, self.side, self.side, -1).permute(0, 3, 1, 2)
        raised = F.interpolate(raised, scale_factor=2.0, mode="nearest")
        fine = self.out(F.relu(self.mix(F.relu(self.lateral(stem) + raised))))
        square = hidden.transpose(1, 2).reshape(batch, -1, self.side, self.side)
        tokens = F.adaptive_avg_pool2d(square, self.tokens_side).flatten(2).transpose(1, 2)
        return VisionOutput(tokens, fine.permute(0, 2, 3, 1))
