"""What every group of actions shares: the world, targets, and how an action is described.

A method whose name starts with a capital is the action of that name; its parameters are the
action's arguments, bound by name. The first line of its docstring is its line in the coverage
table. What else is to be known of an action is marked where it is defined: ``actions.marks``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np

from envs.simulator.actions.marks import Marks
from envs.simulator.core.errors import INVALID_ARGUMENT, ActionFailed, shown
from envs.simulator.interaction import holding
from envs.simulator.world.objects import SimObject
from envs.simulator.world.world import World

# Metres or degrees beyond this are a mistake, and would overflow the engine's floats.
LARGEST = 1e6


class ActionGroup:
    """Base of the action groups of one world.

    Attributes:
        group: Heading in the coverage table.
        defaults: Marks of every action of the group that does not say otherwise itself.
    """

    group = ""
    defaults: ClassVar[Marks] = Marks()

    def __init__(self, world: World) -> None:
        self.world = world

    def _target(
        self,
        object_id: str | None,
        x: float | None = None,
        y: float | None = None,
        force: bool = False,
    ) -> SimObject:
        return holding.target(self.world, object_id, x, y, force)

    def _seed(self) -> int:
        """A seed for the next random choice, by SetRandomSeed and the count of draws since."""
        rules = self.world.rules
        self.world.rules = replace(rules, random_calls=rules.random_calls + 1)
        return int(np.random.default_rng([rules.random_seed, rules.random_calls]).integers(2**31))

    def _known(self, object_id: object) -> SimObject:
        """The object of an id that may come from a list of anything."""
        if not isinstance(object_id, str):
            raise ActionFailed(f"An id must be text, not {shown(object_id)}.", INVALID_ARGUMENT)
        return self._target(object_id, force=True)

    @staticmethod
    def _vector(value: dict, name: str = "position", default: float | None = None) -> np.ndarray:
        """A vector argument as (3,); with a default, missing parts take it.

        Raises:
            ActionFailed: With InvalidArgument, if it is no vector of finite numbers.
        """
        parts = []
        for axis in "xyz":
            part = value.get(axis, default)
            good = isinstance(part, (int, float)) and not isinstance(part, bool)
            if not good or not abs(part) < LARGEST:  # type: ignore[arg-type]
                raise ActionFailed(
                    f"{name} must be a vector of finite numbers x, y and z, not {shown(value)}.",
                    INVALID_ARGUMENT,
                )
            parts.append(float(part))  # type: ignore[arg-type]
        return np.array(parts)

    def _angles(self, value: dict, name: str = "rotation") -> np.ndarray:
        """Euler angles (3,) in degrees; what is missing is 0."""
        return self._vector(value, name, 0.0)
