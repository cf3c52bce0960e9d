"""One arrangement of a room: the first of a family's drafts that is possible becomes a task.

A draft is kept if what it needs lies in the open and can be reached, and if objects are really
taken to where they should go: all tried in the room, which is then put back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from envs.tasks.base import Task, is_ithor, room_of
from envs.tasks.family import Draft, Family
from envs.tasks.goals import InOrder, State
from envs.tasks.instructions import instruct, join
from envs.tasks.preparation import prepare
from envs.tasks.registry import offered_in
from envs.tasks.room_probe import QUIET, RoomProbe

if TYPE_CHECKING:
    from ai2thor.controller import Controller

START_HORIZON = 30.0
# Drafts tried in one arrangement of a room before another is taken.
DRAFTS_TRIED = 6
# Families tried for the two parts of a task.
PARTS_TRIED = 4


@dataclass(frozen=True)
class Arrangement:
    """A room as an episode begins in it, and whose words are said.

    Attributes:
        scene: AI2-THOR scene name.
        appearance: Seed of the room's appearance.
        spawn: Seed of where loose objects lie.
        template_split: train or test: which instruction templates.
    """

    scene: str
    appearance: int
    spawn: int
    template_split: str

    def room_word(self) -> str:
        """Returns what people call the room."""
        kitchen = is_ithor(self.scene) and room_of(self.scene) == "kitchen"
        return "kitchen" if kitchen else "room"


def propose(
    controller: Controller, family: Family, arrangement: Arrangement, rng: np.random.Generator
) -> Task | None:
    """Returns a task of a family, or None if none of those tried is possible.

    Args:
        controller: Its scene changes.
        family: The family.
        arrangement: Of the room.
        rng: Chooses among drafts, words and starts.
    """
    where = (arrangement.scene, arrangement.appearance, arrangement.spawn, family.shut_away)

    def restore() -> None:
        prepare(controller, *where)

    restore()
    probe = RoomProbe(controller, restore)
    if family.parts:
        task = _two_in_order(family, probe, arrangement, rng)
    else:
        draft = first_possible(family.drafts(probe), probe, rng)
        task = None if draft is None else _task(draft, family, arrangement, rng)
    if task is None:
        return None
    restore()
    spots = controller.step("GetReachablePositions", **QUIET).metadata["actionReturn"]
    spot = spots[int(rng.integers(len(spots)))]
    start = (float(spot["x"]), float(spot["z"]), float(rng.integers(4) * 90), START_HORIZON)
    return replace(task, start=start, shut_away=family.shut_away)


def first_possible(drafts: list[Draft], probe: RoomProbe, rng: np.random.Generator) -> Draft | None:
    """Returns the first possible draft; targets are drawn before places, all equally likely."""
    by_target: dict[str, list[Draft]] = {}
    for draft in drafts:
        by_target.setdefault(draft.target, []).append(draft)
    targets = sorted(by_target)
    for k in rng.permutation(len(targets))[:DRAFTS_TRIED]:
        choices = by_target[targets[k]]
        draft = choices[int(rng.integers(len(choices)))]
        undone = draft.setup != "" or not draft.goal.verify(State(probe.objects))
        if draft.possible(probe) and undone:
            return draft
        probe.restore()
    return None


def _task(draft: Draft, family: Family, arrangement: Arrangement, rng: np.random.Generator) -> Task:
    instruction = instruct(
        family.wording(draft.turn_on),
        arrangement.template_split,
        rng,
        draft.target,
        draft.receptacle,
        draft.tool,
        arrangement.room_word(),
    )
    return Task(
        family=family.name,
        scene=arrangement.scene,
        instruction=instruction,
        goal=draft.goal,
        target=draft.target,
        receptacle=draft.receptacle,
        turn_on=draft.turn_on,
        spawn_seed=arrangement.spawn,
        appearance_seed=arrangement.appearance,
        setup=draft.setup,
        template_split=arrangement.template_split,
        tool=draft.tool,
        before=draft.before,
    )


def _two_in_order(
    family: Family, probe: RoomProbe, arrangement: Arrangement, rng: np.random.Generator
) -> Task | None:
    """Returns two tasks with nothing in common, one after the other."""
    offered = offered_in(family.parts, arrangement.scene)
    parts: list[Task] = []
    used: set[str] = set()
    for _ in range(PARTS_TRIED):
        part = offered[int(rng.integers(len(offered)))]
        drafts = [d for d in part.drafts(probe) if not used & d.object_types() and not d.setup]
        draft = first_possible(drafts, probe, rng)
        if draft is not None:
            parts.append(_task(draft, part, arrangement, rng))
            used |= draft.object_types()
        if len(parts) == 2:
            break
        probe.restore()
    if len(parts) < 2:
        return None
    first, second = parts
    split = arrangement.template_split
    said = join(first.instruction, second.instruction, family.wording(), split, rng)
    return replace(
        first,
        family=family.name,
        instruction=said,
        goal=InOrder(first.goal.conditions + second.goal.conditions),
        parts=(first, second),
    )
