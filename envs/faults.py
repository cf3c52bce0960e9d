"""Seeded faults: what goes wrong without the agent's doing, and can be put right again.

A fault strikes once an episode, at the first fitting step from a seeded one on. The environment
calls it at four places; it acts through the environment's own controller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from envs.actions import Action, types_of
from envs.fault_kinds import KINDS
from envs.skills import SkillFailed
from envs.tasks.base import Task

if TYPE_CHECKING:
    from ai2thor.server import Event

# Kinds that strike in the action itself, not after it.
_WHILE_ACTING = ("noop", "stale_frame", "wrong_object", "blocked_path")


class FaultySkills(Protocol):
    """What a fault may do to the skills."""

    def bar(self, moves: int) -> None:
        """Lets something stand in the way after so many moves ahead."""

    def unbar(self) -> bool:
        """Clears the way again; returns whether a walk has ended there."""

    def forget(self, object_id: str) -> None:
        """Makes an object one that was not seen."""


class FaultyEnv(Protocol):
    """What a fault is told of the environment it strikes; ``ThorEnv`` is one.

    Attributes:
        task: What is to be done.
        steps: Actions so far, the present one included.
    """

    task: Task | None
    steps: int

    @property
    def controller(self) -> Any:
        """The AI2-THOR controller."""

    @property
    def skills(self) -> FaultySkills:
        """The skills."""


class Fault:
    """One kind of fault.

    Kinds: ``noop`` (an action silently does nothing), ``dropped`` (the held object falls),
    ``door_shut`` (what was opened shuts again), ``target_moved`` (the task's object is elsewhere,
    while out of view), ``stale_frame`` (the agent is shown the frame before), ``wrong_object``
    (another object than the one meant is picked up), ``blocked_path`` (something stands in the way
    for a while).

    Args:
        kind: One of ``KINDS``.
        seed: Decides when it strikes.

    Raises:
        ValueError: If the kind is unknown.
    """

    def __init__(self, kind: str, seed: int) -> None:
        if kind not in KINDS:
            raise ValueError(f"Unknown fault {kind!r}: use one of {', '.join(KINDS)}.")
        self.kind, self.seed = kind, seed
        self._when, self._struck, self._swallowed = 0, False, False
        self._last: Event | None = None

    def begin(self, env: FaultyEnv) -> None:
        """Takes note of a new episode."""
        rng = np.random.default_rng([self.seed, env.task.spawn_seed or 0 if env.task else 0])
        self._when = int(rng.integers(1, 4))
        self._struck = self._swallowed = False
        self._place = int(rng.integers(0, 1_000_000))
        self._last = env.controller.last_event

    def swallow(self, env: FaultyEnv, action: Action) -> bool:
        """Whether the action silently does nothing."""
        strikes = (
            self.kind == "noop"
            and not self._struck
            and env.steps >= self._when
            and action.verb not in ("look around", "done")
        )
        self._struck = self._struck or strikes
        return strikes

    def divert(self, env: FaultyEnv, action: Action) -> Action:
        """Returns the action that is really carried out; called where it is not swallowed.

        Raises:
            SkillFailed: If a primitive move ahead is blocked.
        """
        if self._struck:
            return action
        if self.kind == "wrong_object" and action.verb == "pick up":
            others = _others_in_reach(env, action)
            if others:
                self._struck = True
                return Action("pick up", others[self._place % len(others)])
        elif self.kind == "blocked_path" and env.steps >= self._when:
            if action.verb == "goto":
                env.skills.bar(1 + self._place % 3)
            elif action.verb == "move ahead":
                self._struck = True
                raise SkillFailed("the way is blocked")
        return action

    def after(self, env: FaultyEnv) -> None:
        """Called when the action is over, before the agent sees anything."""
        if self.kind == "blocked_path" and not self._struck:
            self._struck = env.skills.unbar()
        if self._struck or env.steps < self._when or self.kind in _WHILE_ACTING:
            return
        event = env.controller.last_event
        objects = event.metadata["objects"]
        if self.kind == "dropped" and event.metadata["inventoryObjects"]:
            env.controller.step("DropHandObject", forceAction=True, renderImage=False)
            self._struck = True
        elif self.kind == "door_shut" and env.task is not None:
            for item in objects:
                wanted = item["objectType"] == env.task.receptacle and item["isOpen"]
                if wanted and event.metadata["inventoryObjects"]:
                    env.controller.step(
                        "CloseObject",
                        objectId=item["objectId"],
                        forceAction=True,
                        renderImage=False,
                    )
                    self._struck = True
                    return
        elif self.kind == "target_moved" and env.task is not None:
            self._struck = self._move(env, env.task.target, objects)

    def _move(self, env: FaultyEnv, target: str, objects: list[dict]) -> bool:
        """Moves the one object of a type, if it is out of view; returns whether it did."""
        targets = [o for o in objects if o["objectType"] == target and o["pickupable"]]
        if len(targets) != 1 or targets[0]["visible"] or targets[0]["isPickedUp"]:
            return False
        others = [o["objectId"] for o in objects if o is not targets[0] and o["pickupable"]]
        env.controller.step(
            "InitialRandomSpawn",
            randomSeed=self._place,
            forceVisible=True,
            placeStationary=True,
            excludedObjectIds=others,
            renderImage=False,
        )
        env.skills.forget(targets[0]["objectId"])
        return True

    def show(self, env: FaultyEnv, event: Event) -> Event:
        """Returns the event whose frame the agent is shown."""
        shown = event
        strikes = self.kind == "stale_frame" and not self._struck and env.steps >= self._when
        if strikes and self._last is not None:
            shown, self._struck = self._last, True
        self._last = event
        return shown

    def report(self) -> str:
        """Returns the kind once it has struck, else empty."""
        return self.kind if self._struck else ""


def _others_in_reach(env: FaultyEnv, action: Action) -> list[str]:
    """Returns types of what could be picked up instead, nearest first, if what is meant can be."""
    objects = [
        o
        for o in env.controller.last_event.metadata["objects"]
        if o["visible"] and o["pickupable"] and not o["isPickedUp"]
    ]
    meant = types_of(action.target or "")
    held = env.controller.last_event.metadata["inventoryObjects"]
    if held or not any(o["objectType"] in meant for o in objects):
        return []
    found: list[str] = []
    for item in sorted(objects, key=lambda o: (o["distance"], o["objectId"])):
        if item["objectType"] not in (*meant, *found):
            found.append(item["objectType"])
    return found
