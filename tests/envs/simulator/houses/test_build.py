"""Houses that others have published."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from envs.backends import make_controller


@pytest.fixture
def controller():
    made = make_controller("embedded", scene="FloorPlan1")
    yield made
    made.stop()


@pytest.mark.slow
def test_published_houses_load(controller):
    folder = os.environ.get("PROCTHOR_HOUSES")
    if not folder:
        pytest.skip("set PROCTHOR_HOUSES to a folder of ProcTHOR house JSON files")
    for path in sorted(Path(folder).glob("*.json")):
        event = controller.reset(scene=json.loads(path.read_text(encoding="utf-8")))
        assert event, (path.name, event.metadata["errorMessage"])
        assert len(controller.step("GetReachablePositions").metadata["actionReturn"]) > 20
