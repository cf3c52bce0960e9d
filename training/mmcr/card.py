"""The data card: what the data set is, with every count computed from its files."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from envs.simulator.system.whole import write_text
from training.data.parquet_tables import front_matter, read_rows
from training.mmcr.dialogue.columns import COLUMNS
from training.mmcr.dialogue.domains import DOMAINS
from training.mmcr.dialogue.records import VERSION
from training.mmcr.folder import CARD, DIALOGUES, MMCR, SPLITS, parts_of, rejections

_COUNTED = ["split", "scene", "room", "family", "domain", "sub_topic", "writer", "player", "turns"]


def write_card(folder: Path) -> None:
    """Writes the card of what is in the folder now.

    Raises:
        DataSetError: A part is damaged, or the folder no data set.
    """
    settings = MMCR.settings(folder)
    rows = [
        row
        for split in SPLITS
        for path in parts_of(folder, split)
        for row in read_rows(path, COLUMNS, [*_COUNTED, "frames"], named=DIALOGUES)
    ]
    write_text(folder / CARD, _front(folder, rows) + _body(settings, rows, rejections(folder)))


def _front(folder: Path, rows: list[Any]) -> str:
    import yaml

    held = Counter(row["split"] for row in rows)
    sizes = {s: sum(p.stat().st_size for p in parts_of(folder, s)) for s in SPLITS if held[s]}
    front = {
        "license": "apache-2.0",
        "language": ["en"],
        "pretty_name": "MMCR: dialogues about household episodes",
        "task_categories": ["image-text-to-text", "visual-question-answering"],
        "tags": ["embodied", "multi-turn", "ai2-thor", "simulated"],
        "configs": [
            {
                "config_name": DIALOGUES,
                "data_files": [
                    {"split": split, "path": f"{DIALOGUES}/{split}-*.parquet"} for split in sizes
                ],
                "default": True,
            }
        ],
        "dataset_info": [
            {
                "config_name": DIALOGUES,
                "features": front_matter(COLUMNS),
                "splits": [
                    {"name": s, "num_bytes": size, "num_examples": held[s]}
                    for s, size in sizes.items()
                ],
                "download_size": sum(sizes.values()),
                "dataset_size": sum(sizes.values()),
            }
        ],
    }
    return f"---\n{yaml.safe_dump(front, sort_keys=False, allow_unicode=True)}---\n"


def _body(settings: dict[str, Any], rows: list[Any], rejected: Counter[str]) -> str:
    turns = [turn for row in rows for turn in row["turns"]]
    yes_no = [turn for turn in turns if turn["sort"] == "yes_no"]
    topics = Counter((row["domain"], row["sub_topic"]) for row in rows)
    lines = [
        "## Dialogues by domain and sub-topic",
        "| domain | sub-topic | dialogues |",
        "|---|---|---|",
    ]
    lines += [
        f"| {domain} | {topic.name} | {topics[domain, topic.name]} |"
        for domain, own in DOMAINS.items()
        for topic in own
    ]
    tables = [
        _table("Dialogues by split", "split", (row["split"] for row in rows)),
        "\n".join([*lines, ""]),
        _table("Dialogues by turns", "turns", (str(len(row["turns"])) for row in rows)),
        _table("Dialogues by frames", "frames", (str(row["frames"]) for row in rows)),
        _table("Dialogues by kind of room", "room", (row["room"] for row in rows)),
        _table("Dialogues by family of the task", "family", (row["family"] for row in rows)),
        _table("Who acted", "player", (row["player"] for row in rows)),
        _table("Who wrote", "writer", (row["writer"] for row in rows)),
        _table("Turns by kind of question", "kind", (turn["kind"] for turn in turns), "turns"),
        _table("Answers that are yes or no", "answer", (t["value"] for t in yes_no), "turns"),
        _table("Thrown away", "reason", rejected.elements(), "times"),
    ]
    linked = sum(bool(turn["needs"]) for turn in turns)
    return _TEXT.format(
        version=VERSION,
        dialogues=len(rows),
        turns=len(turns),
        linked=linked,
        tables="\n".join(table for table in tables if table),
        settings=json.dumps(settings, indent=2),
    )


def _table(title: str, name: str, values: Iterable[str], unit: str = "dialogues") -> str:
    counts = Counter(values)
    if not counts:
        return ""
    lines = [f"## {title}", f"| {name} | {unit} |", "|---|---|"]
    for value, count in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])):
        lines.append(f"| {value or '(none)'} | {count} |")
    return "\n".join([*lines, ""])


_TEXT = """
# MMCR: dialogues about household episodes

A person asks an agent about frames of an episode that it played in the embedded simulator of
cimr-thor, which draws AI2-THOR's recorded rooms. Version {version}: {dialogues} dialogues with
{turns} turns, 4 on one frame or 8 on two to four. {linked} questions point back to an earlier
question or answer; a grounded one is kept only if nobody who knows the frames, but not what was
said before, could answer it. Every count here is computed from the files.

```python
from datasets import load_dataset

dialogues = load_dataset("FOLDER", split="train")
```

`messages` begins with what the agent knows of its task and its steps; the first question carries
an `<image>` for each of `images`. `turns` has the facts of every answer: its kind of question, the
answer's sort and value, which object types and frames it is about, which earlier turns it needs.

What to know before use: pictures are the simulator's, not photographs. An object counts as seen
only if so much of it shows that anybody would notice it; nothing is said of types of which
something is hard to see. What lies in or on something is told by the simulator, and only where both
are seen. Steps that worked, or failed, are those that the environment told of, unless it lied.

{tables}
## Made with
```json
{settings}
```
Rebuild: `python -m training.mmcr.build --out FOLDER` with these settings; equal seeds give equal
files, where nothing was written by a model.
"""
