"""The picture of a step: the room from above, the banner of a fault, answer and belief apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from agent.display.animation import pictures
from agent.display.drawing import BAD, GOOD, WARN
from agent.display.panel import DOUBTED
from tests.recorded import record

ROOM = (slice(460, 640), slice(660, 1120))  # rows and columns of the drawing of the room
BANNER = (slice(85, 86), slice(40, 600))
CARD = (slice(104, 190), slice(640, 1141))  # the action and what came of it


def drawn(folder: Path, step: int) -> np.ndarray:
    """The picture of what came of a step."""
    return list(pictures(folder, [step]))[-2].image


def has(part: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool((np.abs(part.astype(int) - colour).max(axis=2) < 12).any())


def test_the_room_is_drawn_from_above_where_somebody_looked_on(tmp_path: Path) -> None:
    assert drawn(record(tmp_path / "a"), 2)[ROOM].std() < 12
    assert drawn(record(tmp_path / "b", seen_from_above=True), 2)[ROOM].std() > 12


def test_a_fault_lies_as_a_banner_over_the_view(tmp_path: Path) -> None:
    folder = record(tmp_path / "a")
    assert has(drawn(folder, 3)[BANNER], WARN)
    assert not has(drawn(folder, 4)[BANNER], WARN)


def test_an_answer_that_is_doubted_keeps_its_colour_and_the_doubt_has_its_own(
    tmp_path: Path,
) -> None:
    card = drawn(record(tmp_path / "a", doubting=True), 4)[CARD]
    assert has(card, GOOD) and has(card, DOUBTED) and not has(card, BAD)
    card = drawn(record(tmp_path / "b"), 4)[CARD]
    assert has(card, GOOD) and not has(card, DOUBTED)
