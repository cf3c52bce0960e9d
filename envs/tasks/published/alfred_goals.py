"""ALFRED's own rules for when a trial's goal is reached, condition by condition.

Whether an object was cleaned, heated or cooled follows from what was done: it lay in the basin when
its tap was turned on, in the microwave when that was switched on, in the fridge when it was shut.
"""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from envs.tasks.published.alfred import Trial


@dataclass
class Treated:
    """Ids of what was cleaned, heated and cooled so far."""

    cleaned: set[str] = field(default_factory=set)
    heated: set[str] = field(default_factory=set)
    cooled: set[str] = field(default_factory=set)

    def note(self, action: str, object_id: str, objects: list[dict]) -> None:
        """Takes note of an action that worked, with the objects after it."""
        object_type = object_id.split("|")[0]
        if action == "ToggleObjectOn" and object_type == "Faucet":
            self.cleaned.update(_inside(_nearest("SinkBasin", object_id, objects)))
        elif action == "ToggleObjectOn" and object_type == "Microwave":
            self.heated.update(_inside(_by_id(object_id, objects)))
        elif action == "CloseObject" and object_type == "Fridge":
            self.cooled.update(_inside(_by_id(object_id, objects)))


def _by_id(object_id: str, objects: list[dict]) -> dict | None:
    return next((o for o in objects if o["objectId"] == object_id), None)


def _nearest(object_type: str, object_id: str, objects: list[dict]) -> dict | None:
    here = _by_id(object_id, objects)
    items = [o for o in objects if o["objectType"] == object_type]
    if here is None or not items:
        return None
    return min(items, key=lambda o: math.dist(_place(o), _place(here)))


def _place(item: dict) -> tuple[float, float, float]:
    at = item["position"]
    return at["x"], at["y"], at["z"]


def _inside(item: dict | None) -> list[str]:
    return [] if item is None else list(item["receptacleObjectIds"] or ())


def conditions(trial: Trial, metadata: dict, treated: Treated) -> tuple[int, int]:
    """(met, total) goal conditions of a trial in a state of the world.

    Args:
        trial: What was asked.
        metadata: AI2-THOR's, of the event after the last action.
        treated: What was cleaned, heated and cooled on the way.
    """
    held = {o["objectId"] for o in metadata["inventoryObjects"]}
    found = checks(trial, metadata["objects"], held, treated)
    return sum(met for _, met in found), len(found)


def checks(
    trial: Trial, objects: Sequence[dict], held: Set[str], treated: Treated
) -> list[tuple[str, bool]]:
    """Each goal condition in words, and whether it holds; always as many for the same trial.

    Args:
        trial: What was asked.
        objects: AI2-THOR's object dicts.
        held: Ids of what is in the hand.
        treated: What was cleaned, heated and cooled on the way.
    """
    # As ALFRED matches: the type's name occurs in the id, so a slice counts as its whole.
    name = f"{trial.target}Sliced" if trial.is_sliced else trial.target
    ids = {o["objectId"] for o in objects if name in o["objectId"] and o["pickupable"]}
    homes = [o for o in objects if trial.parent in o["objectId"] and o["receptacle"]]
    needed = 2 if trial.task_type == "pick_two_obj_and_place" else 1
    found: list[tuple[str, bool]] = []
    if trial.is_sliced:
        found = [(f"{trial.target} is sliced", len(ids) > k) for k in range(needed)]
    if trial.task_type == "look_at_obj_in_light":
        lamps = [o for o in objects if trial.toggle in o["objectId"] and o["toggleable"]]
        lit = any(o["isToggled"] and o["visible"] for o in lamps)
        found += [(f"{name} is in the hand", bool(ids & held))]
        found += [(f"{trial.toggle} is on and in view", lit)]
    elif trial.task_type == "pick_two_obj_and_place":
        most = max((len(ids & set(_inside(o))) for o in homes), default=0)
        found += [(f"{name} is in {trial.parent}", most >= 1)]
        found += [(f"2 {name} are in one {trial.parent}", most >= 2)]
    elif trial.task_type == "pick_and_place_with_movable_recep":
        movers = [o for o in objects if trial.movable in o["objectId"] and o["pickupable"]]
        placed = {o["objectId"] for o in movers for h in homes if o["objectId"] in _inside(h)}
        loaded = {o["objectId"] for o in movers if ids & set(_inside(o))}
        found += [
            (f"{name} is in {trial.movable}", bool(loaded)),
            (f"{trial.movable} is in {trial.parent}", bool(placed)),
            (f"{trial.movable} with {name} is in {trial.parent}", bool(loaded & placed)),
        ]
    else:
        there = {i for h in homes for i in _inside(h)} & ids
        found.append((f"{name} is in {trial.parent}", bool(there)))
        treatments = {
            "pick_clean_then_place_in_recep": ("cleaned", treated.cleaned),
            "pick_heat_then_place_in_recep": ("heated", treated.heated),
            "pick_cool_then_place_in_recep": ("cooled", treated.cooled),
        }
        if trial.task_type in treatments:
            how, which = treatments[trial.task_type]
            done = which & ids
            found += [
                (f"{name} was {how}", bool(done)),
                (f"the {name} that was {how} is in {trial.parent}", bool(there & done)),
            ]
    return found
