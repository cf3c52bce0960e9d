"""Draws the bars of ``docs/results.md`` from the tables of that page.

python docs/draw_results.py
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

PAGE = Path(__file__).with_name("results.md")
PICTURE = PAGE.with_name("images") / "results.svg"
WIDTH, ROW, LEFT, RIGHT, TOP = 830, 30, 150, 70, 58  # pixels
WITH, WITHOUT, MUTED = "#2f7d4f", "#c9a13b", "#6b7280"
ROOMS = ("kitchen", "living room", "bedroom", "bathroom")


def shares() -> dict[str, tuple[float, float]]:
    """Share won with three proposals and with one, of both suites together, by name of the row."""
    found = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        counts = [re.fullmatch(r"(\d+) / (\d+)", cell) for cell in cells[1:]]
        if len(cells) == 5 and all(counts):
            won = [(int(c[1]), int(c[2])) for c in counts if c]
            with_, without = (won[0], won[2]), (won[1], won[3])
            found[cells[0]] = (_share(with_), _share(without))
    return found


def _share(counts: tuple[tuple[int, int], ...]) -> float:
    return sum(won for won, _ in counts) / sum(played for _, played in counts)


def svg() -> str:
    """The whole picture."""
    rows = shares()
    height = TOP + ROW * len(rows) + 26
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" font-family="DejaVu Sans, Verdana, sans-serif">',
        "<title>Share of tasks won, with three proposals a step and with one</title>",
        f'<rect width="{WIDTH}" height="{height}" rx="8" fill="#ffffff"/>',
        _text("tasks won in map-val-v1 and map-test-v1 together", LEFT, 24, "#111827", 14),
        f'<rect x="{LEFT}" y="34" width="12" height="10" fill="{WITH}"/>',
        _text("at most 3 proposals", LEFT + 18, 43, MUTED),
        f'<rect x="{LEFT + 170}" y="34" width="12" height="10" fill="{WITHOUT}"/>',
        _text("1 proposal", LEFT + 188, 43, MUTED),
    ]
    y = TOP
    for name, (with_, without) in rows.items():
        if name == ROOMS[0]:
            parts.append(f'<path d="M20 {y + 6} H{WIDTH - 20}" stroke="#d1d5db"/>')
            y += 14
        wide = WIDTH - LEFT - RIGHT
        parts += [
            _text(name, LEFT - 10, y + 16, "#111827", anchor="end"),
            f'<rect x="{LEFT}" y="{y + 2}" width="{wide * with_:.1f}" height="11" fill="{WITH}"/>',
            f'<rect x="{LEFT}" y="{y + 14}" width="{wide * without:.1f}" height="9" '
            f'fill="{WITHOUT}"/>',
            _text(f"{100 * with_:.0f} %", LEFT + wide * max(with_, without) + 8, y + 17, "#111827"),
        ]
        y += ROW
    return "\n".join([*parts, "</svg>", ""])


def _text(text: str, x: float, y: float, fill: str, size: int = 12, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" fill="{fill}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )


if __name__ == "__main__":
    PICTURE.write_text(svg(), encoding="utf-8")
    print(PICTURE)
