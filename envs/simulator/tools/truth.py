"""How true the drawn pictures are: depth, ids and masks against brute-force rays.

Rays through every pixel's centre meet the very triangles that are drawn (``ray_cast``). A pixel's
triangle agrees when the drawn one is the one its ray meets first; triangles of one object in one
plane count as one, their depth being the same. A pixel that disagrees by less than a millimetre of
depth is a tie: two surfaces meet or lie on each other there. Instance masks are ai2thor's own, from
the colours that its client gets.

Example:
    python -m envs.simulator.tools.truth --scenes FloorPlan1 FloorPlan301 --poses 4
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from envs.simulator.core.camera import Camera
from envs.simulator.rendering.offscreen import NEAREST_NEAR
from envs.simulator.rendering.ray_cast import ray_cast
from envs.simulator.rendering.renderer import Renderer
from envs.simulator.system.command_line import Parser, command, whole_from
from envs.simulator.tools.room_names import named_rooms

EXACT = 1e-3
LEAST_AGREEMENT = 0.97
HORIZONS = (-30.0, 0.0, 30.0, 60.0)


@dataclass(frozen=True)
class Truth:
    """What pictures were found to be.

    Attributes:
        pixels: How many were looked at.
        agree: Those that show the triangle their ray meets first.
        tie: Others whose depth is exact all the same.
        same_object: Those that show the object their ray meets first.
        exact: Those that agree and whose depth is within a millimetre.
        worst: Largest error of depth, metres, where the triangle agrees.
        masks: Instance masks compared.
        wrong_masks: Those that differ from the ids of the drawn picture in any pixel.
    """

    pixels: int = 0
    agree: int = 0
    tie: int = 0
    same_object: int = 0
    exact: int = 0
    worst: float = 0.0
    masks: int = 0
    wrong_masks: int = 0

    def __add__(self, other: Truth) -> Truth:
        mine, theirs = asdict(self), asdict(other)
        both = {name: mine[name] + theirs[name] for name in mine}
        return Truth(**{**both, "worst": max(self.worst, other.worst)})

    @property
    def passed(self) -> bool:
        """Whether triangles agree often enough, with exact depth, and all masks are right."""
        enough = self.agree >= LEAST_AGREEMENT * self.pixels
        return enough and self.exact == self.agree and not self.wrong_masks

    def shares(self) -> dict[str, float | int | bool]:
        """The figures as shares of all pixels, depth's as a share of those that agree."""
        total = max(self.pixels, 1)
        return {
            "pixels": self.pixels,
            "triangle_agrees": round(self.agree / total, 5),
            "tie": round(self.tie / total, 5),
            "object_agrees": round(self.same_object / total, 5),
            "depth_exact_where_agrees": round(self.exact / max(self.agree, 1), 5),
            "depth_exact_anywhere": round((self.exact + self.tie) / total, 5),
            "worst_depth_mm_where_agrees": round(self.worst * 1000, 4),
            "masks": self.masks,
            "wrong_masks": self.wrong_masks,
            "passed": self.passed,
        }


def compare(renderer: Renderer, camera: Camera) -> Truth:
    """Depth and ids of one picture against rays; masks are left out."""
    frame = renderer.render(camera, rgb=False, depth=True, ids=True)
    triangles, names, owners = renderer.id_pass.triangles()
    near = max(camera.near, NEAREST_NEAR)
    index, depth = ray_cast(camera, renderer.width, renderer.height, triangles, near)
    depth = np.where(depth < camera.far, depth, camera.far)
    drawn = renderer.id_pass.names(camera, renderer.width, renderer.height)
    agree = drawn == np.append(names, 0)[index]
    error = np.abs(frame.image("depth") - depth)
    return Truth(
        pixels=index.size,
        agree=int(agree.sum()),
        tie=int((~agree & (error <= EXACT)).sum()),
        same_object=int((frame.image("ids") == np.append(owners, -1)[index]).sum()),
        exact=int((agree & (error <= EXACT)).sum()),
        worst=float(error[agree].max(initial=0.0)),
    )


def compare_masks(event: object, ids: np.ndarray, keys: Sequence[str]) -> Truth:
    """An ai2thor event's instance masks against ids (H, W), indices into ``keys``, -1 for none."""
    masks = dict(event.instance_masks)  # type: ignore[attr-defined]
    listed = [o["objectId"] for o in event.metadata["objects"]]  # type: ignore[attr-defined]
    wrong = 0
    known = {key: index for index, key in enumerate(keys)}
    shown = [key for key in listed if (ids == known.get(key, -2)).any()]
    for key in shown:
        mask = masks.get(key)
        wrong += mask is None or not np.array_equal(mask, ids == known[key])
    wrong += sum(key not in shown for key in masks if key in listed)
    return Truth(masks=len(shown), wrong_masks=wrong)


def measure(scenes: Iterable[str], poses: int, size: int, seed: int) -> Iterator[tuple[str, Truth]]:
    """Each scene's figures, from random poses of the agent, through ai2thor's client."""
    from envs.simulator.server.in_process import EmbeddedController

    controller = None
    for number, scene in enumerate(scenes):
        rng = np.random.default_rng((seed, number))
        if controller is None:
            controller = EmbeddedController(
                scene=scene, width=size, height=size, renderInstanceSegmentation=True
            )
        else:
            controller.reset(scene)
        places = controller.step("GetReachablePositions").metadata["actionReturn"]
        found = Truth()
        for _ in range(poses):
            event = controller.step(
                "TeleportFull",
                position=places[rng.integers(len(places))],
                rotation=float(rng.integers(8) * 45),
                horizon=float(rng.choice(HORIZONS)),
                standing=bool(rng.integers(2)),
                forceAction=True,
            )
            ids, keys = controller.ids()
            found += compare_masks(event, ids, keys)
            found += compare(controller.world.renderer(), controller.world.camera())
        yield scene, found
    if controller is not None:
        controller.stop()


def _line(name: str, found: Truth) -> str:
    shares = found.shares()
    return (
        f"{name:<20} {shares['triangle_agrees']:9.2%} {shares['tie']:7.2%} "
        f"{shares['object_agrees']:8.2%} {shares['depth_exact_where_agrees']:12.3%} "
        f"{shares['depth_exact_anywhere']:9.2%} {found.masks:7d} {found.wrong_masks:6d}"
    )


_HEAD = (
    f"{'scene':<20} {'triangle':>9} {'tie':>7} {'object':>8} {'depth exact':>12} "
    f"{'anywhere':>9} {'masks':>7} {'wrong':>6}"
)


@command("envs.simulator.tools.truth")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code: 1 where a figure is not reached."""
    parser = Parser(
        prog="python -m envs.simulator.tools.truth",
        description="Compare drawn depth, ids and instance masks with brute-force rays.",
        epilog="example: python -m envs.simulator.tools.truth --scenes all --poses 2 --json",
    )
    parser.add_argument(
        "--scenes",
        nargs="+",
        default=["FloorPlan1"],
        metavar="ROOM",
        help="rooms to look at, or: all (default: FloorPlan1)",
    )
    parser.add_argument(
        "--poses",
        type=whole_from(1),
        default=4,
        metavar="N",
        help="random views of each room (%(default)s)",
    )
    parser.add_argument(
        "--size",
        type=whole_from(1, 4096),
        default=300,
        metavar="PIXELS",
        help="width and height of the pictures (%(default)s)",
    )
    parser.add_argument(
        "--seed", type=whole_from(0), default=0, help="where the random views begin (%(default)s)"
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object instead of the table"
    )
    options = parser.parse_args(argv)
    try:
        scenes = named_rooms(options.scenes)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    total, each = Truth(), {}
    print(_HEAD, file=sys.stderr)
    for scene, found in measure(scenes, options.poses, options.size, options.seed):
        total, each[scene] = total + found, found.shares()
        print(_line(scene, found), file=sys.stderr, flush=True)
    if options.json:
        print(json.dumps({**total.shares(), "scenes": each}))
    else:
        print(_HEAD)
        print(_line(f"{len(each)} scenes", total))
        print("passed" if total.passed else "NOT passed")
    return 0 if total.passed else 1


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
