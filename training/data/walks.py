"""Walks to collect in primitive moves, in the settings and the wording of navigation suites.

Most end as soon as the agent is near enough, as in the suites. Of some nothing is said but to go
near: there the agent goes as near as it can, and says when it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from envs.tasks.base import Task
from envs.tasks.goals import Every, Near
from envs.tasks.navigation_suites import WALKS, sample_walks
from policies.cimr.language.subgoals import parse_of
from training.data.wording.rewording import Rewording

if TYPE_CHECKING:
    from ai2thor.controller import Controller

# Of groups, those in which it has to be said that one is there, in how many steps at most; of the
# others, those in VAGEN's setting.
SAID, MOST_STEPS, IN_VAGENS = 0.15, 40, 0.3
# Of instructions, those that are said as EB-Navigation's are; the others are our family's own.
REWORDED = 0.6


class WalkGroup(NamedTuple):
    """Walks in one arrangement of a room.

    Attributes:
        move: Metres of a move.
        tasks: The walks.
    """

    move: float
    tasks: tuple[Task, ...]


def draw_walks(
    controller: Controller, count: int, split: str, room_kind: str, rng: np.random.Generator
) -> WalkGroup:
    """Draws up to so many walks.

    Args:
        controller: Its scene changes.
        count: How many at most.
        split: Of rooms, and of the words.
        room_kind: Kind of room, or any.
        rng: Draws.
    """
    said = rng.random() < SAID
    walk = WALKS["nav-vagen" if not said and rng.random() < IN_VAGENS else "nav-eb"]
    tasks = sample_walks(controller, int(rng.integers(2**31)), count, walk, split, room_kind)
    reword = Rewording(split="train" if split == "train" else "test")
    found = []
    for task in tasks:
        if said:
            most = (("primitive", MOST_STEPS),)
            task = replace(task, goal=Every((Near(task.target),)), max_steps=most)
        if rng.random() < REWORDED:
            parses = parse_of({"family": task.family, "task": [task.target]})
            task = replace(task, instruction=reword.express(parses, rng).text)
        found.append(task)
    return WalkGroup(walk.move, tuple(found))
