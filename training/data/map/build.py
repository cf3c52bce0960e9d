"""Builds the data set in numbered parts, split by split.

A part is some arrangements of rooms, some tasks in each. Every task is played undisturbed, which
gives its plan, and then several times with a fault, slips and false objections, which gives
triples. A part depends on the seed, its split and its number alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from envs.fault_kinds import KINDS
from envs.faults import Fault
from envs.skill_modes import HONEST
from envs.tasks.base import Task, room_of
from envs.tasks.registry import FAMILY_NAMES
from envs.tasks.sampler import sample_group
from envs.thor_env import FEEDBACK_LEVELS, ThorEnv
from policies.make_policy import policy_digest
from training.data.data_set_config import DataSetConfig
from training.data.labelling import said_of
from training.data.map.card import write_card
from training.data.map.columns import MapError
from training.data.map.folder import SPLITS, begin, part_file, rows_in, write_rows
from training.data.map.learner import load_learner
from training.data.map.play import Disturbances, PlayedStep, play
from training.data.map.records import Move, Plan, Setting, Triple
from training.data.map.rows import plan_row, triple_row
from training.data.map.triples import Found, choose, find_triples, plan_of
from training.data.parquet_tables import parquet
from training.data.parts import collect_splits
from training.data.pictures import FRAME, jpeg_of
from training.data.wording.rewording import Rewording
from training.options import names, option

# Parts in a row without a triple, after which no more is hoped for.
_BARREN = 10


@dataclass(frozen=True)
class MapConfig(DataSetConfig):
    """What is built, and how episodes are disturbed."""

    triples: int = option("triples to build, all splits together", 4000, least=1)
    splits: tuple[str, ...] = option(
        f"of {', '.join(SPLITS)}: which, with commas",
        tuple(SPLITS),
        metavar="SPLIT[,SPLIT]",
        parse=names,
    )
    tasks: tuple[str, ...] = option(
        "task families with commas, or all", ("all",), metavar="FAMILY[,FAMILY]", parse=names
    )
    tasks_a_room: int = option("tasks in each", 4, least=1)
    plays: int = option("disturbed episodes of each task", 3, least=1)
    most: int = option("triples of an episode at most", 6, least=1)
    faulted: float = option("share of disturbed episodes with an injected fault", 0.8, least=0)
    slips: float = option("chance of a slip at a step", 0.25, least=0)
    carried_out: float = option("share of slips that are carried out", 0.6, least=0)
    false_objections: float = option("chance that a right step is objected to", 0.08, least=0)
    policy: str | None = option(
        "a learned policy that acts in some of the disturbed episodes, to put right what it does "
        "wrong by itself: default, or a policy's folder",
        None,
        metavar="NAME",
    )
    policy_share: float = option("share of disturbed episodes in which it acts", 0.5, least=0)

    def settled(self) -> MapConfig:
        """Checked, and small for a smoke test.

        Raises:
            MapError: If a flag's value is none of the allowed ones.
        """
        for name, given, known in (
            ("--splits", self.splits, tuple(SPLITS)),
            ("--tasks", () if self.tasks == ("all",) else self.tasks, FAMILY_NAMES),
        ):
            for one in given:
                if one not in known:
                    raise MapError(f"{name} has {one!r}: use one of {', '.join(known)}.")
        for name in ("faulted", "slips", "carried_out", "false_objections", "policy_share"):
            if getattr(self, name) > 1:
                flag = "--" + name.replace("_", "-")
                raise MapError(f"{flag} is {getattr(self, name):g}: give a share from 0 to 1.")
        self.check_pictures()
        if not self.smoke:
            return self
        return replace(
            self,
            triples=2,
            splits=self.splits[:1],
            tasks=("find",),
            rooms="kitchen",
            rooms_a_part=1,
            tasks_a_room=1,
            plays=1,
            slips=0.6,
        )

    def deciding(self) -> dict[str, Any]:
        """The settings that decide what a part holds."""
        said = {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}
        for name in ("out", "triples", "splits", "workers", "minutes", "smoke"):
            del said[name]
        if self.policy is None:
            del said["policy"], said["policy_share"]
        else:
            said["policy_sha256"] = policy_digest(self.policy)
        return said

    def wanted(self, split: str) -> int:
        """Triples of a split."""
        whole = sum(SPLITS[name][2] for name in self.splits)
        return max(1, round(self.triples * SPLITS[split][2] / whole))


class MapCollector:
    """Writes parts of a split.

    Args:
        config: What and how.
        split: Which.
    """

    def __init__(self, config: MapConfig, split: str) -> None:
        self.config, self.split = config, split
        self.rooms, self.wording, _ = SPLITS[split]
        self.words = Rewording(split=self.wording)
        self.learner = load_learner(config.policy) if config.policy is not None else None
        self.env = ThorEnv(
            split=self.rooms,
            room=config.rooms,
            max_steps=config.max_steps,
            width=FRAME,
            height=FRAME,
            skills=HONEST,
        )
        self._barren = 0

    def make(self, number: int, until: float) -> str:
        """Writes a part; ``until`` is not heeded, so that a part is the same however it came.

        Raises:
            MapError: If part after part holds nothing.
        """
        rng = np.random.default_rng([self.config.seed, list(SPLITS).index(self.split), number])
        plans: list[Plan] = []
        triples: list[Triple] = []
        for _ in range(self.config.rooms_a_part):
            for task in self._tasks(rng):
                name = f"{self.split}-{number:05d}-{len(plans):02d}"
                plan, found = self._task(task, name, rng)
                if plan is not None:
                    plans.append(plan)
                    triples += found
        self._barren = 0 if triples else self._barren + 1
        if self._barren == _BARREN:
            raise MapError(
                f"{_BARREN} parts of {self.split} in a row hold no triple: raise --slips, "
                "--faulted or --false-objections."
            )
        if triples:
            for table, rows in (
                ("plans", [plan_row(plan) for plan in plans]),
                ("triples", [triple_row(triple) for triple in triples]),
            ):
                write_rows(part_file(self.config.out, table, self.split, number), table, rows)
        return f"{len(plans)} plans in this part"

    def close(self) -> None:
        """Ends the simulator."""
        self.env.close()

    def _tasks(self, rng: np.random.Generator) -> list[Task]:
        """Tasks in one arrangement, in words of this split's half of the wording."""
        config = self.config
        families = FAMILY_NAMES if config.tasks == ("all",) else config.tasks
        seed = int(rng.integers(2**31))
        return sample_group(
            self.env.controller, seed, config.tasks_a_room, self.rooms, families, config.rooms
        )

    def _task(
        self, task: Task, name: str, rng: np.random.Generator
    ) -> tuple[Plan | None, list[Triple]]:
        """A task's plan and triples; no plan where the expert does not manage it undisturbed."""
        config = self.config
        parse = {
            "family": task.family,
            "task": said_of(task),
            "parts": [[part.family, *said_of(part)] for part in task.parts],
        }
        said, *others = (self.words.say(parse, rng) for _ in range(4))
        task = replace(task, instruction=said)
        self.env.feedback = "binary"
        steps = play(self.env, task, rng, disturbances=Disturbances(), max_steps=config.max_steps)
        if not steps:
            return None, []
        setting = Setting(
            self.split, self.rooms, self.wording, task.scene, room_of(task.scene), task.family, said
        )
        plan = Plan(
            id=name,
            setting=setting,
            rewordings=tuple(others),
            goal=task.goal.text(),
            target=task.target,
            receptacle=task.receptacle,
            tool=task.tool,
            turn_on=task.turn_on,
            steps=plan_of(steps),
            picture=self._picture(steps[0].frame),
        )
        triples: list[Triple] = []
        seen: set[tuple[str, ...]] = set()
        for _ in range(config.plays):
            steps = self._disturbed(task, plan.steps, rng)
            for found in choose(find_triples(steps), config.most, seen, rng):
                triples.append(self._triple(found, steps, plan, len(triples)))
        return plan, triples

    def _disturbed(
        self, task: Task, plan: Sequence[Move], rng: np.random.Generator
    ) -> tuple[PlayedStep, ...]:
        config = self.config
        acts = self.learner is not None and rng.random() < config.policy_share
        learner = self.learner if acts else None
        fault = None
        if learner is None and rng.random() < config.faulted:
            fault = Fault(str(rng.choice(KINDS)), int(rng.integers(2**31)))
        self.env.feedback = str(rng.choice(FEEDBACK_LEVELS))
        chances = Disturbances(config.slips, config.carried_out, config.false_objections)
        return play(
            self.env,
            task,
            rng,
            disturbances=chances,
            plan=plan,
            fault=fault,
            max_steps=config.max_steps,
            learner=learner,
        )

    def _triple(self, found: Found, steps: Sequence[PlayedStep], plan: Plan, number: int) -> Triple:
        return Triple(
            id=f"{plan.id}-{number:02d}",
            plan=plan.id,
            setting=plan.setting,
            step=found.step,
            stage=found.stage,
            cause=found.cause,
            detail=found.detail,
            history=found.history,
            memory=found.memory,
            proposal=found.proposal,
            feedback=found.feedback,
            discrepancies=found.discrepancies,
            holds=found.holds,
            correction=found.correction,
            answer=found.answer,
            before=self._picture(steps[found.before].frame),
            after=None if found.after is None else self._picture(steps[found.after].frame),
        )

    def _picture(self, frame: np.ndarray) -> bytes:
        """A frame (H, W, 3) as JPEG."""
        return jpeg_of(frame, self.config.size, self.config.quality)


def build(config: MapConfig) -> int:
    """Adds parts until there are the wanted triples of each split; returns how many there are.

    Raises:
        MapError: See ``training.data.map.folder.begin``; or pyarrow is missing.
        ValueError: If the folder can't be written, or a part fails again and again.
    """
    config = config.settled()
    parquet()
    if config.policy is not None:
        load_learner(config.policy)  # before anything is made
    begin(config.out, config.deciding())
    return collect_splits(
        "triples",
        {split: config.wanted(split) for split in config.splits},
        partial(MapCollector, config),
        partial(_triples_in, config.out),
        partial(write_card, config.out),
        minutes=config.minutes,
        workers=config.workers,
    )


def _triples_in(folder: Path, split: str, number: int) -> int:
    """How many a part holds; 0 where it, or the plans beside it, are not whole."""
    if not rows_in(part_file(folder, "plans", split, number)):
        return 0
    return rows_in(part_file(folder, "triples", split, number))
