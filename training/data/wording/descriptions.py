"""Object types said without their names: ``"something to drink coffee from"`` for a mug.

They stand in ``descriptions.txt``, a line a type; of each type the last one is kept for tests.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, ...]]:
    text = resources.files("training.data.wording").joinpath("descriptions.txt").read_text("utf-8")
    found = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            object_type, _, said = line.partition(":")
            found[object_type.strip()] = tuple(part.strip() for part in said.split("|"))
    return found


def described_types() -> tuple[str, ...]:
    """Every object type that is described."""
    return tuple(_table())


def descriptions_of(object_type: str, split: str = "train") -> tuple[str, ...]:
    """Descriptions of a type, of a half of the wording; none of a type nobody described.

    >>> descriptions_of("Mug")[0]
    'something to drink coffee from'

    Args:
        object_type: AI2-THOR's.
        split: train or test.
    """
    found = _table().get(object_type, ())
    return found[-1:] if split == "test" else found[:-1]
