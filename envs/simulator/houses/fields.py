"""Reading values from foreign JSON, with errors that name the field.

A field is named as one would write it: ``house.rooms[2].floorPolygon[0].x``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

FARTHEST = 200.0


class HouseError(ValueError):
    """A house description that can't be built; the message names the field."""


def _shown(value: object) -> str:
    """A value in a message, not too long."""
    try:
        text = repr(value)
    except (RecursionError, ValueError):  # nested without end; a number of 5000 digits
        return f"this {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."


class Field:
    """A value and where it stands in the description."""

    def __init__(self, value: Any, path: str) -> None:
        self.value, self.path = value, path

    def fail(self, wanted: str) -> HouseError:
        """The error that this value is not what is wanted."""
        return HouseError(f"{self.path} must be {wanted}, not {_shown(self.value)}.")

    def __contains__(self, key: str) -> bool:
        return isinstance(self.value, dict) and self.value.get(key) is not None

    def get(self, *keys: str) -> Field | None:
        """The first of some members that is there and not null."""
        if not isinstance(self.value, dict):
            raise self.fail("an object with named members")
        for key in keys:
            if self.value.get(key) is not None:
                return Field(self.value[key], f"{self.path}.{key}")
        return None

    def need(self, *keys: str) -> Field:
        """The first of some members.

        Raises:
            HouseError: If none is there.
        """
        found = self.get(*keys)
        if found is None:
            raise HouseError(f"{self.path}.{keys[0]} is missing.")
        return found

    def items(self, at_most: int) -> Iterator[Field]:
        """The entries of a list; null counts as empty."""
        if self.value is None:
            return
        if not isinstance(self.value, (list, tuple)):
            raise self.fail("a list")
        if len(self.value) > at_most:
            raise HouseError(f"{self.path} has {len(self.value)} entries; at most {at_most} work.")
        for index, entry in enumerate(self.value):
            yield Field(entry, f"{self.path}[{index}]")

    def text(self) -> str:
        """A string that is not empty."""
        if not isinstance(self.value, str) or not self.value or len(self.value) > 500:
            raise self.fail("a name")
        return self.value

    def number(self, low: float = -FARTHEST, high: float = FARTHEST) -> float:
        """A finite number within bounds."""
        number = self.value
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise self.fail("a number")
        # Bounds first: a whole number may be too large to be asked whether it is finite.
        if not low <= number <= high:
            raise self.fail(f"a number in [{low:g}:{high:g}]")
        return float(number)

    def xyz(self, high: float = FARTHEST) -> tuple[float, float, float]:
        """Three coordinates; a missing one is an error."""
        x, y, z = (self.need(k).number(-high, high) for k in "xyz")
        return x, y, z

    def color(self) -> tuple[float, float, float]:
        """Red, green and blue in [0, 1]."""
        r, g, b = (self.need(k).number(0, 1) for k in "rgb")
        return r, g, b
