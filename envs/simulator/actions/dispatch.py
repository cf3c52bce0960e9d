"""From an action message to a method, and from whatever happens to a well-formed answer.

A message is the client's dict, for example
``{"action": "MoveAhead", "moveMagnitude": 0.25, "sequenceId": 3}``. An unknown action, an unknown
or missing argument, or one of the wrong kind answers with the code that makes the client raise
ValueError; everything else is an ordinary failed action.
"""

from __future__ import annotations

import inspect
import traceback
from functools import cache

from envs.simulator import dynamics
from envs.simulator.actions import Actions
from envs.simulator.actions.binding import bind
from envs.simulator.actions.query import QueryActions
from envs.simulator.actions.unsupported import refusal
from envs.simulator.core.errors import INVALID_ACTION, ActionFailed, shown
from envs.simulator.events.metadata import LastAction
from envs.simulator.world import effects
from envs.simulator.world.room_state import SECONDS_PER_ACTION
from envs.simulator.world.world import World

# Groups whose actions take no time: nothing cools or heats meanwhile.
_TIMELESS = frozenset({"session", "query", "cameras", "self-test"})
_WAITING = frozenset({"Pass", "Done"})


def action_names() -> tuple[str, ...]:
    """Every action the simulator knows, sorted."""
    members = inspect.getmembers(Actions, inspect.isfunction)
    return tuple(sorted(name for name, _ in members if name[0].isupper()))


@cache
def group_of(name: str) -> str:
    """The group an action is listed under."""
    owner = next(kind for kind in Actions.__mro__ if name in vars(kind))
    return str(vars(owner).get("group", ""))


def is_query(name: object) -> bool:
    """Whether an action only asks, so that nothing seen can have changed."""
    if not isinstance(name, str) or not name[:1].isupper():
        return False
    if name.startswith("Get") or name == "TestFastEmit":
        return hasattr(Actions, name)
    return hasattr(QueryActions, name) and not name.startswith(("Set", "Reset"))


# What is in the air when these are called stays there; before any other action it lands.
KEEPS_MOVING = frozenset({"Reset", "AdvancePhysicsStep", "PausePhysicsAutoSim"})


class Dispatcher:
    """Runs messages on a world; never raises, whatever the message."""

    def __init__(self, world: World) -> None:
        self.actions = Actions(world)
        self._known = frozenset(action_names())

    def act(self, message: dict) -> LastAction:
        """Runs one message and says how it ended."""
        name = message.get("action")
        if not isinstance(name, str) or name not in self._known:
            refused = refusal(name) if isinstance(name, str) else None
            if refused is not None:
                return LastAction(str(name), False, refused)
            label = shown(name)
            return LastAction(label, False, f"Invalid action: {label}", INVALID_ACTION)
        world = self.actions.world
        world.collided = []
        scene, before = world.scene_version, dynamics.places(world)
        try:
            if name not in KEEPS_MOVING and not is_query(name):
                self.actions.catch_up()
            result = getattr(self.actions, name)(**bind(name, getattr(Actions, name), message))
            answer = LastAction(name, True, "", None, result)
        except ActionFailed as failure:
            answer = LastAction(name, False, str(failure), failure.code)
        except Exception as error:  # noqa: BLE001  the backend answers, it never dies
            where = traceback.extract_tb(error.__traceback__)[-1]
            text = f"{type(error).__name__}: {error}. trace: {where.name} line {where.lineno}"
            answer = LastAction(name, False, text)
        if world.scene_version == scene:
            dynamics.drop_unsupported(world, before)
        if group_of(name) not in _TIMELESS or name in _WAITING:
            effects.pass_time(world, SECONDS_PER_ACTION)
            effects.settle(world)
        return answer
