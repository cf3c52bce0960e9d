"""What the vision encoder makes of outcomes' frames, computed once and kept in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import torch
from rich.progress import track
from torch import Tensor

from policies.cimr.judging import evidence_of
from policies.cimr.model import CimrLlava
from policies.cimr.preprocess import to_pixels
from policies.cimr.verifier import Evidence
from training.data.outcomes import Outcome

_TOGETHER = 48  # outcomes


@dataclass(frozen=True, eq=False)
class OutcomeTable:
    """Outcomes with their evidence, row by row.

    Attributes:
        outcomes: N of them.
        evidence: Of each, (N, ...) float16 as of ``policies.cimr.verifier.Evidence``.
    """

    outcomes: list[Outcome]
    evidence: Evidence

    def __len__(self) -> int:
        return len(self.outcomes)

    def column(self, name: str) -> np.ndarray:
        """An attribute of all outcomes."""
        return np.array([getattr(outcome, name) for outcome in self.outcomes])

    def batch(
        self, rows: np.ndarray, acted: np.ndarray, still: np.ndarray | None = None
    ) -> Evidence:
        """Evidence of some outcomes, float32.

        Args:
            rows: Which.
            acted: Where False, the frame after is left out.
            still: Where True, the frame after is the one before: as if nothing had happened.
        """
        chosen = torch.from_numpy(rows)
        cells, found, hand, likely, _ = (part[chosen] for part in self.evidence)
        was = torch.from_numpy(acted)
        width = cells.shape[-1] // 3
        if still is not None:
            same = torch.from_numpy(still)
            cells[same, :, width : 2 * width] = cells[same, :, :width]
            cells[same, :, 2 * width :] = 0
            for part in (found, hand, likely):
                part[same, 1] = part[same, 0]
        cells[..., width:] *= was[:, None, None]
        for part in (found, hand, likely):
            part[:, 1] *= was.view(-1, *[1] * (part.dim() - 2))
        return Evidence(cells.float(), found.float(), hand.float(), likely.float(), was)


@torch.no_grad()
def look_at_outcomes(
    model: CimrLlava, outcomes: Sequence[Outcome], *, progress: bool = True
) -> OutcomeTable:
    """Encodes the frames of all outcomes, where the model is."""
    device = next(model.parameters()).device
    model.eval()
    ordered = sorted(outcomes, key=lambda o: (str(o.frames), o.before))
    parts: list[list[Tensor]] = [[] for _ in Evidence._fields]
    chunks = [
        rows[k : k + _TOGETHER]
        for _, group in groupby(ordered, key=lambda o: o.frames)
        for rows in [list(group)]
        for k in range(0, len(rows), _TOGETHER)
    ]
    for chunk in track(chunks, description="looking at outcomes", disable=not progress):
        frames = np.load(chunk[0].frames, mmap_mode="r")
        pairs = [(o.before, o.after if o.after >= 0 else o.before) for o in chunk]
        rows = sorted({row for pair in pairs for row in pair})
        place = {row: k for k, row in enumerate(rows)}
        pixels = to_pixels(torch.from_numpy(np.array(frames[rows])).to(device))
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            fine = model.model.vision_tower(pixels).fine
        patches = fine.float().flatten(1, 2)
        before, after = (
            patches[torch.tensor([place[pair[k]] for pair in pairs], device=device)]
            for k in range(2)
        )
        things = torch.tensor([o.thing for o in chunk], device=device)
        for kept, part in zip(parts, evidence_of(model, before, after, things), strict=True):
            kept.append(part.half().cpu() if part.is_floating_point() else part.cpu())
    return OutcomeTable(list(ordered), Evidence(*(torch.cat(kept) for kept in parts)))
