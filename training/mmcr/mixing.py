"""Mixes dialogues by shares of domains and of tasks: pure functions, on any records.

chosen = mix(dialogues, 500, balanced(DOMAINS), key=lambda d: d.domain, rng=rng)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np

Record = TypeVar("Record")


def balanced(names: Iterable[str]) -> dict[str, float]:
    """Equal shares.

    >>> balanced(["a", "b"])
    {'a': 0.5, 'b': 0.5}
    """
    known = tuple(names)
    return {name: 1 / len(known) for name in known}


def skewed(names: Iterable[str], first: float) -> dict[str, float]:
    """One gets so much, the rest share what is left.

    >>> skewed(["a", "b", "c"], 0.8)["a"]
    0.8
    """
    head, *rest = names
    return {head: first, **{name: (1 - first) / len(rest) for name in rest}}


def quotas(count: int, shares: Mapping[str, float]) -> dict[str, int]:
    """Whole numbers that add up to a count, as near to the shares as can be.

    By largest remainders; among equals the earlier gets more.

    >>> quotas(10, {"a": 0.5, "b": 0.3, "c": 0.2})
    {'a': 5, 'b': 3, 'c': 2}
    >>> sum(quotas(7, balanced("abc")).values())
    7

    Raises:
        ValueError: A share is negative, or all are 0.
    """
    whole = sum(shares.values())
    if any(not share >= 0 for share in shares.values()) or not 0 < whole < math.inf:
        raise ValueError(f"Shares must be 0 or more, and not all 0: {dict(shares)}.")
    exact = {name: count * share / whole for name, share in shares.items()}
    given = {name: int(value) for name, value in exact.items()}
    order = sorted(exact, key=lambda name: given[name] - exact[name])
    for name in order[: count - sum(given.values())]:
        given[name] += 1
    return given


def available(held: Mapping[str, int], shares: Mapping[str, float]) -> int:
    """How many can be mixed by the shares without taking any twice.

    >>> available({"a": 10, "b": 3}, {"a": 0.5, "b": 0.5})
    6
    """
    whole = sum(shares.values())
    most = [held.get(n, 0) * whole / share for n, share in shares.items() if share > 0]
    return int(min(most, default=0) + 1e-9)


def mix(
    records: Sequence[Record],
    count: int,
    shares: Mapping[str, float],
    *,
    key: Callable[[Record], str],
    rng: np.random.Generator,
) -> list[Record]:
    """Draws records by shares, none twice, in random order.

    Args:
        records: To draw from.
        count: How many.
        shares: By what ``key`` gives.
        key: Such as a record's domain, or its task's family.
        rng: Draws.

    Raises:
        ValueError: There are not enough of one name; says how many can be mixed.
    """
    by_name: dict[str, list[Record]] = {name: [] for name in shares}
    for record in records:
        if (name := key(record)) in by_name:
            by_name[name].append(record)
    wanted = quotas(count, shares)
    for name, number in wanted.items():
        held = len(by_name[name])
        if held < number:
            most = available({n: len(r) for n, r in by_name.items()}, shares)
            raise ValueError(
                f"The mixture wants {number} of {name!r}, there are {held}: take at most {most} in "
                "all, or smaller shares of it."
            )
    chosen = [
        by_name[name][int(k)]
        for name, number in wanted.items()
        for k in rng.choice(len(by_name[name]), number, replace=False)
    ]
    return [chosen[int(k)] for k in rng.permutation(len(chosen))]
