"""A sheet of pictures of every kitchen object type, to look at.

Example:
    python -m envs.simulator.contact_sheet --out sheet.png --seed 3
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from envs.simulator.geometry import euler_matrix, triple
from envs.simulator.meshes.catalogue import build_mesh, known_types
from envs.simulator.object_types import object_type
from envs.simulator.renderer import Camera, Renderer

TILE = 150
LABEL = 16
BACKGROUND = (236, 236, 232)
# Where the median box is of a thing lying askew, or was never recorded.
SIZES = {
    "Knife": (0.035, 0.018, 0.30),
    "ButterKnife": (0.022, 0.012, 0.22),
    "Ladle": (0.09, 0.08, 0.30),
    "Book": (0.22, 0.05, 0.28),
    "Window": (1.2, 1.2, 0.15),
    "Curtains": (1.4, 1.6, 0.10),
    "Blinds": (1.0, 0.9, 0.04),
    "Mirror": (0.8, 1.0, 0.04),
    "AppleSliced": (0.10, 0.10, 0.02),
    "TomatoSliced": (0.10, 0.07, 0.02),
    "PotatoSliced": (0.09, 0.07, 0.02),
    "BreadSliced": (0.12, 0.14, 0.03),
    "LettuceSliced": (0.12, 0.12, 0.03),
    "EggCracked": (0.12, 0.02, 0.12),
    "CreditCard": (0.10, 0.003, 0.06),
    "Pen": (0.14, 0.01, 0.01),
    "Pencil": (0.16, 0.01, 0.01),
}


def sheet_size(name: str) -> tuple[float, float, float]:
    """The size a type is drawn at: its median box."""
    size = SIZES.get(name) or object_type(name).size or (0.2, 0.2, 0.2)
    return tuple(max(float(s), 0.004) for s in size)  # type: ignore[return-value]


def tile(
    name: str,
    seed: int,
    flags: frozenset[str] = frozenset(),
    openness: float = 0.0,
    pixels: int = TILE,
) -> np.ndarray:
    """One object (pixels, pixels, 3), seen from the front, above and a little right."""
    size = sheet_size(name)
    renderer = Renderer(pixels, pixels, supersample=2)
    renderer.add(
        name, build_mesh(name, size, seed), np.zeros(3), np.eye(3), openness=openness, flags=flags
    )
    radius = float(np.linalg.norm(size)) / 2 * (1.25 if openness else 1.0)
    away = euler_matrix((28.0, 205.0, 0.0)) @ np.array([0.0, 0.0, 1.0])
    place = -away * max(radius * 2.75, 0.06)
    frame = renderer.render(Camera(triple(place), 205.0, 28.0, fov=45.0, near=0.01), ids=True)
    renderer.close()
    assert frame.rgb is not None and frame.ids is not None
    picture = frame.rgb.copy()
    picture[frame.ids < 0] = BACKGROUND
    return picture


def contact_sheet(names: list[str], seed: int, columns: int = 10) -> Image.Image:
    """All tiles in a grid, labelled."""
    rows = -(-len(names) // columns)
    sheet = Image.new("RGB", (columns * TILE, rows * (TILE + LABEL)), "white")
    draw = ImageDraw.Draw(sheet)
    for index, name in enumerate(names):
        x, y = index % columns * TILE, index // columns * (TILE + LABEL)
        sheet.paste(Image.fromarray(tile(name, seed)), (x, y))
        draw.text((x + 4, y + TILE + 2), name, fill="black")
    return sheet


def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m envs.simulator.contact_sheet",
        description="Draw every object type on one labelled sheet.",
        epilog="example: python -m envs.simulator.contact_sheet --types Apple Mug --out mugs.png",
    )
    parser.add_argument("--out", type=Path, default=Path("contact_sheet.png"))
    parser.add_argument("--seed", type=int, default=0, help="variant of every mesh")
    parser.add_argument("--types", nargs="*", help="only these types")
    options = parser.parse_args(argv)
    names = options.types or list(known_types())
    unknown = [n for n in names if n not in known_types()]
    if unknown:
        print(
            f"error: no mesh of its own for {unknown[0]!r}; known: {', '.join(known_types())}",
            file=sys.stderr,
        )
        return 2
    contact_sheet(names, options.seed).save(options.out)
    print(f"{len(names)} types: {options.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
