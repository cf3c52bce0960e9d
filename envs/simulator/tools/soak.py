"""Memory over many resets and steps: it must stay flat.

Example:
    python -m envs.simulator.tools.benchmark --soak 10000 --steps-a-reset 10
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from envs.simulator.system.process_memory import resident_mb

POINTS = 40
ACTIONS = ("MoveAhead", "RotateRight", "MoveLeft", "LookDown", "RotateLeft", "LookUp", "MoveBack")


@dataclass(frozen=True)
class Point:
    """Memory after so many resets and steps."""

    resets: int
    steps: int
    megabytes: float
    seconds: float


def soak(
    scenes: list[str], size: int, resets: int, steps_a_reset: int, seed: int = 0
) -> Iterator[Point]:
    """Resets and walks a controller through the scenes in random order, measuring on the way."""
    from envs.simulator.server.in_process import EmbeddedController

    chooser = random.Random(seed)
    begun = time.perf_counter()
    controller = EmbeddedController(scene=scenes[0], width=size, height=size)
    every = max(1, resets // POINTS)
    for count in range(resets + 1):
        if count % every == 0 or count == resets:
            seconds = time.perf_counter() - begun
            yield Point(count, count * steps_a_reset, resident_mb(), seconds)
        if count < resets:
            controller.reset(chooser.choice(scenes))
            for _ in range(steps_a_reset):
                controller.step(chooser.choice(ACTIONS))
    controller.stop()


def row(point: Point | None = None) -> str:
    """One line of the curve, a bar of one # for 10 MiB; without a point, the head."""
    if point is None:
        return "   resets    steps     MiB  seconds"
    bar = "#" * round(point.megabytes / 10)
    text = f"{point.resets:9d}{point.steps:9d}{point.megabytes:8.1f}{point.seconds:9.0f}"
    return f"{text}  {bar}"


def growth(points: list[Point]) -> float:
    """MiB gained over the second half."""
    half = points[len(points) // 2 :]
    return half[-1].megabytes - half[0].megabytes
