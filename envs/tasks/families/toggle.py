"""toggle: something is to be switched on or off."""

from __future__ import annotations

from functools import partial

from envs.tasks.base import ROOMS
from envs.tasks.family import Draft, Family, Wording
from envs.tasks.goals import Every, Toggled
from envs.tasks.room_probe import RoomProbe
from envs.tasks.trials.operating import can_be_switched

SWITCHED = (
    "Candle",
    "CoffeeMachine",
    "DeskLamp",
    "Desktop",
    "Faucet",
    "FloorLamp",
    "LightSwitch",
    "Microwave",
    "ShowerHead",
    "StoveKnob",
    "Television",
    "Toaster",
)


def goal(target: str, receptacle: str = "", turn_on: bool = True) -> Every:
    """Returns the goal for a target."""
    return Every((Toggled(target, turn_on),))


def drafts(probe: RoomProbe) -> list[Draft]:
    """Proposes types that are all off, to be turned on, and single ones that are on, to be off."""
    found = []
    for target in SWITCHED:
        items = [o for o in probe.of(target) if o["toggleable"]]
        running = sum(o["isToggled"] for o in items)
        if not items or (running and len(items) > 1):
            continue
        on = not running
        tried = partial(can_be_switched, target=target)
        found.append(Draft(target, goal(target, "", on), turn_on=on, possible=tried))
    return found


FAMILY = Family(
    name="toggle",
    rooms=ROOMS,
    wordings=(
        Wording(
            turn_on=True,
            train=(
                "turn on the {x}",
                "switch on the {x}",
                "please turn the {x} on",
                "go and switch the {x} on",
                "i need the {x} on",
            ),
            test=(
                "please switch the {x} on",
                "go and turn on the {x}",
                "i need you to switch on the {x}",
            ),
        ),
        Wording(
            turn_on=False,
            train=(
                "turn off the {x}",
                "switch off the {x}",
                "please turn the {x} off",
                "go and switch the {x} off",
                "i need the {x} off",
            ),
            test=(
                "please switch the {x} off",
                "go and turn off the {x}",
                "i need you to switch off the {x}",
            ),
        ),
    ),
    drafts=drafts,
    goal=goal,
)
