"""open: furniture of which nothing is open is to be opened."""

from __future__ import annotations

from functools import partial

from envs.tasks.base import ROOMS
from envs.tasks.family import Draft, Family, Wording
from envs.tasks.goals import Every, Openness
from envs.tasks.room_probe import RoomProbe
from envs.tasks.trials.operating import OPENED, can_be_opened


def goal(target: str, receptacle: str = "", turn_on: bool = True) -> Every:
    """Returns the goal for a target."""
    return Every((Openness(target, True),))


def drafts(probe: RoomProbe) -> list[Draft]:
    """Proposes types of which nothing is open."""
    return [
        Draft(target, goal(target), possible=partial(can_be_opened, target=target))
        for target in OPENED
        if target in probe.types() and not any(o["isOpen"] for o in probe.of(target))
    ]


FAMILY = Family(
    name="open",
    rooms=ROOMS,
    wordings=(
        Wording(
            train=(
                "open the {x}",
                "please open the {x}",
                "go and open the {x}",
                "i need the {x} open",
                "open up the {x}",
                "i want you to open the {x}",
            ),
            test=(
                "please go and open the {x}",
                "i need you to open the {x}",
                "find the {x} and open it",
            ),
        ),
    ),
    drafts=drafts,
    goal=goal,
)
