"""The card of a policy that a recipe made: commands, amounts, hours, scores, from what it left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from envs.simulator.system.whole import write_text
from policies.cimr.checkpoint import read_record
from training.checkpoint import vision_record
from training.data.collect_demonstrations import steps_in
from training.data.collect_frames import frames_in
from training.evaluation.results import RESULTS_FILE
from training.evaluation.tables import headline

CARD = "README.md"


def write_card(policy: Path, folder: Path, state: dict[str, Any]) -> None:
    """Writes ``README.md`` into a policy's folder.

    Args:
        policy: The policy's folder.
        folder: The recipe's.
        state: What stands in its ``recipe.json``.
    """
    stages = state["stages"]
    hours = sum(entry["seconds"] for entry in stages.values()) / 3600
    setting = state["setting"]
    lines = [
        f"# {policy.name}, by `python -m training.recipe {state['recipe']}`",
        "",
        "Made from nothing but this project's simulator, in the training rooms, "
        f"in {hours:.2f} hours: {setting['workers']} processes, device {setting['device']}, "
        f"seed {setting['seed']}"
        + (", a few samples of each stage only." if setting["smoke"] else "."),
        "",
        "| stage | command | took |",
        "|---|---|---|",
    ]
    for name, entry in stages.items():
        took = "failed" if entry.get("failed") else f"{entry['seconds'] / 60:.1f} min"
        lines.append(f"| {name} | `{entry['command']}` | {took} |")
    lines += ["", "## Amounts", *_amounts(folder), "", "## Scores", *_scores(policy, folder), ""]
    write_text(policy / CARD, "\n".join(lines))


def _amounts(folder: Path) -> list[str]:
    """Frames and steps in each folder."""
    found = []
    for path in sorted(entry for entry in folder.iterdir() if entry.is_dir()):
        for unit, marker, count in (("frames", "labels", frames_in), ("steps", "steps", steps_in)):
            numbers = [int(part.stem.split("_")[1]) for part in path.glob(f"{marker}_*.*[ly]")]
            if numbers:
                held = sum(count(path, number) for number in numbers)
                found.append(f"- {path.name}: {held:,} {unit}")
    return found


def _scores(policy: Path, folder: Path) -> list[str]:
    """Of the vision encoder, of the answers in held-out rooms, and of episodes."""
    vision = vision_record(folder / "vision")
    record = read_record(policy).get("scores", {})
    lines = [
        f"- Vision encoder ({vision['frames']:,} samples, {vision['minutes']:.1f} min), on frames "
        f"of rooms that it never saw: {_listed(vision['scores'])}",
        f"- Answers ({record.get('samples', 0):,} samples in the last training), on the expert's "
        f"steps in such rooms: {_listed(record.get('scores', {}))}",
    ]
    results = folder / "evaluation" / RESULTS_FILE
    if results.is_file():
        lines.append(f"- {headline(json.loads(results.read_text(encoding='utf-8')))}")
    return lines


def _listed(scores: dict[str, float]) -> str:
    """Scores in a row.

    >>> _listed({"verb": 0.5, "action": 0.25})
    'verb 0.500, action 0.250'
    """
    return ", ".join(f"{name} {value:.3f}" for name, value in scores.items()) or "none"
