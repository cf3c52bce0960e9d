"""Remembering what was computed from an object, for as long as the object lives.

A mesh's triangles ready for drawing, its collision shape and its sample points are of no use once
nobody has the mesh any more. Kept with the object, they go when it goes: what bounds the number of
objects bounds all that is remembered of them.
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
        keep: For how many values of the other arguments an object's results are kept; the oldest
            goes first.
    """

    def decorate(function: Callable[..., R]) -> Callable[..., R]:
        kept: WeakKeyDictionary[Any, dict[tuple, R]] = WeakKeyDictionary()

        @wraps(function)
        def call(obj: Any, *rest: Any) -> R:
            results = kept.get(obj)
            if results is None:
                results = kept[obj] = {}
            if rest in results:
                return results[rest]
            if len(results) >= keep:
                del results[next(iter(results))]
            made = results[rest] = function(obj, *rest)
            return made

        return call

    return decorate
