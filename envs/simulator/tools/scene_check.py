"""Checks the rooms: metadata after reset, free floor, and that nowhere the void is seen.

For each room: ids, types and flags equal to AI2-THOR's recording, places within 1 cm and parent
receptacles; the reachable positions against the recorded grid; that a teleport to each of them
works and shortest paths can be walked (``walk_check``); that no window or picture crosses a wall's
edge and nothing hangs free (``hanging_check``); and from every reachable position,
standing and crouching, in every direction, no pixel through which nothing is seen. The six faces
of a cube round the camera hold every yaw and horizon. What the shell alone covers, nothing drawn
before it can uncover, so a room is drawn whole only where its shell alone shows a hole.

Example:
    python -m envs.simulator.tools.scene_check --scenes FloorPlan1 FloorPlan_Train1_1 --json
    python -m envs.simulator.tools.scene_check --paths 11
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from envs.simulator.actions.result import LastAction
from envs.simulator.core.agent import CAMERA_ABOVE_AGENT, CROUCH_DROP
from envs.simulator.core.camera import Camera
from envs.simulator.core.geometry import euler_matrix, triple
from envs.simulator.events.metadata import agent_metadata
from envs.simulator.navigation.reachable import reachable_positions
from envs.simulator.rendering.renderer import Renderer
from envs.simulator.scenes import load_scene, read_member
from envs.simulator.system.command_line import Parser, command, whole_from
from envs.simulator.tools.build_rooms import pack_object, recorded_grid, recorded_objects
from envs.simulator.tools.hanging_check import HangingCheck, check_hanging
from envs.simulator.tools.room_names import named_rooms
from envs.simulator.tools.walk_check import WalkCheck, check_walks
from envs.simulator.world.world import World

PLACE_TOLERANCE = 0.01
LEAST_PLACES, LEAST_PARENTS, LEAST_GRID = 0.98, 0.95, 0.95
PIXELS = 64
_FACES = ((0.0, 0.0), (90.0, 0.0), (180.0, 0.0), (270.0, 0.0), (0.0, 90.0), (0.0, -90.0))


@dataclass(frozen=True)
class RoomCheck:
    """What was found in one room.

    Attributes:
        missing: Recorded ids that are not there, and ids that are there but not recorded.
        types_and_flags: Objects whose type or a flag differs.
        places: Share of objects within 1 cm of their recorded box and pivot.
        parents: Share of objects in exactly the recorded receptacles.
        grid: Intersection over union of the reachable positions; None where none is recorded.
        positions: Number of reachable positions.
        holes: Directions, of all looked in, in which nothing is seen.
        buried: Ids whose middle no camera could see because structure encloses it.
        walks: Teleports and paths.
        hanging: What crosses a wall's edge, and what hangs free.
    """

    scene: str
    objects: int
    missing: tuple[str, ...]
    types_and_flags: tuple[str, ...]
    places: float
    parents: float
    grid: float | None
    positions: int
    holes: int
    buried: tuple[str, ...]
    walks: WalkCheck
    hanging: HangingCheck

    @property
    def as_recorded(self) -> bool:
        """Whether objects, floor and walks are as they must be, and no void is seen."""
        return (
            not self.missing
            and not self.types_and_flags
            and self.places >= LEAST_PLACES
            and self.parents >= LEAST_PARENTS
            and (self.grid is None or self.grid >= LEAST_GRID)
            and not self.holes
            and self.walks.passed
        )

    @property
    def passed(self) -> bool:
        """Whether the room is as it must be."""
        return self.as_recorded and self.hanging.passed


def compare_metadata(
    shown: list[dict], recorded: list[dict]
) -> tuple[tuple[str, ...], tuple[str, ...], float, float]:
    """Missing ids, ids of wrong type or flags, share in place, share in the right receptacles.

    Args:
        shown: AI2-THOR object metadata.
        recorded: Packed objects, as in the room file.
    """
    ours = {o["objectId"]: o for o in shown}
    theirs = {o["id"]: o for o in recorded}
    missing = tuple(sorted(ours.keys() ^ theirs.keys()))
    wrong, in_place, in_parents = [], 0, 0
    for key in ours.keys() & theirs.keys():
        mine = pack_object({**ours[key], "assetId": ours[key]["assetId"]})
        truth = theirs[key]
        flags = ("type", "name", "asset", "is", "states", "mass", "materials", "temperature")
        if any(mine.get(f) != truth.get(f) for f in flags):
            wrong.append(key)
        gaps = [
            np.abs(np.subtract(mine[k], truth[k])).max() for k in ("position", "center", "size")
        ]
        in_place += max(gaps[0], gaps[1]) <= PLACE_TOLERANCE
        in_parents += set(mine.get("parents", ())) == set(truth.get("parents", ()))
    count = max(len(theirs), 1)
    return missing, tuple(sorted(wrong)), in_place / count, in_parents / count


def overlap(ours: np.ndarray, recorded: np.ndarray) -> float:
    """Intersection over union of two sets of grid positions (K, 2) and (L, 2), metres."""
    one = {(round(x * 20), round(z * 20)) for x, z in ours}
    two = {(round(x * 20), round(z * 20)) for x, z in recorded}
    return len(one & two) / max(len(one | two), 1)


def count_holes(world: World, positions: np.ndarray) -> int:
    """Pixels of all cube faces round all eyes that show nothing at all."""
    shell = Renderer(PIXELS, PIXELS)
    for fixture in world.structure():
        shell.add(
            fixture.key,
            fixture.mesh,
            np.asarray(fixture.center, dtype=float),
            euler_matrix((0, fixture.yaw, 0)),
        )
    world.resize(PIXELS, PIXELS)
    holes = 0
    for x, z in positions:
        for drop in (0.0, CROUCH_DROP):
            eye = triple((x, world.standing_y + CAMERA_ABOVE_AGENT - drop, z))
            for yaw, pitch in _FACES:
                camera = Camera(eye, yaw, pitch)
                empty = _empty(shell, camera)
                if empty.any():
                    holes += int((empty & _empty(world.renderer(), camera)).sum())
    shell.close()
    return holes


def _empty(renderer: Renderer, camera: Camera) -> np.ndarray:
    return renderer.render(camera, rgb=False, ids=True).image("ids") < 0


def buried(world: World) -> tuple[str, ...]:
    """Objects whose middle lies deep in structure, by rays from it in six directions."""
    found = []
    axes = np.concatenate([np.eye(3), -np.eye(3)])
    structure = set(world.fixtures)
    for obj in world.objects.values():
        if obj.type in ("Floor", "Window"):
            continue
        middle = obj.center
        inside = 0
        for axis in axes:
            # From outside towards the middle: the last face met before it tells the side.
            hit = world.collision.ray(middle + axis * 0.6, middle)
            inside += hit is not None and hit.key in structure and hit.distance > 0.3
        if inside >= 5:
            found.append(obj.object_id)
    return tuple(sorted(found))


def check_room(
    name: str,
    recorded: list[dict] | None = None,
    grid: np.ndarray | None = None,
    *,
    holes: bool = True,
    paths: int = 0,
    rng: np.random.Generator | None = None,
) -> RoomCheck:
    """Loads a room as a reset does and compares it.

    Args:
        name: A scene name.
        recorded: Packed objects to compare with; the room file's own if None.
        grid: (K, 2) free floor to compare with; the room file's own if None.
        holes: Whether to look for holes.
        paths: How many shortest paths to walk.
        rng: Draws them; the same ones each time if None.

    Raises:
        ValueError: If there is no such room.
    """
    load_scene(name)
    member = read_member(name)
    recorded = member["objects"] if recorded is None else recorded
    grid = np.array(member["reachable"]).reshape(-1, 2) if grid is None else grid
    world = World(PIXELS, PIXELS)
    world.load(name)
    shown = agent_metadata(world, 0, LastAction())["objects"]
    missing, wrong, places, parents = compare_metadata(shown, recorded)
    positions = reachable_positions(world, world.settings.gridSize)
    free = np.array([(p["x"], p["z"]) for p in positions]).reshape(-1, 2)
    result = RoomCheck(
        scene=name,
        objects=len(shown),
        missing=missing,
        types_and_flags=wrong,
        places=float(places),
        parents=float(parents),
        grid=overlap(free, grid) if len(grid) else None,
        positions=len(free),
        holes=count_holes(world, free) if holes else 0,
        buried=buried(world),
        hanging=check_hanging(world),
        walks=check_walks(world, paths, rng or np.random.default_rng(0)),
    )
    world.close()
    return result


def _table(found: list[RoomCheck], everything: bool) -> object:
    from rich.table import Table

    table = Table(title="Rooms against AI2-THOR's recording")
    headings = ("room", "objects", "ids", "flags", "places", "parents", "floor", "holes", "hanging")
    for heading in (*headings, ""):
        name = heading == "room"
        table.add_column(
            heading, justify="left" if name else "right", min_width=20 if name else None
        )
    for room in found:
        if everything or not room.passed:
            table.add_row(
                room.scene,
                str(room.objects),
                str(len(room.missing)) if room.missing else "same",
                str(len(room.types_and_flags)) if room.types_and_flags else "same",
                f"{room.places:.1%}",
                f"{room.parents:.1%}",
                "-" if room.grid is None else f"{room.grid:.3f}",
                str(room.holes),
                str(len(room.hanging.edges) + len(room.hanging.free)),
                "ok" if room.passed else "FAILS",
            )
    return table


def _print(found: list[RoomCheck]) -> None:
    """Prints the rooms that fail, all if they are few, and the sum."""
    from rich.console import Console

    passed = sum(room.passed for room in found)
    if passed < len(found) or len(found) <= 30:
        Console().print(_table(found, len(found) <= 30))
    grids = [room.grid for room in found if room.grid is not None]
    print(
        f"{passed} of {len(found)} rooms pass; worst places "
        f"{min(r.places for r in found):.1%}, parents {min(r.parents for r in found):.1%}, "
        f"floor {min(grids):.3f}, "
        if grids
        else f"{passed} of {len(found)} rooms pass; ",
        f"holes {sum(r.holes for r in found)}, buried {sum(len(r.buried) for r in found)}, "
        f"{sum(len(r.walks.refused) for r in found)} of {sum(r.walks.positions for r in found)} "
        f"positions refused, {sum(len(r.walks.blocked) for r in found)} of "
        f"{sum(r.walks.legs for r in found)} legs of {sum(r.walks.paths for r in found)} paths "
        "blocked, "
        f"{sum(len(r.hanging.edges) for r in found)} cross a wall's edge, "
        f"{sum(len(r.hanging.free) for r in found)} hang free",
        sep="",
    )
    for room in found:
        for line in (*room.hanging.edges, *room.hanging.free):
            print(f"{room.scene}: {line}")


def _parser() -> Parser:
    parser = Parser(
        prog="python -m envs.simulator.tools.scene_check",
        description="Compare every room with its recording and look for holes in it.",
        epilog="example: python -m envs.simulator.tools.scene_check --scenes FloorPlan1 --json",
    )
    parser.add_argument(
        "--scenes", nargs="*", metavar="ROOM", help="check only these rooms (default: all)"
    )
    parser.add_argument(
        "--procthor",
        type=Path,
        metavar="PATH",
        help="wheel or folder of the package whose recording to compare with",
    )
    parser.add_argument(
        "--alfworld",
        type=Path,
        metavar="PATH",
        help="wheel or folder of the package of recorded free floors to compare with",
    )
    parser.add_argument(
        "--paths",
        type=whole_from(0),
        default=0,
        metavar="N",
        help="shortest paths to walk in each room (default: none)",
    )
    parser.add_argument("--no-holes", action="store_true", help="do not look for holes (quicker)")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object instead of the table"
    )
    return parser


@command("envs.simulator.tools.scene_check")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code: 0 all pass, 1 some fail, 2 bad usage."""
    options = _parser().parse_args(argv)
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    rng = np.random.default_rng(0)
    try:
        names = named_rooms(options.scenes)
        truth = recorded_objects(options.procthor) if options.procthor else {}
        found = []
        for name in track(names, "Checking rooms", console=console, transient=True):
            objects = [pack_object(o) for o in truth[name]] if truth else None
            grid = recorded_grid(options.alfworld, name) if options.alfworld else None
            holes = not options.no_holes
            found.append(check_room(name, objects, grid, holes=holes, paths=options.paths, rng=rng))
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    passed = sum(room.passed for room in found)
    if options.json:
        rows = [{**asdict(room), "passed": room.passed} for room in found]
        print(json.dumps({"rooms": len(found), "passed": passed, "results": rows}))
    else:
        _print(found)
    return 0 if passed == len(found) else 1


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
