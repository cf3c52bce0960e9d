"""Plays episodes, has dialogues written, plants errors in them, and prints who notices.

The filter is told of lies about what is seen or was done; its precision and recall. The rule judge
is given answers with one kind of error each; how often each dimension fires.

Example:
    python -m training.mmcr.planted --parts 2
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from envs.simulator.system.command_line import command
from training.mmcr.collector import MmcrCollector, MmcrConfig
from training.mmcr.dialogue.records import Dialogue, Turn
from training.mmcr.filtering.likeness import ClipLikeness, Likeness, OwnEncoder, unlike
from training.mmcr.filtering.planted import bare, plant
from training.mmcr.filtering.truth_check import check
from training.mmcr.folder import SPLITS
from training.mmcr.judging.planted import detections
from training.mmcr.judging.rules import DIMENSIONS
from training.mmcr.truth.world import World
from training.mmcr.writing.writer import GroundedWriter, Written
from training.options import add_options, option, settings_from


@dataclass(frozen=True)
class PlantedConfig:
    """What is tried."""

    parts: int = option("parts to play", 2, least=1)
    split: str = option("whose rooms", "validation", metavar="SPLIT", choices=tuple(SPLITS))
    seed: int = option("of everything random", 0, least=0)
    likeness: str = option(
        "also ask a policy of this project, such as default, or a CLIP or SigLIP, whether frames "
        "and words agree",
        "",
        metavar="NAME",
    )
    rooms: str = option("kitchen, living_room, bedroom, bathroom or any", "any", metavar="ROOMS")
    smoke: bool = option("a few dialogues, to see that it works", False)


@dataclass(frozen=True, eq=False)
class Case:
    """A dialogue with what it is about."""

    world: World
    turns: tuple[Turn, ...]
    frames: tuple[np.ndarray, ...]


class _Keeping(GroundedWriter):
    """Keeps what it wrote about what."""

    def __init__(self) -> None:
        super().__init__()
        self.cases: list[Case] = []

    def write(
        self,
        world: World,
        domain: str,
        sub_topic: str,
        turns: int,
        rng: np.random.Generator,
        frames: Sequence[np.ndarray] = (),
    ) -> Written:
        written = super().write(world, domain, sub_topic, turns, rng, frames)
        if written.turns:
            self.cases.append(Case(world, written.turns, tuple(frames)))
        return written


@dataclass(frozen=True)
class FilterScore:
    """How well a filter does.

    Attributes:
        true: Dialogues that are true.
        rejected: Of these.
        planted: Dialogues with a lie, by what it is about.
        caught: Of these.
    """

    true: int
    rejected: int
    planted: Counter[str]
    caught: Counter[str]

    @property
    def recall(self) -> float | None:
        """Share of the lies that are caught."""
        whole = self.planted.total()
        return self.caught.total() / whole if whole else None

    @property
    def precision(self) -> float | None:
        """Share of the rejected that lie, were there as many of either kind."""
        if not (self.true and self.planted.total()):
            return None
        false, caught = self.rejected / self.true, self.recall or 0.0
        return caught / (caught + false) if caught + false else None


def score_filter(
    cases: Sequence[Case], rng: np.random.Generator, likeness: Likeness | None = None
) -> FilterScore:
    """Tries a filter: the truth checks, or a likeness if one is given."""
    rejected, planted, caught = 0, Counter[str](), Counter[str]()

    def finds(case: Case, turns: tuple[Turn, ...]) -> bool:
        if likeness is not None:
            return bool(unlike(likeness, case.frames, turns))
        return bool(check(case.world, turns))

    for case in cases:
        rejected += finds(case, bare(case.turns))
        lie = plant(case.world, case.turns, rng)
        if lie is not None:
            planted[lie.sort] += 1
            caught[lie.sort] += finds(case, lie.turns)
    return FilterScore(len(cases), rejected, planted, caught)


def likeness_of(name: str) -> Likeness:
    """Who compares pictures and words.

    Raises:
        ValueError: There is none of that name.
    """
    from policies.loading import is_own, load_policy

    return OwnEncoder(load_policy(name)) if is_own(name) else ClipLikeness.from_pretrained(name)


def print_filter(name: str, score: FilterScore) -> None:
    """Its figures, in lines."""
    said = [f"{sort} {score.caught[sort]}/{count}" for sort, count in sorted(score.planted.items())]
    parts = [f"{score.caught.total()} of {score.planted.total()} lies caught ({', '.join(said)})"]
    parts.append(f"{score.rejected} of {score.true} true dialogues rejected")
    for label, value in (("precision", score.precision), ("recall", score.recall)):
        parts.append(f"{label} {'none' if value is None else f'{value:.3f}'}")
    print(f"{name}: {'; '.join(parts)}")


def print_judge(cases: Sequence[Case], rng: np.random.Generator) -> None:
    """The rule judge's table: planted kinds against dimensions."""
    made = [
        Dialogue(str(k), "", "", "", "", "", "", "", "", "", case.turns, ())
        for k, case in enumerate(cases)
    ]
    print(f"{'planted':14s}" + "".join(f"{name:>16s}" for name in DIMENSIONS))
    for planted, row in detections(made, rng).items():
        cells = [f"{f}/{of} {f / of:6.1%}" if of else "none" for f, of in row.values()]
        print(f"{planted:14s}" + "".join(f"{cell:>16s}" for cell in cells))


def play_cases(config: PlantedConfig) -> list[Case]:
    """Plays, and has dialogues written; nothing is kept on disk."""
    made = MmcrConfig(
        out=Path(), seed=config.seed, rooms=config.rooms, smoke=config.smoke
    ).settled()
    writer = _Keeping()
    collector = MmcrCollector(made, config.split, writer)
    try:
        for number in range(1 if config.smoke else config.parts):
            collector.fill(number)
    finally:
        collector.close()
    return writer.cases


@command("training.mmcr.planted")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.mmcr.planted",
        description="Plant errors in true dialogues, and print who notices.",
        epilog="example: python -m training.mmcr.planted --parts 2 --likeness default",
    )
    add_options(parser, PlantedConfig)
    config = settings_from(PlantedConfig, parser.parse_args(argv))
    try:
        likeness = likeness_of(config.likeness) if config.likeness else None
        cases = play_cases(config)
        print_filter("truth checks", score_filter(cases, np.random.default_rng(config.seed)))
        if likeness is not None:
            score = score_filter(cases, np.random.default_rng(config.seed), likeness)
            print_filter(f"likeness by {config.likeness}", score)
        print_judge(cases, np.random.default_rng(config.seed))
    except (ValueError, OSError) as error:
        print(f"training.mmcr.planted: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
