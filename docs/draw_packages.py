"""Draws who imports whom, from the table of floors and the imports of the source.

    python docs/draw_packages.py

writes ``docs/images/packages.svg``: a room for each package, one above the other as
``tests/layers.py`` says, the embedded simulator beside the rest. An arrow goes from a room to one
that its modules import, unless arrows by way of other rooms say so already. Entries of the table
that are single modules or lie deep inside are drawn with the package that holds them. ``--check``
writes nothing and fails if the picture is out of date.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.layers import FLOORS  # noqa: E402  the tests are no installed package
from tests.sources import LIBRARY, module_graph  # noqa: E402

PICTURE = ROOT / "docs" / "images" / "packages.svg"
COLOURS = {
    "run_episode": "#6b7280",
    "training": "#7c5cbf",
    "agent": "#c2571a",
    "policies": "#b3831a",
    "envs": "#2f7d4f",
    "simulator": "#2a6ebb",
}
WIDTH, TOP, HEIGHT, GAP = 830, 44, 40, 16  # pixels
COLUMN, LEFT, RIGHT = 350, 44, 436  # a column's width, and the two columns' left edges
SIMULATOR = "envs.simulator"


@dataclass(frozen=True)
class Room:
    """A package in the picture.

    Attributes:
        name: Dotted.
        holds: What is found there, in a phrase.
        x: Left edge, pixels.
        y: Upper edge, pixels.
        width: Pixels.
    """

    name: str
    holds: str
    x: float
    y: float
    width: float

    @property
    def colour(self) -> str:
        """The colour of the wing it is in."""
        parts = self.name.split(".")
        return COLOURS["simulator" if self.inside else parts[0]]

    @property
    def inside(self) -> bool:
        """Whether it is in the simulator's column."""
        return self.name.startswith(SIMULATOR)

    @property
    def title(self) -> str:
        """Its name, without what its column already says."""
        return self.name.removeprefix(SIMULATOR + ".")


def is_room(entry: str) -> bool:
    """Whether an entry of the table is drawn by itself and not with what holds it."""
    deepest = 3 if entry.startswith(SIMULATOR) else 2
    is_package = (ROOT / entry.replace(".", "/")).is_dir()
    return entry == "run_episode" or (is_package and entry.count(".") < deepest)


def rooms() -> list[Room]:
    """Every room with its place, from the uppermost down, column by column."""
    placed: list[Room] = []
    for x, inside in ((LEFT, False), (RIGHT, True)):
        y = float(TOP)
        for floor in FLOORS:
            entries = [e for e in floor.entries if is_room(e) and e.startswith(SIMULATOR) == inside]
            wide = (COLUMN - GAP / 2 * (len(entries) - 1)) / max(1, len(entries))
            for k, entry in enumerate(entries):
                placed.append(Room(entry, floor.holds, x + k * (wide + GAP / 2), y, wide))
            y += (HEIGHT + GAP) if entries else 0
    return placed


def room_of(module: str, names: Iterable[str]) -> str | None:
    """The room that a module is drawn in: the longest of the names that begins its own."""
    inside = [name for name in names if module == name or module.startswith(name + ".")]
    return max(inside, key=len, default=None)


def imports(names: Sequence[str]) -> dict[str, set[str]]:
    """Of each room the lower ones that it imports.

    A room's own modules may stand lower than its name, as ``policies.base`` does; what is imported
    from these is no arrow upwards. That imports go one way is checked by the tests, not here.
    """
    order = {name: k for k, name in enumerate(names)}
    found: dict[str, set[str]] = {name: set() for name in names}
    for importer, imported in module_graph(LIBRARY).items():
        own = room_of(importer, names)
        others = {room_of(other, names) for other in imported}
        if own:
            found[own] |= {other for other in others if other and order[other] > order[own]}
    return found


def without_shortcuts(graph: dict[str, set[str]]) -> set[tuple[str, str]]:
    """The arrows of a graph that no way over other arrows replaces.

    >>> sorted(without_shortcuts({"a": {"b", "c"}, "b": {"c"}, "c": set()}))
    [('a', 'b'), ('b', 'c')]
    """

    def reached(name: str, seen: set[str]) -> set[str]:
        for other in graph[name] - seen:
            seen.add(other)
            reached(other, seen)
        return seen

    beyond = {name: reached(name, set()) for name in graph}
    return {
        (name, other)
        for name, others in graph.items()
        for other in others
        if not any(other in beyond[between] for between in others - {other})
    }


def svg() -> str:
    """The whole picture."""
    placed = rooms()
    where = {room.name: room for room in placed}
    height = max(room.y for room in placed) + HEIGHT + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'width="{WIDTH}" height="{height:.0f}" role="img" '
        'font-family="DejaVu Sans, Verdana, sans-serif">',
        "<title>Packages from top to bottom; each imports only lower ones</title>",
        f'<rect width="{WIDTH}" height="{height:.0f}" rx="8" fill="#ffffff"/>',
        _text("the agent and its tasks", LEFT, 28, 13, "#374151"),
        _text("the embedded simulator", RIGHT, 28, 13, "#374151"),
    ]
    order = list(where)
    pairs = sorted(without_shortcuts(imports(order)), key=lambda p: tuple(map(order.index, p)))
    parts += [_arrow(where[one], where[other]) for one, other in pairs]
    parts += [part for room in placed for part in _box(room)]
    return "\n".join([*parts, "</svg>", ""])


def _box(room: Room) -> list[str]:
    left = room.x + 12
    box = (
        f'<rect x="{room.x:.1f}" y="{room.y:.0f}" width="{room.width:.1f}" height="{HEIGHT}" '
        f'rx="6" fill="{room.colour}"/>'
    )
    if room.width < COLUMN:
        title = room.title.rsplit(".", 1)[-1]
        return [box, _text(title, left, room.y + 25, 13, "#ffffff", "bold")]
    return [
        box,
        _text(room.title, left, room.y + 17, 13, "#ffffff", "bold"),
        _text(room.holds, left, room.y + 32, 11, "#f3f4f6"),
    ]


def _text(text: str, x: float, y: float, size: int, fill: str, weight: str = "normal") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.0f}" font-size="{size}" font-weight="{weight}" '
        f'fill="{fill}">{escape(text)}</text>'
    )


def _arrow(one: Room, other: Room) -> str:
    """From a room to a lower one: straight to the next floor, round the side to others."""
    if one.inside != other.inside:
        x, y, tip = LEFT + COLUMN, one.y + HEIGHT / 2, RIGHT
        end = other.y + HEIGHT / 2
        bend = (x + tip) / 2
        return _drawn(
            one, f"M{x} {y:.0f} C{bend} {y:.0f} {bend} {end:.0f} {tip - 6} {end:.0f}", tip, end, 1
        )
    if abs(other.y - one.y) < HEIGHT + GAP + 1:
        narrow = min(one, other, key=lambda room: room.width)
        x = narrow.x + narrow.width / 2
        top = one.y + HEIGHT
        return (
            f'<path d="M{x:.1f} {top:.0f} v{GAP - 6}" stroke="{one.colour}" stroke-width="1.6"/>'
            f'<path d="M{x:.1f} {top + GAP:.0f} l-4 -7 h8 z" fill="{one.colour}"/>'
        )
    right = one.inside
    edge = RIGHT + COLUMN if right else LEFT
    bow = min(38.0, 12 + 5 * (other.y - one.y) / (HEIGHT + GAP)) * (1 if right else -1)
    start, end = one.y + HEIGHT * 0.65, other.y + HEIGHT * 0.35
    tip = edge + (6 if right else -6)
    way = f"M{edge} {start:.0f} C{edge + bow} {start:.0f} {edge + bow} {end:.0f} {tip} {end:.0f}"
    return _drawn(one, way, edge, end, -1 if right else 1)


def _drawn(one: Room, way: str, x: float, y: float, towards: int) -> str:
    """A line with its head at (x, y), pointing to the right (1) or the left (-1)."""
    return (
        f'<path d="{way}" fill="none" stroke="{one.colour}" stroke-width="1.6"/>'
        f'<path d="M{x} {y:.0f} l{-7 * towards} -4 v8 z" fill="{one.colour}"/>'
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Draws the picture, or checks it; returns the exit status."""
    parser = argparse.ArgumentParser(
        description="Draws who imports whom.", epilog="example: python docs/draw_packages.py"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if the picture is out of date"
    )
    options = parser.parse_args(argv)
    drawn = svg()
    if options.check:
        if PICTURE.is_file() and PICTURE.read_text(encoding="utf-8") == drawn:
            return 0
        print(f"{PICTURE} is out of date: python docs/draw_packages.py", file=sys.stderr)
        return 1
    PICTURE.write_text(drawn, encoding="utf-8")
    print(PICTURE)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
