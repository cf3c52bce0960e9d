"""The process of a backend: started as a group of its own, ended with all it started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from typing import IO

# Waits for a byte; where its pipe ends without one, who held it was killed: so is the group.
_GUARD = (
    "import os, signal, sys\n"
    "if not os.read(0, 1):\n"
    "    os.killpg(int(sys.argv[1]), signal.SIGKILL)\n"
)
LOG_BYTES, LINE = 4000, 200
_PATIENCE = 10.0


class Process(subprocess.Popen):
    """A backend's process, with a log that is gone when it is.

    A guard, a second small process, kills it if this one is itself killed and can't.

    Args:
        command: Words.
        environment: The whole of it.
    """

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.log: IO[bytes] = tempfile.TemporaryFile()
        self.owner = os.getpid()
        self.ended = False
        try:
            super().__init__(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=self.log,
                stderr=self.log,
                start_new_session=True,
            )
        except BaseException:
            self.log.close()
            raise
        self._guard = _guard(self.pid)

    def end(self) -> None:
        """Kills the whole group; once, and only in the process that started it."""
        if self.ended or os.getpid() != self.owner:
            return
        self.ended = True
        if self._guard is not None and self._guard.stdin is not None:
            with contextlib.suppress(OSError):
                self._guard.stdin.write(b".")
                self._guard.stdin.close()
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except (AttributeError, ProcessLookupError, PermissionError):
            self.kill()
        try:
            self.wait(_PATIENCE)
            if self._guard is not None:
                self._guard.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            pass  # in a system call that can't be interrupted; the kill is pending
        self.log.close()

    def obituary(self) -> str:
        """How it ended and the last line it wrote, for people."""
        status = self.poll()
        if status is None:
            how = "it closed its end of the conversation"
        elif status < 0:
            how = f"killed by {_signal_name(-status)}"
        else:
            how = f"it exited with status {status}"
        last = self.last_line()
        return f"{how}; its last words: {last!r}" if last else how

    def last_line(self) -> str:
        """The last line of its log, or empty."""
        if self.log.closed:
            return ""
        size = os.fstat(self.log.fileno()).st_size
        # The child shares the file's position, so it must not be moved.
        tail = os.pread(self.log.fileno(), LOG_BYTES, max(0, size - LOG_BYTES))
        lines = [line for line in tail.decode("utf-8", "replace").splitlines() if line.strip()]
        return lines[-1].strip()[:LINE] if lines else ""


def _guard(group: int) -> subprocess.Popen | None:
    """The guard of a group, where the system has groups and room for one more process."""
    if not hasattr(os, "killpg"):
        return None
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _GUARD, str(group)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
        )
    except OSError:
        return None


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
