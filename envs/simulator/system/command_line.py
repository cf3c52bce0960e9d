"""Command lines that refuse a mistake in one line, and the kinds of values that several take."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from typing import NoReturn


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
