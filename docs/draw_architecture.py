"""Draws the floors of ``tests/layers.py`` and who really imports whom into one picture.

    python -m docs.draw_architecture                  writes docs/images/architecture.svg

Rows are floors, from top to bottom; an arc on the right is an import between two of them. Every arc
goes down: that is the rule which ``tests/test_imports.py`` checks.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.layers import FLOORS, entry_of, floor_of
from tests.sources import LIBRARY, ROOT, module_graph

OUT = ROOT / "docs" / "images" / "architecture.svg"
# House and its colour, by the beginning of an entry's name; the longest that fits counts.
HOUSES = {
    "run_episode": "#6b7280",
    "training": "#7c3aed",
    "agent": "#db2777",
    "policies": "#ea580c",
    "envs": "#059669",
    "envs.simulator": "#2563eb",
}


def house_of(entry: str) -> str:
    """The house an entry belongs to.

    >>> house_of("envs.simulator.world"), house_of("envs.tasks.goals")
    ('envs.simulator', 'envs')
    """
    return max((h for h in HOUSES if entry == h or entry.startswith(h + ".")), key=len)


def imports_between() -> set[tuple[str, str]]:
    """Pairs of entries of which the first imports the second."""
    pairs = {
        (entry_of(importer), entry_of(imported))
        for importer, targets in module_graph(LIBRARY).items()
        for imported in targets
    }
    return {(a, b) for a, b in pairs if a is not None and b is not None and a != b}


def draw(out: Path) -> None:
    """Writes the picture, as SVG or what the file's ending says."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "floors"  # the same picture gives the same file
    matplotlib.rcParams["svg.fonttype"] = "none"
    from matplotlib import pyplot
    from matplotlib.patches import Arc, FancyBboxPatch

    figure, axes = pyplot.subplots(figsize=(9.2, 0.31 * len(FLOORS) + 0.4))
    for number, floor in enumerate(FLOORS):
        colour = HOUSES[house_of(floor.entries[0])]
        names = ", ".join(floor.entries)
        box = FancyBboxPatch(
            (0, -number - 0.4), 9.6, 0.8, boxstyle="round,pad=0.02", lw=0, fc=colour, alpha=0.13
        )
        axes.add_patch(box)
        small = 6.8 if len(names) > 55 else 8
        axes.text(0.12, -number, names, va="center", size=small, color=colour, weight="bold")
        axes.text(9.75, -number, floor.holds, va="center", size=7, color="#374151")
    for importer, imported in sorted(imports_between()):
        top, bottom = floor_of(importer), floor_of(imported)
        middle, height = -(top + bottom) / 2, bottom - top
        width = 0.9 + 0.155 * height
        colour = HOUSES[house_of(importer)]
        arc = Arc(
            (15.1, middle),
            width * 2,
            height,
            theta1=-90,
            theta2=90,
            color=colour,
            lw=0.7,
            alpha=0.5,
        )
        axes.add_patch(arc)
        axes.plot(15.1, -bottom, marker="<", ms=2.5, color=colour, alpha=0.6)
    axes.set_xlim(-0.1, 23.4)
    axes.set_ylim(-len(FLOORS) + 0.3, 0.7)
    axes.axis("off")
    figure.subplots_adjust(0.005, 0.005, 0.995, 0.995)
    out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(out, metadata={"Date": None} if out.suffix == ".svg" else None, dpi=150)
    pyplot.close(figure)


def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m docs.draw_architecture",
        description="Draw the floors of the house and the imports between them.",
        epilog="example: python -m docs.draw_architecture --out docs/images/architecture.svg",
    )
    parser.add_argument("--out", type=Path, default=OUT, help="file to write; its ending counts")
    out = parser.parse_args(argv).out
    draw(out)
    print(f"{len(FLOORS)} floors, {len(imports_between())} imports between them -> {out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
