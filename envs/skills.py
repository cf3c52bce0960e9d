"""Skills: ``goto``, ``look around`` and the interactions, out of AI2-THOR's own actions.

They are the robot's walking and reaching, not its mind: they know the map, but an object that was
not seen this episode can't be gone to. Every skill can fail. How much they help is told in
``envs.skill_modes``.
"""

from __future__ import annotations

import math
import weakref
from collections import Counter
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from envs.actions import Action, types_of
from envs.motion.looking import Looker
from envs.motion.standing import Stands
from envs.motion.surfaces import surface_spots
from envs.motion.walking import Cell, Walker
from envs.observations import SEEN_PIXELS, Segmentation, object_type_of, segment
from envs.skill_modes import HELPED, HONEST, POINT_RADIUS
from envs.views import Views

if TYPE_CHECKING:
    from ai2thor.controller import Controller
    from ai2thor.server import Event

TRIES = 3
# AI2-THOR's words where a door or drawer hits something, the agent for example.
STUCK = "failed to open/close"
KNIVES = ("Knife", "ButterKnife")
_THOR_NAMES = {
    "pick up": "PickupObject",
    "open": "OpenObject",
    "close": "CloseObject",
    "toggle on": "ToggleObjectOn",
    "toggle off": "ToggleObjectOff",
    "slice": "SliceObject",
}
# What changes as an episode goes on.
_KEPT = ("seen", "visited", "missed", "at", "meant", "moves", "blocked_after", "view")
# What every room is made of is nothing to go to.
_ROOM = ("Floor", "Wall", "Ceiling")


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
        nearness: Metres from an object that a walk to it has to end within, where the task's suite
            asks for that; 0: it ends where the object can best be acted on.
        mode: As of ``envs.skill_modes``.
        views: What was where in each view of the episode.
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
    at: str = ""
    force_put: bool = False
    nearness: float = 0.0
    mode: str = HELPED
    views: Views = field(default_factory=Views)
    meant: str = ""
    moves: int = 0
    blocked_after: int | None = None
    looked: Event | None = None

    def begin(self, walks: bool = True) -> None:
        """Starts an episode at the controller's present state.

        Args:
            walks: Whether it goes and looks around; without it, it only reaches.
        """
        self.seen, self.views = set(), Views()
        self.visited, self.missed = Counter(), Counter()
        self.at, self.meant, self.looked = "", "", None
        # Legs that hold their owner would keep both, and a view, until garbage is collected.
        me = weakref.proxy(self)
        self._legs = Walker(self.controller, lambda *args, **named: me._step(*args, **named))
        self._stands = Stands(lambda *args, **named: me._step(*args, **named), self._legs)
        objects = self.controller.last_event.metadata["objects"]
        spots = surface_spots(self._step, objects, list(self._legs.free.values())) if walks else []
        self._looker = Looker(lambda *args, **named: me._step(*args, **named), self._legs, spots)
        self.observe(self.controller.step("Pass"))

    def observe(self, event: Event) -> Segmentation:
        """Takes note of a view the agent is shown."""
        if event is not self.looked:
            self.view = segment(event)
        for object_id, count in zip(self.view.ids, self.view.counts, strict=True):
            if object_id and count >= SEEN_PIXELS:
                self.seen.add(object_id)
        self._looker.note(event)
        self.views.add(self.view, event.metadata["objects"])
        return self.view

    def kept(self) -> tuple[Any, ...]:
        """What is known of the episode so far, for ``resume``."""
        own = {name: copy(getattr(self, name)) for name in _KEPT}
        return own, *(part.kept() for part in self._parts())

    def resume(self, kept: tuple[Any, ...]) -> None:
        """Knows again what was known then; the controller is put back by the caller."""
        own, *parts = kept
        for name, value in own.items():
            setattr(self, name, copy(value))
        self.looked = None
        for part, known in zip(self._parts(), parts, strict=True):
            part.resume(known)

    def _parts(self) -> tuple[Any, ...]:
        return self.views, self._legs, self._stands, self._looker

    @property
    def rounds(self) -> int:
        """How often it has looked at all tops and seats."""
        return self._looker.rounds

    @property
    def honest(self) -> bool:
        """Whether they help as little as they can."""
        return self.mode == HONEST

    @property
    def free_cells(self) -> tuple[Cell, ...]:
        """Cells of the floor where the agent can stand, as last looked up; looked up if never."""
        return tuple(self._legs.free)

    @property
    def cell(self) -> float:
        """Side of such a cell, metres: the grid that this episode's agent keeps to."""
        return self._legs.grid

    @property
    def point_radius(self) -> float:
        """By how much a point may miss what it is to be on, as a share of the width."""
        return POINT_RADIUS[self.mode]

    def run(self, action: Action) -> None:
        """Carries out a skill.

        Raises:
            SkillFailed: If it did not work. What was walked stays walked.
        """
        if action.verb == "goto":
            self._goto(action)
        elif action.verb == "look around":
            self._looker.look_around()
        else:
            self._interact_from_anywhere(action)

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
    def interact(self, action: Action, nearest: bool = False) -> None:
        """Acts on the object under the action's point, or the nearest of its type in view.

        Args:
            action: What is done.
            nearest: Take the nearest even where honest skills would not choose.

        Raises:
            SkillFailed: With AI2-THOR's reason.
        """
        if action.verb == "drop":
            self._do("DropHandObject", forceAction=False)
            return
        held = self._held()
        if action.verb == "slice" and held not in KNIVES:
            raise SkillFailed("slicing needs a knife in hand")
        target = self._target(action, nearest)
        if action.verb == "put in":
            self._do("PutObject", objectId=target, forceAction=self.force_put)
        elif action.verb in _THOR_NAMES:
            self._do(_THOR_NAMES[action.verb], objectId=target)

    def _interact_from_anywhere(self, action: Action) -> None:
        """Interacts; where a door or drawer would hit it, it steps aside and tries again."""
        try:
            self.interact(action)
        except SkillFailed as failure:
            why = str(failure)
            if action.verb not in ("open", "close") or STUCK not in why:
                raise
        else:
            return
        target = self._target(action, nearest=True)
        for _ in range(TRIES - 1):
            objects = self.controller.last_event.metadata["objects"]
            if not self._walk_to(next(o for o in objects if o["objectId"] == target)):
                break
            try:
                self._do(_THOR_NAMES[action.verb], objectId=target)
            except SkillFailed as failure:
                why = str(failure)
            else:
                self.at = target
                return
        raise SkillFailed(why)

    def _held(self) -> str:
        hand = self.controller.last_event.metadata["inventoryObjects"]
        return hand[0]["objectType"] if hand else ""

    def _target(self, action: Action, nearest: bool) -> str:
        types = types_of(action.target or "")
        if action.point is not None:
            radius = self.point_radius * self.view.index.shape[1]
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
        if self.honest and not nearest and len(_wholes(visible)) > 1:
            raise SkillFailed(f"more than one {action.target} is within reach: say where it is")
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
        objects = {o["objectId"]: o for o in self.controller.last_event.metadata["objects"]}
        order = self._candidates(action, objects)
        self.meant = ""
        for object_id in order[:TRIES]:
            if self._walk_to(objects[object_id]):
                self.visited[object_id] += 1
                self.at = object_id
                return
            self.missed[object_id] += 1
        raise SkillFailed(f"no way to a {action.target} was found")

    def _candidates(self, action: Action, objects: dict[str, dict]) -> list[str]:
        """Ids of what a walk may be to, best first.

        Raises:
            SkillFailed: If there is nothing.
        """
        if action.point is not None:
            return [self._pointed_at(action, objects)]
        types = types_of(action.target or "")
        of_type = [o for o in objects.values() if o["objectType"] in types and not o["isPickedUp"]]
        if self.meant in {o["objectId"] for o in of_type}:
            return [self.meant]
        if self.honest:
            known = [o for o in of_type if not o["pickupable"]]
            if not known:
                raise SkillFailed(
                    f"say where you saw a {action.target}: goto {action.target} at (x, y), of view "
                    "n where that was an earlier one"
                )
            return self._preferred(known)
        if not of_type:
            raise SkillFailed(f"there is no {action.target} here")
        known = [o for o in of_type if not o["pickupable"] or o["objectId"] in self.seen]
        if not known:
            raise SkillFailed(f"no {action.target} has been seen yet")
        return self._preferred(known)

    def _pointed_at(self, action: Action, objects: dict[str, dict]) -> str:
        """Id of what is at an action's point, or was in an earlier view.

        Honest, that is whatever is there; else it has to be of the named type.
        """
        types, point = types_of(action.target or ""), action.point or (0.0, 0.0)
        if action.view is not None:
            if action.view >= len(self.views):
                raise SkillFailed(f"there were no more than {len(self.views)} views, from 0 on")
            found = self.views.at(action.view, point, types, self.point_radius)
        else:
            radius = self.point_radius * self.view.index.shape[1]
            found = self.view.near(point, types, radius) or self.view.at(point)
        item = objects.get(found)
        known = item is not None and (self.honest or item["objectType"] in types)
        if item is None or not known or item["objectType"] in _ROOM or item["isPickedUp"]:
            raise SkillFailed(f"there is no {action.target} at that point")
        if action.view is not None and self.views.has_moved(action.view, item):
            raise SkillFailed(f"the {action.target} is no longer where that view showed it")
        return found

    def expected(self, target: str) -> str:
        """Id that helped skills would go to first for a type; empty if none was seen."""
        known = [
            o
            for o in self.controller.last_event.metadata["objects"]
            if o["objectType"] in types_of(target) and not o["isPickedUp"]
            if not o["pickupable"] or o["objectId"] in self.seen
        ]
        return next(iter(self._preferred(known)), "")

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
        near = self.nearness
        poses = self._stands.nearest(item, near) if near else self._stands.best(item)
        best: tuple[int, dict] | None = None
        for pose in poses[:TRIES]:
            if not self._legs.walk(pose):
                continue
            self._stands.took(item, pose)
            self.looked = event = self.controller.step("Pass")
            self.view = segment(event)
            shown = self.view.pixels(item["objectId"])
            # Where it has to come near, it need not see.
            if shown >= 2 * SEEN_PIXELS or near:
                return True
            if best is None or shown > best[0]:
                best = (shown, pose)
        if best is None or not best[0]:
            return False
        return self._legs.walk(best[1])


def in_view_within_reach(event: Event, view: Segmentation) -> frozenset[str]:
    """Ids of objects with enough pixels that AI2-THOR calls visible."""
    visible = {o["objectId"] for o in event.metadata["objects"] if o["visible"]}
    return frozenset(
        i
        for i, n in zip(view.ids, view.counts, strict=True)
        if i and n >= SEEN_PIXELS and i in visible and object_type_of(i)
    )


def _wholes(items: list[dict]) -> list[dict]:
    """Those that are not part of another one: a sink's basin is the sink."""
    ids = [o["objectId"] for o in items]
    return [o for o in items if not any(o["objectId"].startswith(f"{i}|") for i in ids)]


def _gap(item: dict, here: tuple[float, float]) -> float:
    box = item["axisAlignedBoundingBox"]
    dx = max(abs(box["center"]["x"] - here[0]) - box["size"]["x"] / 2, 0.0)
    dz = max(abs(box["center"]["z"] - here[1]) - box["size"]["z"] / 2, 0.0)
    return math.hypot(dx, dz)
