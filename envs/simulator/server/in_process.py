"""The simulator behind ai2thor's own client, in the same process.

``EmbeddedController`` is ai2thor's unmodified Controller with one method overridden: it builds a
server that calls the simulator directly instead of talking to a Unity process.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import ai2thor.controller
import ai2thor.server
import numpy as np

from envs.simulator.houses.twin_file import is_path, load_twin
from envs.simulator.server.session import Answer, Session
from envs.simulator.world.snapshot import Snapshot, restore, take
from envs.simulator.world.world import World

BACKEND = "embedded"
VERSION = "0.1"


class _Process:
    """Stands where the client expects a child process; without it resizing is silently ignored."""

    pid = None
    returncode = None

    def poll(self) -> None:
        return None

    def kill(self) -> None:
        return None

    def wait(self, timeout: float | None = None) -> int:
        return 0


class _Alone:
    """A list of the event itself, made when asked for."""

    def __get__(self, event: Event | None, kind: type) -> list[Event | None]:
        return [event]


class Event(ai2thor.server.Event):
    """ai2thor's event, but for a list in it that holds the event itself.

    Such a ring is freed only when Python looks for rings; until then hundreds of frames wait.
    """

    events = _Alone()

    @classmethod
    def freed(cls, event: ai2thor.server.Event) -> None:
        """Makes an event one that goes as soon as nobody has it."""
        del event.events
        event.__class__ = cls


class InProcessServer(ai2thor.server.Server):
    """Answers the client's messages from a session in this process."""

    server_type = "FIFO"

    def __init__(self, width: int, height: int, headless: bool = False, **options: object) -> None:
        super().__init__(width=width, height=height, **options)
        self.session = Session(width, height, headless)
        self._answer: Answer | None = None

    @property
    def world(self) -> World:
        """The simulated world (privileged)."""
        return self.session.world

    def start(self) -> None:
        self.started = True
        self.unity_proc = _Process()
        self._answer = self.session.start()

    def stop(self) -> None:
        self.started = False
        self._answer = None
        self.session.close()
        # ai2thor remembers its lists of scenes by controller, and so every controller for ever.
        for name in ("ithor_scenes", "robothor_scenes"):
            getattr(ai2thor.controller.Controller, name).cache_clear()

    def unity_params(self) -> dict:
        return {}

    def send(self, action: dict) -> None:
        if "sequenceId" in action:
            self.sequence_id = action["sequenceId"]
        else:
            self.sequence_id += 1
            action["sequenceId"] = self.sequence_id
        # The same trip as through a pipe, so that numpy values and tuples arrive alike.
        text = json.dumps(action, cls=ai2thor.server.NumpyAwareEncoder)
        self._answer = self.session.answer(json.loads(text))

    def receive(self, timeout: float | None = None) -> ai2thor.server.Event:
        if self._answer is None:
            raise RuntimeError("Nothing was sent to the simulator; call start() or send() first.")
        made = self.create_event(self._answer.metadata, self._answer.images)
        for event in list(made.events):
            Event.freed(event)
        return made


def server_for(
    controller: ai2thor.controller.Controller, width: int, height: int
) -> InProcessServer:
    """The server that a controller asks for by its options; pictures of so many pixels."""
    return InProcessServer(
        width=width,
        height=height,
        timeout=controller.server_timeout,
        depth_format=controller.depth_format,
        add_depth_noise=controller.add_depth_noise,
        headless=controller.headless,
    )


class EmbeddedController(ai2thor.controller.Controller):
    """ai2thor's Controller on the embedded simulator.

    Every argument of ai2thor's Controller works; those about displays and builds have no effect.
    """

    def __init__(self, **options: object) -> None:
        options.setdefault("start_unity", False)
        options["server_class"] = InProcessServer
        super().__init__(**options)

    def _build_server(self, host: str, port: int, width: int, height: int) -> None:
        if self.server is None:
            self.server: InProcessServer | None = server_for(self, width, height)

    def reset(self, scene: object = None, **options: object) -> ai2thor.server.Event:
        seed = {**self.initialization_parameters, **options}.get("appearanceSeed", 0)
        if isinstance(seed, int):
            self.world.next_appearance = seed
        named = self.scene if scene is None else scene
        if isinstance(named, (str, Path)) and is_path(str(named)):
            # The client knows scenes by name only; a twin's file is as good as one.
            load_twin(Path(named))
            scene = str(named)
            self.scenes_in_build.add(scene)
        with warnings.catch_warnings():
            # The client reminds RoboTHOR users of the LoCoBot at every reset.
            warnings.simplefilter("ignore", UserWarning)
            return super().reset(scene, **options)

    @property
    def world(self) -> World:
        """The simulated world (privileged).

        Raises:
            RuntimeError: If the controller was not started.
        """
        if self.server is None:
            raise RuntimeError("The controller has no server yet; leave start_unity as it is.")
        return self.server.world

    def snapshot(self) -> Snapshot:
        """The whole state of the room, for ``restore``."""
        return take(self.world)

    def restore(
        self,
        state: Snapshot,
        renderImage: bool = True,  # noqa: N803
    ) -> ai2thor.server.Event:
        """Puts the room back and returns a fresh event of it.

        Raises:
            ValueError: If the room was reset since the snapshot was taken.
        """
        restore(self.world, state)
        return self.step("Pass", renderImage=renderImage)

    def ids(self) -> tuple[np.ndarray, list[str]]:
        """Per-pixel indices (H, W) int32 into the returned keys, -1 for nothing."""
        frame = self.world.render(rgb=False, depth=False, ids=True)
        return frame.image("ids"), self.world.renderer().keys
