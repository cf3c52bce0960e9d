"""A simulated room for tests of actions: no client, no pictures."""

from __future__ import annotations

import numpy as np

from envs.simulator.actions.result import LastAction
from envs.simulator.dispatch.dispatcher import Dispatcher
from envs.simulator.events.metadata import agent_metadata
from envs.simulator.world.objects import SimObject
from envs.simulator.world.world import World


class Room:
    """A world and its dispatcher; ``act`` runs one action."""

    def __init__(self, scene: str = "FloorPlan1") -> None:
        self.world = World(300, 300)
        self.dispatcher = Dispatcher(self.world)
        self.reset(scene)

    def reset(self, scene: str = "FloorPlan1", **settings: object) -> None:
        """A fresh start, as the client's reset."""
        assert self.act("Reset", sceneName=scene).success
        assert self.act("Initialize", **settings).success

    def act(self, action: str, **arguments: object) -> LastAction:
        """Runs one action and says how it ended."""
        if isinstance(arguments.get("rotation"), (int, float)):
            # ai2thor's client does the same before it sends.
            arguments["rotation"] = {"y": arguments["rotation"]}
        return self.dispatcher.act({"action": action, **arguments})

    def do(self, action: str, **arguments: object) -> object:
        """Runs an action that has to work; what it returned."""
        answer = self.act(action, **arguments)
        assert answer.success, f"{action}: {answer.message}"
        return answer.result

    def refuse(self, action: str, **arguments: object) -> str:
        """Runs an action that has to fail; why it did."""
        answer = self.act(action, **arguments)
        assert not answer.success, f"{action} should have failed"
        assert answer.message
        return answer.message

    def first(self, kind: str) -> SimObject:
        """The first object of a type."""
        return next(t for t in self.world.objects.values() if t.type == kind)

    def all(self, kind: str) -> list[SimObject]:
        """Every object of a type."""
        return [t for t in self.world.objects.values() if t.type == kind]

    def face(self, thing: SimObject, **limits: object) -> None:
        """Goes to a pose from which an object is visible."""
        poses = self.do("GetInteractablePoses", objectId=thing.object_id, **limits)
        assert isinstance(poses, list) and poses, f"nothing sees {thing.object_id}"
        self.do("TeleportFull", **poses[0])

    def take(self, kind: str) -> SimObject:
        """Picks up the first object of a type, wherever it is."""
        thing = self.first(kind)
        self.do("PickupObject", objectId=thing.object_id, forceAction=True)
        return thing

    def metadata(self) -> dict:
        """The agent's metadata now."""
        return agent_metadata(self.world, self.world.active, LastAction())

    def row(self, object_id: str) -> dict:
        """One object's metadata."""
        return next(o for o in self.metadata()["objects"] if o["objectId"] == object_id)


def vector(xyz: np.ndarray) -> dict:
    """AI2-THOR's form of a place."""
    return dict(zip("xyz", map(float, xyz), strict=True))
