"""Output that outlives its reader: ``command | head`` ends the printing, not the command.

What a command has begun is finished and kept; only its words are lost once nobody reads them.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any, TextIO, cast


class Unbroken:
    """A text stream that falls silent when its reader has gone.

    >>> import io
    >>> screen = io.StringIO()
    >>> Unbroken(screen).write("read"), screen.getvalue()
    (4, 'read')

    Args:
        stream: Where the text goes as long as it is read.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.silent = False

    def write(self, text: str) -> int:
        """Writes, or does nothing where nobody reads any more; returns the characters taken."""
        if not self.silent:
            try:
                self._stream.write(text)
            except BrokenPipeError:
                self._fall_silent()
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Writes several texts."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Hands on what is buffered."""
        if not self.silent:
            try:
                self._stream.flush()
            except BrokenPipeError:
                self._fall_silent()

    def _fall_silent(self) -> None:
        self.silent = True
        # What is still buffered is flushed when the interpreter ends, and would fail again.
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            try:
                os.dup2(nowhere, self._stream.fileno())
            finally:
                os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextlib.contextmanager
def unbroken_output() -> Iterator[None]:
    """Within it, no closed pipe at stdout or stderr raises an error."""
    before = sys.stdout, sys.stderr
    mine = [cast(TextIO, Unbroken(stream)) if stream is not None else stream for stream in before]
    sys.stdout, sys.stderr = mine
    try:
        yield
    finally:
        for stream in mine:
            if stream is not None:
                stream.flush()
        sys.stdout, sys.stderr = before


def run_command(main: Callable[[], int | None]) -> int | None:
    """A command's ``main``, run to its end even where nobody reads what it prints."""
    with unbroken_output():
        return main()
