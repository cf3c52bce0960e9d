"""What a second, closer look adds to the first one, as a table."""

from __future__ import annotations

import numpy as np

SIZES = (20, 50, 100, 200, 500, 100_000)  # pixels of a 300 x 300 frame


def ranked_rightly(chance: np.ndarray, truth: np.ndarray) -> float:
    """The chance that a true one is ranked above a false one (area under the ROC curve).

    >>> ranked_rightly(np.array([0.9, 0.2, 0.4]), np.array([True, False, False]))
    1.0
    """
    if truth.all() or not truth.any():
        return float("nan")
    order = np.argsort(np.argsort(chance, kind="stable"), kind="stable").astype(float)
    count = int(truth.sum())
    return float((order[truth].sum() - count * (count - 1) / 2) / (count * (len(truth) - count)))


def report(
    first: np.ndarray, second: np.ndarray, both: np.ndarray, pixels: np.ndarray, in_view: int
) -> str:
    """The table.

    Args:
        first: (M,) chances by the first look alone.
        second: (M,) by the second look alone.
        both: (M,) by both.
        pixels: (M,) that show the type.
        in_view: From how many on it is in view; with none it is absent.
    """
    truth, absent = pixels >= in_view, pixels == 0
    looks = (("first look", first), ("second look", second), ("both", both))
    lines = [f"{len(truth)} glimpses, {int(truth.sum())} of something in view"]
    lines.append(f"{'':14}{'ranked':>9}{'said 0.5':>10}" + "".join(f"{n:>9}+" for n in SIZES[:-1]))
    for name, chance in looks:
        cells = [f"{ranked_rightly(chance, truth):9.3f}", _share(chance[absent] >= 0.5)]
        for least, most in zip(SIZES, SIZES[1:], strict=False):
            rows = (pixels >= least) & (pixels < most)
            cells.append(_share(chance[rows] >= 0.5))
        lines.append(f"{name:14}" + "".join(cells))
    counts = [
        int(((pixels >= a) & (pixels < b)).sum()) for a, b in zip(SIZES, SIZES[1:], strict=False)
    ]
    lines.append(f"{'of':14}{'':9}{int(absent.sum()):10}" + "".join(f"{n:10}" for n in counts))
    lines.append("said 0.5: absent, called in view; then found, by pixels; ranked: 1 is perfect")
    return "\n".join(lines)


def _share(said: np.ndarray) -> str:
    return f"{said.mean():10.1%}" if len(said) else f"{'-':>10}"
