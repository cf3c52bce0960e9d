"""Remembering what was computed from a thing, for as long as the thing lives.

A mesh's triangles ready for drawing, its collision shape and its sample points are of no use once
nobody has the mesh any more. Kept with the thing, they go when it goes: what bounds the number of
things bounds all that is remembered of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

R = TypeVar("R")


def for_life(keep: int = 1) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Caches a function by its first argument, which counts as equal only to itself.

    That argument must be hashed by identity and weakly referenced, as a dataclass with ``eq=False``
    is. The result is shared between callers, who must not change it, and must not hold the
    argument: both would stay for ever.

    Args:
        keep: For how many values of the other arguments a thing's results are kept; the oldest
            goes first.
    """

    def decorate(function: Callable[..., R]) -> Callable[..., R]:
        kept: WeakKeyDictionary[Any, dict[tuple, R]] = WeakKeyDictionary()

        @wraps(function)
        def call(thing: Any, *rest: Any) -> R:
            results = kept.get(thing)
            if results is None:
                results = kept[thing] = {}
            if rest in results:
                return results[rest]
            if len(results) >= keep:
                del results[next(iter(results))]
            made = results[rest] = function(thing, *rest)
            return made

        return call

    return decorate
