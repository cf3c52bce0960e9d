"""Sheets of pictures of the rooms, a good view of each, to look at.

Example:
    python -m envs.simulator.tools.room_sheet --scenes FloorPlan201 FloorPlan301 --out sheets
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from envs.simulator.core.agent import CAMERA_ABOVE_AGENT
from envs.simulator.core.camera import Camera
from envs.simulator.core.geometry import triple
from envs.simulator.rendering.renderer import Renderer
from envs.simulator.system.command_line import Parser, command, whole_from
from envs.simulator.system.targets import check_file, prepare_folder
from envs.simulator.system.whole import whole_file
from envs.simulator.tools.room_names import named_rooms
from envs.simulator.world.world import World

TILE = 300
LABEL = 16
COLUMNS, ROWS = 5, 6
_LOOK = 64
_PITCH = 18.0


def spread(points: np.ndarray, count: int) -> np.ndarray:
    """At most ``count`` of the points (K, 2), far from one another."""
    chosen = [int(np.argmin(points.sum(1)))]
    near = np.linalg.norm(points - points[chosen[0]], axis=1)
    while len(chosen) < min(count, len(points)):
        chosen.append(int(np.argmax(near)))
        near = np.minimum(near, np.linalg.norm(points - points[chosen[-1]], axis=1))
    return points[chosen]


def best_views(world: World, count: int = 1) -> list[Camera]:
    """The agent's views that show most different objects, each from another place."""
    world.resize(_LOOK, _LOOK)
    renderer: Renderer = world.renderer()
    scored = []
    eye = world.standing_y + CAMERA_ABOVE_AGENT
    for x, z in spread(world.grid_points, 14):
        for yaw in range(0, 360, 45):
            camera = Camera(triple((x, eye, z)), float(yaw), _PITCH)
            frame = renderer.render(camera, rgb=False, ids=True, depth=True)
            ids = frame.image("ids")
            pixels = np.bincount(ids[ids >= 0], minlength=len(renderer.keys))
            shown = [n for k, n in zip(renderer.keys, pixels, strict=True) if k in world.objects]
            score = float(np.minimum(np.sqrt(np.asarray(shown) / 12), 1.5).sum())
            scored.append((score + 2.0 * float(np.median(frame.image("depth"))), camera))
    scored.sort(key=lambda pair: -pair[0])
    views: list[Camera] = []
    for _, camera in scored:
        if all(
            np.hypot(camera.position[0] - v.position[0], camera.position[2] - v.position[2]) > 0.9
            for v in views
        ):
            views.append(camera)
        if len(views) == count:
            break
    return views


def room_tiles(name: str, seed: int = 0, views: int = 1, pixels: int = TILE) -> list[np.ndarray]:
    """Pictures (pixels, pixels, 3) of a room from the inside.

    Raises:
        ValueError: If there is no such room.
    """
    world = World(_LOOK, _LOOK)
    world.load(name)
    world.set_appearance(seed)
    cameras = best_views(world, views)
    world.resize(pixels, pixels)
    frames = [world.renderer().render(camera).rgb for camera in cameras]
    world.close()
    return [f for f in frames if f is not None]


def sheets(
    names: list[str], seed: int = 0, views: int = 1, pixels: int = TILE
) -> list[Image.Image]:
    """Pages of labelled pictures of the rooms."""
    tiles = []
    for name in names:
        tiles += [(name, picture) for picture in room_tiles(name, seed, views, pixels)]
        print(f"\r{len(tiles)} pictures, {name}        ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    pages = []
    for first in range(0, len(tiles), COLUMNS * ROWS):
        page = tiles[first : first + COLUMNS * ROWS]
        rows = -(-len(page) // COLUMNS)
        sheet = Image.new("RGB", (COLUMNS * pixels, rows * (pixels + LABEL)), "white")
        draw = ImageDraw.Draw(sheet)
        for index, (name, picture) in enumerate(page):
            x, y = index % COLUMNS * pixels, index // COLUMNS * (pixels + LABEL)
            sheet.paste(Image.fromarray(picture), (x, y))
            draw.text((x + 4, y + pixels + 2), name, fill="black")
        pages.append(sheet)
    return pages


@command("envs.simulator.tools.room_sheet")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = Parser(
        prog="python -m envs.simulator.tools.room_sheet",
        description="Draw a good view of every room, thirty on a page.",
        epilog="example: python -m envs.simulator.tools.room_sheet --scenes FloorPlan28 --views 5",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("room_sheets"),
        metavar="PATH",
        help="folder to write, or picture if one page will do (%(default)s)",
    )
    parser.add_argument("--scenes", nargs="*", metavar="ROOM", help="draw only these rooms")
    parser.add_argument(
        "--views",
        type=whole_from(1),
        default=1,
        metavar="N",
        help="pictures of each room (%(default)s)",
    )
    parser.add_argument(
        "--seed",
        type=whole_from(0),
        default=0,
        help="appearance; 0, the default, is the standard one",
    )
    parser.add_argument(
        "--pixels",
        type=whole_from(16, 4096),
        default=TILE,
        metavar="N",
        help="edge of a picture, pixels (%(default)s)",
    )
    options = parser.parse_args(argv)
    try:
        names = named_rooms(options.scenes)
        one = options.out.suffix.lower() in (".png", ".jpg")
        check_file(options.out) if one else prepare_folder(options.out)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    pages = sheets(names, options.seed, options.views, options.pixels)
    if options.out.suffix.lower() in (".png", ".jpg") and len(pages) == 1:
        with whole_file(options.out) as partial:
            pages[0].save(partial, quality=88)
    else:
        options.out.mkdir(parents=True, exist_ok=True)
        for index, page in enumerate(pages, start=1):
            with whole_file(options.out / f"rooms_{index:02d}.png") as partial:
                page.save(partial)
    print(f"{len(names)} rooms on {len(pages)} pages: {options.out}")
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
