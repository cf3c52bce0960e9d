"""Fixtures of the evaluation's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.training.made_up import write_doors


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A suite of three doors."""
    return write_doors(tmp_path / "small.jsonl")
