"""Plots of an evaluation as SVG text, to stand inside a page, also of a phone's width."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

# Inches, of 72 units of the drawing: text of 9 units can be read on a phone.
WIDTH = 4.1
# A bar of a share of fewer episodes would look surer than it is: it becomes a dot.
FEW = 10
_LEGEND = {
    True: "%; a line is the 95 % interval",
    False: "%, with 95 % intervals",
}
INK, SOFT, GOOD, BAD, BLUE = "#1b2430", "#5d6b7d", "#157f47", "#c02b2b", "#2f6fb5"


def _figure(width: float, height: float) -> tuple[Any, Any]:
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasSVG(figure)
    axes = figure.add_subplot()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(colors=INK, labelsize=9)
    return figure, axes


def _svg(figure: Any) -> str:
    import matplotlib

    buffer = io.StringIO()
    # Text stays text: small, and found by the browser's search. No date: the same run, same page.
    with matplotlib.rc_context(
        {"svg.fonttype": "none", "svg.hashsalt": "evaluation", "font.family": "sans-serif"}
    ):
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    text = buffer.getvalue()
    return re.sub(r"<metadata>.*?</metadata>\s*", "", text[text.index("<svg") :], flags=re.DOTALL)


def shares(table: dict[str, Any], key: str, title: str) -> str | None:
    """Horizontal bars of a share by group, with intervals and denominators; of few episodes dots.

    Args:
        table: Figures by group, as in ``results.json``.
        key: Which figure.
        title: Above the plot.

    Returns:
        SVG, or None if the figure is undefined in all groups.
    """
    rows = [
        (name, figures[key]) for name, figures in table.items() if figures[key]["value"] is not None
    ]
    if not rows:
        return None
    rows.sort(key=lambda row: row[1]["value"])
    figure, axes = _figure(WIDTH, 0.75 + 0.3 * len(rows))
    few = min(found["under"] for _, found in rows) < FEW
    for k, (_, found) in enumerate(rows):
        value = 100 * found["value"]
        if not few:
            axes.barh(k, value, color=BLUE, height=0.62, alpha=0.85)
        if found["interval"] is not None:
            low, high = (100 * v for v in found["interval"])
            axes.plot([low, high], [k, k], color=INK, linewidth=1.2, solid_capstyle="butt")
        if few:
            axes.plot(value, k, "o", color=BLUE, markersize=7, clip_on=False, zorder=3)
        said = f"{value:.0f} % of {found['under']:g}"
        axes.text(105, k, said, va="center", fontsize=9, color=SOFT)
    axes.set_yticks(range(len(rows)), [name.replace("_", " ") for name, _ in rows])
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.set_xlim(0, 148)
    axes.set_xticks([0, 25, 50, 75, 100])
    axes.spines["bottom"].set_bounds(0, 100)
    axes.set_xlabel(_LEGEND[few], fontsize=9, color=SOFT, loc="left")
    axes.set_title(title, fontsize=10.5, color=INK, loc="left")
    return _svg(figure)


def by_rounds(table: dict[str, Any]) -> str | None:
    """Success of clean tasks over the most proposals a step; None with fewer than two points."""
    rows = sorted((int(name), figures["success_rate"]) for name, figures in table.items())
    if len(rows) < 2:
        return None
    figure, axes = _figure(WIDTH, 2.5)
    at = [n for n, _ in rows]
    values = [100 * f["value"] for _, f in rows]
    low = [100 * f["interval"][0] for _, f in rows]
    high = [100 * f["interval"][1] for _, f in rows]
    if min(f["under"] for _, f in rows) < FEW:
        axes.vlines(at, low, high, color=INK, linewidth=1.2)
        axes.plot(at, values, "o", color=BLUE, markersize=7, clip_on=False)
    else:
        axes.fill_between(at, low, high, color=BLUE, alpha=0.15, linewidth=0)
        axes.plot(at, values, color=BLUE, marker="o")
    for x, y in zip(at, values, strict=True):
        axes.annotate(
            f"{y:.1f} %",
            (x, y),
            textcoords="offset points",
            xytext=(0, 7),
            ha="center",
            fontsize=9,
            color=INK,
        )
    axes.set_xticks(at)
    axes.set_ylim(0, 112)
    axes.set_xlabel("most proposals a step", fontsize=9, color=SOFT)
    axes.set_title("Success by rounds of self-correction", fontsize=10.5, color=INK, loc="left")
    return _svg(figure)


def latency(milliseconds: Sequence[float]) -> str | None:
    """Histogram of what the policy takes to decide on a step, milliseconds."""
    if not milliseconds:
        return None
    figure, axes = _figure(WIDTH, 2.1)
    end = sorted(milliseconds)[int(0.99 * (len(milliseconds) - 1))]
    bins = min(30, max(4, round(len(milliseconds) ** 0.5)))
    axes.hist([min(v, end) for v in milliseconds], bins=bins, color=BLUE, alpha=0.85)
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel("ms a step", fontsize=9, color=SOFT)
    axes.set_ylabel("steps", fontsize=9, color=SOFT)
    axes.set_title("Time the policy takes", fontsize=10.5, color=INK, loc="left")
    return _svg(figure)


def causes(counts: dict[str, int]) -> str | None:
    """Bars of what lost episodes are put down to."""
    if not counts:
        return None
    figure, axes = _figure(WIDTH, 0.75 + 0.32 * len(counts))
    names = list(counts)[::-1]
    axes.barh(names, [counts[n] for n in names], color=BAD, height=0.6, alpha=0.8)
    for k, name in enumerate(names):
        axes.text(counts[name], k, f" {counts[name]}", va="center", fontsize=9, color=SOFT)
    axes.set_xlim(0, 1.15 * max(counts.values()))
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_title("Lost episodes by cause", fontsize=10.5, color=INK, loc="left")
    return _svg(figure)
