"""Stage 0: the vision encoder learns to name every patch by the words' own embeddings.

Simplified from semantic segmentation: one cross-entropy over types, cells weighted so that walls
do not drown apples, and two small ones over states. Runs on the parts that exist, takes up new
ones as they appear, and stops when its minutes or updates are spent; a folder that it wrote before
is gone on with.

Example:
    python -m training.pretrain_vision --views runs/views --out runs/vision --minutes 20
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from policies.cimr.lexicon import type_names, usual_names
from policies.cimr.model import CimrLlava, small_model
from policies.cimr.preprocess import to_pixels
from policies.cimr.tokenizer import build_tokenizer, word_id
from training.checkpoint import save_vision, vision_record, vision_weights
from training.optimisation import Optimisation, Progress, TrainingConfig, is_main_process, set_up
from training.options import add_options, option, settings_from
from training.warm_start import warm_start

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

BACKGROUND_WEIGHT, FIXED_WEIGHT, LOOSE_WEIGHT = 0.15, 0.5, 1.0
CHECKPOINT_MINUTES, WARMUP, WEIGHT_DECAY = 2.0, 150, 0.03
REFRESH_SECONDS = 20.0
EXAMPLES = """examples:
  python -m training.pretrain_vision --views runs/views --minutes 20
  python -m training.pretrain_vision --views runs/views --check runs/unseen --out runs/vision
  python -m training.pretrain_vision --views runs/views --start policies/checkpoints/default
"""


@dataclass(frozen=True)
class VisionConfig(TrainingConfig):
    """What stage 0 can be told."""

    minutes: float = option(
        "minutes by the clock to train for, over all runs into one folder",
        20.0,
        metavar="M",
        least=0,
    )
    views: Path = option("frames of training.data.collect_frames", Path("runs/views"))
    check: Path | None = option("frames of held-out rooms to score on", None)
    out: Path = option("where the vision encoder goes", Path("runs/vision"))
    start: Path | None = option("begin with the vision encoder of this folder or policy", None)


class Sight(NamedTuple):
    """What each cell shows, and where some words point.

    Attributes:
        types: (B, P, K + 1) log-probabilities; index 0 is nothing nameable.
        states: (B, P, 4) logits of open, closed, on, off.
        pointing: (B, W, P + 1) log-probabilities of each asked word; the last is "not in view".
    """

    types: Tensor
    states: Tensor
    pointing: Tensor


def look(model: CimrLlava, pixels: Tensor, names: Tensor, states: Tensor, asked: Tensor) -> Sight:
    """Looks at frames.

    Args:
        model: The network.
        pixels: (B, 3, 224, 224).
        names: (K,) token ids, one name of every type.
        states: (4,) token ids.
        asked: (B, W) token ids to point at.
    """
    words = model.get_input_embeddings()
    grounding = model.fusion.grounding
    keys = grounding.keys(model.model.vision_tower(pixels).fine.flatten(1, 2))
    pointing, _ = grounding.point(words(asked), keys)
    return Sight(
        grounding.classify(keys, words(names)).float().log_softmax(-1),
        grounding.states(keys, words(states)).float(),
        pointing,
    )


class Names:
    """Token ids of every type's usual name."""

    def __init__(self, tokenizer: PreTrainedTokenizerFast) -> None:
        self.ids = torch.tensor([word_id(tokenizer, name) for name in usual_names()])
        self.states = torch.tensor([word_id(tokenizer, w) for w in ("open", "closed", "on", "off")])

    def asked(
        self, labels: Tensor, rng: np.random.Generator, count: int = 10
    ) -> tuple[Tensor, Tensor]:
        """Types to point at, half of them in view if there are; (B, W) classes and token ids."""
        rows = []
        # What is in other frames of the batch makes harder questions than any word.
        around = torch.unique(labels[..., 0]).numpy()
        around = around[around > 0] if (around > 0).any() else np.arange(1, len(self.ids) + 1)
        for kinds in labels[..., 0].flatten(1):
            here = [int(k) for k in torch.unique(kinds) if k > 0]
            rng.shuffle(here)
            others = rng.choice(around, count)
            rows.append((here[: count // 2] + [int(k) for k in others])[:count])
        classes = torch.tensor(rows)
        return classes, self.ids[classes - 1]


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
        """(size, 224, 224, 3) uint8 frames and (size, 28, 28, 3) labels."""
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
    return cv2.LUT(np.ascontiguousarray(frame), table[None]), np.ascontiguousarray(label)


def type_weights() -> Tensor:
    """(K + 1,) weight of a cell by its type."""
    from envs.simulator.core.object_types import object_type

    rows = [BACKGROUND_WEIGHT]
    rows += [LOOSE_WEIGHT if object_type(k).pickupable else FIXED_WEIGHT for k in type_names()]
    return torch.tensor(rows)


def sight_loss(sight: Sight, labels: Tensor, asked: Tensor, weights: Tensor) -> Tensor:
    """Types, states and pointing; ``labels`` is (B, P-square, 3), ``asked`` (B, W) classes."""
    kind, openness, power = (labels[..., k].flatten(1) for k in range(3))
    loss = F.nll_loss(sight.types.flatten(0, 1), kind.flatten(), weight=weights)
    for first, truth in ((0, openness), (2, power)):
        has = truth > 0
        if has.any():
            loss = loss + 0.3 * F.cross_entropy(
                sight.states[..., first : first + 2][has], truth[has] - 1
            )
    return loss + 0.2 * pointing_loss(sight.pointing, kind[:, None] == asked[..., None])


def pointing_loss(pointing: Tensor, held: Tensor) -> Tensor:
    """Cross-entropy of pointing (B, W, P + 1) against the cells (B, W, P) that hold the word."""
    share = held.float() / held.sum(-1, keepdim=True).clamp_min(1)
    absent = (~held.any(-1, keepdim=True)).float()
    return -(torch.cat([share, absent], -1) * pointing).sum(-1).mean()


@torch.no_grad()
def score(model: CimrLlava, views: Views, names: Names, batches: int = 12) -> dict[str, float]:
    """How well unseen cells are named: recall over loose and fixed cells, states, presence."""
    model.eval()
    rng = np.random.default_rng(0)
    device = next(model.parameters()).device
    loose = (type_weights() == LOOSE_WEIGHT).to(device)
    hits: dict[str, list[float]] = {
        k: [] for k in ("loose", "fixed", "nothing", "open", "on", "in_view", "pointing")
    }
    false_alarm: list[float] = []
    for _ in range(batches):
        frames, labels = views.batch(32, rng, augment=False)
        classes, asked = names.asked(labels, rng)
        frames, labels, classes, asked = (
            part.to(device) for part in (frames, labels, classes, asked)
        )
        sight = look(model, to_pixels(frames), names.ids.to(device), names.states.to(device), asked)
        at = sight.pointing[..., :-1].argmax(-1)
        kind = labels[..., 0].flatten(1)
        right = sight.types.argmax(-1) == kind
        hits["loose"].append(right[loose[kind]].float().mean().item())
        hits["fixed"].append(right[(kind > 0) & ~loose[kind]].float().mean().item())
        hits["nothing"].append(right[kind == 0].float().mean().item())
        held = kind[:, None] == classes[..., None]
        there = held.sum(-1) >= 2
        hits["pointing"].append(held.gather(-1, at[..., None])[..., 0][there].float().mean().item())
        for key, first, channel in (("open", 0, 1), ("on", 2, 2)):
            logit = sight.states[..., first] - sight.states[..., first + 1]
            truth = labels[..., channel].flatten(1)
            hits[key].append(
                ((logit[truth > 0] > 0) == (truth[truth > 0] == 1)).float().mean().item()
            )
        present = F.one_hot(kind, len(loose)).sum(1)[:, loose] >= 2
        found = sight.types.exp().amax(1)[:, loose] > 0.5
        hits["in_view"].append(found[present].float().mean().item())
        false_alarm.append(
            found[F.one_hot(kind, len(loose)).sum(1)[:, loose] == 0].float().mean().item()
        )
    model.train()
    result = {k: float(np.mean(v)) for k, v in hits.items()}
    result["false_alarm"] = float(np.mean(false_alarm))
    return result


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

    def forward(self, frames: Tensor, labels: Tensor, classes: Tensor, asked: Tensor) -> Tensor:
        """Loss of (B, 224, 224, 3) uint8 frames; see ``sight_loss`` for the rest."""
        with torch.autocast(frames.device.type, torch.bfloat16):
            sight = look(self.model, to_pixels(frames), self.names, self.states, asked)
        return sight_loss(sight, labels, classes, self.weights)


def parameter_groups(model: CimrLlava) -> list[dict[str, Any]]:
    """The parameters of stage 0, as AdamW takes them: matrices decay, gains and biases do not."""
    parts = [model.model.vision_tower, model.fusion.grounding, model.get_input_embeddings()]
    used = [p for part in parts for p in part.parameters()]
    return [
        {"params": [p for p in used if p.dim() > 1], "weight_decay": WEIGHT_DECAY},
        {"params": [p for p in used if p.dim() <= 1], "weight_decay": 0.0},
    ]


def train(config: VisionConfig, clock: Callable[[], float] = time.monotonic) -> dict[str, Any]:
    """Trains for some minutes or updates; goes on from ``config.out`` if it was begun there.

    Args:
        config: How.
        clock: Seconds; for tests.

    Returns:
        The record: minutes, frames and scores.
    """
    set_up(config)
    tokenizer = build_tokenizer()
    names, data = Names(tokenizer), Views(config.views)
    held = Views(config.check) if config.check else None
    model = small_model(tokenizer).to(memory_format=torch.channels_last)
    model.train()
    record: dict[str, Any] = {"minutes": 0.0, "frames": 0, "scores": {}}
    if vision_weights(config.out) is not None:
        warm_start(model, tokenizer, config.out)
        record = vision_record(config.out)
    elif config.start is not None:
        warm_start(model, tokenizer, config.start)
    loop = Optimisation(
        VisionObjective(model, names),
        config,
        parameter_groups(model),
        model.parameters(),
        warmup=WARMUP,
        minutes_before=record["minutes"],
        clock=clock,
    )
    frames_before = record["frames"]

    def batch(rng: np.random.Generator) -> tuple[Tensor, ...]:
        if config.makers and time.monotonic() - data.refreshed > REFRESH_SECONDS:
            data.refresh()  # the checkpoint's refresh is not seen in another process
        frames, labels = data.batch(config.batch, rng)
        return (frames, labels, *names.asked(labels, rng))

    def checkpoint(progress: Progress, batches: int = 12) -> Mapping[str, float]:
        data.refresh()
        record["minutes"] = progress.minutes
        record["frames"] = frames_before + progress.samples
        if progress.is_main:
            if held is not None:
                record["scores"] = score(model, held, names, batches)
            save_vision(config.out, model, record)
        return record["scores"]

    checkpoint(loop.run(loop.ahead(batch, frames_before), checkpoint, every=CHECKPOINT_MINUTES), 30)
    return record


def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.pretrain_vision",
        description=(__doc__ or "").splitlines()[0],
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(parser, VisionConfig)
    try:
        record = train(settings_from(VisionConfig, parser.parse_args(argv)))
    except (ValueError, OSError) as error:
        print(f"training.pretrain_vision: {error}", file=sys.stderr)
        return 2
    if is_main_process():
        print(json.dumps(record))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
