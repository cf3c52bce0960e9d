"""ai2thor's two servers with an eye on the backend: every wait has an end.

The client's own wait for ever, or spin, where a backend never opens its pipe, does not read, dies
within a message or sends one byte a second. These raise a BackendError instead, and keep it in
``failure``, because the client hides it behind an error of its own.
"""

from __future__ import annotations

import errno
import os
import queue
import select
import threading
import time
from collections.abc import Callable
from typing import Any

from ai2thor.fifo_server import FifoServer
from ai2thor.server import Event
from ai2thor.wsgi_server import WsgiServer
from werkzeug.exceptions import HTTPException

from envs.supervised.answers import check_answer
from envs.supervised.errors import BackendDied, BackendError, BackendGarbage, BackendStalled
from envs.supervised.process import Process

LARGEST = 256 * 2**20
_PAUSE = 0.01
_CHUNK = 2**20


class Watched:
    """What both servers share; mixed in before the client's own."""

    unity_proc: Process
    timeout: float
    failure: BackendError | None = None
    _asked = ""
    _trusted: object = None

    def _begin(self, seconds: float | None) -> None:
        self._seconds = self.timeout if seconds is None else seconds
        self._until = time.monotonic() + self._seconds

    def _check_time(self) -> None:
        if time.monotonic() > self._until:
            raise BackendStalled(f"no answer within {self._seconds:g} s")

    def _check_life(self) -> None:
        if self.unity_proc.poll() is not None:
            raise BackendDied(self.unity_proc.obituary())
        self._check_time()

    def _guarded(self, work: Callable[[], Event]) -> Event:
        try:
            event = work()
            check_answer(event, self._asked, self._trusted)
        except BackendError as error:
            self.failure = error
            raise
        except Exception as error:  # whatever the client stumbles over came from the backend
            what = " ".join(str(error).split())[:200]
            self.failure = BackendGarbage(
                f"the client can't read its answer ({type(error).__name__}: {what})"
            )
            raise self.failure from error
        self._trusted = event.metadata["objects"]
        return event


class WatchedFifoServer(Watched, FifoServer):
    """Named pipes."""

    server_pipe: Any
    client_pipe: Any
    _heard = False

    def send(self, action: dict[str, Any]) -> None:
        self._asked = str(action.get("action"))
        try:
            super().send(action)
        except BackendError as error:
            self.failure = error
            raise

    def receive(self, timeout: float | None = None) -> Event:
        self._begin(timeout)
        if self.server_pipe is None:
            pipe = os.open(self.server_pipe_path, os.O_RDONLY | os.O_NONBLOCK)
            self.server_pipe = os.fdopen(pipe, "rb", buffering=0)
            self._poll = select.poll()
            self._poll.register(pipe, select.POLLIN)
        return self._guarded(lambda: FifoServer.receive(self, timeout))

    def _read_with_timeout(
        self, server_pipe: Any, message_size: int, timeout: float | None
    ) -> bytes:
        if message_size > LARGEST:
            raise BackendGarbage(f"it announced {message_size} bytes; at most {LARGEST} are taken")
        parts: list[bytes] = []
        left = message_size
        while left:
            part = None
            if self._poll.poll(100):
                try:
                    part = os.read(server_pipe.fileno(), min(left, _CHUNK))
                except BlockingIOError:
                    continue
            if part:
                self._heard = True
                parts.append(part)
                left -= len(part)
                self._check_time()
                continue
            if part == b"" and self._heard:
                self._wait_for_death()
            self._check_life()
            if part == b"":  # nobody has opened the other end yet
                time.sleep(_PAUSE)
        return b"".join(parts)

    def _wait_for_death(self) -> None:
        """After the end of the stream the exit status comes a moment later."""
        for _ in range(30):
            if self.unity_proc.poll() is not None:
                break
            time.sleep(_PAUSE)
        raise BackendDied(self.unity_proc.obituary())

    def _send_message(self, message_type: int, body: bytes) -> None:
        self._begin(None)
        if self.client_pipe is None:
            self.client_pipe = os.fdopen(self._open_for_writing(), "wb", buffering=0)
        pipe = self.client_pipe.fileno()
        poll = select.poll()
        poll.register(pipe, select.POLLOUT)
        left = memoryview(self._create_header(message_type, body) + body + self.eom_header)
        self._last_action_message = body
        while left:
            if not poll.poll(100):
                self._check_life()
                continue
            try:
                left = left[os.write(pipe, left) :]
            except BlockingIOError:
                self._check_life()
                time.sleep(_PAUSE)
            except BrokenPipeError:
                self._wait_for_death()

    def _open_for_writing(self) -> int:
        while True:
            try:
                return os.open(self.client_pipe_path, os.O_WRONLY | os.O_NONBLOCK)
            except OSError as error:
                if error.errno != errno.ENXIO:
                    raise
            self._check_life()
            time.sleep(_PAUSE)

    def stop(self) -> None:
        for pipe in (self.client_pipe, self.server_pipe):
            if pipe is not None:
                pipe.close()
        if self.unity_proc is not None:
            self.unity_proc.end()

    def close(self) -> None:
        """Stops and leaves nothing behind."""
        self.stop()
        self.tmp_dir.cleanup()


class WatchedWsgiServer(Watched, WsgiServer):
    """HTTP on loopback."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.app.register_error_handler(Exception, self._refuse)

    def _refuse(self, error: Exception) -> Any:
        """A request that the client could not read counts as the answer."""
        # A wrong token or address is a stranger's; a field that is missing is the backend's.
        if isinstance(error, HTTPException) and not isinstance(error, KeyError):
            return error
        if self.request_queue.empty():
            self.request_queue.put_nowait(error)
        return "refused", 400

    def send(self, action: dict[str, Any]) -> None:
        self._asked = str(action.get("action"))
        try:
            super().send(action)
        except (AssertionError, queue.Full) as error:
            self.failure = BackendGarbage("its answers are out of step with the actions")
            raise self.failure from error

    def receive(self, timeout: float | None = None) -> Event:
        self._begin(timeout)
        return self._guarded(self._next)

    def _next(self) -> Event:
        while True:
            try:
                event = self.request_queue.get(timeout=0.05)
            except queue.Empty:
                self._check_life()
                continue
            if isinstance(event, Exception):
                raise event
            return event

    def stop(self) -> None:
        self.stopped = True
        if self.unity_proc is not None:
            self.unity_proc.end()

    def close(self) -> None:
        """Stops and leaves nothing behind: neither socket nor thread."""
        self.stop()
        if self.started:
            if self.response_queue.empty():
                self.response_queue.put_nowait({})
            ender = threading.Thread(target=self.wsgi_server.shutdown, daemon=True)
            ender.start()
            ender.join(5.0)
            self.server_thread.join(5.0)
        self.wsgi_server.server_close()
