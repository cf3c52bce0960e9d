"""Worker processes that end when whoever started them does, however that happens.

    worker = Worker(serve, plan)           # calls serve(connection, plan) in a new process
    worker.connection.send(job)

A worker watches the pipe to its parent from its first moment and is gone within a second of it,
without a word, even while it is still importing: this file is run as it is, and imports nothing of
the project. Ctrl-C is the parent's to answer: a worker never hears it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from multiprocessing import spawn
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

_LOST = (EOFError, BrokenPipeError, ConnectionResetError)
_ENDING = [getattr(signal, n) for n in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, n)]


class Worker:
    """A process with a pipe to it.

    Args:
        serve: Is called there with the pipe's other end and the arguments; when the pipe breaks,
            it may raise what the pipe raises.
        *arguments: Are pickled.
        main: The program's own module is loaded there too, which takes as long as it takes: needed
            where what is pickled was defined in it.

    Raises:
        ValueError: On a system without such pipes, which is Windows.
    """

    def __init__(self, serve: Callable[..., None], *arguments: Any, main: bool = False) -> None:
        if os.name != "posix":
            raise ValueError(
                "Several processes need Linux or macOS; give --workers 0 to an evaluation and "
                "--workers 1 to a collector, or use WSL."
            )
        self.connection, theirs = multiprocessing.Pipe()
        told = spawn.get_preparation_data("worker")
        left_out = ("authkey",) if main else ("authkey", "init_main")
        told = {key: value for key, value in told.items() if not key.startswith(left_out)}
        handle = theirs.fileno()
        command = [sys.executable, str(Path(__file__).resolve()), str(handle)]
        # Started anew rather than copied: a simulator's threads don't survive that.
        with _held_back():
            self._process = subprocess.Popen(command, pass_fds=[handle], stdin=subprocess.DEVNULL)
        theirs.close()
        self.send(told)
        self.send((serve, arguments))

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """What it ended with, the negative number of a signal; None while it lives."""
        return self._process.poll()

    def send(self, what: Any) -> None:
        """Sends something; to a worker that is dead, nothing is sent."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(what)

    def end(self, kill: bool = False, seconds: float = 10.0) -> None:
        """Sends None, which asks it to end, and waits; kills it at once or when time is up."""
        with contextlib.suppress(OSError):
            self.connection.send(None)
        if kill:
            self._process.kill()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.connection.close()


@contextlib.contextmanager
def _held_back() -> Iterator[None]:
    """Signals wait until the block is over; what is started inside it begins deaf to them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(handle: int) -> None:
    """All that a worker does."""
    os.set_inheritable(handle, False)  # a backend of the worker must not hold the pipe open
    threading.Thread(target=_end_with_parent, args=(handle,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    connection = Connection(handle)
    with contextlib.suppress(*_LOST):
        spawn.prepare(connection.recv())
        serve, arguments = connection.recv()
        serve(connection, *arguments)


def _end_with_parent(handle: int) -> None:
    poll = select.poll()
    poll.register(handle, 0)  # hears of nothing but that the other end is gone
    poll.poll()
    os._exit(1)


if __name__ == "__main__":
    _work(int(sys.argv[1]))
