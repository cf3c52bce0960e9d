"""Random messages for one room: sensible ones, as programs send them, and nonsense."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from envs.simulator.actions import Actions
from envs.simulator.dispatch.binding import signature_of
from envs.simulator.dispatch.table import action_table
from envs.simulator.server.session import Session

_WORDS = ("", "Apple", "x" * 5000, "Fridge|1|2|3", "\x00", "é☃", "NaN", "water", "-1")
_NUMBERS = (0, -1, 1, 0.5, 1e-9, 1e308, -1e308, 10**30, 2**31, 90, float("nan"), float("inf"))


# A message, and how often it shall be chosen among others.
Weighted = tuple[float, dict]


class Player:
    """Chooses actions for one room.

    Args:
        session: What answers them.
        rng: The only source of choices.
    """

    def __init__(self, session: Session, rng: np.random.Generator) -> None:
        self.session, self.world, self.rng = session, session.world, rng
        self._actions = action_table(Actions)

    def one_of(self, values: Iterable) -> object:
        """A random element."""
        rows = list(values)
        return rows[int(self.rng.integers(len(rows)))]

    def _id(self, ability: str | None = None) -> str:
        objects = [
            t.object_id for t in self.world.objects.values() if ability is None or t.is_(ability)
        ]
        return str(self.one_of(objects)) if objects else "Nothing|0|0|0"

    def _near(self) -> dict:
        middle = self.world.agent.position + self.rng.normal(0, 1.0, 3)
        return {"x": float(middle[0]), "y": float(abs(middle[1])), "z": float(middle[2])}

    def sensible(self) -> dict:
        """An action such as programs send."""
        reach = {"forceAction": bool(self.rng.random() < 0.7)}
        # Every choice is drawn before one is taken.
        choices = [
            *self._walking(),
            *self._holding(reach),
            *self._changing(reach),
            *self._moving(reach),
            *self._asking(),
            *self._rebuilding(),
            (2, {"action": "Teleport", "position": self._spot()}),
        ]
        weights = np.array([weight for weight, _ in choices])
        return choices[int(self.rng.choice(len(choices), p=weights / weights.sum()))][1]

    def _on(self, action: str, ability: str, **more: object) -> dict:
        return {"action": action, "objectId": self._id(ability), **more}

    def _walking(self) -> list[Weighted]:
        return [
            (6, {"action": self.one_of(("MoveAhead", "MoveBack", "MoveLeft", "MoveRight"))}),
            (4, {"action": self.one_of(("RotateLeft", "RotateRight", "LookUp", "LookDown"))}),
            (1, {"action": self.one_of(("Crouch", "Stand", "Pass", "Done"))}),
        ]

    def _holding(self, reach: dict) -> list[Weighted]:
        return [
            (6, self._on("PickupObject", "pickupable", **reach)),
            (6, self._on("PutObject", "receptacle", **reach)),
            (2, {"action": "DropHandObject", **reach}),
            (1, {"action": "ThrowObject", "moveMagnitude": float(self.rng.uniform(1, 150))}),
        ]

    def _changing(self, reach: dict) -> list[Weighted]:
        liquids = ("water", "coffee", "wine")
        return [
            (4, self._on("OpenObject", "openable", **reach)),
            (2, self._on("CloseObject", "openable", **reach)),
            (2, self._on("ToggleObjectOn", "toggleable", **reach)),
            (1, self._on("ToggleObjectOff", "toggleable", **reach)),
            (1, self._on("SliceObject", "sliceable", **reach)),
            (1, self._on("BreakObject", "breakable", **reach)),
            (1, self._on("CookObject", "cookable", **reach)),
            (1, self._on("DirtyObject", "dirtyable", **reach)),
            (
                1,
                {
                    **self._on("FillObjectWithLiquid", "canFillWithLiquid", **reach),
                    "fillLiquid": self.one_of(liquids),
                },
            ),
        ]

    def _moving(self, reach: dict) -> list[Weighted]:
        rng = self.rng
        return [
            (
                2,
                {
                    "action": self.one_of(("PushObject", "PullObject")),
                    "objectId": self._id(str(self.one_of(("pickupable", "moveable")))),
                    "moveMagnitude": float(rng.uniform(1, 120)),
                    **reach,
                },
            ),
            (
                2,
                {
                    "action": "MoveHeldObject",
                    "ahead": float(rng.normal(0, 0.2)),
                    "right": float(rng.normal(0, 0.2)),
                    "up": float(rng.normal(0, 0.2)),
                },
            ),
            (1, {"action": "RotateHeldObject", "roll": float(rng.uniform(-180, 180))}),
            (1, {**self._on("TeleportObject", "pickupable"), "position": self._near()}),
            (1, {**self._on("PlaceObjectAtPoint", "pickupable"), "position": self._near()}),
        ]

    def _asking(self) -> list[Weighted]:
        return [
            (1, {"action": "GetReachablePositions"}),
            (1, {"action": "GetShortestPath", "objectId": self._id()}),
            (1, {"action": "GetInteractablePoses", "objectId": self._id(), "maxPoses": 3}),
        ]

    def _rebuilding(self) -> list[Weighted]:
        rng = self.rng
        return [
            (0.3, {"action": "InitialRandomSpawn", "randomSeed": int(rng.integers(1000))}),
            (0.5, self._on("RemoveFromScene", "pickupable")),
            (0.5, {**self._on("ScaleObject", "pickupable"), "scale": float(rng.uniform(0.5, 1.3))}),
            (0.3, {"action": self.one_of(("RandomizeMaterials", "RandomizeLighting"))}),
            (0.3, {"action": "CreateObject", "objectType": self.one_of(("Plate", "Apple", "Mug"))}),
        ]

    def _spot(self) -> dict:
        points = self.world.grid_points
        if not len(points):
            return self._near()
        x, z = points[int(self.rng.integers(len(points)))]
        return {"x": float(x), "y": self.world.standing_y, "z": float(z)}

    def nonsense(self) -> dict:
        """A message no program should send."""
        rng = self.rng
        name = str(self.one_of(tuple(self._actions)))
        if rng.random() < 0.1:
            name = str(self.one_of((*_WORDS, name.lower(), f"_{name}", "__init__", "world")))
        message: dict = {"action": name}
        known = self._actions.get(name)
        parameters = list(signature_of(known.method).parameters) if known else []
        for parameter in parameters:
            if rng.random() < 0.7:
                message[parameter] = self._argument(parameter)
        for _ in range(int(rng.integers(3)) if rng.random() < 0.3 else 0):
            message[str(self.one_of(("z", "foo", "objectId", "", "agentId", "renderImage")))] = (
                self.junk()
            )
        if rng.random() < 0.02:
            message["action"] = self.junk()
        return message

    def _argument(self, name: str) -> object:
        if self.rng.random() < 0.5:
            return self.junk()
        if name.lower().endswith("id"):
            return self._id()
        if name in ("position", "target", "origin", "destination"):
            return self._near()
        if name == "rotation":
            return {"x": 0, "y": float(self.rng.integers(4) * 90), "z": 0}
        if name == "objectType":
            return self._id().split("|")[0]
        if name.startswith(("force", "allow", "render")):
            return False
        return float(self.rng.random())

    def junk(self, depth: int = 0) -> object:
        """Any JSON value."""
        kind = int(self.rng.integers(7 if depth < 4 else 4))
        if kind == 0:
            return self.one_of((None, True, False))
        if kind == 1:
            return self.one_of(_NUMBERS)
        if kind == 2:
            return self.one_of(_WORDS)
        if kind == 3:
            return {axis: self.one_of(_NUMBERS) for axis in "xyz"[: int(self.rng.integers(4))]}
        if kind == 4:
            return [self.junk(depth + 1) for _ in range(int(self.rng.integers(5)))]
        if kind == 5:
            return {str(self.one_of(_WORDS)): self.junk(depth + 1), "x": self.junk(depth + 1)}
        deep: object = 0
        for _ in range(int(self.rng.integers(1, 60))):
            deep = [deep]
        return deep
