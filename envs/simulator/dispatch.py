"""From an action message to a method: AI2-THOR's argument rules and error codes.

A message is the client's dict, for example
``{"action": "MoveAhead", "moveMagnitude": 0.25, "sequenceId": 3}``. Arguments are bound by name.
An unknown action, an unknown or missing argument, or one of the wrong kind answers with the code
that makes the client raise ValueError; everything else is an ordinary failed action.
"""

from __future__ import annotations

import inspect
import math
import typing
from functools import cache

from envs.simulator.actions import Actions
from envs.simulator.errors import (
    INVALID_ACTION,
    INVALID_ARGUMENT,
    MISSING_ARGUMENTS,
    ActionFailed,
)
from envs.simulator.metadata import LastAction
from envs.simulator.world import World

# Accepted with every action and never an argument of it.
GLOBAL_KEYS = frozenset(
    {
        "action",
        "agentId",
        "sequenceId",
        "renderImage",
        "renderObjectImage",
        "renderClassImage",
        "renderNormalsImage",
        "renderInstanceSegmentation",
        "renderSemanticSegmentation",
        "physicsSimulationParams",
        "visibilityDistance",
    }
)
# Legacy actions take any argument silently.
LENIENT = frozenset(
    {
        "Initialize",
        "Reset",
        "RotateLook",
        "MoveAhead",
        "MoveBack",
        "MoveLeft",
        "MoveRight",
        "RotateLeft",
        "RotateRight",
    }
)


def action_names() -> tuple[str, ...]:
    """Every action the simulator knows, sorted."""
    return tuple(
        sorted(
            name
            for name, value in inspect.getmembers(Actions, inspect.isfunction)
            if name[0].isupper()
        )
    )


@cache
def _signature(name: str) -> tuple[dict[str, inspect.Parameter], dict[str, object]]:
    method = getattr(Actions, name)
    parameters = dict(list(inspect.signature(method).parameters.items())[1:])
    return parameters, typing.get_type_hints(method)


def _kinds(hint: object) -> tuple[object, ...]:
    return typing.get_args(hint) or (hint,)


def _convert(action: str, name: str, value: object, hint: object) -> object:
    kinds = _kinds(hint)
    if value is None:
        if type(None) in kinds:
            return None
    elif bool in kinds and isinstance(value, bool):
        return value
    elif float in kinds and isinstance(value, (int, float)) and not isinstance(value, bool):
        if math.isfinite(value):
            return float(value)
    elif int in kinds and isinstance(value, int) and not isinstance(value, bool):
        return value
    elif int in kinds and isinstance(value, float) and value.is_integer():
        return int(value)
    elif str in kinds and isinstance(value, str):
        return value
    elif isinstance(value, dict) and dict in kinds:
        return value
    elif isinstance(value, list) and list in kinds:
        return value
    elif object in kinds:
        return value
    wanted = " or ".join(getattr(k, "__name__", str(k)) for k in kinds if k is not type(None))
    raise ActionFailed(
        f"action: {action} has an invalid argument: {name} (=={value}). "
        f"Cannot convert to: {wanted}",
        INVALID_ARGUMENT,
    )


class Dispatcher:
    """Runs messages on a world; never raises, whatever the message."""

    def __init__(self, world: World) -> None:
        self.actions = Actions(world)
        self._known = frozenset(action_names())

    def act(self, message: dict) -> LastAction:
        """Runs one message and says how it ended."""
        name = message.get("action")
        if not isinstance(name, str) or name not in self._known:
            return LastAction(str(name), False, f"Invalid action: {name}", INVALID_ACTION)
        self.actions.world.collided = []
        try:
            result = getattr(self.actions, name)(**self._bind(name, message))
        except ActionFailed as failure:
            return LastAction(name, False, str(failure), failure.code)
        except Exception as error:  # noqa: BLE001  the backend answers, it never dies
            return LastAction(name, False, f"{type(error).__name__}: {error}", "Undefined")
        return LastAction(name, True, "", None, result)

    def _bind(self, name: str, message: dict) -> dict:
        parameters, hints = _signature(name)
        given = {
            k: v
            for k, v in message.items()
            if k in parameters or (k not in GLOBAL_KEYS and k != "action")
        }
        extra = [k for k in given if k not in parameters]
        if extra and name not in LENIENT:
            raise ActionFailed(
                f"action: {name} called with invalid argument: '{extra[0]}'. "
                f"Expected arguments: {', '.join(parameters) or 'none'}. "
                f"Given arguments: {', '.join(given)}.",
                INVALID_ARGUMENT,
            )
        missing = [k for k, p in parameters.items() if p.default is p.empty and k not in given]
        if missing:
            raise ActionFailed(
                f"action: {name} is missing the following arguments: {','.join(missing)}",
                MISSING_ARGUMENTS,
            )
        return {
            k: _convert(name, k, v, hints.get(k, object))
            for k, v in given.items()
            if k in parameters
        }
