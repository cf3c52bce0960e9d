"""Walks to within some metres of a named object, in the settings of two published benchmarks.

Two settings go by one name in the literature, so each has its own here: ``nav-eb`` is
EB-Navigation's (0.25 m moves, 20 actions, 1 m), ``nav-vagen`` VAGEN's (0.5 m moves, 30 actions,
1.5 m). A walk is won as soon as the agent's middle is near enough; nothing need be said. The tasks
are this project's own; the publishers' are read by ``eb_navigation``.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from envs.tasks.base import Task, scenes_of
from envs.tasks.families import navigate
from envs.tasks.goals import Every
from envs.tasks.instructions import instruct
from envs.tasks.preparation import prepare
from envs.tasks.published.eb_navigation import Within
from envs.walking import CELL, Cell, cell_of

if TYPE_CHECKING:
    from ai2thor.controller import Controller

ATTEMPTS = 20
_APPEARANCES, _SPAWNS = 100_000, 1_000_000
# Of walks in a group, the share of those to loose objects.
_LOOSE = 0.3


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
        free = _free_cells(controller)
        far = _starts(free, place, walk)
        if not far:
            continue
        start = free[far[int(rng.integers(len(far)))]]
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


def sample_walks(
    controller: Controller, seed: int, count: int, walk: Walk, split: str, room_kind: str = "any"
) -> list[Task]:
    """Up to ``count`` different walks in one arrangement of a room: cheap to play in a row.

    Unlike the suites' they lead to loose objects in the open too, and loose objects lie anywhere.

    Args:
        controller: Its scene changes.
        seed: Same seed, same walks.
        count: How many.
        walk: The setting.
        split: Of rooms; train rooms get the training templates, and appearances of their own.
        room_kind: As of ``envs.tasks.base.scenes_of``.
    """
    rng = np.random.default_rng([seed, 60_493])
    room, spawn = str(rng.choice(scenes_of(split, room_kind))), int(rng.integers(_SPAWNS))
    appearance = int(rng.integers(1, _APPEARANCES)) if split == "train" else 0
    prepare(controller, room, appearance, spawn)
    objects, free = controller.last_event.metadata["objects"], _free_cells(controller)
    often = Counter(o["objectType"] for o in objects)
    known = [o for o in objects if often[o["objectType"]] == 1 and o["objectType"] != "Floor"]
    furniture = [o for o in known if o["objectType"] in navigate.LANDMARKS]
    # What is held by nothing that can be shut lies in the open.
    shut = {o["objectId"] for o in objects if o["openable"] and not o["isOpen"]}
    loose = [o for o in known if o["pickupable"] and not shut & {*(o["parentReceptacles"] or ())}]
    words = "train" if split == "train" else "test"
    tasks: list[Task] = []
    for _ in range(3 * count):
        kinds = loose if loose and (not furniture or rng.random() < _LOOSE) else furniture
        if len(tasks) == count or not kinds:
            break
        target = kinds[int(rng.integers(len(kinds)))]
        place = (float(target["position"]["x"]), float(target["position"]["z"]))
        far = _starts(free, place, walk)
        if not far:
            continue
        start = free[far[int(rng.integers(len(far)))]]
        object_type = str(target["objectType"])
        task = Task(
            family="navigate",
            scene=room,
            instruction=instruct(navigate.FAMILY.wording(), words, rng, object_type),
            goal=Every((Within(object_type, place, walk.distance),)),
            target=object_type,
            spawn_seed=spawn,
            appearance_seed=appearance,
            start=(float(start["x"]), float(start["z"]), float(rng.integers(4) * 90), 30.0),
            template_split=words,
            max_steps=(("primitive", walk.max_steps),),
        )
        if task not in tasks:
            tasks.append(task)
    return tasks


def _free_cells(controller: Controller) -> dict[Cell, dict]:
    found = controller.step("GetReachablePositions", renderImage=False)
    return {cell_of(p["x"], p["z"]): p for p in found.metadata["actionReturn"] or []}


def _starts(free: dict[Cell, dict], place: tuple[float, float], walk: Walk) -> list[Cell]:
    """Cells from which a walk is of fitting length, in order."""
    moves = steps_to(free, place, walk)
    return sorted(c for c, n in moves.items() if walk.shortest <= n <= 0.6 * walk.max_steps)


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
