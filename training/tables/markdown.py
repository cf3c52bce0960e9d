"""The tables as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from envs.tasks.base import room_of
from envs.tasks.suite import Suite
from training.evaluation.metrics import figure, summarize
from training.evaluation.tables import escaped, is_ours
from training.evaluation.verdicts import CAUSES, Verdict
from training.tables import published
from training.tables.cells import Cell
from training.tables.definitions import DEFINITIONS
from training.tables.measures import (
    EPR_LAGS,
    causes,
    difference,
    grouped,
    latency_ratio,
    retry_err,
)
from training.tables.propagation import attenuation, error_propagation
from training.tables.rows import Row, rows_of
from training.tables.setting import Setting
from training.tables.text import gap, number, share, spread
from training.tables.trained import told_amounts, training_command
from training.tables.wording import wording_of

Cells = dict[str, Cell]
# Whose parts are shown side by side.
_PARTED = ("full", "single", "retries", "expert")
_TITLES = {
    "main": "Main rows",
    "ablations": "Trained without",
    "rounds": "Answers a step",
    "feedback": "What it is told of its last action",
    "blind": "What it sees and reads",
    "noise": "Noise of the camera",
}


def markdown(setting: Setting, suite: Suite, cells: Cells, pictures: Sequence[str]) -> str:
    """The whole page.

    Args:
        setting: What was asked.
        suite: Of which tasks.
        cells: What was played, by row.
        pictures: File names of the pictures that there are.
    """
    lines = _heading(setting, suite, cells)
    for group in setting.rows:
        lines += _group(setting, group, cells, pictures)
    lines += [*_latency(cells), *_errors(setting, cells, pictures)]
    lines += _parts(cells, "family", lambda v: v.family.replace("_", " "), pictures)
    lines += _parts(cells, "kind of room", _room, ())
    said = {entry.key: wording_of(entry.task) for entry in suite.entries}
    lines += _parts(cells, "wording", lambda v: said.get(v.key, "unknown"), ())
    lines += [*_causes(cells), *_paper(cells), *DEFINITIONS]
    return "\n".join(lines) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [
        "",
        f"| {' | '.join(head)} |",
        "|---" * len(head) + "|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def _picture(name: str, said: str, pictures: Sequence[str]) -> list[str]:
    return ["", f"![{said}]({name}.svg)"] if name in pictures else []


def _heading(setting: Setting, suite: Suite, cells: Cells) -> list[str]:
    stamp = next(iter(cells.values())).stamp
    ours = " These are no AI2-THOR leaderboard numbers." if is_ours(stamp["backend"]) else ""
    lines = [
        f"# CIMR's tables on {escaped(suite.name)}",
        "",
        f"Policy {escaped(setting.policy)}; {escaped(suite.name)} (SHA-256 "
        f"{stamp['suite_sha256'][:12]}, from {escaped(suite.source)}), backend "
        f"{escaped(stamp['backend'])}. Honest skills and no hand-written rules unless a row says "
        f"otherwise.{ours} Intervals are of 95 %; differences are paired by task.",
    ]
    short = [cell for cell in cells.values() if cell.is_short]
    if short:
        names = ", ".join(f"{c.row.name} {len(c.clean)} of {c.asked}" for c in short)
        lines += ["", f"**Cut short**, so of fewer clean tasks than asked for: {names}."]
    crashed = sum(bool(v.crashed) for cell in cells.values() for v in cell.verdicts)
    if crashed:
        lines += ["", f"{crashed} episodes crashed; they count as lost."]
    return lines


def _group(setting: Setting, group: str, cells: Cells, pictures: Sequence[str]) -> list[str]:
    rows = rows_of(setting, group)
    if not any(row.name in cells for row in rows):
        return []
    others = [row for row in rows if row.name not in ("full", "single") and row.trained]
    elsewhere = group != "main" and "main" in setting.rows
    if others and elsewhere and not any(row.name in cells for row in others):
        return ["", f"## {_TITLES[group]}", "", "Not played yet."]
    lines = ["", f"## {_TITLES[group]}", *_picture(group, _TITLES[group], pictures)]
    head = ["row", "success", "against full, points", "p", "answers a step", "steps a task"]
    lines += _table(head, [_row(row, cells, setting) for row in rows])
    if group == "ablations" and (amounts := told_amounts(setting)):
        lines += ["", amounts]
    if group == "rounds":
        lines += _rounds_beside(setting, cells)
    if group == "blind":
        lines += ["", "What is left of a score without sight or words was owed to neither."]
    return lines


def _row(row: Row, cells: Cells, setting: Setting) -> list[str]:
    title = escaped(row.title)
    cell = cells.get(row.name)
    if cell is None:
        why = "not played"
        if not row.trained:
            why = (
                f"not trained: `{training_command([row], setting)}`, "
                f"then `--ablation {row.name}=FOLDER`"
            )
        return [title, why, "", "", "", ""]
    figures = summarize(cell.verdicts)
    full = cells.get("full")
    other = difference(cell.verdicts, full.verdicts) if full and row.name != "full" else None
    return [
        f"**{title}**" if row.name == "full" else title,
        share(figures["success_rate"]) + (f" ({cell.asked} asked)" if cell.is_short else ""),
        gap(other),
        "" if other is None else f"{other.p:.2g}",
        number(figures["mean_rounds"].value, 2),
        number(figures["mean_steps"].value, 1),
    ]


def _rounds_beside(setting: Setting, cells: Cells) -> list[str]:
    """The paper's figures by answers, with the gain over one answer."""
    ours: dict[int, float] = {}
    for count, row in enumerate(rows_of(setting, "rounds"), 1):
        value = (
            summarize(cells[row.name].verdicts)["success_rate"].value if row.name in cells else None
        )
        if value is not None:
            ours[count] = 100 * value
    if 1 not in ours:
        return []
    paper = published.ROUNDS
    rows = [
        [
            str(count),
            f"{ours[count]:.1f} %" if count in ours else "–",
            f"{ours[count] - ours[1]:+.1f}" if count in ours else "–",
            f"{paper[count]:.1f} %",
            f"{paper[count] - paper[1]:+.1f}",
        ]
        for count in paper
    ]
    head = ["at most", "ours", "over 1", f"CIMR's ({published.CIMR})", "its over 1"]
    warning = "CIMR's are of another benchmark, [see below](#beside-the-papers)."
    return [*_table(head, rows), "", warning]


def _latency(cells: Cells) -> list[str]:
    timed = {name: cell for name, cell in cells.items() if cell.latency is not None}
    if not timed:
        return []
    single, rows = cells.get("single"), []
    for cell in timed.values():
        latency = cell.latency
        if latency is None:
            continue
        tasks = latency.tasks.values()
        ratio = latency_ratio(cell, single) if single else None
        rows.append(
            [
                escaped(cell.row.title),
                f"{latency.step_median:.1f}",
                f"{latency.step_95:.1f}",
                f"{sum(tasks) / len(tasks):.2f}",
                "" if ratio is None else f"{ratio:.2f}",
            ]
        )
    head = ["row", "ms a step, median", "95 of 100 within", "s a task, mean", "times single pass"]
    return [
        "",
        "## Time",
        "",
        "Of the policy and the agent's checks alone, by the clock of the machine that played, with "
        "all else that ran on it. The last column is of the tasks that both played.",
        *_table(head, rows),
    ]


def _errors(setting: Setting, cells: Cells, pictures: Sequence[str]) -> list[str]:
    names = [row.name for g in ("main", "feedback", "ablations") for row in rows_of(setting, g)]
    shown = [cells[name] for name in dict.fromkeys(names) if name in cells]
    if not shown:
        return []
    single, rows = cells.get("single"), []
    for cell in shown:
        figures = summarize(cell.verdicts)
        rate, lost = (None, 0)
        if single and cell.row.name != "single" and cell.plan.policy == single.plan.policy:
            rate, lost = retry_err(cell.verdicts, single.verdicts)
        rows.append(
            [
                escaped(cell.row.title),
                share(figures["injected_err"]),
                share(figures["step_err_5"]),
                "–" if rate is None else f"{100 * rate:.1f} % of {lost}",
                *(spread(error_propagation(cell.wrong, k), 100) for k in EPR_LAGS),
                spread(attenuation(cell.wrong), 1, 3),
            ]
        )
    head = [
        "row",
        "won though a fault struck",
        "errors made good in 5 steps",
        "retry ERR",
        *(f"EPR {k}, points" for k in EPR_LAGS),
        "PAC, a step",
    ]
    return [
        "",
        "## Errors, faults and how they spread",
        *_picture("risk", "Risk of another error by steps after one", pictures),
        *_table(head, rows),
    ]


def _room(verdict: Verdict) -> str:
    try:
        return room_of(verdict.scene).replace("_", " ")
    except ValueError:
        return "another house"


def _parts(
    cells: Cells, title: str, by: Callable[[Verdict], str], pictures: Sequence[str]
) -> list[str]:
    shown = [cells[name] for name in _PARTED if name in cells]
    if not shown:
        return []
    tables = [grouped(cell.verdicts, by) for cell in shown]
    both = "full" in cells and "single" in cells
    rows = []
    for group in sorted({name for table in tables for name in table}):
        row = [escaped(group)]
        row += [share(figure((v.success, 1) for v in t.get(group, ()))) for t in tables]
        if both:
            parts = [grouped(cells[n].verdicts, by).get(group, ()) for n in ("full", "single")]
            row.append(gap(difference(*parts)))
        rows.append(row)
    head = [title, *(cell.row.name for cell in shown), *(["full less single"] if both else [])]
    return [
        "",
        f"## By {title}",
        *_picture("families", f"Success by {title}", pictures),
        *_table(head, rows),
    ]


def _causes(cells: Cells) -> list[str]:
    shown = [cells[n] for n in ("full", "single", "retries", "with-rules") if n in cells]
    counts = [causes(cell) for cell in shown]
    rows = [
        [cause, *(str(found.get(cause, 0)) for found in counts)]
        for cause in CAUSES
        if any(cause in found for found in counts)
    ]
    if not rows:
        return []
    return [
        "",
        "## What lost episodes are put down to",
        "",
        "Clean and faulted ones, by rules from the simulator's truth (`docs/evaluation.md`).",
        *_table(["cause", *(cell.row.name for cell in shown)], rows),
    ]


def _paper(cells: Cells) -> list[str]:
    """The paper's figures beside ours."""
    rows = []
    for name, called, theirs in (*published.MAIN, *published.ABLATIONS):
        cell = cells.get(name)
        value = summarize(cell.verdicts)["success_rate"] if cell else None
        rows.append([called, f"{theirs:.1f} %", name or "–", share(value) if value else "–"])
    for name, called, seconds in published.LATENCY:
        cell = cells.get(name)
        mean = None
        if cell is not None and cell.latency is not None:
            mean = sum(cell.latency.tasks.values()) / len(cell.latency.tasks)
        rows.append(
            [
                f"{called}, time a task",
                f"{seconds} s",
                name,
                "–" if mean is None else f"{mean:.2f} s",
            ]
        )
    full = cells.get("full")
    epr = error_propagation(full.wrong, 10) if full else None
    rows.append(
        [
            f"ReCAPA, EPR 10 on OmniGibson ({published.RECAPA})",
            f"{100 * published.EPR_10:.1f} points",
            "full",
            "–" if epr is None else spread(epr, 100) + ("" if epr.value is None else " points"),
        ]
    )
    head = [
        f"the paper's row ({published.CIMR} unless it says otherwise)",
        "the paper's",
        "our row",
        "ours",
    ]
    return ["", "## Beside the papers", "", published.WARNING, *_table(head, rows)]
