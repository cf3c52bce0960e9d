"""slice: food is to be cut with a knife that lies about."""

from __future__ import annotations

from functools import partial

from envs.tasks.family import Draft, Family, Wording
from envs.tasks.goals import Every, Sliced
from envs.tasks.room_probe import RoomProbe

CUT = ("Apple", "Tomato", "Potato", "Lettuce", "Bread")
TOOL = "Knife"


def goal(target: str, receptacle: str = "", turn_on: bool = True) -> Every:
    """Returns the goal for a target."""
    return Every((Sliced(target),))


def drafts(probe: RoomProbe) -> list[Draft]:
    """Proposes food to be sliced, where there is a knife."""
    known = probe.types()
    return [
        Draft(target, goal(target), tool=TOOL, possible=partial(_can_be_sliced, target=target))
        for target in CUT
        if target in known and TOOL in known
    ]


def _can_be_sliced(probe: RoomProbe, target: str) -> bool:
    return probe.can_be_taken(target) and probe.can_be_taken(TOOL)


FAMILY = Family(
    name="slice",
    rooms=("kitchen",),
    wordings=(
        Wording(
            train=(
                "slice the {x}",
                "cut the {x}",
                "please slice a {x}",
                "find a knife and slice the {x}",
                "use the knife to cut the {x}",
                "i need the {x} in slices",
            ),
            test=(
                "please cut a {x}",
                "use a knife to slice the {x}",
                "find the knife and cut the {x}",
            ),
        ),
    ),
    drafts=drafts,
    goal=goal,
)
