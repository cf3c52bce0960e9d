"""Scenes carried between AI2-THORs: export from any Controller, import into this simulator.

Only ai2thor's public client is used for the export, so it works on Unity and here alike.

Example:
    python -m envs.simulator.tools.twin export --scene FloorPlan28 --out kitchen.zip
    python -m envs.simulator.tools.twin export --scene FloorPlan28 --out kitchen.zip --backend unity
    python -m envs.simulator.tools.twin import kitchen.zip --name MyKitchen
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np

from envs.simulator.core.agent import STANDING_Y
from envs.simulator.houses.twin_file import FORMAT, VERSION, grid_of, register, write_twin
from envs.simulator.system.command_line import Parser, command
from envs.simulator.system.targets import check_file
from envs.simulator.tools.build_rooms import pack_object

_QUIET = {"renderImage": False}
_STRUCTURE = frozenset({"Wall", "Doorway", "Doorframe"})


def export_scene(controller: Any) -> dict:
    """The present scene of an ai2thor Controller as a twin.

    Furniture that stands open is shut for a moment, since only then its box is its own.

    Args:
        controller: A running ``ai2thor.controller.Controller``, of any backend.

    Raises:
        ValueError: If the scene is a generated house, or reports nothing.
    """
    event = controller.step("Pass", **_QUIET)
    scene = str(event.metadata["sceneName"]).removesuffix("_physics")
    objects = [dict(o) for o in event.metadata["objects"]]
    if scene == "Procedural" or any(o["objectType"] in _STRUCTURE for o in objects):
        raise ValueError(
            "A generated house is its own description: keep the house JSON and give it to "
            "reset(scene=house)."
        )
    if not objects:
        raise ValueError(f"{scene} reports no objects; is an object filter set?")
    agent = event.metadata["agent"]
    start = [agent["position"]["x"], agent["position"]["z"], agent["rotation"]["y"]]
    reached = controller.step("GetReachablePositions", **_QUIET)
    positions = reached.metadata["actionReturn"] or []
    if not positions:
        raise ValueError(f"{scene}: GetReachablePositions found none from where the agent stands.")
    held = [o["objectId"] for o in event.metadata["inventoryObjects"]]
    if held:
        raise ValueError(f"The agent holds {held[0]}; let it put that down before the export.")
    _shut_boxes(controller, objects)
    return {
        "format": FORMAT,
        "version": VERSION,
        "scene": scene,
        "objects": [pack_object(o) for o in objects],
        "reachable": grid_of(positions),
        "openable": _openable_poses(controller, objects),
        "start": [round(float(v), 4) for v in start],
        "floor": round(float(np.median([p["y"] for p in positions])) - STANDING_Y, 4),
    }


def _shut_boxes(controller: Any, objects: list[dict]) -> None:
    for obj in objects:
        if not (obj["isOpen"] and obj["openable"]) or obj["objectOrientedBoundingBox"]:
            continue
        named = {"objectId": obj["objectId"], "forceAction": True, **_QUIET}
        event = controller.step("CloseObject", **named)
        if not event.metadata["lastActionSuccess"]:
            continue
        shut = next(o for o in event.metadata["objects"] if o["objectId"] == obj["objectId"])
        obj["axisAlignedBoundingBox"] = shut["axisAlignedBoundingBox"]
        controller.step("OpenObject", openness=obj["openness"] or 1.0, **named)


def _openable_poses(controller: Any, objects: list[dict]) -> dict[str, list[float]]:
    """A pose that looks straight at each openable piece of furniture, which tells its front."""
    found = {}
    for obj in objects:
        if not obj["openable"] or obj["pickupable"]:
            continue
        event = controller.step(
            "GetInteractablePoses",
            objectId=obj["objectId"],
            standings=[True],
            rotations=[0, 90, 180, 270],
            **_QUIET,
        )
        poses = event.metadata["actionReturn"] or []
        center = obj["axisAlignedBoundingBox"]["center"]
        if event.metadata["lastActionSuccess"] and poses:
            pose = min(poses, key=lambda p: (_aside(p, center), p["x"], p["z"], p["horizon"]))
            found[obj["objectId"]] = [
                round(float(pose[k]), 4) for k in ("x", "z", "rotation", "horizon")
            ]
    return found


def _aside(pose: dict, center: dict) -> float:
    yaw = math.degrees(math.atan2(center["x"] - pose["x"], center["z"] - pose["z"]))
    return abs((yaw - pose["rotation"] + 180) % 360 - 180)


def _controller(backend: str, scene: str) -> Any:
    if backend == "embedded":
        from envs.simulator.server.in_process import EmbeddedController

        return EmbeddedController(scene=scene, width=64, height=64)
    from ai2thor.controller import Controller

    if backend == "unity":
        return Controller(scene=scene, width=300, height=300)
    return Controller(
        scene=scene, width=300, height=300, local_executable_path=backend, x_display="0"
    )


def _export(options: argparse.Namespace) -> str:
    if options.out.suffix not in (".json", ".zip"):
        raise ValueError(f"--out {options.out}: the name must end in .json or .zip.")
    check_file(options.out)
    controller = _controller(options.backend, options.scene)
    try:
        content = export_scene(controller)
    finally:
        controller.stop()
    write_twin(content, options.out)
    return (
        f"{options.scene}: {len(content['objects'])} objects, "
        f"{len(content['reachable'])} positions: {options.out}"
    )


def _import(options: argparse.Namespace) -> str:
    name = register(options.file, options.name)
    return f"registered; now Controller(scene={name!r}) or reset({name!r}) shows it"


@command("envs.simulator.tools.twin")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = Parser(
        prog="python -m envs.simulator.tools.twin",
        description="Carry a scene from any AI2-THOR to the embedded simulator.",
        epilog="examples:\n"
        "  python -m envs.simulator.tools.twin export --scene FloorPlan28 --out kitchen.zip\n"
        "  python -m envs.simulator.tools.twin export --scene FloorPlan28 --out kitchen.zip "
        "--backend unity\n"
        "  python -m envs.simulator.tools.twin import kitchen.zip --name MyKitchen",
    )
    commands = parser.add_subparsers(required=True, metavar="export|import")
    out = commands.add_parser("export", help="write the present scene of a controller to a file")
    out.add_argument("--scene", required=True, help="scene to export, such as FloorPlan28")
    out.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="file to write, .json or .zip"
    )
    out.add_argument(
        "--backend",
        default="embedded",
        help="which AI2-THOR: embedded, unity, or the command of an executable (%(default)s)",
    )
    out.set_defaults(run=_export)
    into = commands.add_parser("import", help="make a twin file a scene of this simulator")
    into.add_argument("file", type=Path, help="file that export wrote")
    into.add_argument("--name", help="what the scene is called here (default: the file's name)")
    into.set_defaults(run=_import)
    options = parser.parse_args(argv)
    try:
        print(options.run(options))
    except (ValueError, OSError) as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
