"""``python -m training.recipe default``: everything from nothing to a policy, in one command.

Frames, vision encoder, expert's steps, language model, rounds of its own mistakes, score and card:
the stages of ``training.stages``, one after the other, each a command that could be given by hand.
What is finished stands in ``recipe.json``; the same command goes on where a killed run stopped. No
older checkpoint is used.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from envs.simulator.system.command_line import command
from envs.simulator.system.foreign_json import read_json
from envs.simulator.system.stopping import stop_with_parent
from envs.simulator.system.targets import FolderKind, prepare_folder
from envs.simulator.system.typed_records import mapping, shown, value_of
from envs.simulator.system.whole import write_text
from training.options import add_options, option, settings_from
from training.recipe_card import write_card
from training.stages import RECIPES, RESULT, TRAINERS, Setting, Stage

EXAMPLES = """examples:
  python -m training.recipe default --hours 3 --workers 2
  python -m training.recipe default --hours 0.5 --device cuda --workers 15 --out runs/gpu
  python -m training.recipe default --smoke --out runs/smoke
"""
STATE, HEARTBEAT = "recipe.json", 2.0
RECIPE = FolderKind("recipe's", (STATE,))
# Of a collector's process, with the features that are kept beside: what a disk must have room for.
_FRAME_BYTES, _STEP_BYTES, _FRAMES_A_SECOND, _STEPS_A_SECOND = 253_000, 295_000, 40, 20


@dataclass(frozen=True)
class RecipeConfig:
    """What the command can be told."""

    hours: float = option("in all, as far as it can be told", 3.0, metavar="H", least=0.01)
    device: str = option(
        "of the trainers: cpu, cuda, or auto: a GPU where there is one",
        "auto",
        choices=("auto", "cpu", "cuda"),
    )
    out: Path = option(
        "folder for everything; one that was begun is gone on with", Path("runs/recipe")
    )
    workers: int | None = option(
        "processes that collect and play; default: all processors", None, least=1
    )
    seed: int = option("of everything random", 0, least=0)
    goals: Path | None = option(
        "ALFRED's train goals, your own copy, so that it reads people's words", None
    )
    smoke: bool = option("a few samples of each stage, to see that it works", False)


class Record:
    """``recipe.json``: with what it was begun, and what each stage took.

    Args:
        folder: The recipe's.
        name: The recipe.
        setting: What it is made with.
        **more: What else a folder must have been begun with.

    Raises:
        ValueError: If the folder was begun with something else.
    """

    def __init__(self, folder: Path, name: str, setting: Setting, **more: Any) -> None:
        self.path = folder / STATE
        fixed = {"recipe": name, "seed": setting.seed, "smoke": setting.smoke, **more}
        self.state: dict[str, Any] = {**fixed, "setting": asdict(setting), "stages": {}}
        if self.path.exists():
            try:
                found = mapping(read_json(self.path), "it")
                stages = value_of(found.get("stages"), dict[str, dict[str, Any]], "stages")
            except ValueError as error:
                raise ValueError(
                    f"{self.path} is damaged: {error}: name another --out, or delete the folder."
                ) from error
            for key, value in fixed.items():
                if found.get(key) != value:
                    raise ValueError(
                        f"{folder} was begun with {key} {shown(found.get(key))}, not {value}: "
                        "name another --out."
                    )
            self.state |= {"stages": stages}

    def of(self, stage: Stage) -> dict[str, Any]:
        """What is known of a stage: seconds, finished, command."""
        entry: dict[str, Any] = self.state["stages"].get(stage.name, {})
        return entry

    def note(self, stage: Stage, **facts: Any) -> None:
        """Writes more of a stage down."""
        self.state["stages"][stage.name] = {**self.of(stage), **facts}
        write_text(self.path, json.dumps(self.state, indent=1) + "\n")


def make(name: str, config: RecipeConfig) -> Path:
    """Runs what is not finished; returns the policy's folder.

    Args:
        name: Of the recipe.
        config: How.

    Raises:
        ValueError: If a stage fails, or the folder was begun with something else.
        OSError: If it can't be written.
    """
    setting = Setting(
        config.hours,
        config.device,
        config.workers or os.cpu_count() or 1,
        config.seed,
        config.smoke,
        None if config.goals is None else str(config.goals.resolve()),
    )
    stages = RECIPES[name](setting)
    prepare_folder(config.out, RECIPE)
    record = Record(config.out, name, setting)
    _announce(name, setting, stages, record, config.out)
    run_stages(stages, setting, record, config.out)
    policy = config.out / RESULT[name]
    write_card(policy, config.out, record.state)
    return policy


def run_stages(stages: Sequence[Stage], setting: Setting, record: Record, out: Path) -> None:
    """Runs what is not finished, one after the other.

    Args:
        stages: In their order.
        setting: What they are made with.
        record: Keeps what is finished.
        out: The recipe's folder.

    Raises:
        ValueError: If a stage fails that is not optional.
    """
    for k, stage in enumerate(stages):
        if record.of(stage).get("finished"):
            continue
        left = sum(_minutes(other, setting, record) for other in stages[k:])
        print(f"[{k + 1}/{len(stages)}] {stage.name}; {_said(left)} left", flush=True)
        run_stage(stage, setting, record, out)


def _minutes(stage: Stage, setting: Setting, record: Record) -> float:
    """Minutes that a stage still has."""
    entry = record.of(stage)
    if entry.get("finished") or setting.smoke:
        return 0.0
    return max(0.05, stage.share * setting.hours * 60 - entry.get("seconds", 0.0) / 60)


def _announce(name: str, setting: Setting, stages: list[Stage], record: Record, out: Path) -> None:
    """Says what it will take.

    Raises:
        ValueError: If there is no room for it.
    """
    done = sum(bool(record.of(stage).get("finished")) for stage in stages)
    minutes = {stage.name: _minutes(stage, setting, record) for stage in stages}
    collecting = sum(m for n, m in minutes.items() if n.startswith(("steps", "dagger")))
    size = (
        60
        * setting.workers
        * (
            minutes["frames"] * _FRAMES_A_SECOND * _FRAME_BYTES
            + collecting * _STEPS_A_SECOND * _STEP_BYTES
        )
    )
    free = shutil.disk_usage(out).free
    print(
        f"{name}: {len(stages)} stages, {done} finished; {_said(sum(minutes.values()))}, "
        f"{setting.workers} processes, device {setting.device}; up to {size / 1e9:.1f} GB in {out} "
        f"({free / 1e9:.1f} GB are free)"
    )
    for stage in stages:
        print(f"  {stage.name:12} {_said(minutes[stage.name]):>10}  {stage.module}")
    if size > free:
        raise ValueError(
            f"{out} has too little room: up to {size / 1e9:.1f} GB are needed. "
            "Make room, name another --out, or give fewer --hours or --workers."
        )


def run_stage(stage: Stage, setting: Setting, record: Record, out: Path) -> None:
    """Runs a stage to its end.

    Args:
        stage: Which.
        setting: What it is made with.
        record: Is told how far it came.
        out: Where it runs.

    Raises:
        ValueError: If it fails.
    """
    whole = stage.share * setting.hours * 60
    minutes = whole if stage.in_all else _minutes(stage, setting, record)
    words = stage.arguments(setting, minutes)
    if record.of(stage) and (out / stage.made).exists():
        words += stage.resumed
    if stage.module in TRAINERS and importlib.util.find_spec("tensorboard") is not None:
        words += ["--tensorboard", f"tensorboard/{stage.name.replace(' ', '-')}"]
    told = f"python -m {shlex.join(words)}"
    print(f"  {told}", flush=True)
    before = record.of(stage).get("seconds", 0.0)
    record.note(stage, command=told, seconds=before)
    code, spent = _watch([sys.executable, "-m", *words], out, stage, record)
    good = code == 0 and (out / stage.made).exists()
    record.note(stage, seconds=before + spent, finished=good or stage.optional, failed=not good)
    if not good and not stage.optional:
        raise ValueError(
            f"stage {stage.name} ended with {code}; what was made is kept in {out}: "
            "mend what it says above, and give the same command again."
        )


def _watch(command: list[str], out: Path, stage: Stage, record: Record) -> tuple[int, float]:
    """Exit code and seconds of a command; writes down now and then how long it has run."""
    before, begun = record.of(stage)["seconds"], time.monotonic()
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path),
    }
    # Apart from the terminal: Ctrl-C is told to it once, by what is below.
    # A recipe that is killed outright must not leave a stage behind that the next one meets.
    process = subprocess.Popen(
        command,
        cwd=out,
        env=environment,
        start_new_session=True,
        preexec_fn=stop_with_parent,
    )
    try:
        while True:
            try:
                code = process.wait(HEARTBEAT)
                break
            except subprocess.TimeoutExpired:
                record.note(stage, seconds=round(before + time.monotonic() - begun, 1))
    except BaseException:
        process.terminate()
        process.wait()
        raise
    return code, round(time.monotonic() - begun, 1)


def _said(minutes: float) -> str:
    """A time in words.

    >>> _said(135.2), _said(0.2)
    ('2 h 15 min', '12 s')
    """
    if minutes < 2:
        return f"{minutes * 60:.0f} s"
    hours, rest = divmod(round(minutes), 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min"


@command("training.recipe", "give the same command again to go on")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.recipe",
        description="Make a policy from nothing: data, vision encoder, language model, score.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("recipe", choices=sorted(RECIPES), help="which policy")
    add_options(parser, RecipeConfig)
    options = parser.parse_args(argv)
    try:
        policy = make(options.recipe, settings_from(RecipeConfig, options))
    except (ValueError, OSError) as error:
        print(f"training.recipe: {error}", file=sys.stderr)
        return 2
    print(f"-> {policy}")
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
