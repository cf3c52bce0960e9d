"""``report.md`` and ``report.html`` of an evaluation's folder.

The page is one file: tables, plots, and every episode to open and walk through, with small pictures
of what the agent saw. Lost episodes come first; where the page would grow too large, the last
episodes are left with their line and the path of their folder.

Example:
    python -m training.evaluation.report runs/map-val-default
"""

from __future__ import annotations

import argparse
import base64
import functools
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.display.episode_words import ANSWER_WORDS, DOUBT, alarm, problem, untold_reason
from agent.display.video import VIDEO_FILE
from agent.recording.thumbnails import MOST, SIDE, THUMBNAILS_FILE
from agent.recording.trajectory import StepRecord, Trajectory, read_timing, read_trajectory
from agent.wording import objection, plain, proposal
from envs.simulator.system.command_line import command
from envs.simulator.system.foreign_json import read_json
from envs.simulator.system.typed_records import value_of
from envs.simulator.system.whole import write_text
from training.evaluation.folder import EPISODES, episodes_of
from training.evaluation.plots import by_rounds, causes, latency, shares
from training.evaluation.results import load_results
from training.evaluation.tables import COLUMNS, NAMES, headline, is_ours, markdown, shown
from training.evaluation.verdicts import TRUTH_FILE, EpisodeResult, load_result

if TYPE_CHECKING:
    from jinja2 import Template

TABLE_FILE, PAGE_FILE = "report.md", "report.html"
_TEMPLATE = Path(__file__).with_name("report.html")
# Bytes of all opened episodes together: the page stays below 5 MB.
BUDGET = 4_200_000


def _step(step: StepRecord, truth: dict[str, Any]) -> dict[str, Any]:
    rounds = []
    if len(step.rounds) > 1 or any(entry.discrepancies for entry in step.rounds):
        rounds = [
            {
                "said": proposal(r.action) or r.error or r.text or "(no answer)",
                "against": [objection(found) for found in r.discrepancies],
            }
            for r in step.rounds
        ]
    return {
        "number": step.index + 1,
        "action": plain(step.action) or "(no answer)",
        "thought": step.thought,
        "answer": ANSWER_WORDS[step.told] if step.answer in ("", "ok") else step.answer,
        "failed": step.told == "failed",
        "doubt": DOUBT if step.doubts else "",
        "alarm": alarm(step),
        "reason": untold_reason(step),
        "bad": step.is_error,
        "fault": step.fault,
        "memory": step.memory,
        "rounds": rounds,
        "noticed": [problem(found) for found in step.discrepancies],
        "cause": truth.get("cause") or "",
        "astray": truth.get("astray") or "",
        "expert": plain(str(truth.get("expert") or "")),
        "met": f"{step.goal_conditions_met} of {step.goal_conditions}",
    }


def _opened(place: Path, room: int) -> tuple[dict[str, Any] | None, int]:
    """An episode's steps with their pictures, if they fit into some bytes; and what they take."""
    try:
        trajectory: Trajectory = read_trajectory(place)
        rows = value_of(read_json(place / TRUTH_FILE), tuple[dict[str, Any], ...], TRUTH_FILE)
    except ValueError:
        return None, 0
    pairs = zip(trajectory.steps, rows, strict=False)
    steps = [_step(step, known) for step, known in pairs]
    picture = place / THUMBNAILS_FILE
    strip = base64.b64encode(picture.read_bytes()).decode() if picture.is_file() else ""
    size = len(strip) + len(json.dumps(steps)) + 900 * len(steps)
    if size > room:
        return None, 0
    return {"steps": steps, "strip": strip, "last": len(steps) if len(steps) < MOST else -1}, size


def _episodes(places: list[Path], most: int) -> list[dict[str, Any]]:
    """Every episode's line, lost ones first, and as many opened as fit."""
    found: list[tuple[Path, EpisodeResult]] = []
    for place in places:
        known = load_result(place)
        if known is not None:
            found.append((place, known))
    found.sort(key=lambda row: (row[1].verdict.success, row[1].verdict.rounds != most, row[0].name))
    room, rows = BUDGET, []
    for place, result in found:
        opened, size = _opened(place, room)
        room -= size
        rows.append(
            {
                "name": place.name,
                "verdict": result.verdict,
                "seconds": result.seconds,
                "opened": opened,
                "video": f"{EPISODES}/{place.name}/{VIDEO_FILE}"
                if (place / VIDEO_FILE).is_file()
                else "",
            }
        )
    return rows


def _policy_times(places: list[Path]) -> list[float]:
    return [1000 * time.policy for place in places for time in read_timing(place)]


@functools.cache
def _page() -> Template:
    from jinja2 import Environment, StrictUndefined

    # Instructions and replies are strangers' text: everything but our own plots is escaped.
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return page.from_string(_TEMPLATE.read_text(encoding="utf-8"))


def charts(out: Path) -> list[str]:
    """The plots of an evaluation's folder as SVG.

    Raises:
        ValueError: If the folder holds no results.
    """
    found = load_results(out)
    drawn = [
        shares(found["families"], "success_rate", "Success by family, clean tasks"),
        shares(found["faults"], "injected_err", "Success though the fault struck, by fault"),
        shares(found["rooms"], "success_rate", "Success by kind of room"),
        by_rounds(found["by_rounds"]),
        causes(found["causes"]),
        latency(_policy_times(episodes_of(out, found))),
    ]
    return [chart for chart in drawn if chart]


def render(out: Path, drawn: list[str] | None = None) -> str:
    """The page of an evaluation's folder.

    Args:
        out: The folder.
        drawn: Its plots, if they were drawn before.

    Raises:
        ValueError: If the folder holds no results.
    """
    found = load_results(out)
    return _page().render(
        found=found,
        line=headline(found),
        names=NAMES,
        columns=COLUMNS,
        shown=shown,
        charts=charts(out) if drawn is None else drawn,
        side=SIDE,
        ours=is_ours(found["backend"]),
        episodes=_episodes(episodes_of(out, found), found["rounds"]),
        folder=EPISODES,
    )


def write_report(out: Path) -> Path:
    """Writes both reports from what is in the folder; returns the path of the page.

    Raises:
        ValueError: If the folder holds no results.
    """
    write_text(out / TABLE_FILE, markdown(load_results(out)))
    write_text(out / PAGE_FILE, render(out))
    return out / PAGE_FILE


@command("training.evaluation.report")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluation.report",
        description="Write report.md and report.html anew from what is in an evaluation's folder.",
        epilog="example: python -m training.evaluation.report runs/map-val-default",
    )
    parser.add_argument(
        "folders", nargs="+", type=Path, metavar="DIR", help="an --out of training.evaluate"
    )
    for folder in parser.parse_args(argv).folders:
        try:
            print(write_report(folder))
        except (ValueError, OSError) as error:
            print(f"training.evaluation.report: {error}", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
