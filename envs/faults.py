"""Seeded faults: things that go wrong without the agent's doing, each of which can be made good.

A fault strikes once an episode, at the first fitting step from a seeded one on. The environment
calls it at four places; it acts through the environment's own controller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from envs.actions import Action

if TYPE_CHECKING:
    from ai2thor.server import Event

    from envs.thor_env import ThorEnv

KINDS = ("noop", "dropped", "door_shut", "target_moved", "stale_frame")


class Fault:
    """One kind of fault.

    Kinds: ``noop`` (an action silently does nothing), ``dropped`` (the held object falls),
    ``door_shut`` (what was opened shuts again), ``target_moved`` (the task's object is elsewhere,
    while out of view), ``stale_frame`` (the agent is shown the frame before).

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

    def begin(self, env: ThorEnv) -> None:
        """A new episode."""
        rng = np.random.default_rng([self.seed, env.task.spawn_seed or 0 if env.task else 0])
        self._when = int(rng.integers(1, 4))
        self._struck = self._swallowed = False
        self._place = int(rng.integers(0, 1_000_000))
        self._last = env.controller.last_event

    def swallow(self, env: ThorEnv, action: Action) -> bool:
        """Whether the action silently does nothing."""
        strikes = (
            self.kind == "noop"
            and not self._struck
            and env.steps >= self._when
            and action.verb not in ("look around", "done")
        )
        self._struck = self._struck or strikes
        return strikes

    def after(self, env: ThorEnv) -> None:
        """Called when the action is over, before the agent sees anything."""
        if self._struck or env.steps < self._when or self.kind in ("noop", "stale_frame"):
            return
        event = env.controller.last_event
        objects = event.metadata["objects"]
        if self.kind == "dropped" and event.metadata["inventoryObjects"]:
            env.controller.step("DropHandObject", forceAction=True, renderImage=False)
            self._struck = True
        elif self.kind == "door_shut" and env.task is not None:
            for thing in objects:
                wanted = thing["objectType"] == env.task.receptacle and thing["isOpen"]
                if wanted and event.metadata["inventoryObjects"]:
                    env.controller.step(
                        "CloseObject",
                        objectId=thing["objectId"],
                        forceAction=True,
                        renderImage=False,
                    )
                    self._struck = True
                    return
        elif self.kind == "target_moved" and env.task is not None:
            self._struck = self._move(env, objects)

    def _move(self, env: ThorEnv, objects: list[dict]) -> bool:
        assert env.task is not None
        targets = [o for o in objects if o["objectType"] == env.task.target and o["pickupable"]]
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
        env.skills.seen.discard(targets[0]["objectId"])
        return True

    def show(self, env: ThorEnv, event: Event) -> Event:
        """The event whose frame the agent is shown."""
        shown = event
        if self.kind == "stale_frame" and not self._struck and env.steps >= self._when:
            assert self._last is not None
            shown, self._struck = self._last, True
        self._last = event
        return shown

    def report(self) -> str:
        """The kind once it has struck, else empty."""
        return self.kind if self._struck else ""
