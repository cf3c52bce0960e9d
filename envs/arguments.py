"""Arguments of environments, checked one by one: an error names the value and what is allowed."""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any

from envs.simulator.system.typed_records import shown

MOST_SEED = 2**63


def one_of(name: str, value: Any, allowed: Iterable[Any]) -> Any:
    """The value, if it is one of the allowed ones.

    Raises:
        ValueError: If it is none of them.
    """
    known = tuple(allowed)
    if any(value is one or (isinstance(value, str) and value == one) for one in known):
        return value
    listed = ", ".join("None" if one is None else repr(one) for one in known)
    raise ValueError(f"{name} {shown(value)} must be one of {listed}.")


def whole(name: str, value: Any, least: int, most: int) -> int:
    """The value, if it is a whole number within bounds, which count as within.

    >>> whole("max_steps", 30, 1, 100)
    30

    Raises:
        ValueError: If it is none.
    """
    if (
        isinstance(value, bool)
        or not isinstance(value, Integral)
        or not least <= int(value) <= most
    ):
        raise ValueError(f"{name} {shown(value)} must be a whole number from {least} to {most}.")
    return int(value)


def number(name: str, value: Any, least: float, most: float = math.inf) -> float:
    """The value, if it is a finite number within bounds, which count as within.

    Raises:
        ValueError: If it is none.
    """
    real = isinstance(value, Real) and not isinstance(value, bool)
    # The largest float, not infinity: a whole number may be larger than any float.
    if not real or not least <= value <= min(most, 1e308):
        to = f" to {most:g}" if math.isfinite(most) else ""
        raise ValueError(f"{name} {shown(value)} must be a number from {least:g}{to}.")
    return float(value)


def kind(name: str, value: Any, kinds: type | tuple[type, ...], said: str) -> Any:
    """The value, if it is of a kind.

    Args:
        name: Of the argument.
        value: What was given.
        kinds: What is allowed.
        said: The same in words.

    Raises:
        ValueError: If it is of another.
    """
    if not isinstance(value, kinds):
        raise ValueError(f"{name} must be {said}, not {shown(value)}.")
    return value


def seed_of(value: Any, name: str = "seed") -> int:
    """The value, if it is a seed.

    Raises:
        ValueError: If it is none.
    """
    return whole(name, value, 0, MOST_SEED - 1)


def options_of(options: Any, allowed: tuple[str, ...]) -> dict[str, Any]:
    """Options of a reset as a dict of their own; None is none.

    Raises:
        ValueError: If they are no dict, or one is unknown.
    """
    if options is None:
        return {}
    kind("options", options, dict, f"a dict such as {{{allowed[0]!r}: ...}}, or None")
    for name in options:
        one_of("The reset option", name, allowed)
    return dict(options)
