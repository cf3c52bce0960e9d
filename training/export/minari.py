"""Writes recorded episodes as a Minari dataset, Farama's format of offline trajectories.

An observation is what the environment gives: ``rgb`` (H, W, 3) uint8, ``instruction`` and
``feedback``; there is one more of them than of actions, which are text. Infos tell of each step
whether it was an error and what the policy thought. ``minari.load_dataset(NAME)`` reads it.
"""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from envs.observations import CHARSET, observation_space
from training.export.recorded import Recorded, RecordingError, size_of

INSTALL = "pip install 'cimr-thor[export]'"
_ROOT = "MINARI_DATASETS_PATH"


def export_minari(
    episodes: Sequence[Recorded], name: str, root: Path | None = None, lossless: bool = False
) -> Path:
    """Writes a dataset, whole or not at all; frames are read one episode at a time.

    Args:
        episodes: What is in it.
        name: ``namespace/dataset-v0``, as Minari names them.
        root: Folder of datasets; by default Minari's own.
        lossless: Keep the very pixels; else as JPEG, as is Minari's habit.

    Returns:
        The dataset's folder.

    Raises:
        RecordingError: If Minari is missing, the name is no good or taken, or frames differ in
            size.
    """
    try:
        import h5py  # noqa: F401
        import minari
        from minari.dataset.minari_dataset import parse_dataset_id
    except ImportError as error:
        raise RecordingError(
            f"The export to Minari needs {error.name}, which is not installed: {INSTALL}."
        ) from error
    try:
        parse_dataset_id(name)
    except ValueError as error:
        raise RecordingError(
            f"--name {name!r} is no dataset's name: use one such as kitchen/expert-v0."
        ) from error
    height, width = size_of(episodes)
    with warnings.catch_warnings(), _datasets_in(root) as folder:
        place = folder / name
        if place.exists():
            raise RecordingError(f"{place} is there already: raise the version in --name {name}.")
        try:
            # There is no environment to make by a name: scenes and tasks are in the metadata.
            warnings.filterwarnings("ignore", module="minari")
            dataset = minari.create_dataset_from_buffers(
                name,
                _buffers(episodes),
                observation_space=observation_space(width, height),
                action_space=_action_space(episodes),
                data_format="hdf5",
                jpeg_encoding=not lossless,
                algorithm_name=_join(e.header.policy for e in episodes),
                author="cimr-thor",
                author_email="unknown",
                code_permalink="unknown",
                requirements=["cimr-thor"],
                description="Episodes of AI2-THOR households, "
                f"{_join(e.header.backend for e in episodes)}.",
            )
            dataset.storage.update_episode_metadata([_metadata(e) for e in episodes])
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
    return place


@contextmanager
def _datasets_in(root: Path | None) -> Iterator[Path]:
    """Minari's folder of datasets, elsewhere for a while."""
    from minari.storage import get_dataset_path

    before = os.environ.get(_ROOT)
    if root is not None:
        os.environ[_ROOT] = str(root.absolute())
    try:
        yield Path(get_dataset_path())
    finally:
        if before is None:
            os.environ.pop(_ROOT, None)
        else:
            os.environ[_ROOT] = before


def _join(names: Any) -> str:
    return ", ".join(sorted(set(names)))


def _action_space(episodes: Sequence[Recorded]) -> Any:
    """Text as long, and of such characters, as was said; a malformed reply may hold any."""
    from gymnasium.spaces import Text

    said = [step.action for episode in episodes for step in episode.steps]
    charset = "".join(sorted(set(CHARSET).union(*said)))
    return Text(max(80, *(len(text) for text in said)), min_length=0, charset=charset)


def _buffers(episodes: Sequence[Recorded]) -> Iterator[Any]:
    from minari.data_collector import EpisodeBuffer

    for episode in episodes:
        steps = episode.steps
        yield EpisodeBuffer(
            seed=episode.header.seed,
            observations={
                "rgb": list(episode.frames()),
                "instruction": [episode.header.instruction] * (len(steps) + 1),
                "feedback": episode.feedback,
            },
            actions=[step.action for step in steps],
            rewards=[step.reward for step in steps],
            terminations=[step.terminated for step in steps],
            truncations=[step.truncated for step in steps],
            # What is known of a step stands beside what followed from it; nothing led to the first.
            infos={
                "is_error": np.array([False] + [step.is_error for step in steps]),
                "fault": [""] + [step.fault for step in steps],
                "thought": [""] + [step.thought for step in steps],
            },
        )


def _metadata(episode: Recorded) -> dict[str, Any]:
    # The room from above is for those who look on, and no attribute of an HDF5 file.
    left_out = ("seed", "room")
    header = {k: v for k, v in asdict(episode.header).items() if k not in left_out}
    return {**header, "success": episode.summary.success}
