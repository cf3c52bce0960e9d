"""Every action by name, with what its definition says of it.

The table is read off the classes of action methods, so a new action is known by being written.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from envs.simulator.actions.marks import Marks, marks_of


@dataclass(frozen=True)
class KnownAction:
    """One action.

    Attributes:
        name: As clients call it.
        method: What it does, not yet bound to a world.
        group: Heading in the coverage table.
        marks: How it is treated, and what may come of it.
    """

    name: str
    method: Callable
    group: str
    marks: Marks


@cache
def action_table(actions: type) -> Mapping[str, KnownAction]:
    """All actions of a class, by name in alphabetical order: its methods that start with a capital.

    Args:
        actions: ``envs.simulator.actions.Actions``, or another class of action methods.
    """
    table = {}
    for name, method in inspect.getmembers(actions, inspect.isfunction):
        if name[0].isupper():
            owner = next(kind for kind in actions.__mro__ if name in vars(kind))
            group, defaults = vars(owner).get("group", ""), getattr(owner, "defaults", Marks())
            table[name] = KnownAction(name, method, str(group), marks_of(method, defaults))
    return table
