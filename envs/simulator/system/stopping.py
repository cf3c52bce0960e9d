"""Signals that ask a program to end: Ctrl-C (SIGINT), SIGTERM, and SIGHUP of a closed terminal.

    with stoppable():              # SIGTERM and SIGHUP raise Stopped, a kind of KeyboardInterrupt
        ...
        with stop_noted() as stopped:
            while not stopped():   # nothing is raised here: what is begun is ended first
                ...

A signal that was being ignored, as under ``nohup``, stays ignored. Outside of the main thread
nothing is changed, since Python hears signals there alone.
"""

from __future__ import annotations

import contextlib
import ctypes
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, NoReturn

# Loaded before any process is started: afterwards is no place to load anything.
_LIBRARY: Any = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_OTHERS = tuple(
    number
    for name in ("SIGTERM", "SIGHUP")
    if (number := getattr(signal, name, None)) is not None  # Windows has no SIGHUP
)


class Stopped(KeyboardInterrupt):
    """A signal asked the program to end.

    Attributes:
        number: Of the signal.
        told: What is left of the work, for the user; may be empty.
    """

    def __init__(self, number: int, told: str = "") -> None:
        super().__init__(told)
        self.number, self.told = number, told


def stop_with_parent() -> None:
    """For ``preexec_fn``: the new process gets SIGTERM when whoever started it is gone.

    Linux only (``prctl(2)``, PR_SET_PDEATHSIG); elsewhere it goes on alone.
    """
    if sys.platform == "linux":
        _LIBRARY.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))


def exit_code(stop: KeyboardInterrupt) -> int:
    """The exit status of a program that a signal ended, as shells have it.

    >>> exit_code(KeyboardInterrupt()), exit_code(Stopped(15))
    (130, 143)
    """
    return 128 + (stop.number if isinstance(stop, Stopped) else signal.SIGINT)


def in_words(stop: KeyboardInterrupt) -> str:
    """What happened.

    >>> in_words(KeyboardInterrupt()), in_words(Stopped(15))
    ('interrupted', 'ended by SIGTERM')
    """
    number = exit_code(stop) - 128
    return "interrupted" if number == signal.SIGINT else f"ended by {signal.Signals(number).name}"


def _raise(number: int, frame: FrameType | None) -> NoReturn:
    raise Stopped(number)


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """SIGTERM and SIGHUP raise ``Stopped`` inside the block, where they would end the process."""
    with _handled(_OTHERS, _raise, (signal.SIG_DFL,)):
        yield


@contextlib.contextmanager
def stop_noted() -> Iterator[Callable[[], int]]:
    """Inside the block signals are noted; a second one is raised after all.

    Yields:
        A function that gives the number of the signal that came; 0 for none.
    """
    noted: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        if noted:
            raise Stopped(number)
        noted.append(number)

    usual = (signal.SIG_DFL, signal.default_int_handler, _raise)
    with _handled((signal.SIGINT, *_OTHERS), note, usual):
        yield lambda: noted[0] if noted else 0


@contextlib.contextmanager
def _handled(
    numbers: tuple[signal.Signals, ...],
    handler: Callable[[int, FrameType | None], None],
    instead_of: tuple[object, ...],
) -> Iterator[None]:
    """Has signals handled, those whose handler is one of ours or the usual one."""
    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {n: h for n in numbers if (h := signal.getsignal(n)) in instead_of}
    for number in before:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
