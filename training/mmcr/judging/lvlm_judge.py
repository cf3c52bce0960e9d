"""A model as the judge of the same five dimensions; its prompt is ``judging.txt``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from policies.chat.backend import ChatBackend, Purpose
from training.mmcr.dialogue.chat_messages import said_by, text_part
from training.mmcr.dialogue.records import Turn
from training.mmcr.judging.answerers import Question
from training.mmcr.judging.rules import DIMENSIONS

_PROMPT = Path(__file__).with_name("judging.txt")


class LvlmJudge:
    """Asks a model.

    Args:
        backend: The model.
    """

    def __init__(self, backend: ChatBackend) -> None:
        self.backend, self.name = backend, backend.name

    def judge(self, question: Question, turn: Turn, reply: str) -> dict[str, float] | None:
        """Scores from 0 to 1 by dimension; None where its reply holds none.

        Raises:
            EndpointError: If a server gives no answer.
            PolicyStopped: If a server refuses, or the budget is used up.
        """
        earlier = "\n".join(f"Q: {q}\nA: {a}" for q, a in question.earlier) or "(nothing yet)"
        asked = _PROMPT.read_text(encoding="utf-8").format(
            context=question.context,
            earlier=earlier,
            question=turn.question,
            answer=turn.answer,
            reply=reply or "(nothing)",
        )
        pictures: list[dict[str, Any]] = [
            {"type": "image", "image": frame} for frame in question.frames
        ]
        messages = [said_by("user", *pictures, text_part(asked))]
        return read_scores(self.backend.complete(messages, Purpose.ACT, question.seed).text)


def read_scores(text: str) -> dict[str, float] | None:
    """The scores in a model's reply; None if one is missing or out of bounds.

    >>> read_scores("They are: {\\"precision\\": 1}") is None
    True
    """
    start, end = text.find("{"), text.rfind("}")
    if not 0 <= start < end:
        return None
    try:
        said = json.loads(text[start : end + 1])
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    scores = {}
    for name in DIMENSIONS:
        value = said.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            return None
        scores[name] = float(value)
    return scores


def agreement(
    pairs: Sequence[tuple[dict[str, float], dict[str, float]]],
) -> dict[str, dict[str, float]]:
    """How far two judges agree, by dimension.

    Args:
        pairs: Scores of the same answers by both.

    Returns:
        ``share`` of answers that both hold for right or both for wrong, and Cohen's ``kappa``
        (J. Cohen, 1960), which is 0 where that share is what chance gives.
    """
    found = {}
    for name in DIMENSIONS:
        marks = [(one[name] >= 0.5, other[name] >= 0.5) for one, other in pairs]
        if not marks:
            continue
        share = sum(a == b for a, b in marks) / len(marks)
        first, then = (sum(m[k] for m in marks) / len(marks) for k in (0, 1))
        chance = first * then + (1 - first) * (1 - then)
        kappa = (share - chance) / (1 - chance) if chance < 1 else 1.0
        found[name] = {"share": share, "kappa": kappa}
    return found
