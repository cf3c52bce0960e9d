"""close: the one piece of a type in the room stands open, and is to be closed."""

from __future__ import annotations

from functools import partial

from envs.tasks.base import ROOMS
from envs.tasks.family import Draft, Family, Wording
from envs.tasks.goals import Every, Openness
from envs.tasks.room_probe import RoomProbe
from envs.tasks.trials.operating import OPENED, can_be_closed

CLOSED = ("Box", "Laptop", *OPENED)


def goal(target: str, receptacle: str = "", turn_on: bool = True) -> Every:
    """Returns the goal for a target."""
    return Every((Openness(target, False),))


def drafts(probe: RoomProbe) -> list[Draft]:
    """Proposes types with one piece in the room, which is open or is opened first."""
    found = []
    for target in CLOSED:
        items = probe.of(target)
        if len(items) == 1:
            setup = "" if items[0]["isOpen"] else items[0]["objectId"]
            tried = partial(can_be_closed, target=target)
            found.append(Draft(target, goal(target), setup=setup, possible=tried))
    return found


FAMILY = Family(
    name="close",
    rooms=ROOMS,
    wordings=(
        Wording(
            train=(
                "close the {x}",
                "please close the {x}",
                "go and close the {x}",
                "i need the {x} closed",
                "shut the {x}",
            ),
            test=(
                "please shut the {x}",
                "i need you to close the {x}",
                "find the {x} and close it",
            ),
        ),
    ),
    drafts=drafts,
    goal=goal,
)
