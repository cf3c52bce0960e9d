"""pick_and_place: one object is to be brought to another receptacle."""

from __future__ import annotations

from functools import partial

from envs.tasks.base import ROOMS
from envs.tasks.family import Draft, Family, Wording
from envs.tasks.goals import Contained, Every
from envs.tasks.room_probe import RoomProbe
from envs.tasks.trials.carrying import can_be_placed, pairs


def goal(target: str, receptacle: str, turn_on: bool = True) -> Every:
    """Returns the goal for a target and a receptacle."""
    return Every((Contained(target, receptacle),))


def drafts(probe: RoomProbe) -> list[Draft]:
    """Proposes every loose type with every receptacle that may take it."""
    return [
        Draft(
            target,
            goal(target, receptacle),
            receptacle,
            possible=partial(can_be_placed, target=target, receptacle=receptacle),
        )
        for target, receptacle in pairs(probe)
    ]


FAMILY = Family(
    name="pick_and_place",
    rooms=ROOMS,
    wordings=(
        Wording(
            train=(
                "put the {x} in the {r}",
                "place the {x} in the {r}",
                "move the {x} to the {r}",
                "put a {x} on the {r}",
                "take the {x} and put it in the {r}",
                "i need the {x} in the {r}",
                "find the {x} and place it on the {r}",
                "please put the {x} in the {r}",
            ),
            test=(
                "please place the {x} in the {r}",
                "take a {x} and place it in the {r}",
                "find a {x} and move it to the {r}",
                "i need a {x} on the {r}",
            ),
        ),
    ),
    drafts=drafts,
    goal=goal,
)
