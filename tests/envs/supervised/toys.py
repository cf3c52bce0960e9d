"""Toy backends that go wrong on request, under supervision."""

from __future__ import annotations

import contextlib
import shlex
import sys
from pathlib import Path

from envs.backends import make_controller
from envs.supervised.controller import Deadlines, SupervisedController

TOY = Path(__file__).resolve().parents[2] / "toy_backend.py"
QUICK = Deadlines(start=15.0, step=1.5)


@contextlib.contextmanager
def toys(folder: Path):
    """Makes toy backends that count their lives in a folder; they are stopped in the end."""
    made = []

    def make(wrong: str = "", at: int = 5, launches: int = 1, **options) -> SupervisedController:
        command = [
            sys.executable,
            str(TOY),
            "--wrong",
            wrong,
            "--at",
            str(at),
            "--launches",
            str(launches),
            "--count",
            str(folder / f"lives-{len(made)}"),
        ]
        made.append(
            make_controller(shlex.join(command), width=32, height=24, deadlines=QUICK, **options)
        )
        return made[-1]

    try:
        yield make
    finally:
        for controller in made:
            controller.stop()
