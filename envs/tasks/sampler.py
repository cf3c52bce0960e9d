"""Seeded tasks that can be done: targets lie in the open, and can be reached and seen.

Sampling looks at the room through the controller, which it leaves at the task's start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from envs.tasks.base import ALL_FAMILIES, FAMILIES, Task, room_of, scenes_of
from envs.tasks.goals import Contained, Every, Found, Openness, Sliced, Toggled, types_of
from envs.tasks.proposals import Setting, offered_in, sample_in
from envs.tasks.templates import instruct

if TYPE_CHECKING:
    from ai2thor.controller import Controller

START_HORIZON = 30.0
HIDING = frozenset({"Fridge", "Microwave", "Cabinet", "Drawer", "Safe", "Box", "GarbageCan"})
SEARCHED = (
    "Apple",
    "Tomato",
    "Potato",
    "Lettuce",
    "Bread",
    "Egg",
    "Bowl",
    "Plate",
    "Mug",
    "Cup",
    "Pan",
    "Pot",
    "Kettle",
    "SoapBottle",
    "WineBottle",
    "Bottle",
    "SaltShaker",
    "PepperShaker",
    "Knife",
    "ButterKnife",
    "Fork",
    "Spoon",
    "Spatula",
    "DishSponge",
    "PaperTowelRoll",
    "Vase",
    "Book",
    "Ladle",
)
CARRIED = (
    "Apple",
    "Tomato",
    "Potato",
    "Lettuce",
    "Bread",
    "Egg",
    "Bowl",
    "Plate",
    "Mug",
    "Cup",
    "Pan",
    "Pot",
    "Bottle",
    "WineBottle",
    "DishSponge",
    "SoapBottle",
)
DESTINATIONS = ("Fridge", "Microwave", "Sink", "GarbageCan", "DiningTable", "CounterTop")
CUT = ("Apple", "Tomato", "Potato", "Lettuce", "Bread")
OPENED = ("Fridge", "Microwave", "Cabinet", "Drawer")
CLOSED = ("Fridge", "Microwave")
SWITCHED_ON = ("Faucet", "StoveKnob", "Microwave", "Toaster", "CoffeeMachine")
SWITCHED_OFF = ("LightSwitch",)
ATTEMPTS = 40
# Rooms tried for one family before another is taken.
ATTEMPTS_OF_ONE = 8


class NoTaskError(RuntimeError):
    """No task that can be done was found."""


def sample_task(
    controller: Controller,
    seed: int,
    split: str = "train",
    *,
    family: str | None = None,
    families: tuple[str, ...] = FAMILIES,
    scene: str | None = None,
    template_split: str | None = None,
    varied: bool | None = None,
    room: str = "kitchen",
) -> Task:
    """A task that can be done, by seed.

    Kitchens' six families keep their own sampling; all others, and other rooms, share another.

    Args:
        controller: Any backend's; its scene changes.
        seed: Same arguments, same task.
        split: train, val, test or all: which rooms.
        family: One family, instead of any of ``families``.
        families: Families to choose from.
        scene: A given room instead of one of the split.
        template_split: train or test; by default train for the train split, else test.
        varied: Randomise looks; by default for the train split only.
        room: Kind of room: kitchen, living_room, bedroom, bathroom or any.

    Raises:
        ValueError: If a family, split or room is unknown, or the rooms lack a family's things.
        NoTaskError: If the room has no such task.
    """
    chosen = (family,) if family else families
    unknown = [f for f in chosen if f not in ALL_FAMILIES]
    if unknown:
        raise ValueError(
            f"Unknown task family {unknown[0]!r}: use one of {', '.join(ALL_FAMILIES)}."
        )
    rooms = (scene,) if scene else scenes_of(split, room)
    rooms = tuple(r for r in rooms if not _is_ithor(r) or offered_in(chosen, r))
    if not rooms:
        raise ValueError(
            f"There are no {' or '.join(chosen)} tasks in {scene or room}: take another family "
            "or another kind of room."
        )
    words = template_split or ("train" if split == "train" else "test")
    rng = np.random.default_rng([seed, 7919])
    looks = varied if varied is not None else split == "train"
    turns: list[tuple[str, ...]] = [chosen]
    if set(chosen) - set(FAMILIES) or room != "kitchen" or not set(rooms) <= set(scenes_of("all")):
        # Family first: those that few rooms have things for are as frequent as the others.
        turns = [(chosen[k],) for k in rng.permutation(len(chosen))]
    for families_now in turns:
        where = tuple(r for r in rooms if not _is_ithor(r) or offered_in(families_now, r))
        attempts = ATTEMPTS if len(turns) == 1 else ATTEMPTS_OF_ONE
        for _ in range(attempts if where else 0):
            task = _attempt(controller, rng, where, families_now, words, looks)
            if task is not None:
                return task
    raise NoTaskError(f"No {' or '.join(chosen)} task can be done in {', '.join(rooms[:3])}.")


def _is_ithor(scene: str) -> bool:
    try:
        room_of(scene)
    except ValueError:
        return False
    return True


def sample_group(
    controller: Controller,
    seed: int,
    count: int,
    split: str = "train",
    families: tuple[str, ...] = FAMILIES,
    room_kind: str = "kitchen",
) -> list[Task]:
    """Up to ``count`` different tasks in one room, look and arrangement: cheap to run in a row."""
    rng = np.random.default_rng([seed, 104_729])
    room = str(rng.choice(scenes_of(split, room_kind)))
    offered = offered_in(families, room)
    words = "train" if split == "train" else "test"
    look, spawn = int(rng.integers(1, 100_000)) if split == "train" else 0, int(rng.integers(10**6))
    tasks: list[Task] = []
    for _ in range(3 * count):
        if len(tasks) < count:
            family = str(rng.choice(offered))
            task = _task_in(controller, rng, room, look, spawn, family, words)
            if task is not None and task not in tasks:
                tasks.append(task)
    return tasks


def _attempt(
    controller: Controller,
    rng: np.random.Generator,
    rooms: tuple[str, ...],
    families: tuple[str, ...],
    words: str,
    looks: bool,
) -> Task | None:
    room = str(rng.choice(rooms))
    offered = offered_in(families, room) if _is_ithor(room) else families
    family = str(rng.choice(offered))
    appearance = int(rng.integers(1, 100_000)) if looks else 0
    spawn = int(rng.integers(0, 1_000_000))
    return _task_in(controller, rng, room, appearance, spawn, family, words)


def _task_in(
    controller: Controller,
    rng: np.random.Generator,
    room: str,
    appearance: int,
    spawn: int,
    family: str,
    words: str,
) -> Task | None:
    """A task of a family in a given room, look and arrangement, or None if it has none."""
    pick = np.random.default_rng(int(rng.integers(0, 2**31)))
    if family not in FAMILIES or (_is_ithor(room) and room_of(room) != "kitchen"):
        return sample_in(controller, family, Setting(room, appearance, spawn, words), pick, prepare)
    prepare(controller, room, appearance, spawn)
    objects = controller.last_event.metadata["objects"]
    made = _choose(family, objects, pick)
    if made is None:
        return None
    target, receptacle, on, setup = made
    needed = (
        [target] + (["Knife"] if family == "slice" else []) + ([receptacle] if receptacle else [])
    )
    if not all(_reachable(controller, objects, kind, kind in SEARCHED) for kind in needed):
        return None
    spots = controller.step("GetReachablePositions", renderImage=False).metadata["actionReturn"]
    if receptacle and not _has_room(controller, objects, target, receptacle):
        return None
    spot = spots[int(pick.integers(len(spots)))]
    start = (float(spot["x"]), float(spot["z"]), float(pick.integers(4) * 90), START_HORIZON)
    key = f"toggle {'on' if on else 'off'}" if family == "toggle" else family
    return Task(
        family=family,
        scene=room,
        target=target,
        receptacle=receptacle,
        turn_on=on,
        instruction=instruct(key, words, target, receptacle, pick),
        goal=goal_of(family, target, receptacle, on),
        spawn_seed=spawn,
        appearance_seed=appearance,
        start=start,
        setup=setup,
        template_split=words,
    )


def goal_of(family: str, target: str, receptacle: str = "", on: bool = True) -> Every:
    """The goal of a family's task."""
    if family == "find":
        return Every((Found(target),))
    if family == "pick_and_place":
        return Every((Contained(target, receptacle),))
    if family in ("open", "close"):
        return Every((Openness(target, family == "open"),))
    if family == "toggle":
        return Every((Toggled(target, on),))
    return Every((Sliced(target),))


def prepare(
    controller: Controller,
    scene: str,
    appearance: int,
    spawn: int | None,
    shut_away: bool = False,
) -> None:
    """Resets a room and spawns its loose objects, into closed furniture too if ``shut_away``.

    A backend with snapshots is put back to the last prepared state if the same is asked for again.
    """
    key = (scene, appearance, spawn, shut_away)
    kept = getattr(controller, "prepared", None)
    if kept is not None and kept[0] == key:
        try:
            controller.restore(kept[1], renderImage=False)
            return
        except ValueError:
            pass
    extra: dict[str, Any] = {}
    snapshots = hasattr(controller, "snapshot")
    if snapshots:
        extra["appearanceSeed"] = appearance
    controller.reset(scene, renderInstanceSegmentation=True, **extra)
    if spawn is not None:
        controller.step(
            "InitialRandomSpawn",
            randomSeed=spawn,
            forceVisible=not shut_away,
            placeStationary=True,
            numPlacementAttempts=5,
            renderImage=False,
        )
    if snapshots:
        controller.prepared = (key, controller.snapshot())


def _choose(
    family: str, objects: list[dict], rng: np.random.Generator
) -> tuple[str, str, bool, str] | None:
    """(target, receptacle, on, setup id), or None if the room has no such task."""
    kinds = {o["objectType"] for o in objects}
    if family == "find":
        return _one(rng, SEARCHED, kinds, "")
    if family == "slice":
        return _one(rng, CUT, kinds, "") if "Knife" in kinds else None
    if family == "open":
        shut = {k for k in kinds if not any(o["isOpen"] for o in objects if o["objectType"] == k)}
        return _one(rng, OPENED, shut, "")
    if family == "close":
        made = _one(rng, CLOSED, kinds, "")
        if made is None:
            return None
        thing = next(o for o in objects if o["objectType"] == made[0])
        return made[0], "", True, thing["objectId"]
    if family == "toggle":
        off = {k for k in kinds if not any(o["isToggled"] for o in objects if o["objectType"] == k)}
        choices = [(k, True) for k in SWITCHED_ON if k in off]
        choices += [(k, False) for k in SWITCHED_OFF if k in kinds and k not in off]
        if not choices:
            return None
        kind, on = choices[int(rng.integers(len(choices)))]
        return kind, "", on, ""
    from envs.simulator.core.object_types import object_type

    pairs = []
    for kind in CARRIED:
        homes = {
            t.split("|")[-1] if t.count("|") > 3 else t.split("|")[0]
            for o in objects
            if o["objectType"] == kind
            for t in o["parentReceptacles"] or ()
        }
        if kind not in kinds:
            continue
        for place in DESTINATIONS:
            if (
                place in kinds
                and not homes.intersection(types_of(place))
                and (set(types_of(place)) & set(object_type(kind).allowed_receptacles))
            ):
                pairs.append((kind, place))
    if not pairs:
        return None
    kind, place = pairs[int(rng.integers(len(pairs)))]
    return kind, place, True, ""


def _one(
    rng: np.random.Generator, choices: tuple[str, ...], kinds: set[str], receptacle: str
) -> tuple[str, str, bool, str] | None:
    present = [c for c in choices if c in kinds]
    return (present[int(rng.integers(len(present)))], receptacle, True, "") if present else None


def _has_room(controller: Controller, objects: list[dict], target: str, receptacle: str) -> bool:
    """Whether a target can be put in a receptacle: tried, and undone by the next reset."""
    thing = next(o for o in objects if o["objectType"] == target)
    home = next(o for o in objects if o["objectType"] in types_of(receptacle))
    quiet: dict[str, Any] = {"renderImage": False}
    poses = controller.step(
        "GetInteractablePoses",
        objectId=home["objectId"],
        standings=[True],
        maxPoses=1,
        horizons=[30],
        **quiet,
    ).metadata["actionReturn"]
    if not poses:
        return False
    controller.step("TeleportFull", **poses[0], **quiet)
    controller.step("PickupObject", objectId=thing["objectId"], forceAction=True, **quiet)
    if home["openable"]:
        controller.step("OpenObject", objectId=home["objectId"], forceAction=True, **quiet)
    event = controller.step("PutObject", objectId=home["objectId"], **quiet)
    return bool(event.metadata["lastActionSuccess"])


def _reachable(controller: Controller, objects: list[dict], kind: str, in_the_open: bool) -> bool:
    """Whether something of a type can be reached, and lies in the open if it is to be searched."""
    hidden = {o["objectId"] for o in objects if o["objectType"] in HIDING}
    things = [o for o in objects if o["objectType"] in types_of(kind)]
    if in_the_open:
        if any(hidden.intersection(o["parentReceptacles"] or ()) for o in things):
            return False
    for thing in things:
        poses = controller.step(
            "GetInteractablePoses",
            objectId=thing["objectId"],
            standings=[True],
            maxPoses=1,
            horizons=[0, 30, 60],
            renderImage=False,
        ).metadata["actionReturn"]
        if poses:
            return True
    return False
