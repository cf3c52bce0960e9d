"""What an instruction asks for, field by field, and the steps that it comes to.

``"put two mugs in the sink"`` is of the family ``pick_two``, its target a Mug, its receptacle the
Sink; in steps: pick up Mug, put in Sink, and both once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from policies.cimr.language.lexicon import SAME_THING

# What a family's tasks always use, whether it is said or not.
TOOL_OF = {"clean": "Sink", "heat": "Microwave", "cool": "Fridge", "slice": "Knife"}
# Families whose tasks say where, and those that say with what.
PLACED = frozenset(("pick_and_place", "pick_two", "stack", "clean", "heat", "cool"))
WITH_TOOL = frozenset(("stack", "examine"))
# Where to look first may be said or not.
MAYBE_PLACED = frozenset(("search",))
SLICED = "Sliced"
Step = tuple[str, str]


@dataclass(frozen=True)
class TaskParse:
    """What is asked for.

    Attributes:
        family: Of tasks.
        target: Object type; of a slice, the whole's.
        receptacle: Object type, or empty.
        tool: Object type, or empty; what the family implies included.
        turn_on: For toggle: on or off.
        sliced: Whether a slice of the target is meant.
    """

    family: str
    target: str
    receptacle: str = ""
    tool: str = ""
    turn_on: bool = True
    sliced: bool = False

    def steps(self) -> tuple[Step, ...]:
        """Verbs and object types in their order.

        >>> TaskParse("heat", "Apple", "Fridge", "Microwave").steps()
        (('pick up', 'Apple'), ('toggle on', 'Microwave'), ('put in', 'Fridge'))
        """
        whole = self.target + (SLICED if self.sliced else "")
        cut = (("pick up", TOOL_OF["slice"]), ("slice", self.target)) if self.sliced else ()
        take, put = ("pick up", whole), ("put in", self.receptacle)
        treat = {
            "clean": ("toggle on", "Faucet"),
            "heat": ("toggle on", "Microwave"),
            "cool": ("put in", "Fridge"),
        }
        simple: dict[str, tuple[Step, ...]] = {
            "find": (("look around", whole),),
            "navigate": (("goto", whole),),
            "open": (("open", whole),),
            "close": (("close", whole),),
            "toggle": (("toggle on" if self.turn_on else "toggle off", whole),),
            "slice": (("pick up", TOOL_OF["slice"]), ("slice", whole)),
            "search": (*((("open", self.receptacle),) if self.receptacle else ()), take),
            "examine": (take, ("toggle on", self.tool)),
            "stack": (take, ("put in", self.tool), ("pick up", self.tool), put),
            "pick_two": (take, put, take, put),
        }
        if self.family in simple:
            return cut + simple[self.family]
        middle = (treat[self.family],) if self.family in treat else ()
        return (*cut, take, *middle, put)


def parse_of(record: dict[str, Any]) -> tuple[TaskParse, ...]:
    """What a step's record asks for; the parts of a composite in order, none of a free task.

    Args:
        record: With family, task (target, receptacle, whether to turn on, tool) and parts.
    """
    parts = record.get("parts") or [[record["family"], *(record.get("task") or [""])]]
    return tuple(_parse(*part) for part in parts if len(part) > 1 and part[1])


def _parse(
    family: str, target: str, receptacle: str = "", turn_on: bool = True, tool: str = ""
) -> TaskParse:
    sliced = target.endswith(SLICED)
    return TaskParse(
        family,
        _one_name(target.removesuffix(SLICED)),
        _one_name(receptacle or ""),
        TOOL_OF.get(family) or _one_name(tool or ""),
        turn_on if family == "toggle" else True,
        sliced,
    )


def _one_name(object_type: str) -> str:
    return SAME_THING.get(object_type, object_type)


def subgoals_of(record: dict[str, Any]) -> tuple[Step, ...]:
    """The steps of what a record asks for, in order.

    >>> subgoals_of({"family": "toggle", "task": ["Television", "", False, ""]})
    (('toggle off', 'Television'),)
    """
    return tuple(step for parse in parse_of(record) for step in parse.steps())
