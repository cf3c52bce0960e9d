"""How much a second, closer look is worth, and how its word and the first one's go together.

In held-out rooms the whole frame is looked at, and for every loose type of which the first look is
not sure, the place where it most likely is, at full resolution. A logistic regression on the
log-odds of both looks, fitted in every other room, says how likely the type is in view; the rooms
between show what that is worth. Its weights go into the policy's configuration.

Example:
    python -m training.closer_look --policy runs/policy --views 400
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rich.progress import track

from envs.backends import make_controller
from envs.observations import segment
from envs.simulator.system.command_line import command
from envs.simulator.system.whole import write_text
from envs.tasks.base import scenes_of
from policies.cimr.closer_look import combined, odds_of
from policies.cimr.policy import LvlmPolicy
from training.data.collect_frames import LARGE_SIDE
from training.data.room_views import looks_in_room, type_pixels
from training.options import add_options, option, settings_from
from training.reports.closer_report import report

VIEWS_A_ROOM = 10
# An untrained network is unsure of every type in every frame.
_SMOKE_ROOMS, _SMOKE_VIEWS = 2, 3
# Pixels of a 300 x 300 frame from which on a type is in view.
IN_VIEW = 20


@dataclass(frozen=True)
class CloserConfig:
    """What is looked at."""

    policy: Path = option("folder of the policy, whose config.json is told the weights", Path())
    views: int = option("frames to look at", 400, least=20)
    split: str = option("train, val or test: rooms of this split", "val", metavar="SPLIT")
    seed: int = option("of everything random", 0)
    keep: bool = option("only report: leave the policy as it is", False)
    smoke: bool = option("a few frames, to see that it works", False)


@dataclass(frozen=True, eq=False)
class Glimpses:
    """What first looks were not sure of: M pairs of frame and type.

    Attributes:
        first: (M,) chance of being in view by the first look.
        second: (M,) by the second one.
        pixels: (M,) that show the type, of a 300 x 300 frame.
        room: (M,) number of the room.
    """

    first: np.ndarray
    second: np.ndarray
    pixels: np.ndarray
    room: np.ndarray


def glimpses(policy: LvlmPolicy, config: CloserConfig) -> Glimpses:
    """Looks twice at frames of random rooms of the split.

    Raises:
        ValueError: If too few first looks are unsure to fit in some rooms and report on others.
    """
    rooms = scenes_of(config.split, "any")
    rng = np.random.default_rng([config.seed, 60013])
    controller = make_controller(
        "embedded",
        scene=rooms[0],
        width=LARGE_SIDE,
        height=LARGE_SIDE,
        renderInstanceSegmentation=True,
        snapToGrid=False,
    )
    count, views = config.views // VIEWS_A_ROOM, VIEWS_A_ROOM
    if config.smoke:
        count, views = _SMOKE_ROOMS, _SMOKE_VIEWS
    rows: list[tuple[float, float, int, int]] = []
    try:
        for number in track(range(count), description="looking twice"):
            scene = str(rng.permutation(rooms)[0])
            for event in looks_in_room(controller, scene, views, rng, varied=False):
                pixels = type_pixels(segment(event))
                for kind, first, second in policy.looks_twice(event.frame):
                    rows.append((first, second, int(pixels[1 + kind]), number))
    finally:
        controller.stop()
    if {row[3] % 2 for row in rows} != {0, 1}:
        raise ValueError(
            f"Only {len(rows)} first looks were unsure, none in the even or none in the odd rooms: "
            "look at more --views."
        )
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return Glimpses(*columns)


def fitted(seen: Glimpses) -> list[float]:
    """Weights of the log-odds of both looks, and what is added, that make the truth most likely."""
    odds = torch.tensor(
        [[odds_of(a), odds_of(b), 1.0] for a, b in zip(seen.first, seen.second, strict=True)],
        dtype=torch.float64,
    )
    truth = torch.from_numpy(seen.pixels >= IN_VIEW).double()
    weights = torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64, requires_grad=True)
    solver = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def cost() -> torch.Tensor:
        solver.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(odds @ weights, truth)
        # A little pull to the first look alone, for where there are few examples.
        loss = loss + 1e-3 * (weights - torch.tensor([1.0, 0.0, 0.0])).square().sum()
        loss.backward()
        return loss

    solver.step(cost)
    return [round(value, 3) for value in weights.tolist()]


def measure(config: CloserConfig) -> dict[str, object]:
    """Fits in every other room, reports on those between, and tells the policy.

    Raises:
        ValueError: If the folder holds no policy that can look closer.
    """
    from policies.loading import load_default

    policy = load_default(config.policy)
    if not isinstance(policy, LvlmPolicy):
        raise ValueError(f"{config.policy} can't look closer: give a folder of training.sft.")
    seen = glimpses(policy, config)
    odd = seen.room % 2 == 1
    weights = fitted(Glimpses(*(column[~odd] for column in _columns(seen))))
    first, second, pixels, _ = (column[odd] for column in _columns(seen))
    both = np.array([combined(a, b, weights) for a, b in zip(first, second, strict=True)])
    print(report(first, second, both, pixels, IN_VIEW), flush=True)
    if not config.keep:
        path = config.policy / "config.json"
        told = json.loads(path.read_text(encoding="utf-8"))
        write_text(path, json.dumps({**told, "closer_weights": weights}, indent=2) + "\n")
    return {"pairs": len(seen.first), "weights": weights, "written": not config.keep}


def _columns(seen: Glimpses) -> tuple[np.ndarray, ...]:
    return seen.first, seen.second, seen.pixels, seen.room


@command("training.closer_look", "the policy is as it was")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.closer_look",
        description=(__doc__ or "").splitlines()[0],
        epilog="example: python -m training.closer_look --policy runs/policy --views 400",
    )
    add_options(parser, CloserConfig)
    config = settings_from(CloserConfig, parser.parse_args(argv))
    try:
        record = measure(config)
    except (ValueError, OSError) as error:
        print(f"training.closer_look: {error}", file=sys.stderr)
        return 2
    print(json.dumps(record))
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
