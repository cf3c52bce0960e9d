"""A conversation with one client: a message in, metadata and pictures out.

Every way in (in-process, pipes, HTTP) shares it. A message is the client's dict,
``{"action": "MoveAhead", "sequenceId": 3}``; its answer is the metadata map of all agents and the
image buffers by form name, or for a query the few entries that changed.

Not here: how answers travel.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from envs.simulator.actions.result import LastAction
from envs.simulator.core.errors import INVALID_ACTION
from envs.simulator.dispatch.dispatcher import Dispatcher
from envs.simulator.events.images import NONE, Passes, passes_for, pictures
from envs.simulator.events.metadata import agent_metadata
from envs.simulator.world.world import World

FIRST_SCENE = "FloorPlan1_physics"
# After these no agent has acted yet.
_FRESH_START = ("Reset", "Initialize")
_log = logging.getLogger(__name__)

Images = dict[str, list[bytes]]


@dataclass(frozen=True)
class Answer:
    """What one message brought about.

    Attributes:
        metadata: The map of all agents, third-party cameras, active agent and sequence id.
        images: Buffers by form name, one for each agent or third-party camera.
        patch: For a query that may be answered in short, what differs from the answer before.
    """

    metadata: dict
    images: Images = field(default_factory=dict)
    patch: dict | None = None


class Session:
    """Answers a client's messages from one world; never raises, whatever the message.

    Attributes:
        world: The simulated world (privileged).
        headless: Whether no pictures are made at all.
    """

    def __init__(self, width: int = 300, height: int = 300, headless: bool = False) -> None:
        self.world = World(width, height)
        self.dispatcher = Dispatcher(self.world)
        self.headless = headless
        self._sequence = 0
        self._lasts: list[LastAction] = []
        self._before: Answer | None = None

    def start(self) -> Answer:
        """What is sent before any message: an empty world."""
        return self._whole(LastAction(), NONE)

    def answer(self, message: object) -> Answer:
        """Acts on one message and describes the outcome."""
        if not isinstance(message, dict):
            self._sequence += 1
            return self.failed(f"A message must be a JSON object, not {type(message).__name__}.")
        name = message.get("action")
        self._sequence = _sequence_of(message, otherwise=self._sequence + 1)
        try:
            world, marks = self.world, self.dispatcher.marks(name)
            if world.scene is None and not marks.sceneless:
                world.load(FIRST_SCENE)
            agent = _agent_of(message, len(world.agents))
            if agent is None:
                return self._whole(
                    _no_such_agent(message, len(world.agents)), self._passes(message)
                )
            world.active = agent
            last, before = self.dispatcher.act(message), self._before
            if name in _FRESH_START:
                self._lasts = []
            passes = self._passes(message)
            short = marks.query and world.settings.fastActionEmit and passes.settled
            if before is not None and short:
                return self._short(last, before)
            return self._whole(last, passes)
        except Exception as error:  # noqa: BLE001  a client that gets no answer would hang
            _log.exception("The answer to %r could not be made.", name)
            return self.failed(f"{type(error).__name__}: {error}", str(name))

    def _passes(self, message: dict) -> Passes:
        """Which pictures the answer to a message carries."""
        if self.headless or message.get("action") == "Reset":
            return NONE
        return passes_for(self.world, message)

    def _whole(self, last: LastAction, passes: Passes) -> Answer:
        """The answer that describes every agent."""
        world = self.world
        acting, count = world.active, len(world.agents)
        # Each agent reports its own last action; those that never acted report the first's.
        self._lasts = [*self._lasts[:count], *[last] * (count - len(self._lasts))]
        self._lasts[acting] = last
        rows = [
            agent_metadata(world, index, self._lasts[index], passes.colored)
            for index in range(count)
        ]
        made = Answer(
            {
                "agents": rows,
                "thirdPartyCameras": [camera.metadata(i) for i, camera in enumerate(world.cameras)],
                "activeAgentId": acting,
                "sequenceId": self._sequence,
            },
            pictures(world, passes),
        )
        self._before = made
        return made

    def _short(self, last: LastAction, before: Answer) -> Answer:
        """The answer before, with what a query changed in it."""
        patch = {
            "lastAction": last.name,
            "lastActionSuccess": last.success,
            "errorMessage": last.message,
            "errorCode": last.code,
            "actionReturn": last.result,
            "agentId": self.world.active,
        }
        return self._patched(patch, before)

    def _patched(self, patch: dict, before: Answer) -> Answer:
        agents = list(before.metadata["agents"])
        agents[patch["agentId"]] = {**agents[patch["agentId"]], **patch}
        metadata = {
            **before.metadata,
            "agents": agents,
            "activeAgentId": patch["agentId"],
            "sequenceId": self._sequence,
        }
        self._before = Answer(metadata, before.images)
        return Answer(metadata, before.images, patch)

    def failed(self, why: str, name: str = "") -> Answer:
        """A failed action that says nothing new of the world, as a whole answer."""
        before = self._before or self.start()
        patch = {
            "lastAction": name,
            "lastActionSuccess": False,
            "errorMessage": why,
            "errorCode": None if name else INVALID_ACTION,
            "actionReturn": None,
            "agentId": int(before.metadata["activeAgentId"]),
        }
        patched = self._patched(patch, before)
        return Answer(patched.metadata, patched.images)

    def close(self) -> None:
        """Frees the renderer and the room, also where somebody keeps the session."""
        self.world.close()
        self.world = World(self.world.width, self.world.height)
        self.dispatcher = Dispatcher(self.world)
        self._before = None


def _sequence_of(message: dict, otherwise: int) -> int:
    """The number that the client gave a message."""
    number = message.get("sequenceId")
    return number if isinstance(number, int) and not isinstance(number, bool) else otherwise


def _agent_of(message: dict, count: int) -> int | None:
    """Which of so many agents shall act, or None if there is no such one."""
    agent = message.get("agentId")
    if agent is None:
        return 0
    known = isinstance(agent, int) and not isinstance(agent, bool) and 0 <= agent < count
    return agent if known else None


def _no_such_agent(message: dict, count: int) -> LastAction:
    why = (
        f"agentId {message['agentId']!r} is not one of the {count} agents; "
        f"use 0 to {count - 1}, or set agentCount at reset."
    )
    return LastAction(str(message.get("action")), False, why)
