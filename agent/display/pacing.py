"""How long each picture of a video is shown, so that a minute is rarely exceeded."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST = 60.0  # seconds


def paced(wished: Sequence[float], least: Sequence[float], longest: float = LONGEST) -> list[float]:
    """The seconds each picture is shown: as wished, or all shorter by one factor.

    >>> paced([1.0, 1.0, 2.0], [0.9, 0.1, 0.1], longest=2.4)
    [0.9, 0.5, 1.0]

    Args:
        wished: Seconds by picture.
        least: No picture is shown for less.
        longest: Of all together; exceeded only where ``least`` says so.
    """
    if sum(wished) <= longest:
        return list(wished)
    low, high = 0.0, 1.0
    for _ in range(40):
        factor = (low + high) / 2
        whole = sum(max(b, factor * a) for a, b in zip(wished, least, strict=True))
        low, high = (low, factor) if whole > longest else (factor, high)
    return [round(max(b, low * a), 6) for a, b in zip(wished, least, strict=True)]
