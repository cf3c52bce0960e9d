"""Pictures of the tables, each as SVG and as PNG, to be read on a phone too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from envs.simulator.system.whole import whole_file
from training.evaluation.metrics import Figure, figure, summarize
from training.evaluation.plots import BLUE, INK, SOFT
from training.tables import published
from training.tables.cells import Cell
from training.tables.measures import grouped
from training.tables.propagation import LAGS, LEAST, risk
from training.tables.rows import rows_of
from training.tables.setting import Setting

WIDTH = 5.4  # inches
DOTS = 200  # an inch, of the PNG
AMBER = "#b7791f"
_SHORT = {
    "single": "single pass",
    "retries": "plain retries",
    "rules": "rules only",
    "learned": "learned only",
    "with-rules": "full and rules",
    "helped": "full, rules,\nhelped skills",
    "feedback-scrambled": "scrambled",
    "feedback-misleading": "misleading",
    "feedback-empty": "told nothing",
    "blank-frame": "sees grey",
    "blank-instruction": "no instruction",
    "wrong-instruction": "another task's\ninstruction",
}
_TITLES = {
    "main": "Success, clean tasks",
    "ablations": "Success of policies trained without a part",
    "feedback": "Success by what it is told of its actions",
    "blind": "Success by what it sees and reads",
    "noise": "Success with a noisy camera",
}
Cells = dict[str, Cell]


def draw(setting: Setting, cells: Cells, out: Path) -> tuple[str, ...]:
    """Writes all pictures that there is something for; returns their names without ending."""
    drawn = {}
    for group in setting.rows:
        if group == "rounds":
            drawn[group] = _rounds(setting, cells)
            continue
        names = [row.name for row in rows_of(setting, group) if row.name in cells]
        rows = {name: summarize(cells[name].verdicts)["success_rate"] for name in names}
        drawn[group] = _shares(rows, _TITLES[group]) if len(names) > 1 else None
    drawn["families"], drawn["risk"] = _families(cells), _risk(cells)
    found = {name: made for name, made in drawn.items() if made is not None}
    for name, made in found.items():
        _save(made, out / name)
    return tuple(found)


def _figure(height: float) -> tuple[Any, Any]:
    from matplotlib.figure import Figure as Sheet

    sheet = Sheet(figsize=(WIDTH, height), layout="constrained", facecolor="white")
    axes = sheet.add_subplot()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(colors=INK, labelsize=9)
    return sheet, axes


def _save(sheet: Any, path: Path) -> None:
    import matplotlib

    # Text stays text. No date: the same tables, the same bytes.
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "tables"}):
        for ending, more in (("svg", {"metadata": {"Date": None}}), ("png", {"dpi": DOTS})):
            with whole_file(path.with_suffix(f".{ending}")) as partial:
                sheet.savefig(partial, format=ending, **more)


def _shares(rows: dict[str, Figure], title: str) -> Any:
    """Dots with their intervals, in the order of the table."""
    known = {name: value for name, value in rows.items() if value.value is not None}
    if not known:
        return None
    sheet, axes = _figure(0.8 + 0.36 * len(known))
    for k, (name, value) in enumerate(reversed(known.items())):
        colour = BLUE if name == "full" else INK
        _dot(axes, k, value, colour)
        axes.text(104, k, _said(value), va="center", fontsize=8.5, color=SOFT)
    names = [_SHORT.get(name, name.replace("-", " ")) for name in reversed(known)]
    axes.set_yticks(range(len(known)), names)
    axes.set_ylim(-0.6, len(known) - 0.4)
    _percents(axes, title)
    return sheet


def _dot(axes: Any, at: float, value: Figure, colour: str) -> None:
    if value.interval is not None:
        low, high = (100 * v for v in value.interval)
        axes.plot([low, high], [at, at], color=colour, linewidth=1.4, solid_capstyle="butt")
    if value.value is not None:
        axes.plot(100 * value.value, at, "o", color=colour, markersize=6, clip_on=False, zorder=3)


def _said(value: Figure) -> str:
    return "" if value.value is None else f"{100 * value.value:.0f} % of {value.under:g}"


def _percents(axes: Any, title: str) -> None:
    axes.set_xlim(-1, 130)
    axes.set_xticks([0, 25, 50, 75, 100])
    axes.spines["bottom"].set_bounds(0, 100)
    axes.grid(axis="x", color="#e3e8ee", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_xlabel("% of tasks; lines are 95 % intervals", fontsize=8.5, color=SOFT, loc="left")
    axes.set_title(title, fontsize=10.5, color=INK, loc="left")


def _rounds(setting: Setting, cells: Cells) -> Any:
    """Success over answers a step, ours and the paper's."""
    rows = [
        (count, summarize(cells[row.name].verdicts)["success_rate"])
        for count, row in enumerate(rows_of(setting, "rounds"), 1)
        if row.name in cells
    ]
    points = [(n, value) for n, value in rows if value.value is not None]
    if len(points) < 2:
        return None
    sheet, axes = _figure(3.0)
    at = [n for n, _ in points]
    values = [100 * (value.value or 0.0) for _, value in points]
    for n, value in points:
        if value.interval is not None:
            low, high = (100 * v for v in value.interval)
            axes.plot([n, n], [low, high], color=BLUE, linewidth=1.4)
    axes.plot(at, values, "o-", color=BLUE, label=f"{setting.policy} on {setting.suite}")
    paper = published.ROUNDS
    label = f"CIMR on its own MAP, another benchmark ({published.CIMR})"
    axes.plot(list(paper), list(paper.values()), "s--", color=AMBER, markersize=5, label=label)
    axes.set_xticks(sorted({*at, *paper}))
    axes.set_xlim(0.7, 4.3)
    axes.set_ylim(0, 104)
    axes.set_xlabel("most answers a step", fontsize=8.5, color=SOFT)
    axes.set_ylabel("% of tasks", fontsize=8.5, color=SOFT)
    axes.set_title("Success by answers a step", fontsize=10.5, color=INK, loc="left")
    sheet.legend(fontsize=8, frameon=False, loc="outside lower left")
    return sheet


def _families(cells: Cells) -> Any:
    """The full agent and the single pass by family."""
    both = [(name, cells[name]) for name in ("full", "single") if name in cells]
    if not both:
        return None
    tables = [(n, grouped(c.verdicts, lambda v: v.family.replace("_", " "))) for n, c in both]
    families = sorted({family for _, table in tables for family in table}, reverse=True)
    sheet, axes = _figure(1.2 + 0.34 * len(families))
    for name, table in tables:
        colour, shift = (BLUE, 0.14) if name == "full" else (AMBER, -0.14)
        for k, family in enumerate(families):
            _dot(axes, k + shift, figure((v.success, 1) for v in table.get(family, ())), colour)
        axes.plot([], [], "o", color=colour, label=_SHORT.get(name, name))
    counts = [max(len(table.get(family, ())) for _, table in tables) for family in families]
    for k, count in enumerate(counts):
        axes.text(104, k, f"of {count}", va="center", fontsize=8.5, color=SOFT)
    axes.set_yticks(range(len(families)), families)
    axes.set_ylim(-0.6, len(families) - 0.4)
    _percents(axes, "Success by family, clean tasks")
    sheet.legend(fontsize=8.5, frameon=False, loc="outside lower left", ncols=2)
    return sheet


def _risk(cells: Cells) -> Any:
    """The share of wrong steps by how many steps they come after a wrong or a right one."""
    both = [(name, cells[name]) for name in ("full", "single") if name in cells]
    curves: list[tuple[str, str, str, list[tuple[int, float]]]] = []
    for name, cell in both:
        colour = BLUE if name == "full" else AMBER
        for which, style, said in ((0, "o-", "after a wrong step"), (1, "o:", "after a right one")):
            found = [(k, risk(cell.wrong, k, LEAST)[which]) for k in LAGS]
            points = [(k, 100 * value) for k, value in found if value is not None]
            if len(points) > 1:
                label = f"{_SHORT.get(name, name)}, {said}"
                curves.append((colour, style, label, points))
    if not curves:
        return None
    sheet, axes = _figure(3.2)
    for colour, style, label, points in curves:
        at, values = zip(*points, strict=True)
        # Two that are alike are both seen: the wide one lies below.
        wide, dot = (3.4, 7.5) if colour == BLUE else (1.3, 3.5)
        axes.plot(at, values, style, color=colour, linewidth=wide, markersize=dot, label=label)
    axes.set_xticks(LAGS)
    axes.set_ylim(0, 104)
    axes.set_xlabel("steps later", fontsize=8.5, color=SOFT)
    axes.set_ylabel("% of steps wrong", fontsize=8.5, color=SOFT)
    axes.set_title("How errors go on", fontsize=10.5, color=INK, loc="left")
    sheet.legend(fontsize=8, frameon=False, loc="outside lower left", ncols=2)
    return sheet
