"""A part of collected steps on disk.

    frames_000.npy  (F, S, S, 3) uint8
    events_000.npy  (N, SLOTS, COLUMNS) int16: memory events, see policies.cimr.memory_events
    steps_000.jsonl one line a decision; ``frame`` is the row of its frame

A step of an episode has one frame and one or more decisions: a second one where the first proposal
was objected to. A line's ``level`` is that of its actions; lines that were written without one are
of skills.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from envs.simulator.system.whole import whole_file, write_text
from policies.cimr.preprocess import shrink


def level_of(step: Mapping[str, Any]) -> str:
    """The action level of a decision's line.

    >>> level_of({"level": "primitive"}), level_of({})
    ('primitive', 'skill')
    """
    return str(step.get("level", "skill"))


@dataclass
class StepPart:
    """Decisions gathered so far.

    Attributes:
        size: Width and height that frames are stored in; 0: as they come.
        frames: Views.
        events: Of each decision.
        steps: What is known of each decision.
    """

    size: int = 0
    frames: list[np.ndarray] = field(default_factory=list)
    events: list[np.ndarray] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.steps)

    def see(self, frame: np.ndarray) -> int:
        """Adds a frame (H, W, 3); returns its row."""
        self.frames.append(shrink(frame, self.size) if self.size else frame)
        return len(self.frames) - 1

    def add(self, events: np.ndarray, step: dict[str, Any]) -> dict[str, Any]:
        """Adds a decision with its memory events (SLOTS, COLUMNS); returns its line."""
        self.events.append(events.astype(np.int16))
        self.steps.append(step)
        return step

    def save(self, out: Path, number: int) -> None:
        """Writes the part, the lines last: a part without them does not count."""
        for name, rows in (("frames", self.frames), ("events", self.events)):
            with whole_file(out / f"{name}_{number:03d}.npy") as fresh:
                np.save(fresh, np.stack(rows), allow_pickle=False)
        write_text(lines_of(out, number), "".join(json.dumps(step) + "\n" for step in self.steps))


def lines_of(folder: Path, number: int) -> Path:
    """The file whose existence says that a part is complete."""
    return folder / f"steps_{number:03d}.jsonl"
