"""Remembering what was computed from a thing that is costly to compare: by identity."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

R = TypeVar("R")


class _Same:
    """Equal only to a holder of the very same thing, which it keeps alive."""

    __slots__ = ("thing",)

    def __init__(self, thing: object) -> None:
        self.thing = thing

    def __hash__(self) -> int:
        return id(self.thing)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.thing is self.thing


def by_identity(maxsize: int) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Caches a function whose first argument counts as equal only to itself.

    The result is shared between callers: they must not change it.
    """

    def decorate(function: Callable[..., R]) -> Callable[..., R]:
        @lru_cache(maxsize=maxsize)
        def cached(holder: _Same, *rest: Any) -> R:
            return function(holder.thing, *rest)

        @wraps(function)
        def call(thing: object, *rest: Any) -> R:
            return cached(_Same(thing), *rest)

        return call

    return decorate
