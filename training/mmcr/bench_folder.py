"""What a run of the benchmark leaves: settings, a line a dialogue, results and a page.

bench.json      settings: who answered, of which data, who judged
answers.jsonl   {"id": "test-00000-003", "replies": ["Yes, ..."], "scores": [{...}], "lvlm": [...]}
results.json    scores by dimension and domain, agreement of the judges
report.html     the same, and turns that failed with their frames
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from envs.simulator.system.foreign_json import ForeignJsonError, json_lines, read_json, read_text
from envs.simulator.system.targets import FolderKind, prepare_folder
from envs.simulator.system.typed_records import RecordError, mapping, record_of, shown
from envs.simulator.system.whole import write_text
from training.data.parquet_tables import DataSetError

SETTINGS, ANSWERS, RESULTS, REPORT = "bench.json", "answers.jsonl", "results.json", "report.html"
KIND = FolderKind(
    "run of MMCR-Bench",
    (SETTINGS,),
    r"bench\.json|answers\.jsonl|results\.json|report\.html|spent\.json|\.spent\.json\.lock",
)


@dataclass(frozen=True)
class Answered:
    """A dialogue that was answered and judged.

    Attributes:
        id: Of the dialogue.
        replies: To its questions, in order.
        scores: Of the rule judge, by dimension, a turn each.
        lvlm: Of the model that judges; empty where none does, None where it said no scores.
        problem: Why there is nothing else; empty where there is.
    """

    id: str
    replies: tuple[str, ...] = ()
    scores: tuple[dict[str, float], ...] = ()
    lvlm: tuple[dict[str, float] | None, ...] = ()
    problem: str = ""


def begin(folder: Path, settings: dict[str, Any]) -> None:
    """Makes the folder, or takes up a run with the same settings.

    Raises:
        DataSetError: The run was begun with others.
        ValueError: The folder holds something else, or can't be written.
    """
    prepare_folder(folder, KIND)
    path = folder / SETTINGS
    if not path.exists():
        write_text(path, json.dumps(settings, indent=2) + "\n")
        return
    try:
        begun = mapping(read_json(path), str(path))
    except (ForeignJsonError, RecordError) as error:
        raise DataSetError(
            f"--out {folder} can't be gone on with ({error}): name another."
        ) from error
    for name, value in settings.items():
        if begun.get(name) != value:
            raise DataSetError(
                f"--out {folder} was begun with {name} {shown(begun.get(name))}, not "
                f"{shown(value)}: give the same again, or a new folder."
            )


def add(folder: Path, answered: Answered) -> None:
    """Appends a line, at once whole."""
    line = json.dumps(asdict(answered), ensure_ascii=False)
    with (folder / ANSWERS).open("ab", buffering=0) as stream:
        stream.write(line.encode("utf-8", "replace") + b"\n")


def read(folder: Path) -> dict[str, Answered]:
    """What was answered so far, by id; a last line that was cut is left out.

    Raises:
        DataSetError: A line is none of ours.
    """
    path = folder / ANSWERS
    if not path.exists():
        return {}
    try:
        text = read_text(path, 10**9)
        text = text[: text.rfind("\n") + 1]
        if text != path.read_text(encoding="utf-8", errors="replace"):
            write_text(path, text)
        known = {entry.name for entry in fields(Answered)}
        found: dict[str, Answered] = {}
        for number, line in json_lines(text):
            content = mapping(line, f"line {number}")
            if set(content) != known:
                raise RecordError(f"line {number} has other fields than {', '.join(sorted(known))}")
            made: Answered = record_of(Answered, dict(content), f"line {number}")
            found[made.id] = made
    except (ForeignJsonError, RecordError) as error:
        raise DataSetError(
            f"{path} can't be read ({error}): move it away to begin anew."
        ) from error
    return found
