"""From an action message to a method, and from whatever happens to a well-formed answer.

A message is the client's dict, for example
``{"action": "MoveAhead", "moveMagnitude": 0.25, "sequenceId": 3}``. An unknown action, an unknown
or missing argument, or one of the wrong kind answers with the code that makes the client raise
ValueError; everything else is an ordinary failed action.
"""

from __future__ import annotations

import logging
import traceback

from envs.simulator import dynamics
from envs.simulator.actions import Actions
from envs.simulator.actions.marks import Marks
from envs.simulator.actions.result import LastAction
from envs.simulator.core.errors import INVALID_ACTION, ActionFailed, shown
from envs.simulator.dispatch.binding import bind, seconds_simulated
from envs.simulator.dispatch.table import action_table
from envs.simulator.dispatch.unsupported import refusal
from envs.simulator.world import effects
from envs.simulator.world.room_state import SECONDS_PER_ACTION
from envs.simulator.world.world import World

_log = logging.getLogger(__name__)


class Dispatcher:
    """Runs messages on a world; never raises, whatever the message.

    Args:
        world: The simulated world.
        actions: The class whose methods are the actions.
    """

    def __init__(self, world: World, actions: type = Actions) -> None:
        self.actions = actions(world)
        self._known = action_table(actions)
        self._places: tuple[tuple, dict[str, dynamics.Place]] | None = None

    def marks(self, name: object) -> Marks:
        """How an action is treated; what is no action has no marks."""
        return self._known[name].marks if isinstance(name, str) and name in self._known else Marks()

    def _where(self) -> dict[str, dynamics.Place]:
        """Where everything is; asked for anew only if something moved or went to a hand."""
        world = self.actions.world
        state = (world.scene_version, world.draw_version, tuple(world.hands))
        if self._places is None or self._places[0] != state:
            self._places = (state, dynamics.places(world))
        return self._places[1]

    def act(self, message: dict) -> LastAction:
        """Runs one message and says how it ended."""
        name = message.get("action")
        if not isinstance(name, str) or name not in self._known:
            return _unknown(name)
        action, world = self._known[name], self.actions.world
        world.collided = []
        scene, version, before = world.scene_version, world.draw_version, self._where()
        try:
            if not (action.marks.keeps_motion or action.marks.query):
                dynamics.catch_up(world)
            arguments, seconds = bind(action, message), seconds_simulated(name, message)
            result = action.method(self.actions, **arguments)
            if seconds and not world.auto_simulation and not action.marks.query:
                dynamics.advance(world, seconds, SECONDS_PER_ACTION)
            answer = LastAction(name, True, "", None, result)
        except ActionFailed as failure:
            answer = LastAction(name, False, str(failure), failure.code)
        except Exception as error:  # noqa: BLE001  the backend answers, it never dies
            _log.exception("%s failed by a fault of the simulator's own.", name)
            where = traceback.extract_tb(error.__traceback__)[-1]
            text = f"{type(error).__name__}: {error}. trace: {where.name} line {where.lineno}"
            answer = LastAction(name, False, text)
        if world.scene_version == scene and world.draw_version != version:
            dynamics.drop_unsupported(world, before)
        if not action.marks.timeless:
            effects.pass_time(world, SECONDS_PER_ACTION)
            effects.settle(world)
        return answer


def _unknown(name: object) -> LastAction:
    """The answer to an action that there is not: refused with a remedy, or invalid."""
    refused = refusal(name) if isinstance(name, str) else None
    if refused is not None:
        return LastAction(str(name), False, refused)
    label = shown(name)
    return LastAction(label, False, f"Invalid action: {label}", INVALID_ACTION)
