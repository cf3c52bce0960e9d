"""The parts of a folder of views, and random batches of them."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from envs.simulator.system.syslibs import opencv


class Views:
    """Random batches of the parts in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self.refresh()
        if not self.parts:
            raise ValueError(
                f"{folder} holds no views: "
                f"run python -m training.data.collect_frames --out {folder}"
            )

    def refresh(self) -> None:
        """Takes up new parts."""
        self.refreshed = time.monotonic()
        for labels in sorted(self.folder.glob("labels_*.npy")):
            if labels.name not in self.parts:
                frames = labels.with_name(labels.name.replace("labels", "frames"))
                self.parts[labels.name] = (np.load(frames, mmap_mode="r"), np.load(labels))

    def __len__(self) -> int:
        return sum(len(labels) for _, labels in self.parts.values())

    def batch(
        self, size: int, rng: np.random.Generator, augment: bool = True
    ) -> tuple[Tensor, Tensor]:
        """(size, 288, 288, 3) uint8 frames and (size, 36, 36, 3) labels."""
        chosen = list(self.parts.values())
        frames, labels = [], []
        for _ in range(size):
            f, t = chosen[int(rng.integers(len(chosen)))]
            k = int(rng.integers(len(t)))
            frame, label = np.array(f[k]), t[k]
            if augment:
                frame, label = _augment(frame, label, rng)
            frames.append(frame)
            labels.append(label)
        return torch.from_numpy(np.stack(frames)), torch.from_numpy(np.stack(labels)).long()


def _augment(
    frame: np.ndarray, label: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Mirrors, shifts by whole cells, and changes the light."""
    if rng.random() < 0.5:
        frame, label = frame[:, ::-1], label[:, ::-1]
    if rng.random() < 0.5:
        dy, dx = (int(v) for v in rng.integers(-3, 4, 2))
        frame = np.roll(frame, (dy * 8, dx * 8), (0, 1))
        label = np.roll(label, (dy, dx), (0, 1))
    gain, lift = rng.uniform(0.8, 1.2), rng.uniform(-12, 12)
    tint = rng.uniform(0.95, 1.05, 3)
    table = np.clip(np.arange(256)[:, None] * (gain * tint) + lift, 0, 255).astype(np.uint8)
    return opencv().LUT(np.ascontiguousarray(frame), table[None]), np.ascontiguousarray(label)
