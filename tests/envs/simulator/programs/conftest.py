"""Programs over the drop-in: plain ai2thor Controllers, which are stopped when a test ends."""

from __future__ import annotations

import pytest
from ai2thor.controller import Controller

from envs.simulator import patch, unpatch


@pytest.fixture()
def thor():
    """Makes Controllers as a program does that knows nothing of this simulator."""
    made: list[Controller] = []

    def make(**options: object) -> Controller:
        made.append(Controller(**options))
        return made[-1]

    patch("in-process")
    try:
        yield make
        for controller in made:
            controller.stop()
    finally:
        unpatch()
