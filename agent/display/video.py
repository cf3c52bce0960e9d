"""``episode.mp4``: every primitive move is a picture, with what the agent thinks beside it.

Pictures are encoded as they come, so memory stays flat however long the episode. Of a long one the
pictures get other times when it is over, so that it plays in about a minute: that takes no second
encoding. H.264 where the PyAV build has an encoder for it, else MPEG-4 part 2; both play in common
players.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from agent.display.pacing import paced
from agent.display.panel import SIZE, Canvas
from agent.recording.observer import Decided, Observer
from agent.recording.trajectory import EpisodeHeader, EpisodeSummary, StepRecord, Timing
from envs.overview import Onlooker, Pose
from envs.simulator.system.whole import whole_file

if TYPE_CHECKING:
    from PIL import Image

T = TypeVar("T")

VIDEO_FILE = "episode.mp4"
FRAMES_PER_SECOND = 6
# Seconds a frame is shown for at least, of text and of moves.
READ, MOVED = 0.06, 0.03
_TICKS = 90_000  # a second, as is usual in mp4


def best_encoder() -> str:
    """The name of the best H.264 encoder there is, else ``mpeg4``."""
    from av.codec import Codec
    from av.codec.codec import UnknownCodecError

    for name in ("libx264", "libopenh264"):
        try:
            Codec(name, "w")
        except UnknownCodecError:
            continue
        return name
    return "mpeg4"


class VideoWriter:
    """Encodes pictures of one size (width, height), even numbers, to an mp4 file."""

    def __init__(
        self, path: Path, size: tuple[int, int], frames_per_second: int = FRAMES_PER_SECOND
    ) -> None:
        import av

        if size[0] % 2 or size[1] % 2:
            raise ValueError(
                f"a video of {size[0]} x {size[1]} cannot be encoded: width and height must be even"
            )
        encoder = best_encoder()
        self._path, self._least = path, list[float]()
        self._wished = 1 / frames_per_second
        self._container = av.open(str(path), "w", options={"movflags": "+faststart"})
        stream: Any = self._container.add_stream(encoder, rate=frames_per_second)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        if encoder == "libx264":
            # Without frames that are told from later ones, the file has them in their order.
            stream.options = {"crf": "22", "preset": "veryfast", "bf": "0"}
        else:
            stream.bit_rate = 2_500_000
        self._stream = stream

    def add(self, picture: np.ndarray, times: int = 1, least: float = READ) -> None:
        """Appends a picture (H, W, 3) uint8, held for ``times`` frames.

        Args:
            picture: What is shown.
            times: Frames.
            least: Seconds that each of them is shown for at least, however long the video becomes.
        """
        import av

        for _ in range(times):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            self._container.mux(self._stream.encode(frame))
            self._least.append(least)

    def close(self) -> None:
        """Finishes the file and lets go of the encoder, which is tens of MiB."""
        container, stream = self._container, self._stream
        del self._container, self._stream
        with container:
            container.mux(stream.encode())
        wished = [self._wished] * len(self._least)
        times = paced(wished, self._least)
        if times != wished:
            _retime(self._path, times)


def _retime(path: Path, seconds: list[float]) -> None:
    """Gives the frames of a video other times; they are copied as they are."""
    import av

    with (
        whole_file(path) as again,
        av.open(str(path)) as old,
        av.open(str(again), "w", format="mp4", options={"movflags": "+faststart"}) as new,
    ):
        source = old.streams.video[0]
        stream = new.add_stream_from_template(source)
        packets = (packet for packet in old.demux(source) if packet.size)
        at = 0.0
        for packet, shown in zip(packets, seconds, strict=True):
            packet.stream, packet.time_base = stream, Fraction(1, _TICKS)
            packet.pts = packet.dts = round(at * _TICKS)
            packet.duration = round(shown * _TICKS)
            at += shown
            new.mux(packet)


class Video(Observer):
    """Draws an episode into a video file as it happens. A context manager.

    Args:
        path: Of the file.
        onlooker: Sees the room from above; None: the video shows no room.
    """

    def __init__(self, path: Path, onlooker: Onlooker | None = None) -> None:
        self._writer = VideoWriter(path, SIZE)
        self._onlooker, self._path = onlooker, list[Pose]()
        self._canvas: Canvas | None = None
        self._moment: Decided | None = None
        self._base: Image.Image | None = None
        self._met = (0, 0)
        self._brief = False

    def started(self, header: EpisodeHeader, frame: np.ndarray) -> None:
        """Remembers what stands in the margins."""
        # A primitive step is one move: it gets less time than a skill.
        self._brief = header.action_level == "primitive"
        self._canvas = Canvas(header, 100 if self._brief else 30)

    def decided(self, moment: Decided) -> None:
        """Shows the view and the thought; every refinement round for itself."""
        canvas = _told(self._canvas, "started")
        self._moment, self._path = moment, []
        self._note_pose()
        for shown in range(1, len(moment.rounds) + 1):
            last = shown == len(moment.rounds)
            base = canvas.base(moment, shown, "thinking", None, self._met)
            picture = canvas.view(base, moment.frame, moment if last else None, self._path)
            self._writer.add(picture, 2 if self._brief and last else 7)
        self._base = canvas.base(moment, len(moment.rounds), "doing", None, self._met)

    def moved(self, frame: np.ndarray) -> None:
        """One picture for one primitive move."""
        if self._canvas is not None and self._base is not None:
            self._note_pose()
            picture = self._canvas.view(self._base, frame, None, self._path)
            self._writer.add(picture, least=MOVED)

    def stepped(self, record: StepRecord, frame: np.ndarray, timing: Timing) -> None:
        """Holds the outcome; longer where there is something to read."""
        canvas, moment = _told(self._canvas, "started"), _told(self._moment, "decided")
        self._met = (record.goal_conditions_met, record.goal_conditions)
        base = canvas.base(moment, len(moment.rounds), record.told, record, self._met)
        hold = 15 if record.fault else 12 if record.discrepancies else 1 if self._brief else 4
        picture = canvas.view(base, frame, None, record.path, record.fault)
        self._writer.add(picture, hold)
        canvas.finish(record)

    def _note_pose(self) -> None:
        pose = self._onlooker.pose() if self._onlooker is not None else None
        if pose is not None:
            self._path.append(pose)

    def ended(self, summary: EpisodeSummary, frame: np.ndarray) -> None:
        """Holds the verdict."""
        canvas = _told(self._canvas, "started")
        self._writer.add(canvas.closing(summary, frame), 3 * FRAMES_PER_SECOND, least=0.12)

    def close(self) -> None:
        """Finishes the file."""
        self._writer.close()

    def __enter__(self) -> Video:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _told(value: T | None, call: str) -> T:
    """What an earlier call of the observer has left.

    Raises:
        RuntimeError: If that call has not come.
    """
    if value is None:
        raise RuntimeError(f"The video was told of a step before Video.{call}(): call that first.")
    return value
