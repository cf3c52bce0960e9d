"""Kills a writer before each of its system calls that change a file system, to see what it leaves.

    for place in killed_everywhere(begin, write, tmp_path):
        assert is_loadable(place)

What Python itself calls is seen by an audit hook (PEP 578); a library in another language that
writes a file is seen as a whole, by what Python calls before and after it.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
MOST = 200


class _Killer:
    """An audit hook that kills this process at the n-th change.

    Args:
        number: Counted from 1.
    """

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        changes = event in _CHANGES
        if event == "open" and isinstance(arguments[2], int):
            changes = bool(arguments[2] & _WRITES)
        self.left -= changes
        if changes and self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def killed_everywhere(
    begin: Callable[[Path], None], write: Callable[[Path], None], folder: Path
) -> Iterator[Path]:
    """Gives a folder for every place to be killed at, and at last one where nothing killed it.

    Args:
        begin: Puts into a new folder what was there before.
        write: Runs in a copy of this process, on the same folder.
        folder: Where the folders are made.
    """
    for number in itertools.count(1):
        place = folder / f"{number:03d}"
        place.mkdir(parents=True)
        begin(place)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                sys.addaudithook(_Killer(number))
                write(place)
                code = 0
            finally:
                if code:
                    traceback.print_exc()
                os._exit(code)
        status = os.waitpid(child, 0)[1]
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the writer failed"
        yield place
        if not os.WIFSIGNALED(status):
            return
        assert number < MOST, "it never ends"
