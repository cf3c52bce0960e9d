"""Pictures of every object type, to look at: labelled sheets, page by page.

Each type is drawn at the size recorded for it, framed to its own size, from the front, above and a
little right.

Example:
    python -m envs.simulator.tools.contact_sheet --out sheet.png --seed 3
    python -m envs.simulator.tools.contact_sheet --types Laptop Safe --open 1 --out open.png
    python -m envs.simulator.tools.contact_sheet --types DeskLamp --variants 8 --flags isToggled
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from envs.simulator.core.camera import Camera
from envs.simulator.core.geometry import euler_matrix, triple
from envs.simulator.core.object_types import object_type
from envs.simulator.core.quality import HIGH, QUALITIES, STANDARD
from envs.simulator.meshes.catalogue import build_mesh, known_types
from envs.simulator.meshes.maker import Maker
from envs.simulator.meshes.mesh import Mesh
from envs.simulator.rendering.renderer import Renderer
from envs.simulator.system.command_line import Parser, command, number_within, whole_from
from envs.simulator.system.targets import check_file
from envs.simulator.system.whole import whole_file

TILE = 150
LABEL = 16
BACKGROUND = (0.925, 0.925, 0.91)
STATES = (
    "isToggled",
    "isBroken",
    "isDirty",
    "isFilledWithLiquid",
    "coffee",
    "wine",
    "isCooked",
    "isUsedUp",
)
# Recorded open: their box is that of the open state.
OPEN_BOXES = frozenset({"Laptop", "Box", "Blinds"})
# Drawn as they are mostly met: lit.
LIT = frozenset({"DeskLamp", "FloorLamp", "Television", "Laptop", "Candle", "LightSwitch"})
# Where the median box is of an object lying askew or turned, or was never recorded.
SIZES = {
    "AppleSliced": (0.10, 0.10, 0.02),
    "BaseballBat": (0.08, 0.96, 0.09),
    "Bathtub": (1.80, 0.55, 0.90),
    "BathtubBasin": (1.60, 0.42, 0.64),
    "Bed": (1.50, 0.95, 2.10),
    "Blinds": (1.00, 1.10, 0.04),
    "Book": (0.22, 0.04, 0.28),
    "BreadSliced": (0.12, 0.14, 0.03),
    "ButterKnife": (0.022, 0.012, 0.22),
    "CD": (0.12, 0.002, 0.12),
    "Cart": (0.71, 1.28, 0.54),
    "CellPhone": (0.07, 0.008, 0.15),
    "Chair": (0.48, 0.92, 0.52),
    "ClothesDryer": (0.68, 0.98, 0.78),
    "Cloth": (0.21, 0.06, 0.18),
    "CounterTop": (1.60, 0.05, 0.65),
    "CreditCard": (0.10, 0.003, 0.06),
    "Curtains": (1.60, 2.00, 0.14),
    "Desk": (1.40, 0.78, 0.70),
    "DiningTable": (1.50, 0.75, 0.95),
    "Dresser": (1.20, 0.95, 0.50),
    "Dumbbell": (0.33, 0.13, 0.13),
    "EggCracked": (0.12, 0.02, 0.12),
    "HandTowel": (0.13, 0.40, 0.04),
    "HandTowelHolder": (0.17, 0.21, 0.05),
    "KeyChain": (0.13, 0.01, 0.07),
    "Knife": (0.035, 0.018, 0.30),
    "Ladle": (0.09, 0.08, 0.30),
    "Laptop": (0.36, 0.28, 0.28),
    "LettuceSliced": (0.12, 0.12, 0.03),
    "Mirror": (0.60, 0.80, 0.04),
    "Newspaper": (0.36, 0.04, 0.26),
    "Painting": (0.90, 0.65, 0.04),
    "Pen": (0.14, 0.01, 0.01),
    "Pencil": (0.16, 0.008, 0.008),
    "Pillow": (0.50, 0.16, 0.38),
    "Poster": (0.60, 0.87, 0.02),
    "PotatoSliced": (0.09, 0.07, 0.02),
    "RemoteControl": (0.06, 0.02, 0.21),
    "ShelvingUnit": (0.94, 1.48, 0.40),
    "ShowerCurtain": (0.80, 1.94, 0.25),
    "ShowerDoor": (0.80, 1.96, 0.06),
    "ShowerGlass": (1.40, 1.96, 0.06),
    "ShowerHead": (0.25, 1.80, 0.33),
    "Sofa": (2.10, 0.92, 0.98),
    "TargetCircle": (0.40, 0.01, 0.40),
    "Television": (1.10, 0.75, 0.30),
    "TennisRacket": (0.26, 0.65, 0.04),
    "Toilet": (0.53, 1.04, 0.97),
    "ToiletPaperHanger": (0.21, 0.07, 0.10),
    "TomatoSliced": (0.10, 0.07, 0.02),
    "Towel": (0.53, 0.61, 0.04),
    "TowelHolder": (0.66, 0.04, 0.11),
    "TVStand": (1.20, 0.60, 0.45),
    "WashingMachine": (0.68, 0.98, 0.78),
    "WateringCan": (0.15, 0.19, 0.27),
    "Window": (1.20, 1.20, 0.15),
    "WineBottle": (0.09, 0.33, 0.09),
}


def sheet_size(name: str) -> tuple[float, float, float]:
    """The size a type is drawn at: a usual one, or its median box."""
    size = SIZES.get(name) or object_type(name).size or (0.2, 0.2, 0.2)
    return tuple(max(float(s), 0.004) for s in size)  # type: ignore[return-value]


def tile(
    name: str,
    seed: int,
    flags: frozenset[str] = frozenset(),
    openness: float | None = None,
    pixels: int = TILE,
    fine: bool = False,
) -> np.ndarray:
    """One object (pixels, pixels, 3); laptops and boxes stand open unless told otherwise."""
    size = sheet_size(name)
    if not flags and name in LIT:
        flags = frozenset({"isToggled"})
    if openness is None:
        openness = 1.0 if name in OPEN_BOXES else 0.0
    mesh = build_mesh(name, size, seed)
    return portrait(mesh, size, flags, openness, pixels, _yaw(name), name, fine)


def _yaw(name: str) -> float:
    # A bed's head is at +z: it is looked at from its foot.
    return 180.0 if name == "Bed" else 0.0


def portrait(
    mesh: Mesh,
    size: tuple[float, float, float],
    flags: frozenset[str] = frozenset(),
    openness: float = 0.0,
    pixels: int = TILE,
    turned: float = 0.0,
    name: str = "thing",
    fine: bool = False,
) -> np.ndarray:
    """A mesh (pixels, pixels, 3) of a type on plain ground, turned clockwise by some degrees."""
    renderer = Renderer(pixels, pixels, supersample=2)
    renderer.fine = fine
    try:
        # Tiny objects are drawn larger: the camera cannot come nearer than its near plane.
        grow = max(1.0, 0.25 / float(np.linalg.norm(size)))
        # The front is turned to the key light, the camera follows.
        turn = euler_matrix((0.0, 180.0 + turned, 0.0)) * grow
        renderer.add(name, mesh, np.zeros(3), turn, openness=openness, flags=flags)
        radius = grow * float(np.linalg.norm(size)) / 2 * (1.5 if openness and mesh.joints else 1.0)
        axes = euler_matrix((28.0, 25.0, 0.0))
        place = -axes[:, 2] * radius * 2.75
        # Glass shows what is behind it: a light wall.
        back = Maker((1.0, 1.0, 1.0), 0)
        back.panel((0, 0, 0), (9 * radius, 9 * radius), None, "-z", BACKGROUND, emissive=True)
        renderer.add("Window|back", back.mesh(fit=False), axes[:, 2] * radius * 1.5, axes)
        # There is no room that a mirror could show.
        renderer.mirrors.clear()
        if fine:
            renderer.bake()
        frame = renderer.render(Camera(triple(place), 25.0, 28.0, fov=45.0, near=0.01))
    finally:
        renderer.close()
    return frame.image("rgb")


def contact_sheet(
    entries: list[tuple[str, int]],
    columns: int = 10,
    flags: frozenset[str] = frozenset(),
    openness: float | None = None,
    pixels: int = TILE,
    fine: bool = False,
) -> Image.Image:
    """Tiles of (type, seed) in a grid, labelled."""
    rows = -(-len(entries) // columns)
    sheet = Image.new("RGB", (columns * pixels, rows * (pixels + LABEL)), "white")
    draw = ImageDraw.Draw(sheet)
    for index, (name, seed) in enumerate(entries):
        x, y = index % columns * pixels, index // columns * (pixels + LABEL)
        sheet.paste(Image.fromarray(tile(name, seed, flags, openness, pixels, fine)), (x, y))
        draw.text((x + 4, y + pixels + 2), name, fill="black")
    return sheet


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m envs.simulator.tools.contact_sheet",
        description="Draw every object type on labelled sheets.",
        epilog="example: python -m envs.simulator.tools.contact_sheet --types Apple Mug "
        "--out mugs.png",
    )
    many = whole_from(1)
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("contact_sheet.png"),
        metavar="FILE",
        help="picture to write (%(default)s); several pages are numbered",
    )
    parser.add_argument(
        "--seed", type=whole_from(0), default=0, help="variant of every mesh (%(default)s)"
    )
    parser.add_argument(
        "--variants", type=many, default=1, metavar="N", help="seeds in a row for each type"
    )
    parser.add_argument("--types", nargs="*", metavar="TYPE", help="draw only these object types")
    parser.add_argument(
        "--flags", nargs="*", default=[], choices=STATES, help="states that shall hold of each"
    )
    parser.add_argument(
        "--open",
        type=number_within(0, 1),
        metavar="OPENNESS",
        help="how far each stands open, 0 to 1 (default: as it is mostly met)",
    )
    parser.add_argument(
        "--pixels",
        type=whole_from(16, 4096),
        default=TILE,
        metavar="N",
        help="edge of one picture, pixels (%(default)s)",
    )
    parser.add_argument(
        "--quality",
        choices=QUALITIES,
        default=STANDARD,
        help="how much care goes into the pictures (%(default)s)",
    )
    parser.add_argument(
        "--columns", type=many, default=10, metavar="N", help="pictures in a row (%(default)s)"
    )
    parser.add_argument(
        "--page",
        type=whole_from(0),
        default=0,
        metavar="N",
        help="pictures on a page; 0, the default, puts all on one",
    )
    return parser


@command("envs.simulator.tools.contact_sheet")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    options = _parser().parse_args(argv)
    names = options.types or list(known_types())
    unknown = [n for n in names if n not in known_types()]
    if unknown:
        print(
            f"error: no mesh of its own for {unknown[0]!r}; known: {', '.join(known_types())}",
            file=sys.stderr,
        )
        return 2
    out: Path = options.out
    try:
        if out.suffix.lower() not in (".png", ".jpg"):
            raise ValueError(f"--out {out} must be a .png or .jpg")
        check_file(out)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    entries = [(n, options.seed + k) for n in names for k in range(options.variants)]
    step = options.page or len(entries)
    for number, first in enumerate(range(0, len(entries), step), start=1):
        page = entries[first : first + step]
        flags = frozenset(options.flags)
        fine = options.quality == HIGH
        sheet = contact_sheet(page, options.columns, flags, options.open, options.pixels, fine)
        name = out if step >= len(entries) else out.with_name(f"{out.stem}-{number}{out.suffix}")
        with whole_file(name) as partial:
            sheet.save(partial)
        print(f"{len(page)} pictures: {name}")
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
