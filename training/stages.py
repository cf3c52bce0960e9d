"""What a policy is made of: the stages of each recipe, as a list of commands.

    Stage("vision", ("training.pretrain_vision", "--views", "views", ...), share=0.28, made="vision")

A stage is a module with its arguments, in the recipe's folder; its share of the hours becomes
``--minutes``. To add one, add a line to the list; a stage whose module is not there is left out.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass

ENDLESS = "100000000"  # samples: the clock ends it
EPISODE_SECONDS = 6.0  # that an evaluated episode takes one processor
_FRAMES, _STEPS = "training.data.collect_frames", "training.data.collect_demonstrations"
_VISION, _SFT, _EVALUATE = "training.pretrain_vision", "training.sft", "training.evaluate"
# What each command is told instead of its minutes, to see that everything works.
SMOKE = {
    _FRAMES: ("--smoke",),
    _STEPS: ("--smoke",),
    _VISION: ("--updates", "2", "--batch", "2"),
    _SFT: ("--updates", "2", "--batch", "4"),
    _EVALUATE: ("--episodes", "1"),
}
TRAINERS = (_VISION, _SFT)  # they know a device, and write for TensorBoard


@dataclass(frozen=True)
class Setting:
    """What a recipe is made with.

    Attributes:
        hours: In all.
        device: As of the trainers.
        workers: Processes that collect and play.
        seed: Of everything random.
        smoke: A few samples of each stage.
    """

    hours: float
    device: str
    workers: int
    seed: int
    smoke: bool


@dataclass(frozen=True)
class Stage:
    """A command, and what it leaves.

    Attributes:
        name: In the record.
        command: Module and arguments; paths are in the recipe's folder.
        share: Of the hours; 0 for what takes as long as it takes.
        made: File or folder that is there afterwards.
        resumed: Arguments added where it was begun before: the last of two equal flags counts.
        in_all: Its minutes are those of all runs into one folder, earlier ones included.
        optional: The recipe goes on where it fails.
    """

    name: str
    command: tuple[str, ...]
    share: float
    made: str
    resumed: tuple[str, ...] = ()
    in_all: bool = False
    optional: bool = False

    @property
    def module(self) -> str:
        """What is run."""
        return self.command[0]

    def arguments(self, setting: Setting, minutes: float) -> list[str]:
        """The command with its budget, device and processes."""
        found = [*self.command]
        if setting.smoke:
            found += SMOKE.get(self.module, ())
        elif self.share and self.module != _EVALUATE:
            found += ["--minutes", f"{minutes:.2f}"]
        if self.module in TRAINERS:
            found += ["--device", setting.device]
        elif setting.workers > 1 and not setting.smoke:
            found += ["--workers", str(setting.workers)]
        return found


def _seed(setting: Setting, k: int) -> tuple[str, ...]:
    return ("--seed", str(setting.seed * 100 + k))


def _sft(setting: Setting, k: int, share: float, folders: tuple[str, ...]) -> Stage:
    """The ``k``-th training of the language model, from the one before."""
    begin = ("--vision", "vision") if k == 1 else ("--start", f"policy{k - 1}")
    rate = ("--rate", "1.5e-3" if k == 1 else "1.2e-3")
    episodes = tuple(word for folder in folders for word in ("--episodes", folder))
    out = f"policy{k}"
    check = ("--check", "steps-val", "--out", out)
    command = (_SFT, *begin, *rate, *episodes, *check, *_seed(setting, 20 + k))
    return Stage(f"sft {k}", command, share, f"{out}/policy.json", resumed=("--start", out))


def _dagger(setting: Setting, k: int, share: float) -> Stage:
    """Steps of the ``k``-th policy's own mistakes, with the expert's words."""
    out = f"dagger{k}"
    command = (_STEPS, "--steps", ENDLESS, "--policy", f"policy{k}", "--out", out)
    return Stage(f"dagger {k}", (*command, *_seed(setting, 30 + k)), share, out)


def default(setting: Setting) -> list[Stage]:
    """The default policy: eye, expert's steps, two rounds of its own mistakes, score."""
    held = ("--split", "val", *_seed(setting, 5))
    episodes = max(
        5, min(200, int(setting.hours * 3600 * 0.05 * setting.workers / EPISODE_SECONDS))
    )
    stages = [
        Stage(
            "frames val", (_FRAMES, "--frames", "500", "--out", "views-val", *held), 0, "views-val"
        ),
        Stage("steps val", (_STEPS, "--steps", "600", "--out", "steps-val", *held), 0, "steps-val"),
        Stage(
            "frames",
            (_FRAMES, "--frames", ENDLESS, "--out", "views", *_seed(setting, 1)),
            0.14,
            "views",
        ),
        Stage(
            "vision",
            (_VISION, "--views", "views", "--check", "views-val", "--out", "vision")
            + _seed(setting, 2),
            0.28,
            "vision/vision.json",
            in_all=True,
        ),
        Stage(
            "steps",
            (_STEPS, "--steps", ENDLESS, "--out", "steps", *_seed(setting, 3)),
            0.12,
            "steps",
        ),
        _sft(setting, 1, 0.13, ("steps",)),
        _dagger(setting, 1, 0.08),
        _sft(setting, 2, 0.07, ("steps", "dagger1")),
        _dagger(setting, 2, 0.06),
        _sft(setting, 3, 0.07, ("steps", "dagger1", "dagger2")),
        Stage(
            "evaluation",
            (_EVALUATE, "--suite", "map-val", "--policy", "policy3", "--out", "evaluation")
            + ("--no-faults", "--keep", "none", "--episodes", str(episodes)),
            0.05,
            "evaluation/results.json",
            optional=True,
        ),
    ]
    return [stage for stage in stages if importlib.util.find_spec(stage.module) is not None]


RECIPES: dict[str, Callable[[Setting], list[Stage]]] = {"default": default}
RESULT = {"default": "policy3"}
