"""What is in or on what, and what moves along when something moves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from envs.simulator.core.geometry import matrix_euler
from envs.simulator.world.objects import SimObject
from envs.simulator.world.room_state import Rules

# How far beyond a board's edge and above it an object may be and still lie on it, metres.
EDGE, LIFTED = 0.03, 0.1


def main_parent(objects: dict[str, SimObject], obj: SimObject) -> str | None:
    """Of several receptacles that list an object, the one that carries it.

    AI2-THOR's recordings list a book on a table also with the chair that is pushed under it. The
    smallest board right below counts; failing that, the nearest in height.
    """
    best: tuple[float, float, str] | None = None
    parents = [p for p in obj.metadata["parentReceptacles"] or () if p in objects]
    for parent in parents:
        other = objects[parent]
        for surface, middle in other.surfaces():
            away = other.rotation.T @ (obj.center - middle)
            gap = abs(float(obj.low[1] - middle[1]))
            over = (np.abs(away[[0, 2]]) <= np.asarray(surface.size) / 2 + EDGE).all()
            near = 0.0 if over and gap < LIFTED else 1.0 + gap + (0.0 if over else 1.0)
            rank = (near, surface.size[0] * surface.size[1], parent)
            if best is None or rank < best:
                best = rank
    return best[2] if best is not None else (parents[0] if parents else None)


class Containment:
    """The part of a world that keeps receptacles' lists true.

    Attributes:
        objects: Everything in the room, by id.
        rules: Who is fastened to whom.
        update: Tells rays and the picture that an object moved.
    """

    objects: dict[str, SimObject]
    rules: Rules
    update: Callable[[SimObject], None]

    def detach(self, object_id: str) -> None:
        """Takes an object out of every receptacle that lists it."""
        obj = self.objects[object_id]
        obj.metadata["parentReceptacles"] = None
        for other in self.objects.values():
            inside = other.metadata["receptacleObjectIds"]
            if inside and object_id in inside:
                other.metadata["receptacleObjectIds"] = [i for i in inside if i != object_id]

    def attach(self, object_id: str, receptacle_id: str) -> None:
        """Puts an object on a receptacle's list; its place is the caller's business."""
        obj, receptacle = self.objects[object_id], self.objects[receptacle_id]
        obj.metadata["parentReceptacles"] = [receptacle_id]
        inside = receptacle.metadata["receptacleObjectIds"] or []
        receptacle.metadata["receptacleObjectIds"] = [*inside, object_id]

    def riders(self, obj: SimObject) -> list[str]:
        """Ids of what an object carries: of its contents, those that stand on nothing else."""
        found = []
        for inside in obj.contents():
            item = self.objects.get(inside)
            # Some recorded plates list the counter top they stand on.
            if item is None or not _is_loose(item) or _outweighs(item, obj):
                continue
            several = len(item.metadata["parentReceptacles"] or ()) > 1
            if not several or main_parent(self.objects, item) == obj.object_id:
                found.append(inside)
        return found

    def keep_carrier(self, obj: SimObject) -> None:
        """Takes an object that moves off every list but that of what carries it."""
        if len(obj.metadata["parentReceptacles"] or ()) > 1:
            carrier = main_parent(self.objects, obj)
            self.detach(obj.object_id)
            if carrier is not None:
                self.attach(obj.object_id, carrier)

    def _part(self, obj: SimObject, inside: str) -> None:
        """Ends that a receptacle lists an object, which stays on its other lists."""
        rest = [i for i in obj.contents() if i != inside]
        obj.metadata["receptacleObjectIds"] = rest
        item = self.objects.get(inside)
        if item is not None:
            parents = [p for p in item.metadata["parentReceptacles"] or () if p != obj.object_id]
            item.metadata["parentReceptacles"] = parents or None

    def move_with_contents(self, obj: SimObject, center: np.ndarray, euler: np.ndarray) -> None:
        """Moves an object and, rigidly, everything standing in or on it."""
        before_center, before = obj.center.copy(), obj.rotation.copy()
        obj.place(center, euler)
        self.update(obj)
        turn = obj.rotation @ before.T
        yaw_change = obj.euler[1] - self._yaw(before)
        riders = self.riders(obj)
        for inside in obj.contents():
            if inside not in riders:
                self._part(obj, inside)
                continue
            item = self.objects[inside]
            self.keep_carrier(item)
            euler = item.euler + np.array([0.0, yaw_change, 0.0])
            if turn[1, 1] < 1 - 1e-9:
                euler = matrix_euler(turn @ item.rotation)
            self.move_with_contents(item, obj.center + turn @ (item.center - before_center), euler)
        for child in self.rules.fastened_to(obj.object_id):
            if child in self.objects:
                item = self.objects[child]
                place = obj.center + turn @ (item.center - before_center)
                self.move_with_contents(item, place, matrix_euler(turn @ item.rotation))

    @staticmethod
    def _yaw(rotation: np.ndarray) -> float:
        return float(np.degrees(np.arctan2(rotation[0, 2], rotation[2, 2])))


def _outweighs(item: SimObject, carrier: SimObject) -> bool:
    """Whether furniture is listed in a loose object: a plate that overlaps a shelf's box."""
    loose, moved = carrier.record.properties.get("pickupable"), item.record.properties
    return bool(loose and not moved.get("pickupable"))


def _is_loose(obj: SimObject) -> bool:
    properties = obj.record.properties
    return bool(properties.get("pickupable") or properties.get("moveable"))
