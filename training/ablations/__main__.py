"""Trains a policy with all parts and one without each: equal updates, data, seed and encoder.

What differs between two of them is the part that one does without, so their rows in the tables say
what that part is worth. The vision encoder, the verifier and the reader are a made policy's: frames
are looked at once, and each variant costs only the language model's training.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from envs.simulator.system.command_line import Parser, command
from envs.simulator.system.targets import prepare_folder
from policies.cimr.ablations import PARTS, variant
from policies.cimr.checkpoint import read_record
from training.ablations.plan import FULL, Sources, play_command, setting_of, stages_of
from training.options import add_options, option, settings_from
from training.recipe import RECIPE, Record, run_stage
from training.warm_start import parts_given

EXAMPLES = """examples:
  python -m training.ablations --policy runs/recipe/policy --episodes runs/recipe/steps \\
      --episodes runs/recipe/dagger1 --episodes runs/recipe/dagger2 --updates 4000
  python -m training.ablations --policy default --episodes runs/steps --parts memory,fusion
  python -m training.ablations --policy default --episodes runs/steps --smoke --out runs/smoke
"""


@dataclass(frozen=True)
class AblationConfig:
    """What the command can be told."""

    episodes: tuple[Path, ...] = option(
        "steps of training.data.collect_demonstrations; may be given several times",
        (),
        required=True,
    )
    policy: str = option(
        "whose vision encoder, verifier and reader all of them have: default, or a policy's folder",
        "default",
        metavar="NAME",
    )
    parts: tuple[str, ...] = option(
        f"what is left out, a policy each: {', '.join(PARTS)}",
        tuple(PARTS),
        parse=parts_given,
        metavar="PART[,PART]",
    )
    updates: int = option("of each policy", 4000, least=1)
    batch: int = option("steps of an update", 64, least=1)
    rate: float = option("highest learning rate", 1.5e-3)
    seed: int = option("of everything random, the same for each", 0, least=0)
    device: str = option(
        "cpu, cuda, or auto: a GPU where there is one", "auto", choices=("auto", "cpu", "cuda")
    )
    goals: Path | None = option("as of training.sft", None)
    check: Path | None = option("steps in held-out rooms to score on", None)
    out: Path = option(
        "folder for all policies; one that was begun is gone on with", Path("runs/ablations")
    )
    smoke: bool = option("two small updates of each, to see that it works", False)


def make(config: AblationConfig) -> str:
    """Trains what is not trained yet; returns the command that plays them all.

    Raises:
        ValueError: If a training fails, or the folder was begun with something else.
        OSError: If it can't be written.
    """
    if config.smoke:
        config = replace(config, updates=2, batch=4)
    prepare_folder(config.out, RECIPE)
    sources = Sources.of(config.policy, config.episodes, config.goals, config.check)
    setting = setting_of(config.seed, config.device, config.smoke)
    stages = stages_of(sources, config.parts, config)
    same = {
        "updates": config.updates,
        "batch": config.batch,
        "rate": config.rate,
        "sources": sources.fingerprint(),
    }
    record = Record(config.out, "ablations", setting, **same)
    left = [stage for stage in stages if not record.of(stage).get("finished")]
    print(
        f"{len(stages)} policies of {config.updates} updates of {config.batch} steps each, "
        f"{len(stages) - len(left)} finished; how long it takes is said after the first",
        flush=True,
    )
    for k, stage in enumerate(left):
        if sources.fingerprint() != same["sources"]:
            raise ValueError(
                "--policy or --episodes changed while policies were trained: they would not be "
                "alike. Train them anew into another --out."
            )
        before = time.monotonic()
        print(f"[{len(stages) - len(left) + k + 1}/{len(stages)}] {stage.name}", flush=True)
        run_stage(stage, setting, record, config.out)
        minutes = (time.monotonic() - before) / 60
        print(f"  {minutes:.1f} min; {minutes * (len(left) - k - 1):.0f} min left", flush=True)
    for name in (FULL, *map(variant, config.parts)):
        print(f"  {name:18} {_scored(config.out / name)}")
    return play_command(config.out, config.parts)


def _scored(folder: Path) -> str:
    """What a policy's record says of its training."""
    found = read_record(folder)["scores"]
    agreed = ", ".join(f"{name} {value:.3f}" for name, value in found.get("scores", {}).items())
    return f"{found['samples']} samples, loss {found['loss']:.3f}" + (
        f"; right on --check: {agreed}" if agreed else ""
    )


def make_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = Parser(
        prog="python -m training.ablations",
        description=(__doc__ or "").splitlines()[0],
        epilog=EXAMPLES,
    )
    add_options(parser, AblationConfig)
    return parser


@command("training.ablations", "give the same command again to go on: whole policies are kept")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    try:
        play = make(settings_from(AblationConfig, make_parser().parse_args(argv)))
    except (ValueError, OSError) as error:
        print(f"training.ablations: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    print(f"-> play them: {play}")
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
