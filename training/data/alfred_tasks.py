"""ALFRED's train trials as tasks to collect demonstrations in, in rooms of our own split.

The file is the user's. ALFRED's train trials are in rooms of all our splits; those of others are
left out, so that what is learned from them was never seen in the rooms of a test.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from envs.tasks.base import Task, scenes_of
from envs.tasks.published.alfred import Trial, TrialError, read_trials
from envs.tasks.published.alfred_suite import alfred_task


class AlfredTasks:
    """Trials in the rooms of a split.

    Args:
        trials: Any; those of other rooms, or without instructions, are left out.
        split: train, val or test: rooms of this split.
        room: Of this kind, or any.

    Raises:
        TrialError: If none is left.
    """

    def __init__(self, trials: list[Trial], split: str = "train", room: str = "any") -> None:
        scenes = set(scenes_of(split, room))
        self.trials = [trial for trial in trials if trial.scene in scenes and trial.instructions]
        if not self.trials:
            raise TrialError(
                f"None of {len(trials)} trials is in a room of split {split!r} ({room}) and has "
                "instructions: give ALFRED's train trials with turk_annotations."
            )

    @classmethod
    def read(cls, path: Path, split: str = "train", room: str = "any") -> AlfredTasks:
        """Of ALFRED's files; ``path`` as of ``envs.tasks.published.alfred.read_trials``.

        Raises:
            TrialError: If the path holds none for the split, or one is broken.
        """
        return cls(list(read_trials(path)), split, room)

    def draw(self, count: int, rng: np.random.Generator) -> list[Task]:
        """Tasks of some trials, each in the words of one of its people."""
        chosen = rng.integers(len(self.trials), size=count)
        return [
            alfred_task(trial, int(rng.integers(len(trial.instructions))))
            for trial in (self.trials[int(k)] for k in chosen)
        ]
