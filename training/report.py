"""``report.md`` and ``report.html`` of an evaluation's folder."""

from __future__ import annotations

from pathlib import Path

from agent.output import write_text
from training.results import load_results
from training.tables import markdown

REPORT_FILE = "report.md"


def write_report(out: Path) -> Path:
    """Writes the reports from what is in the folder; returns the path of the one to open.

    Raises:
        ValueError: If the folder holds no results.
    """
    write_text(out / REPORT_FILE, markdown(load_results(out)))
    return out / REPORT_FILE
