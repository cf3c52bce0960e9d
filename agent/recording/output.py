"""Run directories that are either whole or not there.

A run writes into a hidden directory beside its target; only a finished run is moved to the target
name. A run that is interrupted or fails leaves nothing (``envs.simulator.system.whole``).
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from envs.simulator.system.targets import FolderKind, check_folder
from envs.simulator.system.whole import whole_folder

_EPISODE = (
    r"trajectory\.jsonl|timing\.jsonl|episode\.mp4|report\.html|frames/\d{4,}\.png|"
    r"verdict\.json|truth\.json|thumbnails\.webp"
)
# A directory that holds nothing else is an earlier run's and may be replaced.
RUN = FolderKind(
    "run's",
    ("trajectory.jsonl", "episodes.json", "verdict.json"),
    rf"(episode-\d{{3,}}/)?({_EPISODE})|episodes\.json",
)


def check_target(target: Path) -> None:
    """Refuses a target a run could not or must not be written to.

    Raises:
        ValueError: It is a file, a non-empty directory that is no earlier run, or cannot be made.
    """
    check_folder(target, RUN)


def run_directory(target: Path) -> AbstractContextManager[Path]:
    """A directory to write a run into; becomes `target` if the block ends without an exception.

    Raises:
        ValueError: See `check_target`.
    """
    return whole_folder(target, RUN)
