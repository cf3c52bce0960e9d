"""find: an object in the open is to be looked for; done is said with it in view."""

from __future__ import annotations

from functools import partial

from envs.tasks.base import ROOMS
from envs.tasks.family import Draft, Family, Wording
from envs.tasks.goals import Every, Found
from envs.tasks.room_probe import RoomProbe


def goal(target: str, receptacle: str = "", turn_on: bool = True) -> Every:
    """Returns the goal for a target."""
    return Every((Found(target),))


def drafts(probe: RoomProbe) -> list[Draft]:
    """Proposes the loose objects."""
    return [
        Draft(target, goal(target), possible=partial(RoomProbe.can_be_taken, name=target))
        for target in probe.loose_types()
    ]


FAMILY = Family(
    name="find",
    rooms=ROOMS,
    wordings=(
        Wording(
            train=(
                "find the {x}",
                "look for the {x}",
                "where is the {x}",
                "search for a {x}",
                "please find a {x}",
                "locate the {x} in this {room}",
                "i need to see the {x}",
            ),
            test=(
                "please look for the {x}",
                "locate a {x}",
                "i need to find the {x}",
                "search this {room} for the {x}",
            ),
            understood=("go to the {x}",),
        ),
    ),
    drafts=drafts,
    goal=goal,
)
