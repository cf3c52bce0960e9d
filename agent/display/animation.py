"""A short animated picture of a recorded episode: where it erred, and how it mended that.

Made from ``trajectory.jsonl`` and the frames of a run's folder, with the canvas of the video. Only
the steps worth a look are shown: those that went wrong or were thought over again, what followed
them, and the last. An animated WebP or GIF, by the ending of its name.

Example:
    python run_episode.py --scene kitchen
    python -m agent.display.animation runs/kitchen-0 --out docs/images/episode.webp
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agent.display.panel import SIZE, Canvas
from agent.recording.observer import Decided
from agent.recording.trajectory import StepRecord, Trajectory, read_trajectory
from envs.simulator.system.command_line import command
from envs.simulator.system.targets import check_file
from envs.simulator.system.whole import whole_file

WIDTH = 830  # pixels; as wide as a page of text
FORMATS = (".webp", ".gif")
_GRID = 28  # cells of the attention that is drawn again from its recorded peak
_TOLD, _REJECTED, _ENDED = 1100, 1500, 2800  # milliseconds


@dataclass(frozen=True)
class Picture:
    """One picture of the animation.

    Attributes:
        image: (H, W, 3) uint8, of the video's size.
        milliseconds: How long it is shown.
    """

    image: np.ndarray
    milliseconds: int


def steps_worth_showing(trajectory: Trajectory) -> tuple[int, ...]:
    """Returns the indices of the steps with something to see.

    These are steps that failed, were faulted or had a proposal rejected, the step after each error,
    and the last.
    """
    steps = trajectory.steps
    wanted = {len(steps) - 1} if steps else set()
    for step in steps:
        if step.is_error or step.discrepancies or len(step.rounds) > 1:
            wanted.add(step.index)
        if step.is_error and step.index + 1 < len(steps):
            wanted.add(step.index + 1)
    return tuple(sorted(wanted))


def pictures(directory: Path, wanted: Sequence[int] | None = None) -> Iterator[Picture]:
    """Draws the pictures of an episode in order.

    Args:
        directory: A folder of ``run_episode.py``, with its frames.
        wanted: Indices of the steps to show; those worth it if None.

    Raises:
        ValueError: If the folder has no finished episode, or lacks a wanted step.
    """
    trajectory = read_trajectory(directory)
    if trajectory.summary is None:
        raise ValueError(f"{directory} holds an episode without an end; record it again")
    chosen = steps_worth_showing(trajectory) if wanted is None else tuple(wanted)
    beyond = [index + 1 for index in chosen if not 0 <= index < len(trajectory.steps)]
    if beyond:
        raise ValueError(f"no step {beyond[0]}: {directory} has {len(trajectory.steps)}")
    canvas, met = Canvas(trajectory.header), (0, 0)
    seen = [*(step.frame for step in trajectory.steps), trajectory.summary.final_frame]
    for step in trajectory.steps:
        after = _read(directory / seen[step.index + 1])
        if step.index in chosen:
            yield from _of_step(canvas, directory, step, after, met)
        met = (step.goal_conditions_met, step.goal_conditions)
        canvas.finish(step)
    yield Picture(canvas.closing(trajectory.summary, _read(directory / seen[-1])), _ENDED)


def _of_step(
    canvas: Canvas, directory: Path, step: StepRecord, after: np.ndarray, met: tuple[int, int]
) -> Iterator[Picture]:
    """The rounds of a step one by one, then what came of it."""
    moment = _moment(directory, step)
    for shown, told in enumerate(step.rounds, 1):
        base = canvas.base(moment, shown, "thinking", None, met)
        last = shown == len(step.rounds)
        image = canvas.view(base, moment.frame, moment if last else None, step.path[:1])
        yield Picture(image, _REJECTED if told.discrepancies else _TOLD)
    now = (step.goal_conditions_met, step.goal_conditions)
    base = canvas.base(moment, len(step.rounds), step.told, step, now)
    image = canvas.view(base, after, None, step.path, step.fault)
    yield Picture(image, _REJECTED if step.discrepancies or step.fault else _TOLD)


def _moment(directory: Path, step: StepRecord) -> Decided:
    """The moment before a step, as the video was told of it."""
    return Decided(
        step.index,
        _read(directory / step.frame),
        step.memory,
        step.rounds,
        step.action,
        step.thought,
        step.rounds[-1].plan if step.rounds else (),
        step.point,
        _attention(step.attention),
    )


def _attention(peak: tuple[float, float, float] | None) -> np.ndarray | None:
    """A round spot (h, w) where the recorded peak is, with its weight."""
    if peak is None:
        return None
    x, y, weight = peak
    centres = (np.arange(_GRID) + 0.5) / _GRID
    distance = (centres[None] - x) ** 2 + (centres[:, None] - y) ** 2
    spot = np.exp(-distance / (2 * 0.06**2))
    return weight * spot / spot.sum()


def _read(path: Path) -> np.ndarray:
    from PIL import Image

    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def write_animation(path: Path, shown: Sequence[Picture], width: int = WIDTH) -> None:
    """Writes pictures as an animation that runs for ever.

    Args:
        path: Where to; its ending is the format, ``.webp`` or ``.gif``.
        shown: At least one picture.
        width: Pixels.

    Raises:
        ValueError: If the ending is of another format, or there is no picture.
    """
    from PIL import Image

    if path.suffix not in FORMATS:
        raise ValueError(f"{path} must end in one of {', '.join(FORMATS)}")
    if not shown:
        raise ValueError("an animation needs at least one picture")
    size = (width, round(SIZE[1] * width / SIZE[0]))
    images = [Image.fromarray(p.image).resize(size, Image.Resampling.LANCZOS) for p in shown]
    options = {"quality": 80, "method": 6} if path.suffix == ".webp" else {"optimize": True}
    with whole_file(path) as partial:
        images[0].save(
            partial,
            save_all=True,
            append_images=images[1:],
            duration=[p.milliseconds for p in shown],
            loop=0,
            **options,
        )


@command("agent.display.animation", "nothing was written")
def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m agent.display.animation",
        description="A short animated picture of a recorded episode.",
        epilog="example: python -m agent.display.animation runs/kitchen-0 --out episode.webp",
    )
    parser.add_argument("run", type=Path, metavar="DIR", help="a folder of run_episode.py")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="write here, a .webp or .gif"
    )
    parser.add_argument(
        "--steps",
        type=int,
        nargs="+",
        metavar="N",
        help="show these steps, counted from 1; by default errors, second thoughts and the end",
    )
    parser.add_argument(
        "--width", type=int, default=WIDTH, metavar="PIXELS", help="width (%(default)s)"
    )
    options = parser.parse_args(argv)
    wanted = None if options.steps is None else [number - 1 for number in options.steps]
    try:
        check_file(options.out)
        shown = list(pictures(options.run, wanted))
        write_animation(options.out, shown, options.width)
    except (OSError, ValueError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    seconds = sum(p.milliseconds for p in shown) / 1000
    size = options.out.stat().st_size / 1e6
    print(f"{options.out}: {len(shown)} pictures, {seconds:.1f} s, {size:.2f} MB")
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
