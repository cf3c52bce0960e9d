"""Stage 0: the vision encoder learns to name every patch by the words' own embeddings.

Simplified from semantic segmentation: one cross-entropy over types, cells weighted so that walls
do not drown apples, two small ones over states, and for every name whether and where it is in view
(training.vision_loss). With ``--check`` presence is calibrated at the end, and a report says how
far it can be trusted (training.vision_report). Runs on the parts that exist, takes up new
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
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from envs.simulator.system.command_line import command
from envs.simulator.system.targets import prepare_folder
from envs.simulator.system.whole import write_text
from policies.cimr.language.tokenizer import build_tokenizer
from policies.cimr.model import CimrLlava, small_model
from training.checkpoint import VISION, save_vision, vision_record, vision_weights
from training.data.view_parts import Views
from training.optimisation import (
    Optimisation,
    Progress,
    TrainingConfig,
    is_main_process,
    prepare_tensorboard,
    set_up,
)
from training.options import add_options, option, settings_from
from training.vision_loss import Names, VisionObjective
from training.vision_report import Sightings, fit, report, save_diagram, scores, sightings
from training.warm_start import warm_start

CHECKED, CHECKED_AT_END = 400, 2000  # frames to score on
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
    check: Path | None = option(
        "frames of held-out rooms: presence is calibrated on half of them, the other half is "
        "reported on",
        None,
    )
    out: Path = option("where the vision encoder goes", Path("runs/vision"))
    start: Path | None = option("begin with the vision encoder of this folder or policy", None)


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
        return frames, labels

    def checkpoint(progress: Progress) -> Mapping[str, float]:
        data.refresh()
        record["minutes"] = progress.minutes
        record["frames"] = frames_before + progress.samples
        if progress.is_main:
            if held is not None:
                record["scores"] = scores(sightings(model, held, names, CHECKED))
            save_vision(config.out, model, record)
        return record["scores"]

    end = loop.run(loop.ahead(batch, frames_before), checkpoint, every=CHECKPOINT_MINUTES)
    if end.updates or not end.stopped:
        checkpoint(end)
    end.end(f"they are in {config.out}; give the same command again to go on")
    if held is not None and is_main_process():
        found = check(model, held, names)
        record["scores"] = scores(found)
        save_vision(config.out, model, record, partial(_tell, found))
    return record


def _tell(found: Sightings, folder: Path) -> None:
    """Prints the report and writes it, with its diagram."""
    text = report(found)
    print(text, flush=True)
    write_text(folder / "report.txt", text + "\n")
    save_diagram(found, folder / "reliability.png")


def check(model: CimrLlava, held: Views, names: Names) -> Sightings:
    """Calibrates presence on every other held-out room; returns what is seen of those between.

    Args:
        model: Is calibrated.
        held: Frames of held-out rooms.
        names: What its words are.
    """
    seen = sightings(model, held, names, CHECKED_AT_END)
    scale, bias = fit(seen.of_rooms(odd=False))
    model.fusion.grounding.calibrate(scale, bias)
    return replace(seen, level=scale * seen.level + bias).of_rooms(odd=True)


@command("training.pretrain_vision", "give the same command again to go on")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.pretrain_vision",
        description=(__doc__ or "").splitlines()[0],
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(parser, VisionConfig)
    config = settings_from(VisionConfig, parser.parse_args(argv))
    try:
        prepare_folder(config.out, VISION, replaced=True)
        prepare_tensorboard(config)
        record = train(config)
    except (ValueError, OSError) as error:
        print(f"training.pretrain_vision: {error}", file=sys.stderr)
        return 2
    if is_main_process():
        print(json.dumps(record))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
