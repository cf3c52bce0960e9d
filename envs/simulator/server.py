"""The simulator behind ai2thor's own client, in the same process.

``EmbeddedController`` is ai2thor's unmodified Controller with one method overridden: it builds a
server that calls the simulator directly instead of talking to a Unity process.
"""

from __future__ import annotations

import warnings
from dataclasses import replace

import ai2thor.controller
import ai2thor.server
import numpy as np

from envs.simulator.dispatch import Dispatcher
from envs.simulator.metadata import LastAction, agent_metadata, image_buffers
from envs.simulator.snapshot import Snapshot, restore, take
from envs.simulator.world import World

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


class InProcessServer(ai2thor.server.Server):
    """Answers the client's messages from a world in this process."""

    server_type = "FIFO"

    def __init__(self, width: int, height: int, **options: object) -> None:
        super().__init__(width=width, height=height, **options)
        self.world = World(width, height)
        self.dispatcher = Dispatcher(self.world)
        self._answer: tuple[LastAction, dict] | None = None
        self._message: dict = {}

    def start(self) -> None:
        self.started = True
        self.unity_proc = _Process()
        self.world.load("FloorPlan1_physics")
        self._message = {"renderImage": False}
        self._last = LastAction()

    def stop(self) -> None:
        self.started = False
        self.world.close()

    def unity_params(self) -> dict:
        return {}

    def send(self, action: dict) -> None:
        if "sequenceId" in action:
            self.sequence_id = action["sequenceId"]
        else:
            self.sequence_id += 1
            action["sequenceId"] = self.sequence_id
        self._message = action
        self._last = self.dispatcher.act(action)

    def receive(self, timeout: float | None = None) -> ai2thor.server.Event:
        world, message = self.world, self._message
        settings = world.settings
        if message.get("renderInstanceSegmentation") and message.get("action") != "Initialize":
            world.settings = replace(settings, renderInstanceSegmentation=True)
        files: dict[str, list[bytes]] = {}
        if message.get("renderImage", True) and message.get("action") != "Reset":
            now = world.settings
            frame = world.render(
                rgb=True,
                depth=now.renderDepthImage,
                normals=now.renderNormalsImage,
                ids=now.renderInstanceSegmentation or now.renderSemanticSegmentation,
            )
            files = image_buffers(world, frame, world.renderer().keys)
        described = agent_metadata(world, self._last)
        world.settings = settings
        return self.create_event(
            {
                "agents": [described],
                "thirdPartyCameras": [],
                "activeAgentId": 0,
                "sequenceId": self.sequence_id,
            },
            files,
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
            self.server: InProcessServer | None = InProcessServer(
                width=width,
                height=height,
                timeout=self.server_timeout,
                depth_format=self.depth_format,
                add_depth_noise=self.add_depth_noise,
            )

    def reset(self, scene: object = None, **options: object) -> ai2thor.server.Event:
        with warnings.catch_warnings():
            # The client reminds RoboTHOR users of the LoCoBot at every reset.
            warnings.simplefilter("ignore", UserWarning)
            return super().reset(scene, **options)

    @property
    def world(self) -> World:
        """The simulated world (privileged)."""
        assert self.server is not None
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
        assert frame.ids is not None
        return frame.ids, self.world.renderer().keys
