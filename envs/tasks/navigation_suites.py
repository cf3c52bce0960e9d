"""Walks to within some metres of a named object, in the settings of two published benchmarks.

Two settings go by one name in the literature, so each has its own here: ``nav-eb`` is
EB-Navigation's (0.25 m moves, 20 actions, 1 m), ``nav-vagen`` VAGEN's (0.5 m moves, 30 actions,
1.5 m). A walk is won as soon as the agent's middle is near enough; nothing need be said. The tasks
are this project's own; the publishers' are read by ``eb_navigation``.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from envs.motion.walking import CELL, Cell, cell_of
from envs.tasks.base import Task, scenes_of
from envs.tasks.families import navigate
from envs.tasks.goals import Every
from envs.tasks.instructions import instruct
from envs.tasks.preparation import prepare
from envs.tasks.published.eb_navigation import Within

if TYPE_CHECKING:
    from ai2thor.controller import Controller

ATTEMPTS = 20


@dataclass(frozen=True)
class Walk:
    """A setting.

    Attributes:
        distance: Metres that are near enough.
        move: Metres of a move.
        max_steps: Actions.
        shortest: Least moves of a task's shortest way.
    """

    distance: float
    move: float
    max_steps: int
    shortest: int = 4


WALKS = {"nav-eb": Walk(1.0, 0.25, 20), "nav-vagen": Walk(1.5, 0.5, 30, shortest=3)}


def sample_walk(controller: Controller, seed: int, split: str, walk: Walk) -> Task | None:
    """A walk in a room of any kind, or None if none was found.

    Args:
        controller: Its scene changes.
        seed: Same seed, same walk.
        split: Of rooms; train rooms get the training templates.
        walk: The setting.
    """
    rng = np.random.default_rng([seed, 60_493])
    rooms = scenes_of(split, "any")
    for _ in range(ATTEMPTS):
        room = str(rng.choice(rooms))
        prepare(controller, room, 0, None)
        objects = controller.last_event.metadata["objects"]
        counts: dict[str, int] = {}
        for item in objects:
            counts[item["objectType"]] = counts.get(item["objectType"], 0) + 1
        known = [
            o
            for o in objects
            if o["objectType"] in navigate.LANDMARKS and counts[o["objectType"]] == 1
        ]
        if not known:
            continue
        target = known[int(rng.integers(len(known)))]
        place = (float(target["position"]["x"]), float(target["position"]["z"]))
        found = controller.step("GetReachablePositions", renderImage=False)
        free = {cell_of(p["x"], p["z"]): p for p in found.metadata["actionReturn"] or []}
        far = [
            cell
            for cell, moves in steps_to(free, place, walk).items()
            if walk.shortest <= moves <= 0.6 * walk.max_steps
        ]
        if not far:
            continue
        start = free[sorted(far)[int(rng.integers(len(far)))]]
        object_type = str(target["objectType"])
        words = "train" if split == "train" else "test"
        return Task(
            family="navigate",
            scene=room,
            instruction=instruct(navigate.FAMILY.wording(), words, rng, object_type),
            goal=Every((Within(object_type, place, walk.distance),)),
            target=object_type,
            start=(float(start["x"]), float(start["z"]), float(rng.integers(4) * 90), 30.0),
            template_split=words,
        )
    return None


def steps_to(free: dict[Cell, dict], place: tuple[float, float], walk: Walk) -> dict[Cell, int]:
    """Fewest moves from every cell to near enough; cells without a way are left out."""
    stride = round(walk.move / CELL)
    near = [c for c, p in free.items() if math.dist((p["x"], p["z"]), place) <= walk.distance]
    moves = dict.fromkeys(near, 0)
    queue = deque(near)
    while queue:
        cell = queue.popleft()
        for other in strides(cell, stride, free):
            if other not in moves:
                moves[other] = moves[cell] + 1
                queue.append(other)
    return moves


def strides(cell: Cell, stride: int, free: dict[Cell, dict]) -> list[Cell]:
    """Cells that one move of so many cells leads to, over free floor only."""
    found = []
    for di, dj in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        way = [(cell[0] + k * di, cell[1] + k * dj) for k in range(1, stride + 1)]
        if all(c in free for c in way):
            found.append(way[-1])
    return found
