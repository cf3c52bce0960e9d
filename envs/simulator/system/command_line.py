"""Command lines that end in one line, whatever ends them, and kinds of values that several take."""

from __future__ import annotations

import argparse
import contextlib
import functools
import math
import os
import select
import sys
from collections.abc import Callable
from typing import Any, NoReturn, TextIO, TypeVar

from envs.simulator.system.stopping import Stopped, exit_code, in_words, stoppable

Main = TypeVar("Main", bound=Callable[..., int])
_READER_GONE = 141  # 128 + SIGPIPE, as shells have it


class Parser(argparse.ArgumentParser):
    """argparse's parser; text keeps its lines, and a mistake is one line without the usage.

    >>> parser = Parser(prog="draw")
    >>> _ = parser.add_argument("--size", type=whole_from(1))
    >>> parser.parse_args(["--size", "8"]).size
    8
    """

    def __init__(self, **options: object) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(**options)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        """Ends the program with status 2 and one line on stderr."""
        self.exit(2, f"{self.prog}: error: {' '.join(message.split())} (--help says more)\n")


def whole_from(least: int, most: int | None = None) -> Callable[[str], int]:
    """A kind of argument: whole numbers from ``least`` on, to ``most`` if that is given."""

    def convert(text: str) -> int:
        number = int(text) if text.removeprefix("-").isdecimal() else least - 1
        if number < least or (most is not None and number > most):
            to = "" if most is None else f" to {most}"
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least}{to}")
        return number

    return convert


def number_within(least: float, most: float = math.inf) -> Callable[[str], float]:
    """A kind of argument: finite numbers within bounds, which count as within."""

    def convert(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not (math.isfinite(number) and least <= number <= most):
            to = f" to {most:g}" if math.isfinite(most) else ""
            raise argparse.ArgumentTypeError(f"{text!r} is not a number from {least:g}{to}")
        return number

    return convert


def command(name: str, go_on: str = "") -> Callable[[Main], Main]:
    """Makes a ``main`` end in one line on stderr where a signal or the system ends it.

    SIGINT, SIGTERM and SIGHUP give 128 and their number; what can't be written or read gives 2.
    Where nobody reads standard output any more it ends without a word, as programs in pipes do; run
    by ``closed_pipes.run_command``, as by ``python -m``, it does its work to the end all the same.

    Args:
        name: Begins the line.
        go_on: What is left after a signal, for the line, unless ``Stopped`` tells it.
    """

    def wrap(main: Main) -> Main:
        @functools.wraps(main)
        def run(*arguments: Any, **options: Any) -> int:
            try:
                with stoppable():
                    try:
                        return main(*arguments, **options)
                    finally:
                        sys.stdout.flush()
            except KeyboardInterrupt as stop:
                told = (stop.told if isinstance(stop, Stopped) else "") or go_on
                _say(f"{name}: {in_words(stop)}{f'; {told}' if told else ''}")
                return exit_code(stop)
            except OSError as error:
                return _end(name, error)

        return run  # type: ignore[return-value]

    return wrap


def _end(name: str, error: OSError) -> int:
    """The exit status after an error of the system, which is told unless nobody reads."""
    gone = isinstance(error, BrokenPipeError) and _has_no_reader(sys.stdout)
    broken = gone
    if not gone and error.filename is None:
        try:
            sys.stdout.flush()
        except OSError:
            broken = True
    if broken:
        # Python flushes once more at the end, and would tell of that too.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if gone:
        return _READER_GONE
    where = f"{error.filename}: " if error.filename else ""
    _say(f"{name}: {where}{error.strerror or error}")
    return 2


def _has_no_reader(stream: TextIO) -> bool:
    try:
        poll = select.poll()
        poll.register(stream.fileno(), 0)
        return any(event & select.POLLERR for _, event in poll.poll(0))
    except (OSError, ValueError, AttributeError):  # no file, or Windows
        return False


def _say(line: str) -> None:
    with contextlib.suppress(OSError):
        print(" ".join(line.split()), file=sys.stderr, flush=True)
