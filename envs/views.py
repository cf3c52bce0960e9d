"""What was where in each view of an episode, so that a point of an earlier view still means it.

    views = Views()
    views.add(segmentation, objects)        # view 0
    views.at(0, (0.40, 0.52), ("Mug",), 0.02)

Kept small: 45 kB a view, which is a 150 x 150 picture of object numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from envs.observations import Segmentation

SIDE = 150
# An object that has come so far since, in metres, is no longer where it was seen.
MOVED = 0.5


class Views:
    """The views of one episode, by number; the first is 0."""

    def __init__(self) -> None:
        self._ids: list[str] = [""]
        self._numbers: dict[str, int] = {"": 0}
        self._images: list[np.ndarray] = []
        self._places: list[Mapping[str, tuple[float, float, float]]] = []

    def kept(self) -> tuple[Any, ...]:
        """The views so far, for ``resume``."""
        return tuple(self._images), tuple(self._places)

    def resume(self, kept: tuple[Any, ...]) -> None:
        """Knows the views again that there were then."""
        self._images, self._places = map(list, kept)

    def __len__(self) -> int:
        return len(self._images)

    def add(self, view: Segmentation, objects: Sequence[dict]) -> None:
        """Takes note of the next view.

        Args:
            view: Which object each pixel shows.
            objects: AI2-THOR's object dicts at that time.
        """
        height, width = view.index.shape
        rows = ((np.arange(SIDE) + 0.5) * height / SIDE).astype(np.intp)
        columns = ((np.arange(SIDE) + 0.5) * width / SIDE).astype(np.intp)
        table = np.array([self._number(object_id) for object_id in view.ids], np.uint16)
        self._images.append(table[view.index[np.ix_(rows, columns)]])
        shown = {i for i, n in zip(view.ids, view.counts, strict=True) if i and n}
        self._places.append({o["objectId"]: _place(o) for o in objects if o["objectId"] in shown})

    def show_again(self) -> None:
        """The last view was not shown: the one before it was, once more."""
        if len(self) > 1:
            self._images[-1], self._places[-1] = self._images[-2], self._places[-2]

    def at(
        self, number: int, point: tuple[float, float], types: tuple[str, ...], radius: float
    ) -> str:
        """Id of what was seen at a point of a view; empty where nothing was.

        Args:
            number: Of the view.
            point: (x, y) as fractions, origin top left.
            types: An object of these types is meant even where the point just misses it.
            radius: By how much, as a share of the width.

        Raises:
            IndexError: If there was no such view.
        """
        if not 0 <= number < len(self):
            raise IndexError(f"There are views 0 to {len(self) - 1}, not {number}.")
        image = self._images[number]
        counts = np.bincount(image.ravel(), minlength=len(self._ids))
        view = Segmentation(image, tuple(self._ids), counts)
        return view.near(point, types, radius * SIDE) or view.at(point)

    def has_moved(self, number: int, item: dict) -> bool:
        """Whether an object is no longer where a view showed it."""
        then = self._places[number].get(item["objectId"])
        return then is None or math.dist(then, _place(item)) > MOVED

    def _number(self, object_id: str) -> int:
        if object_id not in self._numbers:
            self._numbers[object_id] = len(self._ids)
            self._ids.append(object_id)
        return self._numbers[object_id]


def _place(item: dict) -> tuple[float, float, float]:
    place = item["position"]
    return place["x"], place["y"], place["z"]
