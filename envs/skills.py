"""Skills: ``goto``, ``look around`` and the interactions, out of AI2-THOR's own actions.

They are the robot's walking and reaching, not its mind: they know the map, but an object that was
not seen this episode can't be gone to. Every skill can fail.
"""

from __future__ import annotations

import math
import weakref
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from envs.actions import Action, types_of
from envs.observations import SEEN_PIXELS, Segmentation, object_type_of, segment
from envs.surfaces import surface_spots
from envs.walking import Walker, cell_of

if TYPE_CHECKING:
    from ai2thor.controller import Controller
    from ai2thor.server import Event

POINT_RADIUS = 15.0 / 300.0
REACH = 1.5
TRIES = 3
KNIVES = ("Knife", "ButterKnife")


class SkillFailed(Exception):
    """A skill did not work; the message is the feedback."""


@dataclass(eq=False)
class Skills:
    """The skills on one controller, with what was seen this episode.

    Attributes:
        controller: Any backend, with instance segmentation on.
        on_frame: Called with the event of every primitive move.
        seen: Ids of objects seen this episode.
        force_put: Put objects where they would not be accepted otherwise.
        visited: Ids gone to this episode, and how often.
        missed: Ids to which no way was found this episode, and how often.
        at: Id of what was gone to last, or empty.
        meant: Id that the next ``goto`` of its type is to, where the caller knows which one; of
            use to the expert only.
        moves: Primitive moves since whoever reads it set it to 0.
        blocked_after: Moves ahead until something stands in the way, down to 0; None: nothing does.
        looked: What was seen where a walk ended, until whoever reads it sets it to None.
    """

    controller: Controller
    on_frame: Callable[[Event], None] | None = None
    seen: set[str] = field(default_factory=set)
    visited: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    turns: int = 0
    at: str = ""
    force_put: bool = False
    meant: str = ""
    moves: int = 0
    blocked_after: int | None = None
    looked: Event | None = None

    def begin(self) -> None:
        """Starts an episode at the controller's present state."""
        self.seen, self.turns = set(), 0
        self.visited, self.missed = Counter(), Counter()
        self.at, self.meant, self.looked = "", "", None
        self._stood: dict[tuple, int] = {}
        # Legs that hold their owner would keep both, and a view, until garbage is collected.
        me = weakref.proxy(self)
        self._legs = Walker(self.controller, lambda *args, **named: me._step(*args, **named))
        self._spots = surface_spots(
            self._step,
            self.controller.last_event.metadata["objects"],
            list(self._legs.free.values()),
        )
        self._looked: set[int] = set()
        self.observe(self.controller.step("Pass"))

    def observe(self, event: Event) -> Segmentation:
        """Takes note of a view the agent is shown."""
        if event is not self.looked:
            self.view = segment(event)
        for object_id, count in zip(self.view.ids, self.view.counts, strict=True):
            if object_id and count >= SEEN_PIXELS:
                self.seen.add(object_id)
        self._mark_spots(event)
        return self.view

    def run(self, action: Action) -> None:
        """Carries out a skill.

        Raises:
            SkillFailed: If it did not work. What was walked stays walked.
        """
        if action.verb == "goto":
            self._goto(action)
        elif action.verb == "look around":
            self._look_around()
        else:
            self.interact(action)

    # ---- what is done to them ----
    def bar(self, moves: int) -> None:
        """Lets something stand in the way after so many moves ahead."""
        self.blocked_after = moves

    def unbar(self) -> bool:
        """Clears the way again; returns whether a walk has ended there."""
        struck, self.blocked_after = self.blocked_after == 0, None
        return struck

    def forget(self, object_id: str) -> None:
        """Makes an object one that was not seen."""
        self.seen.discard(object_id)

    # ---- interactions ----
    def interact(self, action: Action) -> None:
        """Acts on the object under the action's point, or the nearest of its type in view.

        Raises:
            SkillFailed: With AI2-THOR's reason.
        """
        if action.verb == "drop":
            self._do("DropHandObject", forceAction=False)
            return
        held = self._held()
        if action.verb == "slice" and held not in KNIVES:
            raise SkillFailed("slicing needs a knife in hand")
        target = self._target(action)
        if action.verb == "pick up":
            self._do("PickupObject", objectId=target)
        elif action.verb == "put in":
            self._do("PutObject", objectId=target, forceAction=self.force_put)
        elif action.verb == "open":
            self._do("OpenObject", objectId=target)
        elif action.verb == "close":
            self._do("CloseObject", objectId=target)
        elif action.verb == "toggle on":
            self._do("ToggleObjectOn", objectId=target)
        elif action.verb == "toggle off":
            self._do("ToggleObjectOff", objectId=target)
        elif action.verb == "slice":
            self._do("SliceObject", objectId=target)

    def _held(self) -> str:
        hand = self.controller.last_event.metadata["inventoryObjects"]
        return hand[0]["objectType"] if hand else ""

    def _target(self, action: Action) -> str:
        types = types_of(action.target or "")
        if action.point is not None:
            radius = POINT_RADIUS * self.view.index.shape[1]
            found = self.view.near(action.point, types, radius)
            if found is None:
                raise SkillFailed(f"there is no {action.target} at that point")
            return found
        here = self._legs.here()
        visible = [
            o
            for o in self.controller.last_event.metadata["objects"]
            if o["objectType"] in types and o["visible"] and not o["isPickedUp"]
        ]
        if not visible:
            raise SkillFailed(f"no {action.target} is visible within reach")
        return min(visible, key=lambda o: _gap(o, here))["objectId"]

    def _do(self, name: str, **arguments: object) -> None:
        event = self._step(name, **arguments)
        if not event.metadata["lastActionSuccess"]:
            raise SkillFailed(event.metadata["errorMessage"] or f"{name} failed")

    def _step(self, name: str, **arguments: object) -> Event:
        if name == "MoveAhead" and self.blocked_after is not None:
            self.blocked_after = max(0, self.blocked_after - 1)
            if not self.blocked_after:
                raise SkillFailed("the way is blocked")
        moves = name[:3] != "Get"
        self.moves += moves
        watched = self.on_frame is not None and moves
        event = self.controller.step(name, renderImage=watched, **arguments)
        if watched and self.on_frame is not None:
            self.on_frame(event)
        return event

    # ---- going ----
    def _goto(self, action: Action) -> None:
        types = types_of(action.target or "")
        objects = {o["objectId"]: o for o in self.controller.last_event.metadata["objects"]}
        of_type = [o for o in objects.values() if o["objectType"] in types and not o["isPickedUp"]]
        if not of_type:
            raise SkillFailed(f"there is no {action.target} here")
        known = [o for o in of_type if not o["pickupable"] or o["objectId"] in self.seen]
        if not known:
            raise SkillFailed(f"no {action.target} has been seen yet")
        order = self._preferred(known)
        if self.meant in order:
            order = [self.meant]
        self.meant = ""
        if action.point is not None:
            radius = POINT_RADIUS * self.view.index.shape[1]
            pointed = self.view.near(action.point, types, radius)
            if pointed is None:
                raise SkillFailed(f"there is no {action.target} at that point")
            order = [pointed]
        for object_id in order[:TRIES]:
            if self._walk_to(objects[object_id]):
                self.visited[object_id] += 1
                self.at = object_id
                return
            self.missed[object_id] += 1
        raise SkillFailed(f"no way to a {action.target} was found")

    def _preferred(self, known: list[dict]) -> list[str]:
        """Least often visited or missed first, of those the nearest."""
        here = self._legs.here()
        rows = sorted(
            (self.visited[i] + self.missed[i], _gap(o, here), i)
            for o in known
            for i in (o["objectId"],)
        )
        return [r[2] for r in rows]

    def _walk_to(self, item: dict) -> bool:
        poses = (
            self._step(
                "GetInteractablePoses",
                objectId=item["objectId"],
                standings=[True],
                horizons=[-30, 0, 30, 60],
            ).metadata["actionReturn"]
            or []
        )
        self._legs.look_about()
        steps = self._legs.distances()
        ranked = sorted(
            # Going to the same object again tries another place to stand.
            (
                self._pose_cost(p, item)
                + 0.02 * steps[key]
                + 2.0 * self._stood.get((item["objectId"], *key, p["rotation"]), 0),
                k,
            )
            for k, p in enumerate(poses)
            if (key := cell_of(p["x"], p["z"])) in steps
        )
        tried: set[tuple] = set()
        best: tuple[int, dict] | None = None
        for _, k in ranked:
            pose = poses[k]
            place = (pose["x"], pose["z"], pose["rotation"])
            if place in tried:
                continue
            tried.add(place)
            if not self._legs.walk(pose):
                continue
            stand = (item["objectId"], *cell_of(pose["x"], pose["z"]), pose["rotation"])
            self._stood[stand] = self._stood.get(stand, 0) + 1
            self.looked = event = self.controller.step("Pass")
            self.view = segment(event)
            shown = self.view.pixels(item["objectId"])
            if shown >= 2 * SEEN_PIXELS:
                return True
            if best is None or shown > best[0]:
                best = (shown, pose)
            if len(tried) >= TRIES:
                break
        if best is None or not best[0]:
            return False
        return self._legs.walk(best[1])

    @staticmethod
    def _pose_cost(pose: dict, item: dict) -> float:
        box = item["axisAlignedBoundingBox"]
        center, size = box["center"], box["size"]
        x = min(max(pose["x"], center["x"] - size["x"] / 4), center["x"] + size["x"] / 4)
        z = min(max(pose["z"], center["z"] - size["z"] / 4), center["z"] + size["z"] / 4)
        dx, dz = x - pose["x"], z - pose["z"]
        flat = math.hypot(dx, dz)
        azimuth = (math.degrees(math.atan2(dx, dz)) - pose["rotation"] + 180) % 360 - 180
        tilt = math.degrees(math.atan2(pose["y"] + 0.675 - center["y"], max(flat, 0.05)))
        ideal = 0.65 if max(size.values()) < 0.5 else 0.95
        return (
            (abs(azimuth) / 30) ** 2 + (abs(tilt - pose["horizon"]) / 30) ** 2 + abs(flat - ideal)
        )

    # ---- looking around ----
    def _look_around(self) -> None:
        self._legs.tilt(30)
        if self.turns < 3:
            self.turns += 1
            self._step("RotateRight")
            return
        steps = self._legs.distances()
        todo = [k for k in range(len(self._spots)) if k not in self._looked]
        if not todo:
            self._looked = set()
            todo = list(range(len(self._spots)))
        best: tuple[float, int, tuple[int, int], float] | None = None
        for k in todo:
            for key, walked in steps.items():
                if key not in self._legs.free:
                    continue
                x, z = self._legs.free[key]["x"], self._legs.free[key]["z"]
                dx, dz = self._spots[k][0] - x, self._spots[k][2] - z
                flat = math.hypot(dx, dz)
                if not 0.35 < flat < 1.15:
                    continue
                yaw = float(round(math.degrees(math.atan2(dx, dz)) / 90) * 90 % 360)
                off = abs((math.degrees(math.atan2(dx, dz)) - yaw + 180) % 360 - 180)
                cost = walked + 3 * abs(flat - 0.7) + off / 20
                if best is None or cost < best[0]:
                    best = (cost, k, key, yaw)
        if best is None:
            self._looked = set(range(len(self._spots)))
            self._step("RotateRight")
            return
        _, k, key, yaw = best
        self._looked.add(k)
        low = self._spots[k][1] < 0.5
        self._legs.walk({**self._legs.free[key], "rotation": yaw, "horizon": 60 if low else 30})

    def _mark_spots(self, event: Event) -> None:
        agent, camera = event.metadata["agent"], event.metadata["cameraPosition"]
        yaw, pitch = agent["rotation"]["y"], agent["cameraHorizon"]
        for k, (x, y, z) in enumerate(self._spots):
            dx, dz = x - camera["x"], z - camera["z"]
            flat = math.hypot(dx, dz)
            azimuth = (math.degrees(math.atan2(dx, dz)) - yaw + 180) % 360 - 180
            tilt = math.degrees(math.atan2(camera["y"] - y, max(flat, 0.05))) - pitch
            if flat < REACH and abs(azimuth) < 38 and abs(tilt) < 40:
                self._looked.add(k)


def in_view_within_reach(event: Event, view: Segmentation) -> frozenset[str]:
    """Ids of objects with enough pixels that AI2-THOR calls visible."""
    visible = {o["objectId"] for o in event.metadata["objects"] if o["visible"]}
    return frozenset(
        i
        for i, n in zip(view.ids, view.counts, strict=True)
        if i and n >= SEEN_PIXELS and i in visible and object_type_of(i)
    )


def _gap(item: dict, here: tuple[float, float]) -> float:
    box = item["axisAlignedBoundingBox"]
    dx = max(abs(box["center"]["x"] - here[0]) - box["size"]["x"] / 2, 0.0)
    dz = max(abs(box["center"]["z"] - here[1]) - box["size"]["z"] / 2, 0.0)
    return math.hypot(dx, dz)
