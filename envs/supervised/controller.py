"""ai2thor's Controller on a process that may die, stall, answer garbage or lie.

Every wait has a deadline. A backend that fails is killed with all it started, started again, reset
to the same room, and the episode's actions are replayed; if the state is the same as before, the
action at which it failed is tried again, and the caller never knows. After ``restarts`` vain
attempts at one action a typed error is raised; the next ``reset`` starts the backend afresh.

Example:
    >>> from envs.backends import make_controller
    >>> controller = make_controller("python -m envs.simulator", supervised=True)  # doctest: +SKIP
    >>> controller.recoveries                                                      # doctest: +SKIP
    [Recovery(kind='died', doing='PickupObject', replayed=31, seconds=0.9, state='5f0c...')]
"""

from __future__ import annotations

import contextlib
import copy
import logging
import time
import uuid
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ai2thor.build import ExternalBuild
from ai2thor.controller import Controller
from ai2thor.platform import CloudRendering
from ai2thor.server import Event
from ai2thor.wsgi_server import WsgiServer

from envs.supervised.errors import BackendDied, BackendError, BackendLied
from envs.supervised.process import Process
from envs.supervised.servers import WatchedFifoServer, WatchedWsgiServer
from envs.supervised.state import difference, state_hash

RESTARTS = 2
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Deadlines:
    """Seconds a backend may take.

    Attributes:
        start: From its launch to its first message.
        step: For one answer, a reset's included.
    """

    start: float = 180.0
    step: float = 60.0

    def __post_init__(self) -> None:
        for name, value in (("start", self.start), ("step", self.step)):
            if not 0 < value < float("inf"):
                raise ValueError(
                    f"The {name} deadline must be a number of seconds above 0, not {value!r}."
                )


@dataclass(frozen=True)
class Recovery:
    """One restart that brought the episode back.

    Attributes:
        kind: What was wrong: died, stalled, garbage or lied.
        doing: The action at which it showed.
        replayed: Actions played again.
        seconds: From the failure to the state before it.
        state: Hash of that state.
    """

    kind: str
    doing: str
    replayed: int
    seconds: float
    state: str


@dataclass(frozen=True)
class _Done:
    """An action of this episode, and whether it worked."""

    action: Any
    arguments: dict[str, Any]
    worked: bool

    @property
    def name(self) -> str:
        return _name(self.action)

    @property
    def is_pictured(self) -> bool:
        given = (
            {**self.action, **self.arguments} if isinstance(self.action, dict) else (self.arguments)
        )
        return given.get("renderImage", True) is not False


class SupervisedController(Controller):
    """A Controller that mends its backend.

    Args:
        deadlines: Of start and step.
        restarts: Most restarts for one action.
        **options: Of ai2thor's Controller; ``local_executable_path`` names an executable.

    Attributes:
        recoveries: Every restart so far that brought the episode back.

    Raises:
        BackendError: If the backend does not come up; the first start is not repeated.
    """

    last_event: Any
    unity_pid: int | None

    def __init__(
        self,
        *,
        deadlines: Deadlines | None = None,
        restarts: int = RESTARTS,
        **options: Any,
    ) -> None:
        self.deadlines = deadlines or Deadlines()
        self.restarts = restarts
        self.recoveries: list[Recovery] = []
        self._journal: list[_Done] = []
        self._nested, self._down = False, ""
        self._planes: tuple[float, float] | None = None
        self._finalizer: weakref.finalize | None = None
        options["server_timeout"] = self.deadlines.step
        options["server_start_timeout"] = self.deadlines.start
        try:
            super().__init__(**options)
        except BaseException as error:
            failure = self._failure(error)
            self._end()
            if isinstance(error, OSError) and failure is None:  # disk or network, for Unity's build
                what = " ".join(str(error).split())[:400]
                raise BackendError(f"The backend 'unity' can't be started: {what}") from error
            if failure is None or isinstance(error, BackendError):
                raise
            raise self._described(failure, "starting") from error

    # ---- what the client calls when it starts a backend ----
    def _build_server(self, host: str, port: int, width: int, height: int) -> None:
        if self.server is not None:
            return
        shared = {
            "width": width,
            "height": height,
            "timeout": self.deadlines.step,
            "depth_format": self.depth_format,
            "add_depth_noise": self.add_depth_noise,
        }
        if issubclass(self.server_class, WsgiServer):
            self.server: Any = WatchedWsgiServer(host=host, port=port, **shared)
        else:
            self.server = WatchedFifoServer(**shared)
        if self._planes is not None:
            self.server.camera_near_plane, self.server.camera_far_plane = self._planes

    def _start_unity_thread(
        self,
        env: dict[str, str],
        width: int,
        height: int,
        server_params: dict[str, str],
        image_name: object,
    ) -> None:
        self.server.client_token = str(uuid.uuid4())
        env.update({f"AI2THOR_{key.upper()}": value for key, value in server_params.items()})
        env.update(
            AI2THOR_CLIENT_TOKEN=self.server.client_token,
            AI2THOR_SERVER_TYPE=self.server.server_type,
            AI2THOR_SERVER_SIDE_SCREENSHOT=str(not self.headless),
        )
        if self._build.platform is not CloudRendering:
            self.gpu_device = None  # means nothing to others, and would need vulkaninfo
        try:
            env.update(self._build.platform.launch_env(self.width, self.height, self.x_display))
            process = Process(self.unity_command(width, height, self.headless), env)
        except (OSError, RuntimeError, TypeError) as error:  # no file, no vulkaninfo, no display
            raise BackendDied(f"it can't be started ({' '.join(str(error).split())})") from error
        self.server.unity_proc = process
        self.unity_pid = process.pid
        self._finalizer = weakref.finalize(self, Process.end, process)

    def find_build(self, *arguments: Any, **options: Any) -> Any:
        try:
            return super().find_build(*arguments, **options)
        except ValueError:
            raise
        except Exception as error:  # the client has no type for what is missing here
            what = " ".join(str(error).split())[:400]
            raise BackendError(f"The backend 'unity' can't be started: {what}") from error

    def prune_releases(self) -> None:
        if not isinstance(self._build, ExternalBuild):  # an executable needs no folder of Unity's
            super().prune_releases()

    def start(self, *arguments: Any, **options: Any) -> Event:
        with self._inside():
            try:
                return super().start(*arguments, **options)
            except BackendError as error:
                raise self._described(error, "starting") from error

    # ---- what users call ----
    def step(self, action: str | dict[str, Any] | None = None, **arguments: Any) -> Event:
        if self._nested:
            return super().step(action, **arguments)
        if self._down:
            raise BackendDied(f"{self._down} Call reset() to start it again.")
        before = self.last_event
        copied = copy.deepcopy((action, arguments))
        try:
            event = self._guard(
                lambda: Controller.step(self, action, **arguments), _name(action), before
            )
        except (ValueError, RuntimeError):
            # A refused action was answered too. Other errors, such as Ctrl-C, leave it open
            # whether it was done: the next answer is out of step then, and the replay without it.
            if not self._down and self.last_event is not before:
                self._note(*copied)
            raise
        self._note(*copied)
        return event

    def _note(self, action: Any, arguments: dict[str, Any]) -> None:
        """Keeps an action for the replay; queries change nothing."""
        if _name(action)[:3] != "Get":
            arguments.pop("raise_for_failure", None)
            worked = bool(self.last_event.metadata["lastActionSuccess"])
            self._journal.append(_Done(action, arguments, worked))

    def reset(self, scene: Any = None, **parameters: Any) -> Event:
        if self._nested:
            return super().reset(scene, **parameters)
        event = self._guard(lambda: Controller.reset(self, scene, **parameters), "reset", None)
        self._journal = []
        return event

    def stop(self) -> None:
        self._end()
        self._down = "The controller was stopped."
        # ai2thor remembers its lists of scenes by controller, and so every controller for ever.
        for name in ("ithor_scenes", "robothor_scenes"):
            getattr(Controller, name).cache_clear()

    def stop_unity(self) -> None:
        """Kills the backend with all it started."""
        if self.server is not None:
            self.server.stop()

    # ---- supervision ----
    @contextlib.contextmanager
    def _inside(self) -> Iterator[None]:
        """Calls the client makes of itself are no calls of the user's."""
        outer, self._nested = self._nested, True
        try:
            yield
        finally:
            self._nested = outer

    def _guard(self, play: Callable[[], Event], doing: str, before: Event | None) -> Event:
        """Plays, after restarts if it must; ``before`` is the event to come back to, if any.

        Raises:
            BackendError: When the restarts are used up.
        """
        first: BackendError | None = None
        failure: BackendError | None = None
        for _ in range(1 + self.restarts):
            try:
                with self._inside():
                    if failure is not None or self._down:
                        self._bring_back(failure, doing, before)
                    return play()
            except Exception as error:
                failure = self._failure(error)
                if failure is None:
                    raise
                first = first or failure
            self._end()
        raise self._given_up(failure, doing, before) from first

    def _given_up(
        self, failure: BackendError | None, doing: str, before: Event | None
    ) -> BackendError:
        """Takes note that the backend is down; returns the error that says so."""
        last = failure or BackendError(f"{doing} was not tried: restarts is {self.restarts}.")
        final = self._described(last, doing, self.restarts)
        self._down = str(final)
        self.last_event = before if before is not None else self.last_event
        return final

    def _bring_back(self, failure: BackendError | None, doing: str, before: Event | None) -> None:
        began = time.monotonic()
        self.start(width=self.width, height=self.height, x_display=self.x_display)
        self._down = ""
        if before is not None:
            try:
                self._replay(before)
            except (ValueError, RuntimeError) as error:
                if self._failure(error) is not None:
                    raise
                what = " ".join(str(error).split())[:200]
                raise BackendLied(
                    f"what worked before the restart failed after it: {what}"
                ) from error
        if failure is None:
            return
        done = Recovery(
            failure.kind,
            doing,
            0 if before is None else len(self._journal),
            time.monotonic() - began,
            "" if before is None else state_hash(before.metadata),
        )
        self.recoveries.append(done)
        _logger.warning(
            "The backend %s during %s (%s); restarted, %d actions replayed in %.1f s.",
            {"garbage": "sent garbage"}.get(failure.kind, failure.kind),
            doing,
            failure,
            done.replayed,
            done.seconds,
        )

    def _replay(self, before: Event) -> None:
        """Brings the room back to the state of an event.

        Raises:
            BackendLied: If it ends in another.
        """
        Controller.reset(self, self.scene)
        # Of all pictures only the last is ever seen again: patches repeat it.
        pictured = max((k for k, d in enumerate(self._journal) if d.is_pictured), default=0)
        for number, done in enumerate(self._journal):
            hidden = {"renderImage": False} if number < pictured else {}
            try:
                Controller.step(self, done.action, **{**done.arguments, **hidden})
            except ValueError:
                pass  # refused as before; whether it was is looked at next
            worked = bool(self.last_event.metadata["lastActionSuccess"])
            if worked != done.worked:
                raise BackendLied(
                    f"when {len(self._journal)} actions were replayed, number {number + 1}, "
                    f"{done.name}, {'worked' if worked else 'failed'} as it had not before"
                )
        found = self.last_event
        if state_hash(found.metadata) != state_hash(before.metadata):
            wrong = difference(before.metadata, found.metadata)
            if wrong:
                raise BackendLied(f"after a replay of {len(self._journal)} actions {wrong}")
        self.last_event = before

    def _failure(self, error: BaseException) -> BackendError | None:
        """What the backend did, if an error is its doing; the client hides it behind others."""
        if isinstance(error, BackendError):
            return error
        if isinstance(error, (RuntimeError, TimeoutError)):
            return getattr(getattr(self, "server", None), "failure", None)
        return None

    def _described(self, failure: BackendError, doing: str, restarts: int = 0) -> BackendError:
        """The same error in a sentence that names backend, action and what was tried."""
        if str(failure).startswith("The backend "):
            return failure
        verb = {"garbage": "sent garbage"}.get(failure.kind, failure.kind)
        tried = f" after {restarts} restart{'s' * (restarts != 1)}" if restarts else ""
        backend = getattr(self._build, "executable_path", "unity")
        return type(failure)(f"The backend {backend!r} {verb}{tried}, {doing}: {failure}.")

    def _end(self) -> None:
        """Kills the backend and forgets the conversation with it."""
        server = getattr(self, "server", None)
        if server is not None:
            self._planes = (server.camera_near_plane, server.camera_far_plane)
            server.close()
            self._build.unlock()
        self.server = None
        self.unity_pid = None
        if self._finalizer is not None:
            self._finalizer.detach()


def _name(action: Any) -> str:
    return str(action.get("action", "")) if isinstance(action, dict) else str(action)
