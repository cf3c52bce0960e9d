"""Figures in words, for the cells of a table."""

from __future__ import annotations

from training.evaluation.metrics import Figure
from training.tables.measures import Difference
from training.tables.propagation import Spread


def share(figure: Figure) -> str:
    """A share with interval and denominator; an undefined one as a dash.

    >>> share(Figure(0.5, 1, 2, (0.1, 0.9)))
    '50.0 % [10, 90] of 2'
    """
    if figure.value is None:
        return "–"
    text = f"{100 * figure.value:.1f} %"
    if figure.interval is not None:
        text += " [{:.0f}, {:.0f}]".format(*(100 * v for v in figure.interval))
    return f"{text} of {figure.under:g}"


def gap(found: Difference | None) -> str:
    """A difference in points, with its interval.

    >>> gap(Difference(-0.25, (-0.4, -0.1), 20, 0.03)), gap(None)
    ('-25.0 [-40.0, -10.0]', '')
    """
    if found is None:
        return ""
    return f"{100 * found.value:+.1f}{span(found.interval, 100)}"


def span(interval: tuple[float, float] | None, scale: float, digits: int = 1) -> str:
    """An interval with a space before it; empty without one."""
    if interval is None:
        return ""
    low, high = (scale * v for v in interval)
    return f" [{low:+.{digits}f}, {high:+.{digits}f}]"


def spread(found: Spread, scale: float, digits: int = 1) -> str:
    """How errors spread; an undefined measure as a dash.

    >>> spread(Spread(0.0821, (0.05, 0.1), 40), 100)
    '+8.2 [+5.0, +10.0]'
    """
    if found.value is None:
        return "–"
    return f"{scale * found.value:+.{digits}f}{span(found.interval, scale, digits)}"


def number(value: float | None, digits: int) -> str:
    """A plain number; an undefined one as a dash."""
    return "–" if value is None else f"{value:.{digits}f}"
