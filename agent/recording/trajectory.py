"""What an episode leaves on disk: `trajectory.jsonl`, `timing.jsonl` and `frames/`.

One JSON object a line: a header, one line a step, a summary, for example

    {"record": "episode", "scene": "FloorPlan3", "instruction": "open the fridge", "seed": 0, ...}
    {"record": "step", "index": 0, "frame": "frames/0000.png", "action": "goto Fridge", ...}
    {"record": "summary", "success": true, "steps": 2, "errors": 0, "recovered": 0, ...}

What a step came to is told three times, since the three may differ: ``told`` is the environment's
answer, ``outcome`` what the agent believes after its own check, ``is_error`` what really happened.
To report that something went wrong where nothing did is a ``false_alarm``. What the agent is never
told stands there for people only: ``reason`` (the simulator's, of a failure), ``fault``, ``path``
and the header's ``room``.

Everything in it is a function of the seed: the same run writes the same bytes. What the wall
clock says goes to `timing.jsonl`, which no hash covers. `agent.recording.recorder` writes these
files.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields, replace
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from agent.wording import outcome_of
from envs.overview import Pose, RoomMap
from envs.simulator.system.foreign_json import ForeignJsonError, json_lines, read_text
from envs.simulator.system.typed_records import mapping, record_of, shown, value_of
from policies.discrepancy import Discrepancy

TRAJECTORY_FILE = "trajectory.jsonl"
TIMING_FILE = "timing.jsonl"
FRAMES_DIRECTORY = "frames"
# What an action may have come to, as the agent believes or is told.
OUTCOMES = ("ok", "failed", "unknown")
# Bytes of a file of lines that are read.
MOST_BYTES = 256_000_000


def frame_hash(frame: np.ndarray) -> str:
    """SHA-256 of an (H, W, 3) uint8 frame's shape and pixels."""
    digest = hashlib.sha256(str(frame.shape).encode())
    digest.update(np.ascontiguousarray(frame).tobytes())
    return digest.hexdigest()


def attention_peak(attention: np.ndarray | None) -> tuple[float, float, float] | None:
    """Where an attention map is highest, and its whole weight.

    Args:
        attention: (h, w), sums to at most 1; None for a policy that has none.

    Returns:
        x and y of the highest cell's centre as image fractions from the top left, and the sum.
    """
    if attention is None or attention.size == 0:
        return None
    row, column = np.unravel_index(int(np.argmax(attention)), attention.shape)
    height, width = attention.shape
    return ((float(column) + 0.5) / width, (float(row) + 0.5) / height, float(np.sum(attention)))


@dataclass(frozen=True)
class EpisodeHeader:
    """What was run: enough to run it again."""

    scene: str
    family: str
    instruction: str
    seed: int
    policy: str
    backend: str
    action_level: str
    feedback: str
    rounds: int
    fault: str = ""
    skills: str = "helped"  # how much they help, see envs.skill_modes
    rules: bool = True  # the agent's hand-written rules are on
    camera_noise: float = 0.0  # levels of 255
    render_quality: str = "standard"  # of the simulator's pictures
    understood: str = ""  # what the policy made of the instruction, where it says so
    room: RoomMap | None = None  # from above, for those who look on; unknown to the agent


@dataclass(frozen=True)
class RoundRecord:
    """One proposal within a step and what the feedback parser held against it."""

    action: str  # text form; "" when the reply was malformed
    thought: str
    plan: tuple[str, ...]
    text: str  # the reply as the model gave it
    confidence: float
    error: str = ""  # why the reply was malformed
    discrepancies: tuple[Discrepancy, ...] = ()


@dataclass(frozen=True)
class StepRecord:
    """One step: what the agent saw, proposed, did, and what came of it."""

    index: int
    frame: str  # path inside the run's directory, of the frame the policy saw
    frame_hash: str
    feedback: str  # the text the policy read before acting
    memory: tuple[str, ...]  # the context memory in words, as it stood before acting
    rounds: tuple[RoundRecord, ...]
    action: str  # what was executed; the raw text when it could not be parsed
    thought: str
    point: tuple[float, float] | None  # where it acts, image fractions from the top left
    attention: tuple[float, float, float] | None  # where it looks most (x, y), and its whole weight
    outcome: str  # "ok" | "failed" | "unknown": what the agent believes
    answer: str  # the environment's feedback text after acting
    discrepancies: tuple[Discrepancy, ...]  # found after acting
    moves: int  # primitive moves inside this step
    fault: str  # the fault injected into this step, "" for none
    is_error: bool  # the step really failed or was faulted
    goal_conditions_met: int
    goal_conditions: int
    reward: float
    terminated: bool
    truncated: bool
    view: str = ""  # its name within the episode, the same for frames that look alike
    told: str = ""  # "ok" | "failed" | "unknown" (it said nothing): what the environment answered
    false_alarm: bool = False  # the agent reported that something is wrong, and nothing was
    reason: str = ""  # the simulator's, why the action failed; no more of it than `answer` is told
    path: tuple[Pose, ...] = ()  # where it stood, move by move; unknown to the agent

    @property
    def doubts(self) -> bool:
        """Whether the agent takes for failed what the environment did not call so."""
        return self.outcome == "failed" != self.told

    @property
    def is_reported(self) -> bool:
        """Whether the agent noticed that something is wrong."""
        return is_report(self.outcome, self.discrepancies)


def is_report(outcome: str, found: Iterable[Discrepancy]) -> bool:
    """Whether what an agent believes, and found after acting, says that something is wrong."""
    return outcome == "failed" or any(entry.kind.meaning.alarm for entry in found)


@dataclass(frozen=True)
class EpisodeSummary:
    """How it ended. `noticed` errors are those the parser saw; `false_alarms` those it imagined."""

    success: bool
    steps: int
    goal_conditions_met: int
    goal_conditions: int
    errors: int
    recovered: int
    noticed: int
    false_alarms: int
    mean_rounds: float
    judged: bool = True  # False: a free instruction without a goal that could be checked
    final_frame: str = ""
    final_frame_hash: str = ""


@dataclass(frozen=True)
class Timing:
    """Seconds by the clock that one step took, without what observers (video, disk) took.

    Args:
        policy: To decide, with all refinement rounds, and to check the outcome.
        world: To execute the action, with all moves inside it.
    """

    policy: float
    world: float


@dataclass(frozen=True)
class Trajectory:
    """A whole episode as read back from disk. `summary` is None where the run was cut short."""

    header: EpisodeHeader
    steps: tuple[StepRecord, ...]
    summary: EpisodeSummary | None
    timing: tuple[Timing, ...] = field(default=(), compare=False)  # by step

    def digest(self) -> str:
        """SHA-256 over everything but the wall clock: equal for equal runs."""
        whole = hashlib.sha256()
        whole.update(to_line(self.header).encode())
        for step in self.steps:
            whole.update(to_line(step).encode())
        if self.summary is not None:
            whole.update(to_line(self.summary).encode())
        return whole.hexdigest()


# Left out of a record where they say nothing.
_OPTIONAL = frozenset({"understood", "room", "reason", "path"})
_NAMES = {EpisodeHeader: "episode", StepRecord: "step", EpisodeSummary: "summary"}


def _plain(value: Any) -> Any:
    """Round floats to six digits so that a line does not hang on the last bit."""
    if isinstance(value, float | np.floating):
        return round(float(value), 6)
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value


def _recorded(entries: list[tuple[str, Any]]) -> dict[str, Any]:
    """The fields of a dataclass that are written.

    What a discrepancy calls for is not, nor what is optional and empty.
    """
    return {n: value for n, value in entries if n != "remedy" and (value or n not in _OPTIONAL)}


def to_line(record: EpisodeHeader | StepRecord | EpisodeSummary) -> str:
    """The record as one line of JSON, newline included."""
    content = {"record": _NAMES[type(record)], **_plain(asdict(record, dict_factory=_recorded))}
    return json.dumps(content, ensure_ascii=False) + "\n"


def _step(content: dict[str, Any], where: str) -> StepRecord:
    # Records of earlier versions said and counted less.
    told = content.get("told") or outcome_of(str(content.get("answer", "")))
    step: StepRecord = record_of(StepRecord, {**content, "told": told}, where)
    for name, said in (("outcome", step.outcome), ("told", step.told)):
        if said not in OUTCOMES:
            raise ValueError(f"{where}: {name} is {shown(said)}; use one of {', '.join(OUTCOMES)}.")
    _inside(step.frame, where)
    return replace(step, false_alarm=step.is_reported and not step.is_error)


def _summary(content: dict[str, Any], where: str) -> EpisodeSummary:
    summary: EpisodeSummary = record_of(EpisodeSummary, content, where)
    _inside(summary.final_frame, where)
    return summary


def _inside(frame: str, where: str) -> None:
    """Refuses the path of a frame that leads out of the run's directory.

    Raises:
        ValueError: If it does.
    """
    path = PurePath(frame)
    if path.is_absolute() or ".." in path.parts or "\0" in frame:
        raise ValueError(f"{where}: the frame {shown(frame)} is not in the run's directory")


def _checked(kind: type, content: dict[str, Any], where: str) -> dict[str, Any]:
    known = {entry.name for entry in fields(kind)}
    # What came with a later version has a default, for records of earlier ones.
    needed = {entry.name for entry in fields(kind) if entry.default is MISSING}
    strange = sorted((set(content) - known) | (needed - set(content)))
    if strange:
        raise ValueError(
            f"{where}: the fields {shown(strange)} do not fit a {_NAMES[kind]} record; "
            "was it written by another version of this project?"
        )
    return content


def read_trajectory(directory: Path | str) -> Trajectory:
    """Read an episode back.

    Raises:
        ValueError: The file is missing, is not JSON lines, or has records we do not know.
    """
    path = Path(directory) / TRAJECTORY_FILE
    if not path.is_file():
        raise ValueError(f"{directory} holds no {TRAJECTORY_FILE}; give a run's directory")
    header: EpisodeHeader | None = None
    summary: EpisodeSummary | None = None
    steps: list[StepRecord] = []
    try:
        text = read_text(path, MOST_BYTES)
    except ForeignJsonError as error:
        raise ValueError(f"{path} can't be read: {error}") from error
    try:
        lines = list(json_lines(text))
    except ForeignJsonError as error:
        raise ValueError(f"{path}, {error}") from error
    for number, line in lines:
        where = f"{path}, line {number}"
        content = dict(mapping(line, where))
        record = content.pop("record", None)
        if record == "episode":
            header = record_of(EpisodeHeader, _checked(EpisodeHeader, content, where), where)
        elif record == "step":
            steps.append(_step(_checked(StepRecord, content, where), where))
        elif record == "summary":
            summary = _summary(_checked(EpisodeSummary, content, where), where)
        else:
            raise ValueError(
                f"{where}: record {shown(record)} is none of {sorted(_NAMES.values())}"
            )
    if header is None:
        raise ValueError(f"{path} has no episode record; the run was cut before it began")
    return Trajectory(header, tuple(steps), summary, read_timing(Path(directory)))


def read_timing(directory: Path) -> tuple[Timing, ...]:
    """The timing file, or nothing where it is missing or damaged: no result hangs on it."""
    try:
        rows = json_lines(read_text(directory / TIMING_FILE, MOST_BYTES))
        seconds = (
            tuple(value_of(mapping(row, "it").get(who), float, who) for who in ("policy", "world"))
            for _, row in rows
        )
        return tuple(Timing(*spent) for spent in seconds)
    except ValueError:
        return ()
