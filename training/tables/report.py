"""Reads what was played, and writes ``tables.md``, ``tables.json`` and the pictures."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from envs.simulator.system.whole import write_text
from envs.tasks.suite import Suite
from training.tables import published
from training.tables.cells import Cell, check_alike, read_cell
from training.tables.markdown import markdown
from training.tables.measures import difference, latency_ratio, measured, retry_err
from training.tables.pictures import draw
from training.tables.rows import GROUPS, all_rows
from training.tables.setting import FORMAT, Setting, TablesError

PAGE_FILE, FIGURES_FILE = "tables.md", "tables.json"


def read_cells(setting: Setting, suite: Suite, out: Path) -> dict[str, Cell]:
    """What was played of the rows asked for, by name.

    Raises:
        TablesError: If nothing was played, or not all rows are of one table.
    """
    found = {}
    for row in all_rows(setting, setting.rows):
        cell = read_cell(out, row, setting, suite)
        if cell is not None:
            found[row.name] = cell
    if not found:
        raise TablesError(f"Nothing was played yet in {out}: leave out --from to play.")
    check_alike(found)
    return found


def figures_of(setting: Setting, suite: Suite, cells: dict[str, Cell]) -> dict[str, Any]:
    """Everything as one JSON object."""
    full, single = cells.get("full"), cells.get("single")
    rows: dict[str, Any] = {}
    for name, cell in cells.items():
        rows[name] = measured(cell)
        less = difference(cell.verdicts, full.verdicts) if full and name != "full" else None
        rows[name]["less_full"] = asdict(less) if less else None
        rate = lost = ratio = None
        if single and name != "single":
            rate, lost = retry_err(cell.verdicts, single.verdicts)
            ratio = latency_ratio(cell, single)
        rows[name] |= {"retry_err": rate, "retry_under": lost, "latency_over_single": ratio}
    return {
        "format": FORMAT,
        "suite": suite.name,
        "stamp": next(iter(cells.values())).stamp,
        "setting": asdict(setting),
        "rows": rows,
        "published": {
            "source": [published.CIMR, published.RECAPA],
            "warning": published.WARNING,
            "main": {called: value for _, called, value in published.MAIN},
            "ablations": {called: value for _, called, value in published.ABLATIONS},
            "rounds": {str(count): value for count, value in published.ROUNDS.items()},
            "seconds_a_task": {called: value for _, called, value in published.LATENCY},
            "epr_10": published.EPR_10,
        },
    }


def write_tables(setting: Setting, suite: Suite, out: Path) -> Path:
    """Writes page, figures and pictures from what was played; returns the page's path.

    Raises:
        TablesError: As of ``read_cells``.
    """
    cells = read_cells(setting, suite, out)
    pictures = draw(setting, cells, out)
    content = figures_of(setting, suite, cells)
    write_text(out / FIGURES_FILE, json.dumps(content, indent=1) + "\n")
    write_text(out / PAGE_FILE, markdown(setting, suite, cells, pictures))
    return out / PAGE_FILE


def known_groups(groups: tuple[str, ...]) -> tuple[str, ...]:
    """Groups of rows in the order of the page, each once.

    Raises:
        TablesError: If there is none of a name.
    """
    odd = [name for name in groups if name not in GROUPS]
    if odd or not groups:
        raise TablesError(f"--rows {','.join(groups)!r}: use some of {', '.join(GROUPS)}.")
    return tuple(name for name in GROUPS if name in groups)
