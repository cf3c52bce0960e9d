"""Several episodes as one result: `episodes.json` and an index page over the single reports."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.display.report import REPORT_FILE
from agent.recording.trajectory import EpisodeSummary, read_trajectory
from envs.simulator.system.whole import write_text

EPISODES_FILE = "episodes.json"
_SUMMED = (
    "steps",
    "goal_conditions_met",
    "goal_conditions",
    "errors",
    "recovered",
    "noticed",
    "false_alarms",
)


@dataclass(frozen=True)
class Result:
    """One finished episode of a run."""

    summary: EpisodeSummary
    seconds: float  # by the clock, all in all
    step_seconds: float  # policy and world, a step on average
    scene: str
    instruction: str
    seed: int
    out: Path
    skills: str
    rules: bool
    camera_noise: float


def single(result: Result, backend: str, policy: str) -> dict[str, Any]:
    """One episode as the JSON object of `run_episode.py --json`."""
    summary = result.summary
    return {
        "success": summary.success,
        "steps": summary.steps,
        "goal_conditions_met": summary.goal_conditions_met,
        "goal_conditions": summary.goal_conditions,
        "errors": summary.errors,
        "recovered": summary.recovered,
        "mean_rounds": round(summary.mean_rounds, 4),
        "seconds": round(result.seconds, 3),
        "backend": backend,
        "policy": policy,
        "out": str(result.out),
        "scene": result.scene,
        "instruction": result.instruction,
        "seed": result.seed,
        "step_seconds": round(result.step_seconds, 4),
        "judged": summary.judged,
        "noticed": summary.noticed,
        "false_alarms": summary.false_alarms,
        "skills": result.skills,
        "rules": result.rules,
        "camera_noise": result.camera_noise,
    }


def combined(results: list[Result], backend: str, policy: str, out: Path) -> dict[str, Any]:
    """Several episodes as one JSON object with the same names.

    `success` is the share of episodes won; steps, goal conditions, errors (with those recovered and
    noticed), false alarms and seconds are sums;
    `mean_rounds` is over all steps. `episodes` holds the single objects.
    """
    singles = [single(result, backend, policy) for result in results]
    steps = sum(entry["steps"] for entry in singles)
    rounds = sum(entry["mean_rounds"] * entry["steps"] for entry in singles)
    total: dict[str, Any] = {"success": sum(entry["success"] for entry in singles) / len(singles)}
    for name in _SUMMED:
        total[name] = sum(entry[name] for entry in singles)
    return {
        **total,
        "mean_rounds": round(rounds / steps, 4) if steps else 0.0,
        "seconds": round(sum(entry["seconds"] for entry in singles), 3),
        "backend": backend,
        "policy": policy,
        "out": str(out),
        "episodes": singles,
    }


_INDEX = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ total.episodes|length }} episodes, {{ total.policy }}</title>
<style>
body { margin:0; background:#f4f6f9; color:#1b2430;
  font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif }
main { max-width:960px; margin:0 auto; padding:28px 18px 60px } h1 { font-size:1.5rem }
.scroll { overflow-x:auto; background:#fff; border:1px solid #dfe5ec; border-radius:12px }
table { width:100%; border-collapse:collapse } th,td { text-align:left; padding:8px 12px }
td { border-top:1px solid #dfe5ec } th { color:#5d6b7d; font-size:.88rem }
.ok { color:#157f47; font-weight:600 } .failed { color:#c02b2b; font-weight:600 }
p { color:#5d6b7d } a { color:#1559b5 }
@media (max-width:640px) { thead { display:none } td { border:0; padding:1px 12px }
  tr { display:block; padding:8px 0; border-top:1px solid #dfe5ec } tr:first-child { border-top:0 }
  td { display:block } td[data-label] { display:inline-block; padding-right:0 }
  td[data-label]::after { content:" " attr(data-label); color:#5d6b7d } }
</style></head><body><main>
<h1>{{ "%.0f"|format(100 * total.success) }} % of {{ total.episodes|length }} episodes solved</h1>
<p>Policy {{ total.policy }} on {{ total.backend }}: {{ total.steps }} steps,
{{ total.errors }} errors, of which {{ total.noticed }} were noticed and
{{ total.recovered }} recovered; {{ total.false_alarms }} false alarms;
{{ "%.2f"|format(total.mean_rounds) }} proposals a step.</p>
<div class="scroll"><table><thead><tr><th>Scene</th><th>Goal</th><th>Result</th><th>Steps</th>
<th>Errors</th><th>Recovered</th><th>False alarms</th></tr></thead><tbody>
{% for entry in total.episodes %}<tr><td>{{ entry.scene }}</td>
<td><a href="{{ links[loop.index0] }}">{{ entry.instruction }}</a></td>
<td class="{{ 'ok' if entry.success else 'failed' if entry.judged else '' }}">
{{- "solved" if entry.success else "not solved" if entry.judged else "not judged" }}</td>
<td data-label="steps">{{ entry.steps }}</td><td data-label="errors">{{ entry.errors }}</td>
<td data-label="recovered">{{ entry.recovered }}</td>
<td data-label="false alarms">{{ entry.false_alarms }}</td></tr>
{% endfor %}</tbody></table></div></main></body></html>
"""


def write_batch(directory: Path, results: list[Result], total: dict[str, Any]) -> None:
    """Write `episodes.json` and the index page into the directory that holds the episodes."""
    from jinja2 import Environment, StrictUndefined

    links = [f"{result.out.name}/{REPORT_FILE}" for result in results]
    page = Environment(autoescape=True, undefined=StrictUndefined).from_string(_INDEX)
    write_text(directory / REPORT_FILE, page.render(total=total, links=links))
    write_text(directory / EPISODES_FILE, json.dumps(total, indent=2) + "\n")


def result_of(directory: Path, out: Path, summary: EpisodeSummary, seconds: float) -> Result:
    """A `Result` from what the recorder wrote to `directory`, which will stand at `out`."""
    trajectory = read_trajectory(directory)
    header, timing = trajectory.header, trajectory.timing
    steps = [entry.policy + entry.world for entry in timing]
    a_step = sum(steps) / len(steps) if steps else 0.0
    return Result(
        summary=summary,
        seconds=seconds,
        step_seconds=a_step,
        scene=header.scene,
        instruction=header.instruction,
        seed=header.seed,
        out=out,
        skills=header.skills,
        rules=header.rules,
        camera_noise=header.camera_noise,
    )
