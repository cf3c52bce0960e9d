"""How large a picture may be: the one limit that holds wherever a size comes in."""

from __future__ import annotations

from numbers import Integral

# Panda's software renderer draws 16384 pixels a side without fault, and segfaults somewhere beyond
# 10**5. A quarter leaves room for four times supersampling, and a picture fits in a GiB.
MAX_SIDE = 4096
# Supersampled pixels that are drawn at most: larger pictures are sampled less.
MAX_DRAWN = MAX_SIDE * MAX_SIDE


def check_size(width: object, height: object) -> tuple[int, int]:
    """Width and height in pixels, if a picture can have them.

    >>> check_size(640, 480)
    (640, 480)

    Raises:
        ValueError: If one is no whole number from 1 to ``MAX_SIDE``.
    """
    for side in (width, height):
        if (
            isinstance(side, bool)
            or not isinstance(side, Integral)
            or not 1 <= int(side) <= MAX_SIDE
        ):
            raise ValueError(
                f"Picture size {_brief(width)}x{_brief(height)}: width and height must be whole "
                f"numbers from 1 to {MAX_SIDE}."
            )
    return int(width), int(height)  # type: ignore[call-overload]


def samples_of(width: int, height: int, wanted: int) -> int:
    """How many samples a pixel side are drawn, of so many wanted.

    >>> samples_of(300, 300, 4), samples_of(MAX_SIDE, MAX_SIDE, 4)
    (4, 1)
    """
    while wanted > 1 and width * height * wanted**2 > MAX_DRAWN:
        wanted -= 1
    return wanted


def _brief(side: object) -> str:
    if isinstance(side, int) and abs(side) >= 10**12:
        return "a number of many digits"
    text = repr(side)
    return text if len(text) <= 24 else f"{text[:21]}..."
