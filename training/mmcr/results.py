"""From answers to figures: scores by dimension and domain, and how far the judges agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from training.mmcr.bench_folder import Answered
from training.mmcr.dialogue.records import Dialogue
from training.mmcr.judging.lvlm_judge import agreement
from training.mmcr.judging.rules import DIMENSIONS

CONTEXTUAL = "contextual accuracy"


def results(
    dialogues: Iterable[Dialogue], answered: Mapping[str, Answered], judge: str
) -> dict[str, Any]:
    """All figures, shares from 0 to 1.

    ``contextual accuracy`` is the share of the questions that point back whose answers are precise
    and consistent: what a model gains by heeding the earlier turns. Intervals are left out.

    Args:
        dialogues: Of the benchmark.
        answered: By id.
        judge: Name of the model that judges, or empty.
    """
    turns: list[tuple[Dialogue, int, dict[str, float], dict[str, float] | None]] = []
    problems = 0
    for dialogue in dialogues:
        done = answered.get(dialogue.id)
        if done is None or done.problem:
            problems += done is not None
            continue
        for k, scores in enumerate(done.scores):
            turns.append((dialogue, k, scores, done.lvlm[k] if k < len(done.lvlm) else None))
    linked = [s for d, k, s, _ in turns if d.turns[k].needs]
    by_domain: dict[str, list[dict[str, float]]] = {}
    for dialogue, _, scores, _ in turns:
        by_domain.setdefault(dialogue.domain, []).append(scores)
    pairs = [(scores, model) for _, _, scores, model in turns if model is not None]
    return {
        "dialogues": len({d.id for d, *_ in turns}),
        "turns": len(turns),
        "problems": problems,
        "rule": means([scores for _, _, scores, _ in turns]),
        CONTEXTUAL: _accuracy(linked),
        "domains": {
            name: means(scores) | {"turns": len(scores)}
            for name, scores in sorted(by_domain.items())
        },
        "judge": judge,
        "lvlm": means([model for _, model in pairs]),
        "agreement": agreement(pairs),
    }


def means(scores: list[dict[str, float]]) -> dict[str, float]:
    """Of every dimension, and of all; empty for none."""
    if not scores:
        return {}
    found = {name: sum(s[name] for s in scores) / len(scores) for name in DIMENSIONS}
    return found | {"all": sum(found.values()) / len(DIMENSIONS)}


def _accuracy(linked: list[dict[str, float]]) -> float | None:
    if not linked:
        return None
    right = sum(s["precision"] >= 0.5 and s["consistency"] >= 0.5 for s in linked)
    return right / len(linked)
