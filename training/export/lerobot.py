"""Writes recorded episodes as a LeRobotDataset in format v3.0: Parquet, MP4 and JSON.

A frame is a step: what was seen (``observation.images.ego``, video), the words that were read
(``observation.feedback``), the action as text and as four numbers, and what followed
(``next.reward``, ``next.done``, ``next.success``, ``is_error``); the instruction is the task. The
numbers are the places of verb and object in ``meta/vocabulary.json`` and the point in the picture,
each -1 where there is none. The view after the last step is not kept: LeRobot has no place for it.

    meta/info.json, meta/stats.json, meta/tasks.parquet, meta/vocabulary.json
    meta/episodes/chunk-000/file-000.parquet    a row an episode
    data/chunk-000/file-000.parquet             a row a step
    videos/observation.images.ego/chunk-000/file-000.mp4

The format is written without LeRobot itself, whose releases want older versions of torch.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from agent.display.video import best_encoder
from agent.recording.output import run_directory
from envs.actions import VERBS, ActionFormatError, parse_action
from training.export.recorded import Recorded, RecordingError, size_of
from training.export.statistics import add_up, of_pixels, of_values

INSTALL = "pip install 'cimr-thor[export]'"
VERSION = "v3.0"
CAMERA = "observation.images.ego"
FILE = "chunk-{chunk_index:03d}/file-{file_index:03d}"
VIDEO_BYTES = 200 * 1024 * 1024
FILES_A_CHUNK = 1000
_NUMBERS = {
    "next.reward": "float32",
    "next.done": "bool",
    "next.success": "bool",
    "is_error": "bool",
}
_TEXTS = ("observation.feedback", "action.text", "thought")
_INDICES = {
    "timestamp": "float32",
    "frame_index": "int64",
    "episode_index": "int64",
    "index": "int64",
    "task_index": "int64",
}


def targets() -> tuple[str, ...]:
    """Everything an action may name, in the order of its numbers."""
    from policies.cimr.language.lexicon import type_names

    return tuple(type_names())


def action_vector(text: str, object_numbers: dict[str, int]) -> list[float]:
    """Verb, object and point (x, y from the top left) as numbers; -1 for what there is none of.

    >>> action_vector("open Fridge at (0.50, 0.25)", {"Fridge": 7})
    [3.0, 7.0, 0.5, 0.25]
    >>> action_vector("well, I would open it", {})
    [-1.0, -1.0, -1.0, -1.0]
    """
    try:
        action = parse_action(text)
    except ActionFormatError:
        return [-1.0] * 4
    named = object_numbers.get(action.target, -1) if action.target is not None else -1
    # A point of an earlier view would be read as one of this frame.
    point = action.point if action.view is None else None
    return [float(VERBS.index(action.verb)), float(named), *(point or (-1.0, -1.0))]


def features(height: int, width: int, fps: int) -> dict[str, Any]:
    """The columns, as ``meta/info.json`` names them."""
    video = {
        "dtype": "video",
        "shape": [height, width, 3],
        "names": ["height", "width", "channels"],
        "info": {
            "video.height": height,
            "video.width": width,
            "video.pix_fmt": "yuv420p",
            "video.fps": fps,
            "video.channels": 3,
            "video.is_depth_map": False,
            "video.codec": "mpeg4" if best_encoder() == "mpeg4" else "h264",
            "has_audio": False,
        },
    }
    one = {"shape": [1], "names": None}
    return {
        CAMERA: video,
        "action": {"dtype": "float32", "shape": [4], "names": ["verb", "thing", "x", "y"]},
        **{name: {"dtype": "string", **one} for name in _TEXTS},
        **{name: {"dtype": kind, **one} for name, kind in (_NUMBERS | _INDICES).items()},
    }


class _Videos:
    """The episodes' pictures, one after the other in files of some size."""

    def __init__(self, folder: Path, size: tuple[int, int], fps: int, most: int) -> None:
        self.folder, self.size, self.fps, self._most = folder, size, fps, most
        self.file, self.shown, self._bytes = -1, 0, 0
        self._container: Any = None

    def _next(self) -> None:
        import av

        self.close()
        self.file, self.shown, self._bytes = self.file + 1, 0, 0
        path = self.folder / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        self._container = av.open(str(path), "w")
        stream: Any = self._container.add_stream(best_encoder(), rate=self.fps)
        stream.height, stream.width = self.size
        stream.pix_fmt = "yuv420p"
        # Training reads single frames, far apart: a full picture at every second one.
        stream.gop_size, stream.max_b_frames = 2, 0
        if best_encoder() == "libx264":
            stream.options = {"crf": "18", "preset": "veryfast"}
        else:
            stream.bit_rate = 4_000_000
        self._stream = stream

    @property
    def place(self) -> tuple[int, int]:
        """Chunk and file that is written now."""
        return divmod(self.file, FILES_A_CHUNK)

    @property
    def name(self) -> str:
        """Its name within the folder."""
        return FILE.format(chunk_index=self.place[0], file_index=self.place[1]) + ".mp4"

    def begin(self) -> None:
        """An episode begins: in a new file if this one is full."""
        if self._container is None or self._bytes > self._most:
            self._next()

    def add(self, picture: np.ndarray) -> None:
        """Appends (H, W, 3) uint8."""
        import av

        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
        packets = self._stream.encode(frame)
        self._container.mux(packets)
        self._bytes += sum(packet.size for packet in packets)
        self.shown += 1

    def close(self) -> None:
        """Finishes the file."""
        if self._container is not None:
            self._container.mux(self._stream.encode())
            self._container.close()
            self._container = None


def _columns(
    episode: Recorded, index: int, first: int, task: int, fps: int, object_numbers: dict[str, int]
) -> dict[str, list[Any]]:
    """An episode's rows of the data file."""
    steps, count = episode.steps, len(episode.steps)
    won = [False] * (count - 1) + [episode.summary.success]
    return {
        "action": [action_vector(step.action, object_numbers) for step in steps],
        "observation.feedback": [step.feedback for step in steps],
        "action.text": [step.action for step in steps],
        "thought": [step.thought for step in steps],
        "next.reward": [step.reward for step in steps],
        "next.done": [step.terminated or step.truncated for step in steps],
        "next.success": won,
        "is_error": [step.is_error for step in steps],
        "timestamp": [k / fps for k in range(count)],
        "frame_index": list(range(count)),
        "episode_index": [index] * count,
        "index": list(range(first, first + count)),
        "task_index": [task] * count,
    }


def export_lerobot(
    episodes: Sequence[Recorded], out: Path, fps: int = 1, video_bytes: int = VIDEO_BYTES
) -> Path:
    """Writes a dataset, whole or not at all; memory does not grow with its frames.

    Args:
        episodes: What is in it.
        out: Its folder, new or empty.
        fps: Steps a second that are claimed: agent steps have no clock.
        video_bytes: A video is closed after the episode with which it grows past this.

    Returns:
        The dataset's folder.

    Raises:
        RecordingError: If pyarrow is missing, or frames differ in size or can't be encoded.
        ValueError: If the folder holds something.
    """
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise RecordingError(
            f"The export to LeRobot needs pyarrow, which is not installed: {INSTALL}."
        ) from error
    if fps < 1:
        raise RecordingError(f"--fps {fps} is no number of steps a second: give 1 or more.")
    height, width = size_of(episodes)
    if height % 2 or width % 2:
        raise RecordingError(
            f"Frames of {width} x {height} can't be encoded as video: width and "
            "height must be even."
        )
    if out.is_dir() and any(out.iterdir()):
        raise RecordingError(f"--out {out} holds files: name a folder that is new or empty.")
    with run_directory(out) as place:
        _write(place, episodes, (height, width), fps, video_bytes)
    return out


def _write(
    place: Path, episodes: Sequence[Recorded], size: tuple[int, int], fps: int, video_bytes: int
) -> None:
    tasks = {
        text: k
        for k, text in enumerate(dict.fromkeys(episode.header.instruction for episode in episodes))
    }
    names = targets()
    object_numbers = {name: k for k, name in enumerate(names)}
    shape = features(*size, fps)
    (place / "meta").mkdir()
    data = place / "data" / (FILE.format(chunk_index=0, file_index=0) + ".parquet")
    with _ParquetRows(data, _schema()) as writer:
        videos = _Videos(place / "videos" / CAMERA, size, fps, video_bytes)
        rows = list(_episodes(episodes, tasks, object_numbers, videos, writer))
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = place / "meta" / "episodes" / data.relative_to(place / "data")
    table.parent.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rows), table)
    pq.write_table(_task_table(tasks), place / "meta" / "tasks.parquet")
    total = rows[-1]["dataset_to_index"]
    keys = [key for key, column in shape.items() if column["dtype"] != "string"]
    stats = {key: add_up([_unflat(row, key) for row in rows]) for key in keys}
    _json(place / "meta" / "stats.json", stats)
    _json(place / "meta" / "vocabulary.json", {"verbs": VERBS, "things": names})
    _json(
        place / "meta" / "info.json",
        {
            "codebase_version": VERSION,
            "robot_type": "ai2thor",
            "total_episodes": len(rows),
            "total_frames": total,
            "total_tasks": len(tasks),
            "chunks_size": FILES_A_CHUNK,
            "data_files_size_in_mb": 100,
            "video_files_size_in_mb": max(1, video_bytes >> 20),
            "fps": fps,
            "splits": {"train": f"0:{len(rows)}"},
            "data_path": f"data/{FILE}.parquet",
            "video_path": "videos/{video_key}/" + FILE + ".mp4",
            "features": shape,
        },
    )


def _episodes(
    episodes: Sequence[Recorded],
    tasks: dict[str, int],
    object_numbers: dict[str, int],
    videos: _Videos,
    writer: _ParquetRows,
) -> Iterator[dict[str, Any]]:
    """Writes data and video; gives each episode's row."""
    size, fps, first = videos.size, videos.fps, 0
    try:
        for index, episode in enumerate(episodes):
            count = len(episode.steps)
            task = episode.header.instruction
            columns = _columns(episode, index, first, tasks[task], fps, object_numbers)
            writer.add(columns)
            videos.begin()
            begun, pixels = videos.shown, np.zeros((3, 256), np.int64)
            for _, frame in zip(range(count), episode.frames(), strict=False):
                if frame.shape[:2] != size:
                    raise RecordingError(f"{episode.place} has frames of more than one size.")
                videos.add(frame)
                for channel in range(3):
                    pixels[channel] += np.bincount(frame[..., channel].ravel(), minlength=256)
            chunk, file = videos.place
            found = {CAMERA: of_pixels(pixels, count)}
            found |= {
                key: of_values(np.array(values, float))
                for key, values in columns.items()
                if key not in _TEXTS
            }
            yield {
                "episode_index": index,
                "tasks": [task],
                "length": count,
                "data/chunk_index": 0,
                "data/file_index": 0,
                "dataset_from_index": first,
                "dataset_to_index": first + count,
                f"videos/{CAMERA}/chunk_index": chunk,
                f"videos/{CAMERA}/file_index": file,
                f"videos/{CAMERA}/from_timestamp": begun / fps,
                f"videos/{CAMERA}/to_timestamp": (begun + count) / fps,
                "meta/episodes/chunk_index": 0,
                "meta/episodes/file_index": 0,
                **{
                    f"stats/{key}/{name}": value
                    for key, part in found.items()
                    for name, value in part.items()
                },
            }
            first += count
    finally:
        videos.close()


class _ParquetRows:
    """A Parquet file that is written episode by episode."""

    def __init__(self, path: Path, schema: Any) -> None:
        import pyarrow.parquet as pq

        path.parent.mkdir(parents=True)
        self._schema, self._writer = schema, pq.ParquetWriter(path, schema)

    def add(self, columns: dict[str, list[Any]]) -> None:
        """Appends rows."""
        import pyarrow as pa

        self._writer.write_table(pa.Table.from_pydict(columns, schema=self._schema))

    def __enter__(self) -> _ParquetRows:
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()


def _schema() -> Any:
    import pyarrow as pa

    kinds = {"float32": pa.float32(), "int64": pa.int64(), "bool": pa.bool_()}
    return pa.schema(
        [
            ("action", pa.list_(pa.float32(), 4)),
            *((name, pa.string()) for name in _TEXTS),
            *((name, kinds[kind]) for name, kind in (_NUMBERS | _INDICES).items()),
        ]
    )


def _task_table(tasks: dict[str, int]) -> Any:
    """The tasks, with the text as the index that pandas makes of it."""
    import pyarrow as pa

    def column(name: str, kind: str, numpy: str) -> dict[str, Any]:
        return {
            "name": name,
            "field_name": name,
            "pandas_type": kind,
            "numpy_type": numpy,
            "metadata": None,
        }

    known = {
        "index_columns": ["task"],
        "column_indexes": [],
        "pandas_version": "2.0.0",
        "columns": [column("task_index", "int64", "int64"), column("task", "unicode", "object")],
    }
    table = pa.table({"task_index": list(tasks.values()), "task": list(tasks)})
    return table.replace_schema_metadata({"pandas": json.dumps(known)})


def _unflat(row: dict[str, Any], key: str) -> dict[str, Any]:
    start = f"stats/{key}/"
    return {name[len(start) :]: value for name, value in row.items() if name.startswith(start)}


def _json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=4, ensure_ascii=False) + "\n", encoding="utf-8")
