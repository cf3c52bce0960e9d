"""Seeded tasks that can be done: targets lie in the open, and can be reached and seen.

Sampling looks at the room through the controller, which it leaves at the task's start.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from envs.tasks.base import Task, scenes_of
from envs.tasks.family import Family
from envs.tasks.proposals import Arrangement, propose
from envs.tasks.registry import default_families, family_named, offered_in

if TYPE_CHECKING:
    from ai2thor.controller import Controller

# Arrangements tried where only one family is asked for.
ATTEMPTS = 40
# Arrangements tried for one family before another is taken.
ATTEMPTS_OF_ONE = 8
_APPEARANCES, _SPAWNS, _SEEDS = 100_000, 1_000_000, 2**31


class NoTaskError(RuntimeError):
    """No task that can be done was found."""


def sample_task(
    controller: Controller,
    seed: int,
    split: str = "train",
    *,
    family: str | Family | None = None,
    families: Sequence[str | Family] | None = None,
    scene: str | None = None,
    template_split: str | None = None,
    varied: bool | None = None,
    room: str = "kitchen",
) -> Task:
    """Draws a task that can be done, by seed.

    The family is drawn before the room: those that few rooms have the objects for are as frequent
    as the others.

    Args:
        controller: Any backend's; its scene changes.
        seed: Same arguments, same task.
        split: train, val, test or all: which rooms.
        family: One family, instead of any of ``families``.
        families: Families to choose from; by default the kind of room's.
        scene: A given room instead of one of the split.
        template_split: train or test; by default train for the train split, else test.
        varied: Randomise appearances; by default for the train split only.
        room: Kind of room: kitchen, living_room, bedroom, bathroom or any.

    Raises:
        ValueError: If a family, split or room is unknown, or the rooms lack a family's objects.
        NoTaskError: If the room has no such task.
    """
    asked = (family,) if family else default_families(room) if families is None else families
    chosen = tuple(map(family_named, asked))
    named = " or ".join(one.name for one in chosen)
    scenes = tuple(
        name for name in ((scene,) if scene else scenes_of(split, room)) if offered_in(chosen, name)
    )
    if not scenes:
        raise ValueError(
            f"There are no {named} tasks in {scene or room}: take another family "
            "or another kind of room."
        )
    templates = template_split or ("train" if split == "train" else "test")
    vary = varied if varied is not None else split == "train"
    rng = np.random.default_rng([seed, 7919])
    attempts = ATTEMPTS if len(chosen) == 1 else ATTEMPTS_OF_ONE
    for k in rng.permutation(len(chosen)):
        where = [name for name in scenes if offered_in((chosen[k],), name)]
        for _ in range(attempts if where else 0):
            arrangement = Arrangement(
                scene=str(rng.choice(where)),
                appearance=int(rng.integers(1, _APPEARANCES)) if vary else 0,
                spawn=int(rng.integers(0, _SPAWNS)),
                template_split=templates,
            )
            task = _propose_seeded(controller, chosen[k], arrangement, rng)
            if task is not None:
                return task
    raise NoTaskError(f"No {named} task can be done in {', '.join(scenes[:3])}.")


def sample_group(
    controller: Controller,
    seed: int,
    count: int,
    split: str = "train",
    families: Sequence[str | Family] | None = None,
    room_kind: str = "kitchen",
) -> list[Task]:
    """Draws up to ``count`` different tasks in one arrangement of a room: cheap to run in a row."""
    rng = np.random.default_rng([seed, 104_729])
    scene = str(rng.choice(scenes_of(split, room_kind)))
    asked = default_families(room_kind) if families is None else families
    offered = offered_in(tuple(map(family_named, asked)), scene)
    arrangement = Arrangement(
        scene=scene,
        appearance=int(rng.integers(1, _APPEARANCES)) if split == "train" else 0,
        spawn=int(rng.integers(_SPAWNS)),
        template_split="train" if split == "train" else "test",
    )
    tasks: list[Task] = []
    for _ in range(3 * count):
        if len(tasks) < count:
            family = offered[int(rng.integers(len(offered)))]
            task = _propose_seeded(controller, family, arrangement, rng)
            if task is not None and task not in tasks:
                tasks.append(task)
    return tasks


def _propose_seeded(
    controller: Controller, family: Family, arrangement: Arrangement, rng: np.random.Generator
) -> Task | None:
    """Proposes with a generator of its own: however much that draws, ``rng`` goes on alike."""
    own = np.random.default_rng(int(rng.integers(0, _SEEDS)))
    return propose(controller, family, arrangement, own)
