"""A task: where it happens, how it is said, and when it is done."""

from __future__ import annotations

from dataclasses import dataclass

from envs.tasks.goals import Every

FAMILIES = ("find", "pick_and_place", "open", "close", "toggle", "slice")
SPLITS = {
    "train": tuple(f"FloorPlan{i}" for i in range(1, 21)),
    "val": tuple(f"FloorPlan{i}" for i in range(21, 26)),
    "test": tuple(f"FloorPlan{i}" for i in range(26, 31)),
}
SPLITS["all"] = SPLITS["train"] + SPLITS["val"] + SPLITS["test"]


@dataclass(frozen=True)
class Task:
    """One task, complete: the same task gives the same episode start.

    Attributes:
        family: One of ``FAMILIES``.
        scene: AI2-THOR scene name.
        instruction: In words.
        goal: What must hold.
        target: Object type the task is about.
        receptacle: Where it goes, for pick_and_place; else empty.
        turn_on: For toggle: on or off.
        spawn_seed: Of InitialRandomSpawn; None leaves the recorded places.
        appearance_seed: Of the room's look; 0 is the standard one.
        start: x, z in metres, yaw, horizon in degrees.
        setup: Object id to open first, for close; else empty.
        template_split: Whose instruction templates were used.
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


def scenes_of(split: str) -> tuple[str, ...]:
    """Scene names of a split.

    Raises:
        ValueError: If there is no such split.
    """
    if split not in SPLITS:
        raise ValueError(f"Unknown split {split!r}: use one of {', '.join(SPLITS)}.")
    return SPLITS[split]
