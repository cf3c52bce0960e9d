"""Collects steps labelled by the searching expert: its own, perturbed, faulted, or a learner's.

Several tasks are played in each arrangement of a room. Whoever acts, the expert says at every step
what it would do (DAgger), and the agent's own memory says what the policy would be told. A learner
plays with refinement: after an objection the expert is asked again on the same frame, which is the
second phase's error, feedback and correction. The files: ``training.data.step_part``.

Example:
    python -m training.data.collect_demonstrations --steps 8000 --out runs/episodes
    python -m training.data.collect_demonstrations --steps 4000 --policy default --out runs/dagger
    python -m training.data.collect_demonstrations --steps 4000 --primitive 1 --out runs/walks
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from agent.loop import Episode, EpisodeSettings
from agent.recording.trajectory import EpisodeHeader
from envs.fault_kinds import KINDS, WALK_KINDS
from envs.faults import Fault
from envs.simulator.system.command_line import command
from envs.simulator.system.targets import FolderKind, prepare_folder
from envs.skill_modes import HONEST, SKILL_MODES, rules_by_default
from envs.tasks.base import ROOMS, Task
from envs.tasks.registry import FAMILY_NAMES
from envs.tasks.sampler import sample_group
from envs.thor_env import FEEDBACK_LEVELS, ThorEnv
from policies.base import Policy
from policies.cimr.preprocess import FRAME_SIZE
from policies.cimr.token_codec import Codec
from training.data.alfred_tasks import AlfredTasks
from training.data.labelling import Acting, LabellingPolicy, WatchedEnv
from training.data.parts import GO_ON, Goal, collect_parts
from training.data.step_part import StepPart, lines_of
from training.data.walks import draw_walks
from training.options import add_options, names, option, settings_from, share

# Of the environment saying nothing, whether an action worked, and why not: see FEEDBACK_LEVELS.
_FEEDBACK_SHARES = (0.2, 0.6, 0.2)
STEPS = FolderKind("steps", ("steps_*.jsonl",))
EXAMPLES = """examples:
  python -m training.data.collect_demonstrations --steps 8000 --out runs/episodes
  python -m training.data.collect_demonstrations --steps 4000 --policy default --out runs/dagger
  python -m training.data.collect_demonstrations --steps 4000 --primitive 1 --out runs/walks
"""


@dataclass(frozen=True)
class DemonstrationConfig:
    """What is collected, and how episodes are played."""

    steps: int = option("steps to collect, those already in the folder included", 8000, least=1)
    out: Path = option("folder to write to", Path("runs/episodes"))
    policy: str | None = option(
        "a learner that acts while the expert labels (DAgger): default, or a policy's folder",
        None,
        metavar="NAME",
    )
    split: str = option("train, val or test: rooms of this split", "train", metavar="SPLIT")
    rooms: str = option(f"{', '.join(ROOMS)} or any: rooms of this kind", "any", metavar="ROOMS")
    tasks: tuple[str, ...] = option(
        "task families with commas, or all",
        ("all",),
        metavar="FAMILY[,FAMILY]",
        parse=names,
    )
    alfred: Path | None = option(
        "ALFRED's train trials, your own copy: some arrangements are theirs, with their tasks", None
    )
    alfred_share: float = share("share of arrangements that are ALFRED's, where given", 0.3)
    primitive: float = share(
        "share of arrangements in which walks are made in primitive moves; 1: nothing else", 0.0
    )
    seed: int = option("of everything random", 0)
    minutes: float = option("begin no episode after so many minutes", 1e9, metavar="M", least=0)
    workers: int = option("processes that collect, each a part at a time", 1, least=1)
    first_part: int = option(
        "number of the first part, to let several machines share the work", 0, least=0
    )
    smoke: bool = option("a few steps, to see that it works", False)
    tasks_a_room: int = option("tasks in each arrangement of a room", 10, least=1)
    rooms_a_part: int = option("arrangements in each part", 5, least=1)
    faulted: float = share("share of episodes with an injected fault", 0.25)
    perturbed: float = share("share of episodes in which the expert is disturbed", 0.35)
    disturbance: float = share("chance of a random action at a step of those", 0.25)
    expert_share: float = share(
        "with a learner, chance that a step is taken by the expert nevertheless", 0.15
    )
    max_steps: int = option("steps an episode", 40, least=1)
    skills: str = option("honest or helped: how much the skills know", HONEST, choices=SKILL_MODES)
    rounds: int = option("proposals a step of a learner", 3, least=1)
    size: int = option("pixels of the stored frames' sides", FRAME_SIZE, least=32)
    frame: int = option("pixels of the seen frames' sides", 300, least=32)
    looks_kept: int = option("looks around in a row that are recorded", 7, least=0)

    @property
    def families(self) -> tuple[str, ...]:
        """Of tasks."""
        return FAMILY_NAMES if self.tasks == ("all",) else self.tasks


def task_header(env: ThorEnv, task: Task, policy: str, rounds: int) -> EpisodeHeader:
    """The header of an episode of a given task.

    Args:
        env: Where it is played.
        task: Which one.
        policy: The acting policy's name.
        rounds: Most proposals a step.
    """
    return EpisodeHeader(
        scene=task.scene,
        family=task.family,
        instruction="",
        seed=0,
        policy=policy,
        backend=env.backend,
        action_level=env.action_level,
        feedback=env.feedback,
        rounds=rounds,
        fault=env.fault.kind if env.fault else "",
    )


def play(
    env: ThorEnv,
    task: Task,
    codec: Codec,
    part: StepPart,
    rng: np.random.Generator,
    config: DemonstrationConfig,
    learner: Policy | None,
) -> bool:
    """One episode; adds its decisions to the part. Returns whether it succeeded."""
    env.fault = None
    if rng.random() < config.faulted:
        kinds = WALK_KINDS if env.action_level == "primitive" else KINDS
        env.fault = Fault(str(rng.choice(kinds)), int(rng.integers(2**31)))
    env.feedback = str(rng.choice(FEEDBACK_LEVELS, p=_FEEDBACK_SHARES))
    clumsy = learner is None and rng.random() < config.perturbed
    acting = Acting(
        learner,
        expert_share=config.expert_share,
        disturbance=config.disturbance if clumsy else 0.0,
        looks_kept=config.looks_kept,
    )
    policy = LabellingPolicy(env, acting, codec, part, rng)
    watched = WatchedEnv(env, policy)
    settings = EpisodeSettings(
        rounds=config.rounds if learner is not None else 1,
        max_steps=config.max_steps,
        frames_kept=0,
        rules=rules_by_default(config.skills),
        # The expert knows which one it goes to; where it is completed, it may go to another.
        recalls=learner is not None and config.skills == HONEST,
    )
    header = task_header(env, task, policy.name, settings.rounds)
    Episode(watched, policy, settings).run(
        header, seed=int(rng.integers(2**31)), options={"task": task}
    )
    return watched.won


@dataclass(frozen=True)
class Level:
    """An action level that is collected at.

    Attributes:
        env: Where it is played.
        learner: Acts while the expert labels; None: the expert acts.
    """

    env: ThorEnv
    learner: Policy | None


class DemonstrationCollector:
    """Writes parts of episodes.

    Args:
        config: What and how; its policy, if any, is loaded.
        learners: By action level, who act while the expert labels, instead.
    """

    def __init__(
        self, config: DemonstrationConfig, learners: Mapping[str, Policy] | None = None
    ) -> None:
        from policies.cimr.language.tokenizer import build_tokenizer

        self.config, self.codec = config, Codec(build_tokenizer())
        self.levels: dict[str, Level] = {}
        for level in levels_of(config):
            own = _learner(config, level) if config.policy and learners is None else None
            self.levels[level] = Level(_env(config, level), (learners or {}).get(level, own))
        self.trials = (
            AlfredTasks.read(config.alfred, config.split, config.rooms) if config.alfred else None
        )

    def make(self, number: int, until: float) -> str:
        """Writes a part; after ``until`` no episode is begun in it."""
        part, won = self._collect(number, until)
        part.save(self.config.out, number)
        return f"{sum(won)} of {len(won)} episodes won"

    def _collect(self, number: int, until: float) -> tuple[StepPart, list[bool]]:
        """A part by its number, and which episodes were won; short where time is over."""
        config, won = self.config, list[bool]()
        part = StepPart(config.size)
        rng = np.random.default_rng([config.seed, number, 15485863])
        for _ in range(config.rooms_a_part):
            level, tasks = self._group(rng)
            for task in tasks:
                if won and time.time() > until:
                    return part, won
                won.append(play(level.env, task, self.codec, part, rng, config, level.learner))
        return part, won

    def _group(self, rng: np.random.Generator) -> tuple[Level, Sequence[Task]]:
        """Tasks in one arrangement of a room, and at which level they are played."""
        config = self.config
        if config.primitive and rng.random() < config.primitive:
            level = self.levels["primitive"]
            controller, count = level.env.controller, config.tasks_a_room
            level.env.move, tasks = draw_walks(controller, count, config.split, config.rooms, rng)
            return level, tasks
        level = self.levels["skill"]
        if self.trials is not None and rng.random() < config.alfred_share:
            return level, self.trials.draw(config.tasks_a_room, rng)
        return level, sample_group(
            level.env.controller,
            int(rng.integers(2**31)),
            config.tasks_a_room,
            config.split,
            config.families,
            config.rooms,
        )

    def close(self) -> None:
        """Ends the simulators."""
        for level in self.levels.values():
            level.env.close()


def levels_of(config: DemonstrationConfig) -> tuple[str, ...]:
    """The action levels that are collected at.

    >>> levels_of(DemonstrationConfig(primitive=0.2))
    ('skill', 'primitive')
    """
    wanted = {"skill": config.primitive < 1, "primitive": config.primitive > 0}
    return tuple(level for level, is_wanted in wanted.items() if is_wanted)


def _env(config: DemonstrationConfig, level: str) -> ThorEnv:
    return ThorEnv(
        action_level=level,
        split=config.split,
        room=config.rooms,
        # A walk's task says how many.
        max_steps=config.max_steps if level == "skill" else None,
        width=config.frame,
        height=config.frame,
        skills=config.skills,
    )


def _learner(config: DemonstrationConfig, level: str) -> Policy:
    from policies.make_policy import PolicyOptions, make_policy

    # One process a core is faster than many threads on frames one by one. What it answers to an
    # objection is to be its own word, as it will be when it acts.
    options = PolicyOptions(
        config.policy or "default",
        threads=1,
        rules=rules_by_default(config.skills),
        action_level=level,
    )
    return make_policy(options)


def steps_in(folder: Path, number: int) -> int:
    """How many steps a part holds."""
    lines = lines_of(folder, number)
    return len(lines.read_text().splitlines()) if lines.exists() else 0


def collect(config: DemonstrationConfig, learners: Mapping[str, Policy] | None = None) -> int:
    """Adds parts until there are the wanted steps from the first part on; returns how many.

    Args:
        config: What and how.
        learners: By action level, who act while the expert labels, instead of the config's policy.
    """
    if config.alfred is not None and not config.alfred.exists():
        raise ValueError(f"--alfred {config.alfred} is missing: give ALFRED's train.jsonl.gz.")
    prepare_folder(config.out, STEPS)
    goal = Goal("steps", config.steps, config.first_part, config.minutes, config.workers)
    return collect_parts(
        partial(DemonstrationCollector, config, learners), partial(steps_in, config.out), goal
    )


@command("training.data.collect_demonstrations", GO_ON)
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.data.collect_demonstrations",
        description="Collect steps labelled by the searching expert.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(parser, DemonstrationConfig)
    config = settings_from(DemonstrationConfig, parser.parse_args(argv))
    if config.smoke:
        config = replace(config, steps=10, tasks_a_room=3, rooms_a_part=1)
    try:
        count = collect(config)
    except (ValueError, OSError) as error:
        print(f"training.data.collect_demonstrations: {error}", file=sys.stderr)
        return 2
    print(f"{count} steps: {config.out}")
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
