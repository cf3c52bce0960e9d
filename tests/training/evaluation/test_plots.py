"""Plots say no more than their episodes do, and can be read on a phone."""

from __future__ import annotations

import re

import pytest

from training.evaluation.plots import BLUE, by_rounds, causes, latency, shares


def share(won: int, played: int) -> dict:
    interval = [max(0.0, won / played - 0.2), min(1.0, won / played + 0.2)]
    return {"r": {"value": won / played, "over": won, "under": played, "interval": interval}}


def bars(svg: str) -> int:
    """Filled shapes of a bar's colour that are no marker."""
    return len(re.findall(rf'<path d="[^"]*" clip-path="[^"]*" style="fill: {BLUE}', svg))


def test_the_share_of_few_episodes_is_a_dot_on_its_interval_and_of_many_a_bar() -> None:
    few = shares({"open": share(2, 4), "find": share(40, 50)}, "r", "Success")
    many = shares({"open": share(20, 40), "find": share(40, 50)}, "r", "Success")
    assert few is not None and many is not None
    assert bars(few) == 0 and bars(many) == 2
    assert "50 % of 4" in few and "80 % of 50" in many


@pytest.mark.parametrize("played", [4, 40])
def test_rounds_of_few_episodes_are_dots_with_intervals_too(played: int) -> None:
    table = {str(n): {"success_rate": share(n, played)["r"]} for n in (1, 3)}
    svg = by_rounds(table)
    assert svg is not None
    assert ("FillBetweenPolyCollection" in svg or "PolyCollection" in svg) == (played == 40)


def test_text_of_every_plot_can_be_read_at_a_phones_width() -> None:
    plots = [
        shares({"open": share(2, 4)}, "r", "Success though the fault struck, by fault"),
        by_rounds({str(n): {"success_rate": share(1, 4)["r"]} for n in (1, 3)}),
        causes({"perception": 2}),
        latency([10.0, 20.0, 30.0]),
    ]
    for svg in plots:
        assert svg is not None
        box = re.search(r'viewBox="0 0 ([\d.]+) [\d.]+"', svg)
        assert box is not None
        sizes = [float(size) for size in re.findall(r"font(?:-size)?: ([\d.]+)px", svg)]
        # A card on a phone of 390 pixels is some 330 wide.
        assert min(sizes) * 330 / float(box[1]) >= 9
