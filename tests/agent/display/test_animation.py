"""An animated picture shows where an episode went wrong, and its end."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from agent.display.animation import main, pictures, steps_worth_showing
from agent.recording.trajectory import read_trajectory
from tests.recorded import record


def test_errors_second_thoughts_and_the_end_are_worth_showing(tmp_path: Path) -> None:
    trajectory = read_trajectory(record(tmp_path / "a"))
    shown = steps_worth_showing(trajectory)
    for step in trajectory.steps:
        if step.is_error or len(step.rounds) > 1:
            assert step.index in shown
    assert trajectory.steps[-1].index in shown


def test_every_round_its_outcome_and_the_verdict_are_a_picture_each(tmp_path: Path) -> None:
    folder = record(tmp_path / "a")
    steps = read_trajectory(folder).steps
    shown = list(pictures(folder, [0]))
    assert len(shown) == len(steps[0].rounds) + 2
    assert len({picture.image.shape for picture in shown}) == 1


@pytest.mark.parametrize("ending", ["webp", "gif"])
def test_the_command_writes_an_animation(tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"episode.{ending}"
    assert main([str(record(tmp_path / "a")), "--out", str(out), "--width", "200"]) == 0
    with Image.open(out) as image:
        assert image.width == 200 and getattr(image, "n_frames", 1) > 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["--out", "a.png"], ".webp"), (["--out", "a.webp", "--steps", "99"], "no step 99")],
)
def test_what_cannot_be_drawn_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert main([str(record(tmp_path / "a")), *arguments]) == 2
    said = capsys.readouterr().err
    assert says in said and said.count("\n") == 1
