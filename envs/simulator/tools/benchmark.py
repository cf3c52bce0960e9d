"""How fast the embedded simulator is, measured through ai2thor's own Controller.

Walks a furnished room in one process, then through named pipes; then two processes walk at once,
against one alone. ``--soak`` prints instead how much memory many resets and steps take.

Example:
    python -m envs.simulator.tools.benchmark --json
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import shlex
import statistics
import sys
import time
from typing import Any

from envs.simulator.system.command_line import Parser, command, number_within, whole_from
from envs.simulator.tools.room_names import named_rooms

WALK = (
    "MoveAhead",
    "RotateRight",
    "MoveAhead",
    "LookDown",
    "RotateLeft",
    "MoveBack",
    "LookUp",
    "MoveRight",
    "RotateRight",
    "MoveLeft",
)
ROUNDS = 3


def _controller(scene: str, size: int, **options: Any) -> Any:
    from envs.simulator.server.in_process import EmbeddedController

    return EmbeddedController(scene=scene, width=size, height=size, **options)


def _rate(controller: Any, seconds: float) -> float:
    """Steps per second while walking, the median of some rounds."""
    for action in WALK:
        controller.step(action)
    rates = []
    for _ in range(ROUNDS):
        count, begun = 0, time.perf_counter()
        while time.perf_counter() - begun < seconds / ROUNDS:
            controller.step(WALK[count % len(WALK)])
            count += 1
        rates.append(count / (time.perf_counter() - begun))
    return statistics.median(rates)


def _walker(scene: str, size: int, seconds: float, barrier: Any, queue: Any) -> None:
    controller = _controller(scene, size)
    barrier.wait()
    queue.put(_rate(controller, seconds))
    controller.stop()


def _together(count: int, scene: str, size: int, seconds: float) -> float:
    """Steps per second of several processes at once, added up."""
    context = multiprocessing.get_context("spawn")
    barrier, queue = context.Barrier(count), context.Queue()
    workers = [
        context.Process(target=_walker, args=(scene, size, seconds, barrier, queue))
        for _ in range(count)
    ]
    for worker in workers:
        worker.start()
    total = sum(float(queue.get(timeout=60 + 4 * seconds)) for _ in workers)
    for worker in workers:
        worker.join()
    return total


def _world_mb(scene: str, size: int, queue: Any) -> None:
    """Memory that a first world adds to a process, with the modules it needs, MiB."""
    from envs.simulator.system.process_memory import resident_mb

    before = resident_mb()
    controller = _controller(scene, size)
    for action in WALK:
        controller.step(action, renderDepthImage=True, renderInstanceSegmentation=True)
    queue.put(resident_mb() - before)
    controller.stop()


def _in_a_process(target: Any, *arguments: Any) -> float:
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    worker = context.Process(target=target, args=(*arguments, queue))
    worker.start()
    value = float(queue.get(timeout=120))
    worker.join()
    return value


def _fifo_rate(scene: str, size: int, seconds: float) -> float:
    from ai2thor.controller import Controller

    from envs.simulator.server.dropin import command

    controller = Controller(
        local_executable_path=shlex.join(command()),
        x_display="0",
        scene=scene,
        width=size,
        height=size,
    )
    rate = _rate(controller, seconds)
    controller.stop()
    return rate


def _snapshot_ms(controller: Any) -> float:
    """Milliseconds to remember the room, and to put it back after something was picked up."""
    from envs.simulator.world.snapshot import restore

    objs = controller.last_event.metadata["objects"]
    obj = next(o for o in objs if o["pickupable"] and o["parentReceptacles"] is not None)
    times = []
    for _ in range(20):
        begun = time.perf_counter()
        state = controller.snapshot()
        spent = time.perf_counter() - begun
        controller.step("PickupObject", objectId=obj["objectId"], forceAction=True)
        controller.step("RotateRight")
        begun = time.perf_counter()
        restore(controller.world, state)
        times.append(spent + time.perf_counter() - begun)
        controller.step("Pass")
    return statistics.median(times) * 1000


def measure(scene: str = "FloorPlan1", size: int = 300, seconds: float = 6.0) -> dict[str, float]:
    """All figures: rates in steps per second, reset in seconds, snapshot in ms, memory in MiB.

    Raises:
        ValueError: If the scene is unknown.
    """
    controller = _controller(scene, size)
    objects = len(controller.last_event.metadata["objects"])
    rgb = _rate(controller, seconds)
    resets = []
    for _ in range(5):
        begun = time.perf_counter()
        controller.reset(scene)
        resets.append(time.perf_counter() - begun)
    snapshot = _snapshot_ms(controller)
    controller.reset(scene, renderDepthImage=True, renderInstanceSegmentation=True)
    everything = _rate(controller, seconds)
    controller.stop()
    alone = _together(1, scene, size, seconds)
    return {
        "rgb_steps_per_s": round(rgb, 1),
        "rgbds_steps_per_s": round(everything, 1),
        "fifo_rgb_steps_per_s": round(_fifo_rate(scene, size, seconds), 1),
        "reset_s": round(statistics.median(resets), 3),
        "snapshot_restore_ms": round(snapshot, 2),
        "world_mb": round(_in_a_process(_world_mb, scene, size), 1),
        "objects": objects,
        "two_process_speedup": round(_together(2, scene, size, seconds) / alone, 2),
    }


def _soak(scenes: list[str], options: argparse.Namespace) -> int:
    from envs.simulator.tools.soak import growth, row, soak

    points = []
    print(row(), flush=True)
    for point in soak(scenes, options.size, options.soak, options.steps_a_reset):
        points.append(point)
        print(row(point), flush=True)
    print(f"growth over the second half: {growth(points):+.1f} MiB")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m envs.simulator.tools.benchmark",
        description="Measure the embedded simulator through ai2thor's Controller.",
        epilog="examples:\n"
        "  python -m envs.simulator.tools.benchmark --scene FloorPlan28 --json\n"
        "  python -m envs.simulator.tools.benchmark --soak 1000 --scene all",
    )
    parser.add_argument(
        "--scene",
        default="FloorPlan1",
        help="room to walk in (%(default)s); with --soak also several, a,b,c, or all",
    )
    parser.add_argument(
        "--size",
        type=whole_from(1, 4096),
        default=300,
        metavar="PIXELS",
        help="width and height of the pictures (%(default)s)",
    )
    parser.add_argument(
        "--seconds",
        type=number_within(0.1),
        default=6.0,
        help="how long each measurement takes (%(default)s)",
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object instead of the table"
    )
    parser.add_argument(
        "--soak",
        type=whole_from(1),
        metavar="RESETS",
        help="print how much memory so many resets take, instead of rates",
    )
    parser.add_argument(
        "--steps-a-reset",
        type=whole_from(0),
        default=10,
        metavar="N",
        help="steps after each reset while soaking (%(default)s)",
    )
    return parser


@command("envs.simulator.tools.benchmark")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    options = _parser().parse_args(argv)
    try:
        if options.soak is not None:
            return _soak(named_rooms(options.scene.split(",")), options)
        result = measure(options.scene, options.size, options.seconds)
    except ValueError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(result))
        return 0
    print(f"{options.scene}, {options.size}x{options.size}, {result['objects']} objects")
    print(f"  RGB                       {result['rgb_steps_per_s']:8.1f} steps/s")
    print(f"  RGB + depth + instances   {result['rgbds_steps_per_s']:8.1f} steps/s")
    print(f"  RGB over named pipes      {result['fifo_rgb_steps_per_s']:8.1f} steps/s")
    print(f"  reset                     {result['reset_s']:8.3f} s")
    print(f"  snapshot and restore      {result['snapshot_restore_ms']:8.2f} ms")
    print(f"  memory of one world       {result['world_mb']:8.1f} MiB")
    print(f"  two processes against one {result['two_process_speedup']:8.2f} times")
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
