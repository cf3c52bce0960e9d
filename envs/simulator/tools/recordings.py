"""Tells how far the rooms are from recordings of the real AI2-THOR 5.0.0.

``recorded_distance`` says what is compared. Recordings are read from a folder of the user's own
(``recorded_scenes`` tells their format); the project holds none.

Example:
    python -m envs.simulator.tools.recordings data/thor5 --scenes FloorPlan1 FloorPlan2 --json
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from envs.simulator.scenes import scene_names
from envs.simulator.system.command_line import Parser, command
from envs.simulator.tools.recorded_distance import (
    FACTS,
    PoseDistance,
    SceneDistance,
    Summary,
    compare_poses,
    compare_scene,
    summary,
)
from envs.simulator.tools.recorded_scenes import poses_by_scene, read_scenes
from envs.simulator.tools.room_names import named_rooms


def _table(total: Summary) -> object:
    from rich.table import Table

    table = Table(title="The rooms against recordings of AI2-THOR 5.0.0")
    for heading, justify in (("what", "left"), ("agrees", "right"), ("of", "right"), ("", "right")):
        table.add_column(heading, justify="right" if justify == "right" else "left")

    def row(what: str, part: int, whole: int) -> None:
        table.add_row(what, f"{part:,}", f"{whole:,}", f"{part / max(whole, 1):.1%}")

    for fact in FACTS:
        row(f"{fact} within 1 mm" if fact in ("positions", "sizes") else fact, *_of(total, fact))
    row("start poses", total.starts, total.scenes)
    row("visible: intersection over union", total.seen, total.seen + total.unseen + total.unreal)
    row("visible: recall", total.seen, total.seen + total.unseen)
    row("visible: precision", total.seen, total.seen + total.unreal)
    row("places of the agent not refused", total.places - total.refused, total.places)
    row("places of the agent not a prison", total.places - total.prisons, total.places)
    row("places of the agent not stuck", total.places - total.stuck, total.places)
    return table


def _of(total: Summary, fact: str) -> tuple[int, int]:
    return total.agree[fact], total.objects


def compare_all(
    folder: Path, names: list[str] | None
) -> tuple[list[SceneDistance], list[PoseDistance]]:
    """Compares the recorded rooms, or those of some names, with progress on stderr.

    Raises:
        ValueError: If a room is not here, not recorded, or the recordings can't be read.
    """
    from rich.console import Console
    from rich.progress import track

    scenes, poses = read_scenes(folder), poses_by_scene(folder)
    only = set(named_rooms(names)) if names else {*scenes, *poses}
    foreign = sorted(only - set(scene_names()))
    if foreign:
        raise ValueError(f"{folder} records {', '.join(foreign)}: no such rooms here.")
    chosen = [scene for name, scene in scenes.items() if name in only]
    stood = {name: rows for name, rows in poses.items() if name in only}
    if not chosen and not stood:
        raise ValueError(f"{folder} records none of the rooms asked for.")
    console = Console(stderr=True)
    views = [compare_scene(s) for s in track(chosen, "Scenes", console=console, transient=True)]
    floors = [
        compare_poses(name, rows)
        for name, rows in track(stood.items(), "Poses", console=console, transient=True)
    ]
    return views, floors


def _print(total: Summary) -> None:
    """Prints the table and what it leaves out."""
    from rich.console import Console

    Console().print(_table(total))
    print(
        f"{total.scenes} scenes, {total.looked} of them with what was visible; {total.poses} poses "
        f"at {total.places} places; {total.extra} objects of ours are not in the recordings."
    )
    if total.worst_views:
        print("worst views: " + ", ".join(f"{n} {v:.2f}" for n, v in total.worst_views))
    if total.worst_floors:
        print("worst floors: " + ", ".join(f"{n} {v} places" for n, v in total.worst_floors))


@command("envs.simulator.tools.recordings")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code: 0 if compared, 2 if it could not be."""
    parser = Parser(
        prog="python -m envs.simulator.tools.recordings",
        description="Tell how far the rooms are from recordings of the real AI2-THOR 5.0.0.",
        epilog="example: python -m envs.simulator.tools.recordings data/thor5 --scenes FloorPlan1 "
        "FloorPlan2 --json",
    )
    parser.add_argument(
        "path", type=Path, help="folder with scenes.jsonl.gz and agent_poses.jsonl.gz"
    )
    parser.add_argument(
        "--scenes", nargs="+", metavar="ROOM", help="only these rooms (default: all recorded ones)"
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object, with what differs in each room"
    )
    options = parser.parse_args(argv)
    try:
        views, floors = compare_all(options.path, options.scenes)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    total = summary(views, floors)
    if options.json:
        rows = [{**asdict(v), "agreement": v.agreement} for v in views]
        answer = {**asdict(total), "agreement": total.agreement}
        print(json.dumps({**answer, "results": rows, "floors": [asdict(f) for f in floors]}))
    else:
        _print(total)
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
