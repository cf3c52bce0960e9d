"""A task: where it happens, how it is said, and when it is done; and the rooms there are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from envs.tasks.goals import Every

if TYPE_CHECKING:
    from ai2thor.controller import Controller

_FIRST_OF_ROOM = {"kitchen": 0, "living_room": 200, "bedroom": 300, "bathroom": 400}
ROOMS = tuple(_FIRST_OF_ROOM)
_SPLIT_RANGES = {"train": (1, 21), "val": (21, 26), "test": (26, 31), "all": (1, 31)}
SPLITS = {
    split: tuple(f"FloorPlan{i}" for i in range(first, last))
    for split, (first, last) in _SPLIT_RANGES.items()
}


class Scenario(Protocol):
    """How a task of a published suite begins, where that is more than seeds can say."""

    def set_up(self, controller: Controller) -> None:
        """Resets the controller to the task's start, the agent included.

        Raises:
            RuntimeError: If the room refuses it.
        """


@dataclass(frozen=True)
class Task:
    """One task, complete: the same task gives the same episode start.

    Attributes:
        family: Name of the family; ``envs.tasks.registry`` lists them.
        scene: AI2-THOR scene name.
        instruction: In words.
        goal: What must hold.
        target: Object type the task is about.
        receptacle: Where it goes, for families that carry objects; else empty.
        turn_on: For toggle: on or off.
        spawn_seed: Of InitialRandomSpawn; None leaves the recorded places.
        appearance_seed: Of the room's appearance; 0 is the standard one.
        start: x, z in metres, yaw, horizon in degrees.
        setup: Object id to open first, for close; else empty.
        template_split: Whose instruction templates were used.
        tool: What else is needed: the dish of stack, the lamp of examine, the appliance of clean,
            heat and cool; else empty.
        before: AI2-THOR actions, by name and object id, that make the episode's start.
        shut_away: Spawning may put objects into closed furniture.
        parts: Tasks to be done in this order, for composite.
        suite: The published suite it is from, whose rules judge it; else empty.
        name: Its name in that suite.
        scenario: How it begins, instead of spawn_seed, appearance_seed, start, setup and before.
        force_put: Objects are put down as with AI2-THOR's ``forceAction``: any may go anywhere
            that has room. ALFRED does so.
        max_steps: Steps before truncation by action level, where the suite says so.
    """

    family: str
    scene: str
    instruction: str
    goal: Every
    target: str
    receptacle: str = ""
    turn_on: bool = True
    spawn_seed: int | None = None
    appearance_seed: int = 0
    start: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 30.0)
    setup: str = ""
    template_split: str = "train"
    tool: str = ""
    before: tuple[tuple[str, str], ...] = ()
    shut_away: bool = False
    parts: tuple[Task, ...] = ()
    suite: str = ""
    name: str = ""
    scenario: Scenario | None = None
    force_put: bool = False
    max_steps: tuple[tuple[str, int], ...] = ()


def scenes_of(split: str, room: str = "kitchen") -> tuple[str, ...]:
    """Returns the scene names of a split of one kind of room, or of all kinds (``"any"``).

    >>> scenes_of("val", "bedroom")[0]
    'FloorPlan321'

    Raises:
        ValueError: If there is no such split or kind.
    """
    if split not in SPLITS:
        raise ValueError(f"Unknown split {split!r}: use one of {', '.join(SPLITS)}.")
    if room == "any":
        return tuple(name for kind in ROOMS for name in scenes_of(split, kind))
    if room not in ROOMS:
        raise ValueError(f"Unknown room {room!r}: use one of {', '.join(ROOMS)} or any.")
    first, last = _SPLIT_RANGES[split]
    return tuple(f"FloorPlan{_FIRST_OF_ROOM[room] + i}" for i in range(first, last))


def room_of(scene: str) -> str:
    """Returns the kind of room of an iTHOR scene.

    >>> room_of("FloorPlan203")
    'living_room'

    Raises:
        ValueError: If it is none of the 120.
    """
    digits = scene.removeprefix("FloorPlan").removesuffix("_physics")
    if re.fullmatch("[0-9]{1,3}", digits) and scene.startswith("FloorPlan"):
        for room, first in _FIRST_OF_ROOM.items():
            if first < int(digits) <= first + 30:
                return room
    raise ValueError(
        f"{scene[:80]!r} is no iTHOR room: use FloorPlan1-30, 201-230, 301-330, 401-430."
    )


def is_ithor(scene: str) -> bool:
    """Whether a scene is one of iTHOR's 120 rooms.

    >>> is_ithor("FloorPlan203"), is_ithor("FloorPlan_Train3_2")
    (True, False)
    """
    try:
        room_of(scene)
    except ValueError:
        return False
    return True
