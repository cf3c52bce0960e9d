"""What a policy is made of: the stages of each recipe, as a list of commands.

    Stage("vision", ("training.pretrain_vision", "--views", "views", ...), 0.26, "vision")

A stage is a module with its arguments, in the recipe's folder; its share of the hours becomes
``--minutes``. To add one, add a line to the list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

ENDLESS = "100000000"  # samples: the clock ends it
EPISODE_SECONDS, EVALUATION_SHARE = 6.0, 0.06
_FRAMES, _STEPS = "training.data.collect_frames", "training.data.collect_demonstrations"
_VISION, _SFT, _EVALUATE = "training.pretrain_vision", "training.sft", "training.evaluate"
_READER, _VERIFIER = "training.reader", "training.verifier"
# What each command is told instead of its minutes, to see that everything works.
SMOKE = {
    _FRAMES: ("--smoke",),
    _STEPS: ("--smoke", "--max-steps", "6"),
    _VISION: ("--updates", "2", "--batch", "2"),
    _READER: ("--smoke",),
    _SFT: ("--updates", "2", "--batch", "4"),
    _VERIFIER: ("--smoke",),
    _EVALUATE: ("--episodes", "1"),
}
TRAINERS = (_VISION, _SFT, _VERIFIER)  # they write for TensorBoard
_PARALLEL = (_FRAMES, _STEPS, _EVALUATE)


@dataclass(frozen=True)
class Setting:
    """What a recipe is made with.

    Attributes:
        hours: In all.
        device: As of the trainers.
        workers: Processes that collect and play.
        seed: Of everything random.
        smoke: A few samples of each stage.
        goals: Path of people's goals, or None.
    """

    hours: float
    device: str
    workers: int
    seed: int
    smoke: bool
    goals: str | None = None


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
        elif self.module == _READER:
            found += ["--device", "cpu" if setting.device == "cpu" else "auto"]
        elif self.module in _PARALLEL and setting.workers > 1 and not setting.smoke:
            found += ["--workers", str(setting.workers)]
        return found


class _Parts:
    """The stages of a setting, one method a kind."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.goals = () if setting.goals is None else ("--goals", setting.goals)
        self.trials = () if setting.goals is None else ("--alfred", setting.goals)

    def seed(self, k: int) -> tuple[str, ...]:
        """A seed of its own for each stage."""
        return ("--seed", str(self.setting.seed * 100 + k))

    def frames(self, name: str, out: str, share: float, *more: str) -> Stage:
        """Labelled views of rooms."""
        return Stage(name, (_FRAMES, "--out", out, *more), share, out)

    def vision(self, share: float) -> Stage:
        """The vision encoder; its report takes a minute, which a smoke does without."""
        check = () if self.setting.smoke else ("--check", "views-val")
        command = (_VISION, "--views", "views", *check, "--out", "vision", *self.seed(3))
        return Stage("vision", command, share, "vision/vision.json", in_all=True)

    def reader(self, share: float) -> Stage:
        """The reader of instructions."""
        return Stage(
            "reader", (_READER, "--out", "reader", *self.goals, *self.seed(4)), share, "reader"
        )

    def steps(self, name: str, out: str, share: float, *more: str) -> Stage:
        """The expert's steps, or a learner's with the expert's words."""
        return Stage(name, (_STEPS, "--out", out, *more), share, out)

    def sft(self, k: int, share: float, *folders: str) -> Stage:
        """The ``k``-th training of the language model, from the one before."""
        begin = ("--vision", "vision") if k == 1 else ("--start", f"policy{k - 1}")
        rate = ("--rate", "1.5e-3" if k == 1 else "1.2e-3")
        episodes = tuple(word for folder in folders for word in ("--episodes", folder))
        out = f"policy{k}"
        more = ("--reader", "reader", *self.goals, "--check", "steps-val", "--out", out)
        command = (_SFT, *begin, *rate, *episodes, *more, *self.seed(20 + k))
        return Stage(f"sft {k}", command, share, f"{out}/policy.json", resumed=("--start", out))

    def verifier(self, policy: str, out: str, share: float, *folders: str) -> Stage:
        """A policy with its verifier."""
        episodes = tuple(word for folder in folders for word in ("--episodes", folder))
        command = (_VERIFIER, "--policy", policy, *episodes, "--check", "steps-val", "--out", out)
        made = f"{out}/policy.json"
        return Stage("verifier", (*command, *self.seed(40)), share, made, in_all=True)

    def evaluation(self, policy: str) -> Stage:
        """Its score in rooms that it never saw, with skills told honestly."""
        setting = self.setting
        seconds = setting.hours * 3600 * EVALUATION_SHARE * setting.workers
        episodes = max(5, min(200, int(seconds / EPISODE_SECONDS)))
        command = (_EVALUATE, "--suite", "map-val", "--policy", policy, "--out", "evaluation")
        more = ("--skills", "honest", "--no-faults", "--keep", "none", "--episodes", str(episodes))
        made = "evaluation/results.json"
        return Stage("evaluation", (*command, *more), EVALUATION_SHARE, made, optional=True)


def default(setting: Setting) -> list[Stage]:
    """The default policy: eye, expert's steps, two rounds of its own mistakes, verifier, score."""
    part = _Parts(setting)
    held, endless = ("--split", "val", *part.seed(5)), ("--steps", ENDLESS)
    # So many arrangements are walked in primitive moves.
    walks = ("--primitive", "0.2")
    learner = (*endless, *part.trials, *walks, "--policy")
    return [
        part.frames("frames val", "views-val", 0, "--frames", "1000", *held),
        part.steps("steps val", "steps-val", 0, "--steps", "600", *walks, *held),
        part.frames("frames", "views", 0.13, "--frames", ENDLESS, *part.seed(1)),
        part.vision(0.26),
        part.reader(0.04),
        part.steps("steps", "steps", 0.10, *endless, *part.trials, *part.seed(2)),
        part.steps("walks", "walks", 0.02, *endless, "--primitive", "1", *part.seed(6)),
        part.sft(1, 0.12, "steps", "walks"),
        part.steps("dagger 1", "dagger1", 0.07, *learner, "policy1", *part.seed(31)),
        part.sft(2, 0.06, "steps", "walks", "dagger1"),
        part.steps("dagger 2", "dagger2", 0.05, *learner, "policy2", *part.seed(32)),
        part.sft(3, 0.07, "steps", "walks", "dagger1", "dagger2"),
        part.verifier("policy3", "policy", 0.02, "steps", "dagger1", "dagger2"),
        part.evaluation("policy"),
    ]


RECIPES: dict[str, Callable[[Setting], list[Stage]]] = {"default": default}
RESULT = {"default": "policy"}
