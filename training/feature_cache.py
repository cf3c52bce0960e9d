"""Features of collected steps, computed once: what the language model is trained on.

The vision encoder is trained before (training.pretrain_vision) and stays as it is in SFT, so each
frame is encoded once: the tower's tokens, and what each known name finds in it. Both are kept
beside the steps.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from envs.simulator.system.foreign_json import json_lines, read_text
from envs.simulator.system.typed_records import mapping
from envs.simulator.system.whole import whole_file

if TYPE_CHECKING:
    from torch import Tensor

    from policies.cimr.model import CimrLlava


# Weights of stage 0.
VISION_WEIGHTS = ("model.vision_tower.", "fusion.grounding.", "model.language_model.embed_tokens")
# Bytes of a part's lines.
MOST_BYTES = 1_000_000_000
GPU_BATCH = 256  # frames looked at together where there is a GPU


@dataclass(frozen=True, eq=False)
class Steps:
    """Collected steps with their features.

    Attributes:
        records: One dict a decision, as of training.data.step_part.
        events: (N, SLOTS, COLUMNS) int16 memory events.
        tokens: (M, T, V) float16 vision tokens before the projector, of M frames.
        found: (M, names, F) float16, what each of the model's ``name_ids`` finds.
        frame: (N,) row of each decision's frame.
        episode: (N,) its episode, by any number.
    """

    records: list[dict[str, Any]]
    events: np.ndarray
    tokens: np.ndarray
    found: np.ndarray
    frame: np.ndarray
    episode: np.ndarray

    def __len__(self) -> int:
        return len(self.records)

    def joined(self, other: Steps) -> Steps:
        """Both."""
        return Steps(
            self.records + other.records,
            np.concatenate([self.events, other.events]),
            np.concatenate([self.tokens, other.tokens]),
            np.concatenate([self.found, other.found]),
            np.concatenate([self.frame, other.frame + len(self.tokens)]),
            np.concatenate([self.episode, other.episode + _beyond(self.episode)]),
        )

    def first_answers(self) -> Steps:
        """Without the decisions that were made after an objection, in the same step."""
        kept = np.array([record.get("round", 1) == 1 for record in self.records])
        return replace(
            self,
            records=[record for record, stays in zip(self.records, kept, strict=True) if stays],
            events=self.events[kept],
            frame=self.frame[kept],
            episode=self.episode[kept],
        )

    def earlier(self) -> list[np.ndarray]:
        """For each decision, those of its episode's steps before, one a step, oldest first."""
        chains: list[np.ndarray] = []
        chain: list[int] = []
        episode = -1
        for k, record in enumerate(self.records):
            if self.episode[k] != episode:
                chain, episode = [], int(self.episode[k])
            if chain and self.records[chain[-1]].get("step") == record.get("step"):
                chains.append(np.array(chain[:-1], np.int64))
            else:
                chains.append(np.array(chain, np.int64))
                chain.append(k)
        return chains


def _beyond(numbers: np.ndarray) -> int:
    return int(numbers.max()) + 1 if len(numbers) else 0


def look_at(model: CimrLlava, frames: Tensor) -> tuple[Tensor, Tensor]:
    """Tokens (B, T, V) and findings (B, names, F) of pixels (B, 3, S, S)."""
    import torch

    from training.optimisation import mixed_precision

    with mixed_precision(frames.device):
        view = model.model.vision_tower(frames)
    names = torch.tensor(model.config.name_ids, device=frames.device)[None].expand(len(frames), -1)
    found = model.look(names, view.fine.float().flatten(1, 2)).found
    return view.tokens.float(), found


def encoder_key(model: CimrLlava) -> str:
    """A short name of a vision encoder's weights and words, for features made with it."""
    digest = hashlib.sha256(repr(model.config.name_ids).encode())
    for name, value in sorted(model.state_dict().items()):
        if name.startswith(VISION_WEIGHTS) and ".read." not in name and not name.endswith(".gate"):
            if name.endswith("embed_tokens.weight"):
                value = value[[*(model.config.name_ids or ()), *(model.config.state_ids or ())]]
            digest.update(value.detach().float().cpu().numpy().tobytes())
    return digest.hexdigest()[:12]


def _seen(
    path: Path, model: CimrLlava, frames: np.ndarray, batch: int
) -> tuple[np.ndarray, np.ndarray]:
    """Tokens and findings of frames (N, S, S, 3), from ``path`` if they were seen before."""
    import torch
    from safetensors import SafetensorError
    from safetensors.numpy import load_file, save_file

    from policies.cimr.preprocess import to_pixels

    if path.exists():
        try:
            kept = load_file(path)
            if len(kept["tokens"]) == len(kept["found"]) == len(frames):
                return kept["tokens"], kept["found"]
        except (OSError, ValueError, KeyError, SafetensorError):
            kept = {}
        # Damaged or of other frames: a cache is made again, whatever has become of it.
    tokens, found = [], []
    device = next(model.parameters()).device
    if device.type == "cuda":
        batch = max(batch, GPU_BATCH)
    for start in range(0, len(frames), batch):
        with torch.inference_mode():
            chunk = torch.from_numpy(np.array(frames[start : start + batch])).to(device)
            seen = look_at(model, to_pixels(chunk))
        tokens.append(seen[0].half().cpu().numpy())
        found.append(seen[1].half().cpu().numpy())
    made = {"tokens": np.concatenate(tokens), "found": np.concatenate(found)}
    with whole_file(path) as partial:
        save_file(made, partial)
    return made["tokens"], made["found"]


def load_steps(folder: Path, model: CimrLlava, *, batch: int = 32, progress: bool = True) -> Steps:
    """All parts of a folder, with the features of the model's vision encoder, where the model is.

    Raises:
        ValueError: If there are none.
    """
    from rich.progress import track

    parts = sorted(folder.glob("steps_*.jsonl"))
    if not parts:
        raise ValueError(
            f"{folder} holds no steps: run "
            f"python -m training.data.collect_demonstrations --out {folder}"
        )
    records: list[dict[str, Any]] = []
    events, tokens, found, frame, episode = [], [], [], [], []
    seen_frames = seen_episodes = 0
    model.eval()
    key = encoder_key(model)
    for lines in track(parts, description=f"looking at {folder.name}", disable=not progress):
        number = lines.stem.split("_")[1]
        try:
            fresh = [
                dict(mapping(row, "a step")) for _, row in json_lines(read_text(lines, MOST_BYTES))
            ]
            made = np.load(folder / f"events_{number}.npy")
            frames = np.load(folder / f"frames_{number}.npy", mmap_mode="r")
        except (OSError, ValueError, EOFError) as error:
            raise ValueError(
                f"Part {number} of {folder} is damaged ({error}): collect it again."
            ) from error
        records += fresh
        events.append(made)
        seen = _seen(folder / f"sight_{number}_{key}.safetensors", model, frames, batch)
        tokens.append(seen[0])
        found.append(seen[1])
        frame.append(np.array([record["frame"] for record in fresh]) + seen_frames)
        episode.append(np.array([record["episode"] for record in fresh]) + seen_episodes)
        seen_frames += len(frames)
        seen_episodes += len(fresh)
    return Steps(
        records,
        np.concatenate(events),
        np.concatenate(tokens),
        np.concatenate(found),
        np.concatenate(frame),
        np.concatenate(episode),
    )
