"""stack: an object is to be put into a dish, and the dish with it brought to a receptacle."""

from __future__ import annotations

from functools import partial

from envs.simulator.core.object_types import object_type
from envs.tasks.family import Draft, Family, Wording
from envs.tasks.goals import Contained, Every, Stacked
from envs.tasks.room_probe import RoomProbe
from envs.tasks.trials.carrying import pairs

DISHES = ("Bowl", "Plate", "Pan", "Pot", "Mug", "Cup", "Box")
# Receptacles of one type that are tried.
_TRIED = 4


def drafts(probe: RoomProbe) -> list[Draft]:
    """Proposes dishes there is one of, with what they take and where they may go."""
    found = []
    for dish in DISHES:
        dishes = probe.of(dish)
        if len(dishes) != 1 or not dishes[0]["pickupable"] or not dishes[0]["receptacle"]:
            continue
        places = [place for carried, place in pairs(probe) if carried == dish]
        for item in probe.objects:
            target = item["objectType"]
            if target == dish or not item["pickupable"]:
                continue
            if dish not in object_type(target).allowed_receptacles:
                continue
            if any(r["objectType"] == dish for r in probe.receptacles_of(item)):
                continue
            found += [_draft(target, dish, place) for place in places]
    return found


def _draft(target: str, dish: str, place: str) -> Draft:
    goal = Every((Contained(target, dish), Contained(dish, place), Stacked(target, dish, place)))
    tried = partial(_can_be_stacked, target=target, dish=dish, place=place)
    return Draft(target, goal, receptacle=place, tool=dish, possible=tried)


def _can_be_stacked(probe: RoomProbe, target: str, dish: str, place: str) -> bool:
    if not (probe.can_be_taken(target) and probe.can_be_taken(dish)):
        return False
    item, holder = probe.of(target)[0], probe.of(dish)[0]
    worked = False
    for receptacle in probe.of(place)[:_TRIED]:
        worked = probe.put(item["objectId"], holder["objectId"]) and probe.put(
            holder["objectId"], receptacle["objectId"]
        )
        probe.restore()
        if worked:
            break
    return worked


FAMILY = Family(
    name="stack",
    rooms=("kitchen", "living_room", "bedroom"),
    wordings=(
        Wording(
            train=(
                "put the {x} in the {t} and put the {t} on the {r}",
                "place the {t} with the {x} in it on the {r}",
                "put a {x} into a {t}, then move the {t} to the {r}",
                "i need the {t} on the {r} with a {x} in it",
            ),
            test=(
                "place the {x} in the {t}, then put the {t} on the {r}",
                "move the {t} with a {x} in it to the {r}",
                "i need a {x} in the {t} and the {t} on the {r}",
            ),
        ),
    ),
    drafts=drafts,
    long=True,
)
