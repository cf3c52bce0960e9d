"""The data card: what the data set is, with every count computed from its files.

Its front matter tells ``datasets`` which files are which split of which table.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from envs.fault_kinds import MEANINGS
from envs.simulator.system.whole import write_text
from training.data.map.columns import TABLES
from training.data.map.folder import CARD, SPLITS, parts_of, read_manifest, read_rows
from training.data.map.learner import FAILURES
from training.data.map.records import VERSION, WHY
from training.data.parquet_tables import front_matter

_COUNTED = ("split", "family", "room", "stage", "cause", "detail", "answer", "feedback")


def write_card(folder: Path) -> None:
    """Writes the card of what is in the folder now.

    Raises:
        MapError: A part is damaged, or the folder no data set.
    """
    settings = read_manifest(folder)
    triples = _rows(folder, "triples", [*_COUNTED, "discrepancies", "instruction", "holds"])
    plans = _rows(folder, "plans", ["split", "family", "steps", "instruction"])
    write_text(folder / CARD, _front(folder, triples, plans) + _body(settings, triples, plans))


def _rows(folder: Path, table: str, columns: list[str]) -> list[dict[str, Any]]:
    return [
        row
        for split in SPLITS
        for path in parts_of(folder, table, split)
        for row in read_rows(path, table, columns)
    ]


def _front(folder: Path, triples: list[Any], plans: list[Any]) -> str:
    """The front matter between its two lines."""
    import yaml

    configs, infos = [], []
    for table, rows in (("triples", triples), ("plans", plans)):
        held = Counter(row["split"] for row in rows)
        files = {split: parts_of(folder, table, split) for split in SPLITS if held[split]}
        sizes = {split: sum(path.stat().st_size for path in files[split]) for split in files}
        entry: dict[str, Any] = {
            "config_name": table,
            "data_files": [
                {"split": split, "path": f"{table}/{split}-*.parquet"} for split in files
            ],
        }
        configs.append(entry | ({"default": True} if table == "triples" else {}))
        infos.append(
            {
                "config_name": table,
                "features": front_matter(TABLES[table]),
                "splits": [
                    {"name": split, "num_bytes": sizes[split], "num_examples": held[split]}
                    for split in files
                ],
                "download_size": sum(sizes.values()),
                "dataset_size": sum(sizes.values()),
            }
        )
    front = {
        "license": "apache-2.0",
        "language": ["en"],
        "pretty_name": "MAP: multi-modal action planning in simulated households",
        "task_categories": ["image-text-to-text", "robotics"],
        "tags": ["embodied", "self-correction", "ai2-thor", "simulated"],
        "configs": configs,
        "dataset_info": infos,
    }
    return f"---\n{yaml.safe_dump(front, sort_keys=False, allow_unicode=True)}---\n"


def _body(settings: Mapping[str, Any], triples: list[Any], plans: list[Any]) -> str:
    kinds = Counter(found["kind"] for row in triples for found in row["discrepancies"][:1])
    sources = Counter(found["source"] for row in triples for found in row["discrepancies"][:1])
    faults = [row["detail"] for row in triples if row["cause"] == "fault"]
    slips = [row["detail"] for row in triples if row["cause"] == "slip"]
    own = [row["detail"] for row in triples if row["cause"] == "policy"]
    steps = [len(row["steps"]) for row in plans]
    mean = sum(steps) / len(steps) if steps else 0.0
    false = sum(not row["holds"] for row in triples)
    tables = [
        _splits(triples, plans),
        _table("Triples by family", "family", (row["family"] for row in triples)),
        _table("Triples by kind of room", "room", (row["room"] for row in triples)),
        _table("What is corrected, and how", "stage: answer", map(_how, triples)),
        _table("Why it went wrong", "cause", (row["cause"] for row in triples), WHY),
        _table("Injected faults", "fault", faults, MEANINGS),
        _table("Slips", "slip", slips),
        _table("Own failures of the policy that acted", "failure", own, FAILURES),
        _table("Strongest discrepancy", "kind", kinds.elements()),
        _table("Its source", "source", sources.elements()),
        _table("What the environment said", "feedback", map(_said, triples)),
    ]
    return _TEXT.format(
        version=VERSION,
        triples=len(triples),
        plans=len(plans),
        steps=sum(steps),
        mean=f"{mean:.1f}",
        false=false,
        common=_in_common(plans),
        tables="\n".join(tables),
        settings=json.dumps(dict(settings), indent=2),
    )


def _how(row: dict[str, Any]) -> str:
    return f"{row['stage']}: {row['answer']}"


def _said(row: dict[str, Any]) -> str:
    if row["stage"] == "proposal":
        return "(before acting)"
    text = str(row["feedback"])
    return "nothing" if not text else text if text in ("ok", "failed") else "failed, with reason"


def _splits(triples: list[Any], plans: list[Any]) -> str:
    ours, theirs = (Counter(row["split"] for row in rows) for rows in (triples, plans))
    lines = ["| split | rooms | wording | triples | plans |", "|---|---|---|---|---|"]
    lines += [
        f"| {split} | {rooms} | {wording} | {ours[split]} | {theirs[split]} |"
        for split, (rooms, wording, _) in SPLITS.items()
        if ours[split]
    ]
    return "\n".join(["## Splits", *lines, ""])


def _table(
    title: str, name: str, values: Iterable[str], meanings: Mapping[str, str] | None = None
) -> str:
    counts = Counter(values)
    if not counts:
        return ""
    last = " | meaning |" if meanings else " |"
    lines = [
        f"## {title}",
        f"| {name} | triples{last}",
        "|---|---|---|" if meanings else "|---|---|",
    ]
    for value, count in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])):
        told = f" {meanings.get(value, '')} |" if meanings else ""
        lines.append(f"| {value or '(none)'} | {count} |{told}")
    return "\n".join([*lines, ""])


def _in_common(plans: list[Any]) -> int:
    """Instructions of held-out wording that are said in training wording as well."""
    said: dict[bool, set[str]] = {True: set(), False: set()}
    for row in plans:
        said[SPLITS[row["split"]][1] == "test"].add(row["instruction"].lower().strip(" .!"))
    return len(said[True] & said[False])


_TEXT = """
# MAP: multi-modal action planning

Household tasks in the embedded simulator of cimr-thor, which draws AI2-THOR's recorded rooms: how
the searching expert carries them out, and what it does where something goes wrong. Version
{version}: {triples} triples of error, feedback and correction; {plans} plans with {steps} steps
({mean} each). Every count here is computed from the files.

```python
from datasets import load_dataset

triples = load_dataset("FOLDER", split="train")
plans = load_dataset("FOLDER", "plans", split="train")
```

**A triple**: the view `before`, the `proposal` that went wrong or was said to, the view `after` it
(none where the objection came before anything was done), the environment's `feedback`, the
`discrepancies` S_t of the agent's feedback parser (kind, subject, expected, observed, confidence,
source; strongest first), what the agent remembered (`memory`, `history`), and the expert's
`correction`. `holds` says whether anything was wrong: {false} objections are false. The `answer` is
to `change` the action, to `insist` on it, to `retry` it, or to `go on` with the next step.

**A plan**: the instruction, three rewordings, the goal's conditions, the first view, and the
expert's steps as verb, object and thought when nothing goes wrong. A triple names its `plan`.

Every correction was carried out and worked, in an episode that was won. Questions of the feedback
parser about frames are answered by the simulator where the answer is plain to see, with a
confidence that is drawn, so that it does not tell true objections from false ones. False objections
are made up in the parser's own words, or arose by themselves.

What to know before use: pictures are the simulator's, not photographs. Points in an action's text
are fractions of the frame's width and height, of the view in which the action is decided. The
expert knows the room; a correction of something that the view does not show is left out, but where
furniture stands counts as known. Instructions are written by a grammar. Held-out wording means
templates and phrases that no training instruction uses; {common} instructions of the two halves
are the same.

{tables}
## Made with
```json
{settings}
```
Rebuild: `python -m training.data.map build --out FOLDER` with these settings; equal seeds give
equal files.
"""
