"""Sampling in every kind of room, of every family: drafts, the first of which that is possible.

A draft is kept if what it needs lies in the open and can be reached, and if things are really taken
to where they should go: all tried in the room, which is then put back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from envs.tasks.base import ROOM_FAMILIES, Task, room_of
from envs.tasks.draft import Draft
from envs.tasks.families import carrying, finding, operating, treating
from envs.tasks.goals import InOrder, State
from envs.tasks.phrases import join, say
from envs.tasks.room_probe import QUIET, RoomView

if TYPE_CHECKING:
    from ai2thor.controller import Controller

START_HORIZON = 30.0
# Drafts tried in one arrangement of a room before another is taken.
DRAFTS_TRIED = 6
# Families whose tasks can be parts of a composite one.
_PARTS = ("pick_and_place", "toggle", "open", "slice")

PROPOSALS: dict[str, Callable[[RoomView], list[Draft]]] = {
    "find": finding.find,
    "navigate": finding.navigate,
    "search": finding.search,
    "pick_and_place": carrying.pick_and_place,
    "pick_two": carrying.pick_two,
    "stack": carrying.stack,
    "clean": lambda view: treating.treat(view, "clean"),
    "heat": lambda view: treating.treat(view, "heat"),
    "cool": lambda view: treating.treat(view, "cool"),
    "open": operating.openings,
    "close": operating.closings,
    "toggle": operating.switches,
    "slice": operating.cuts,
    "examine": operating.examinations,
}


@dataclass(frozen=True)
class Setting:
    """Where and how a task is sampled.

    Attributes:
        room: Scene name.
        appearance: Seed of the room's look.
        spawn: Seed of where loose things lie.
        words: train or test: which instruction templates.
    """

    room: str
    appearance: int
    spawn: int
    words: str


def sample_in(
    controller: Controller,
    family: str,
    setting: Setting,
    rng: np.random.Generator,
    prepare: Callable[..., None],
) -> Task | None:
    """A task of a family in one arrangement of a room, or None if none of those tried is possible.

    Args:
        controller: Its scene changes.
        family: One of ``ALL_FAMILIES``.
        setting: Room, look and arrangement.
        rng: Chooses among drafts.
        prepare: ``sampler.prepare``.
    """
    shut_away = family == "search"
    arranged = (controller, setting.room, setting.appearance, setting.spawn)

    def restore() -> None:
        prepare(*arranged, shut_away=shut_away)

    restore()
    view = RoomView(controller, restore)
    if family == "composite":
        made = _two_in_order(view, setting, rng)
    else:
        draft = _possible(PROPOSALS[family](view), view, rng)
        made = None if draft is None else _task(draft, family, setting, rng)
    if made is None:
        return None
    restore()
    spots = controller.step("GetReachablePositions", **QUIET).metadata["actionReturn"]
    spot = spots[int(rng.integers(len(spots)))]
    start = (float(spot["x"]), float(spot["z"]), float(rng.integers(4) * 90), START_HORIZON)
    return replace(made, start=start, shut_away=shut_away)


def _possible(drafts: list[Draft], view: RoomView, rng: np.random.Generator) -> Draft | None:
    """The first possible of some drafts, things before places: all things are equally likely."""
    by_target: dict[str, list[Draft]] = {}
    for draft in drafts:
        by_target.setdefault(draft.target, []).append(draft)
    targets = sorted(by_target)
    for k in rng.permutation(len(targets))[:DRAFTS_TRIED]:
        choices = by_target[targets[k]]
        draft = choices[int(rng.integers(len(choices)))]
        now = State(view.objects, done=True)
        if draft.possible(view) and not (draft.setup == "" and _holds(draft, now)):
            return draft
        view.restore()
    return None


def _holds(draft: Draft, now: State) -> bool:
    """Whether a draft's goal holds before anything is done, but for saying so."""
    return draft.key not in ("find", "navigate") and draft.goal.verify(now)


def _task(draft: Draft, family: str, setting: Setting, rng: np.random.Generator) -> Task:
    said = say(draft.key, setting.words, rng, draft.target, draft.receptacle, draft.tool)
    return Task(
        family=family,
        scene=setting.room,
        instruction=said,
        goal=draft.goal,
        target=draft.target,
        receptacle=draft.receptacle,
        turn_on=draft.turn_on,
        spawn_seed=setting.spawn,
        appearance_seed=setting.appearance,
        setup=draft.setup,
        template_split=setting.words,
        tool=draft.tool,
        before=draft.before,
    )


def _two_in_order(view: RoomView, setting: Setting, rng: np.random.Generator) -> Task | None:
    """Two tasks with nothing in common, one after the other."""
    offered = [f for f in _PARTS if f in ROOM_FAMILIES[room_of(setting.room)]]
    parts: list[Task] = []
    for _ in range(4):
        family = str(rng.choice(offered))
        used = {k for p in parts for k in _things(p)}
        drafts = [
            d
            for d in PROPOSALS[family](view)
            if not used & {d.target, d.receptacle, d.tool} and not d.setup
        ]
        draft = _possible(drafts, view, rng)
        if draft is not None:
            parts.append(_task(draft, family, setting, rng))
        if len(parts) == 2:
            break
        view.restore()
    if len(parts) < 2:
        return None
    first, second = parts
    return replace(
        first,
        family="composite",
        instruction=join(first.instruction, second.instruction, setting.words, rng),
        goal=InOrder(first.goal.conditions + second.goal.conditions),
        parts=(first, second),
    )


def _things(task: Task) -> set[str]:
    return {k for k in (task.target, task.receptacle, task.tool) if k}


def offered_in(families: tuple[str, ...], room: str) -> tuple[str, ...]:
    """Those of some families that a room has the things for."""
    return tuple(f for f in families if f in ROOM_FAMILIES[room_of(room)])
