"""``report.html``: one page that tells a run to someone who was not there.

Made from a run's directory alone, so it can be made again at any time::

    python -m agent.display.report runs/kitchen-0

Self-contained but for the video, which the page plays from beside it.
"""

from __future__ import annotations

import argparse
import base64
import io
import sys
from pathlib import Path
from typing import Any

from agent.display.drawing import WARN, mark
from agent.display.episode_words import (
    ANSWER_WORDS,
    DOUBT,
    alarm,
    goal_line,
    problem,
    untold_reason,
    verdict,
)
from agent.display.panel import STATUS
from agent.display.room_drawing import RoomDrawing, Stop
from agent.display.video import VIDEO_FILE
from agent.recording.trajectory import (
    EpisodeSummary,
    RoundRecord,
    StepRecord,
    Trajectory,
    read_trajectory,
)
from agent.wording import objection, plain, proposal
from envs.simulator.system.command_line import command
from envs.simulator.system.whole import write_text
from policies.discrepancy import Discrepancy

REPORT_FILE = "report.html"
_TEMPLATE = Path(__file__).with_name("report.html")
MAP = (680, 400)  # width and height of the room from above, pixels
_TAGS = {"ok": "ok", "failed": "failed", "unknown": ""}


def _picture(path: Path, step: StepRecord | None = None) -> str:
    """A frame as base64 JPEG, 300 pixels wide, marked where the step looks and acts.

    Raises:
        ValueError: If there is no such picture, or it is damaged.
    """
    from PIL import Image

    try:
        with Image.open(path) as stored:
            image = stored.convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError(f"The frame {path} can't be read: {type(error).__name__}.") from error
    image = image.resize((300, round(300 * image.height / image.width)))
    if step is not None:
        mark(image, step.attention, step.point)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=82)
    return base64.b64encode(buffer.getvalue()).decode()


def _way(trajectory: Trajectory) -> str:
    """The room from above with the whole way, as base64 PNG; empty where nobody looked on."""
    if trajectory.header.room is None:
        return ""
    stops = [
        Stop(step.path[-1][:2], WARN if step.fault else STATUS[step.told][1], step.index + 1)
        for step in trajectory.steps
        if step.path
    ]
    way = [pose for step in trajectory.steps for pose in step.path]
    buffer = io.BytesIO()
    RoomDrawing(trajectory.header.room, MAP).picture(way, (), stops).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def _problem(entry: Discrepancy, text: str = "") -> dict[str, str]:
    sources = {
        "environment": "told by the environment",
        "vision": "seen",
        "consistency": "by its own reasoning",
    }
    return {
        "text": text or problem(entry),
        "source": sources.get(entry.source, entry.source),
        "sure": f"{100 * entry.confidence:.0f} % sure",
    }


def _round(entry: RoundRecord, rounds: int) -> dict[str, Any]:
    return {
        "said": proposal(entry.action) or entry.error or entry.text or "(no answer)",
        "problems": [_problem(found, objection(found)) for found in entry.discrepancies],
        "checked": rounds > 1,
    }


def _step(step: StepRecord, directory: Path, rounds: int) -> dict[str, Any]:
    chosen = next((entry for entry in reversed(step.rounds) if entry.action == step.action), None)
    raw = chosen.text if chosen else step.action
    plan = [plain(entry) for entry in chosen.plan] if chosen else []
    border = "faulted" if step.fault else "failed" if step.told == "failed" else ""
    return {
        "number": step.index + 1,
        "action": plain(step.action) or "(no answer)",
        "border": border or ("doubted" if step.doubts else ""),
        "outcome": ANSWER_WORDS[step.told],
        "tag": _TAGS[step.told],
        "doubt": DOUBT if step.doubts else "",
        "alarm": alarm(step),
        "reason": untold_reason(step),
        "thought": step.thought,
        "plan": plan if plan != [plain(step.action)] else [],
        "rounds": [_round(entry, rounds) for entry in step.rounds],
        "moves": step.moves,
        "answer": step.answer,
        "problems": [_problem(entry) for entry in step.discrepancies],
        "fault": step.fault,
        "memory": step.memory,
        "raw": raw if raw != step.action else "",
        "picture": _picture(directory / step.frame, step),
    }


def _verdict(summary: EpisodeSummary | None) -> tuple[str, str, str]:
    """Words, CSS class and a note."""
    if summary is None:
        return "CUT SHORT", "warn", "the run ended before the episode"
    style = "ok" if summary.success else "failed" if summary.judged else "warn"
    return verdict(summary), style, goal_line(summary)


def render(directory: Path | str, trajectory: Trajectory | None = None) -> str:
    """The page as text, from a run's directory (and its trajectory, if already read)."""
    from jinja2 import Environment, StrictUndefined

    directory = Path(directory)
    trajectory = trajectory or read_trajectory(directory)
    head, summary = trajectory.header, trajectory.summary
    title, style, note = _verdict(summary)
    settings = [
        ("scene", head.scene),
        ("task family", head.family),
        ("seed", head.seed),
        ("policy", head.policy),
        ("backend", head.backend),
        ("action level", head.action_level),
        ("feedback to the agent", head.feedback),
        ("proposals a step", f"at most {head.rounds}"),
        ("skills", head.skills),
        ("hand-written rules", "on" if head.rules else "off"),
        ("camera noise", f"{head.camera_noise:g} levels" if head.camera_noise else "none"),
        ("pictures", f"{head.render_quality} quality"),
        ("fault injection", head.fault or "none"),
        ("trajectory digest", trajectory.digest()),
    ]
    if trajectory.timing:
        count = len(trajectory.timing)
        policy = 1000 * sum(entry.policy for entry in trajectory.timing) / count
        world = 1000 * sum(entry.world for entry in trajectory.timing) / count
        settings.append(
            ("time a step, on average", f"{policy:.0f} ms policy, {world:.0f} ms simulator")
        )
    # Instructions and replies are strangers' text: everything is escaped.
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    last = directory / summary.final_frame if summary and summary.final_frame else None
    return page.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        head=head,
        summary=summary,
        verdict=title,
        verdict_class=style,
        verdict_note=note,
        way=_way(trajectory),
        video=VIDEO_FILE if (directory / VIDEO_FILE).is_file() else "",
        steps=[_step(step, directory, head.rounds) for step in trajectory.steps],
        looks=any(step.attention for step in trajectory.steps),
        last_picture=_picture(last) if last and last.is_file() else "",
        settings=settings,
    )


def write_report(directory: Path | str) -> Path:
    """Writes ``report.html`` into a run's directory; returns its path."""
    path = Path(directory) / REPORT_FILE
    write_text(path, render(directory))
    return path


@command("agent.display.report")
def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        "python -m agent.display.report",
        description="Makes the page report.html of runs again, from what they left on disk.",
        epilog="example: python -m agent.display.report runs/kitchen-0",
    )
    parser.add_argument(
        "directories", nargs="+", metavar="DIR", help="a directory that run_episode.py has written"
    )
    for directory in parser.parse_args(arguments).directories:
        try:
            print(write_report(directory))
        except ValueError as error:
            print(f"agent.display.report: {error}", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
