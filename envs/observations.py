"""What an AI2-THOR event shows: the observation space, and which object each pixel belongs to."""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

import gymnasium
import numpy as np

from envs.simulator.system.syslibs import opencv

if TYPE_CHECKING:
    from ai2thor.server import Event

CHARSET = string.printable
MAX_INSTRUCTION = 400
MAX_FEEDBACK = 400
# Counts of pixels are of a frame of this side, whatever the true one.
COUNTED_SIDE = 300
SEEN_PIXELS = 20


def observation_space(width: int, height: int) -> gymnasium.spaces.Dict:
    """``{"rgb": (H, W, 3) uint8, "instruction": text, "feedback": text}``."""
    return gymnasium.spaces.Dict(
        {
            "rgb": gymnasium.spaces.Box(0, 255, (height, width, 3), np.uint8),
            "instruction": gymnasium.spaces.Text(MAX_INSTRUCTION, min_length=0, charset=CHARSET),
            "feedback": gymnasium.spaces.Text(MAX_FEEDBACK, min_length=0, charset=CHARSET),
        }
    )


@dataclass(frozen=True, eq=False)
class Segmentation:
    """Which object each pixel shows.

    Attributes:
        index: (H, W) int32 into ``ids``; 0 is everything that is no object.
        ids: Object ids; the first is the empty string.
        counts: Pixels of each, as in a frame of 300 x 300: an object counts alike at any size.
    """

    index: np.ndarray
    ids: tuple[str, ...]
    counts: np.ndarray

    def pixels(self, object_id: str) -> int:
        """How many pixels show an object."""
        return int(self.counts[self.ids.index(object_id)]) if object_id in self.ids else 0

    def mask(self, object_id: str) -> np.ndarray:
        """(H, W) bool."""
        if object_id not in self.ids:
            return np.zeros(self.index.shape, bool)
        return self.index == self.ids.index(object_id)

    def of_types(self, types: tuple[str, ...], least: int = SEEN_PIXELS) -> list[str]:
        """Ids in view of some types with at least some pixels, most first."""
        rows = [
            (int(n), i)
            for i, n in zip(self.ids, self.counts, strict=True)
            if i and object_type_of(i) in types and n >= least
        ]
        return [i for _, i in sorted(rows, reverse=True)]

    def part(self, rows: slice, columns: slice) -> Segmentation:
        """Of a part of the frame, as of a frame of its own."""
        index = np.ascontiguousarray(self.index[rows, columns])
        return Segmentation(index, self.ids, _counts(index, len(self.ids)))

    def interior(self, object_id: str) -> tuple[float, float]:
        """The point (x, y), as fractions, deepest inside the object's pixels."""
        cv2 = opencv()
        mask = self.mask(object_id).astype(np.uint8)
        padded = np.pad(mask, 1)
        inside = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]
        y, x = np.unravel_index(int(np.argmax(inside)), inside.shape)
        return (float(x) + 0.5) / mask.shape[1], (float(y) + 0.5) / mask.shape[0]

    def at(self, point: tuple[float, float]) -> str:
        """Id of what a point, as fractions, lies on; empty where that is no object."""
        height, width = self.index.shape
        row, column = int(point[1] * height), int(point[0] * width)
        return self.ids[int(self.index[min(row, height - 1), min(column, width - 1)])]

    def near(self, point: tuple[float, float], types: tuple[str, ...], radius: float) -> str | None:
        """The object of some types nearest to a point, within ``radius`` pixels of it."""
        height, width = self.index.shape
        x, y = point[0] * width, point[1] * height
        best: tuple[float, str | None] = (radius + 1e-6, None)
        for k, object_id in enumerate(self.ids):
            if object_id and object_type_of(object_id) in types:
                rows, columns = np.nonzero(self.index == k)
                gap = np.hypot(columns + 0.5 - x, rows + 0.5 - y)
                if len(gap) and gap.min() <= best[0]:
                    best = (float(gap.min()), object_id)
        return best[1]


def object_type_of(object_id: str) -> str:
    """The type in an id: of ``Sink|..|SinkBasin`` it is SinkBasin, of a slice the slice's.

    >>> object_type_of("Apple|+00.10|+00.90|-01.00|AppleSliced_2")
    'AppleSliced'
    """
    words = object_id.split("|")
    return words[4].split("_")[0] if len(words) > 4 else words[0]


def segment(event: Event) -> Segmentation:
    """The segmentation of an event that has an instance image.

    Raises:
        ValueError: If it has none.
    """
    picture = event.instance_segmentation_frame
    if picture is None:
        raise ValueError("The event has no instance image: set renderInstanceSegmentation=True.")
    code = (
        picture[..., 0].astype(np.int32) << 16
        | picture[..., 1].astype(np.int32) << 8
        | picture[..., 2]
    )
    names = {
        (c[0] << 16 | c[1] << 8 | c[2]): name
        for name, c in event.object_id_to_color.items()
        if "|" in name
    }
    # A table from colour to index is many times faster than sorting the pixels.
    table = np.zeros(1 << 24, np.uint8) if len(names) < 255 else np.zeros(1 << 24, np.uint16)
    known = list(names)
    table[known] = np.arange(1, len(known) + 1)
    index = table[code].astype(np.int32)
    return Segmentation(index, ("", *(names[k] for k in known)), _counts(index, len(known) + 1))


def _counts(index: np.ndarray, most: int) -> np.ndarray:
    counts = np.bincount(index.ravel(), minlength=most)
    if index.size == COUNTED_SIDE**2:
        return counts
    scaled: np.ndarray = np.rint(counts * (COUNTED_SIDE**2 / index.size)).astype(np.int64)
    return scaled
