"""How fast the embedded simulator is, measured through ai2thor's own Controller.

Walks a furnished room in one process; then two processes walk at once, against one alone.

Example:
    python -m envs.simulator.benchmark --json
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import statistics
import sys
import time
from typing import Any

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
    from envs.simulator.server import EmbeddedController

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


def measure(scene: str = "FloorPlan1", size: int = 300, seconds: float = 6.0) -> dict[str, float]:
    """All figures: steps per second, reset seconds, objects, and the gain of a second process.

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
    controller.reset(scene, renderDepthImage=True, renderInstanceSegmentation=True)
    everything = _rate(controller, seconds)
    controller.stop()
    alone = _together(1, scene, size, seconds)
    return {
        "rgb_steps_per_s": round(rgb, 1),
        "rgbds_steps_per_s": round(everything, 1),
        "reset_s": round(statistics.median(resets), 3),
        "objects": objects,
        "two_process_speedup": round(_together(2, scene, size, seconds) / alone, 2),
    }


def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m envs.simulator.benchmark",
        description="Measure the embedded simulator through ai2thor's Controller.",
        epilog="example: python -m envs.simulator.benchmark --scene FloorPlan28 --json",
    )
    parser.add_argument("--scene", default="FloorPlan1")
    parser.add_argument("--size", type=int, default=300, help="frame width and height, pixels")
    parser.add_argument("--seconds", type=float, default=6.0, help="of each measurement")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    options = parser.parse_args(argv)
    try:
        result = measure(options.scene, options.size, options.seconds)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(result))
        return 0
    print(f"{options.scene}, {options.size}x{options.size}, {result['objects']} objects")
    print(f"  RGB                       {result['rgb_steps_per_s']:8.1f} steps/s")
    print(f"  RGB + depth + instances   {result['rgbds_steps_per_s']:8.1f} steps/s")
    print(f"  reset                     {result['reset_s']:8.3f} s")
    print(f"  two processes against one {result['two_process_speedup']:8.2f} times")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
