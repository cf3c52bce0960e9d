"""Figures as text: one line, and Markdown tables with every denominator."""

from __future__ import annotations

import html
import re
from typing import Any

COLUMNS = (
    ("success_rate", "success"),
    ("goal_condition_rate", "goal conditions"),
    ("spl", "SPL"),
    ("step_err_3", "step ERR 3"),
    ("step_err_5", "step ERR 5"),
    ("repeat_failure_rate", "repeat failures"),
    ("false_alarm_rate", "false alarms"),
    ("mean_steps", "steps"),
)
NAMES = {
    "success_rate": "Success",
    "reached_rate": "Goal held after some step",
    "goal_condition_rate": "Goal conditions met",
    "spl": "SPL, in agent steps",
    "step_err_3": "Errors made good within 3 steps",
    "step_err_5": "Errors made good within 5 steps",
    "injected_err": "Success though a fault struck",
    "injected_err_of_won": "The same, of tasks won without the fault",
    "repeat_failure_rate": "Failures that repeat one on the same view",
    "noticed_rate": "Errors the agent noticed",
    "false_alarm_rate": "Steps with a false alarm",
    "false_report_rate": "The agent's reports that were false alarms",
    "extra_steps": "Steps from an error to its recovery",
    "pointing": "Points that lie on the named object",
    "mean_rounds": "Proposals a step",
    "mean_steps": "Steps an episode",
}
# These are shares, the others plain numbers.
NUMBERS = ("extra_steps", "mean_rounds", "mean_steps")


def shown(figure: dict[str, Any] | None, name: str, interval: bool = False) -> str:
    """A figure in words; undefined ones as a dash.

    >>> shown({"value": 0.5, "over": 1, "under": 2, "interval": [0.1, 0.9]}, "spl", True)
    '50.0 % [10.0, 90.0] of 2'
    """
    if figure is None or figure["value"] is None:
        return "–"
    scale, unit = (1, "") if name in NUMBERS else (100, " %")
    digits = 2 if name in NUMBERS else 1
    text = f"{scale * figure['value']:.{digits}f}{unit}"
    if interval:
        if figure["interval"] is not None:
            low, high = (f"{scale * v:.{digits}f}" for v in figure["interval"])
            text += f" [{low}, {high}]"
        text += f" of {figure['under']:g}"
    return text


def headline(found: dict[str, Any]) -> str:
    """The result in one line."""
    rate = found["figures"]
    parts = [
        f"{found['policy']} on {found['suite']} ({found['backend']}; {played_as(found)}): success "
        f"{shown(rate['success_rate'], 'success_rate', True)}"
    ]
    if found["faulted_episodes"]:
        parts.append(f"with a fault {shown(rate['injected_err'], 'injected_err', True)}")
    parts.append(f"errors made good within 5 steps {shown(rate['step_err_5'], 'step_err_5', True)}")
    if found["refused"]:
        parts.append(f"{found['refused']} instructions not understood")
    if found["crashed"]:
        parts.append(f"{found['crashed']} episodes crashed")
    return "; ".join(parts)


def played_as(found: dict[str, Any]) -> str:
    """How much the skills and the agent's rules helped; results of earlier versions had all help.

    >>> played_as({"skills": "honest", "rules": "off", "camera_noise": 5.0})
    'honest skills, rules off, camera noise 5'
    """
    noise, heard = found.get("camera_noise", 0.0), found.get("objections", "all")
    return (
        f"{found.get('skills', 'helped')} skills, rules {found.get('rules', 'on')}"
        f"{f', objections {heard}' if heard != 'all' else ''}"
        f"{f', camera noise {noise:g}' if noise else ''}"
    )


def spent(found: dict[str, Any]) -> str:
    """Speed and memory in one line; empty if nothing was played.

    >>> spent({"times": {"steps_per_s": 25.2, "policy_ms_median": 0.8, "world_ms_median": 17.2}})
    '25.2 steps/s a worker; a step takes 0.8 ms of the policy, 17.2 ms of the world (medians)'
    """
    times = found["times"]
    if not times.get("steps_per_s"):
        return ""
    parts = [f"{times['steps_per_s']:.1f} steps/s a worker"]
    if "policy_ms_median" in times:
        parts.append(
            f"a step takes {times['policy_ms_median']} ms of the policy, "
            f"{times['world_ms_median']} ms of the world (medians)"
        )
    if "process_mb_early" in times:
        parts.append(
            f"a process held {times['process_mb_early']:.0f} MiB early on and "
            f"{times['process_mb_late']:.0f} MiB at the end"
        )
    return "; ".join(parts)


def escaped(text: object) -> str:
    """Text of others for a Markdown page: one line that is no HTML, link, picture or table.

    >>> escaped("<img src=x> [a](b) | `c`")
    '&lt;img src=x&gt; \\\\[a\\\\](b) \\\\| \\\\`c\\\\`'
    """
    line = html.escape(" ".join(str(text).split()), quote=False)
    return re.sub(r"[\\`\[\]|]", r"\\\g<0>", line)


def is_ours(backend: str) -> bool:
    """Whether a backend's stamp is of the embedded simulator, in whatever way it was run."""
    return backend.startswith("embedded") or "envs.simulator" in backend


def markdown(found: dict[str, Any]) -> str:
    """The whole result as Markdown."""
    run = found["run"]
    lines = [
        f"# {escaped(found['policy'])} on {escaped(found['suite'])}",
        "",
        f"Backend {escaped(found['backend'])}; {escaped(played_as(found))}; at most "
        f"{found['rounds']} proposals a step; control {found['control']}; "
        f"feedback {found['feedback']}; suite {run['suite_sha256'][:12]} "
        f"from {escaped(run['source'])}."
        f"{' These are no AI2-THOR leaderboard numbers.' if is_ours(found['backend']) else ''}",
        "",
        "| figure | value, 95 % interval, denominator |",
        "|---|---|",
        *(f"| {NAMES.get(k, k)} | {shown(v, k, True)} |" for k, v in found["figures"].items()),
    ]
    if found["retry_err"] is not None:
        lines.append(
            f"| Retry ERR, against one proposal | {100 * found['retry_err']:.1f} % "
            f"of {found['retry_under']:g} lost at first |"
        )
    for key, title in (("families", "family"), ("rooms", "room")):
        lines += _breakdown(found[key], title, COLUMNS)
    if found["faults"]:
        columns = (("injected_err", "success though it struck"), *COLUMNS[3:6])
        lines += _breakdown(found["faults"], "fault", columns)
    if len(found["by_rounds"]) > 1:
        lines += _breakdown(found["by_rounds"], "most proposals", COLUMNS)
    if found["causes"]:
        lines += [
            "",
            "| lost episodes put down to | |",
            "|---|---|",
            *(f"| {escaped(cause)} | {count} |" for cause, count in found["causes"].items()),
        ]
    if spent(found):
        lines += ["", f"{spent(found)}."]
    return "\n".join(lines) + "\n"


def _breakdown(
    table: dict[str, Any], title: str, columns: tuple[tuple[str, str], ...]
) -> list[str]:
    lines = [
        "",
        f"| {title} | {' | '.join(name for _, name in columns)} |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for group, figures in table.items():
        cells = [shown(figures.get(key), key) for key, _ in columns]
        first = figures[columns[0][0]]
        cells[0] += f" of {first['under']:g}" if first["value"] is not None else ""
        lines.append(f"| {escaped(group)} | {' | '.join(cells)} |")
    return lines
