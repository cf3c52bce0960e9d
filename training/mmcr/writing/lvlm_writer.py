"""Any model that takes pictures and chats, as the writer: what it says is read with caution.

The prompt is ``linking.txt``. A dialogue is thrown away, with the reason, if it is not in the form
that was asked for, if a question from the second on does not point back, or if it says what the
simulator knows to be otherwise.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from policies.chat.backend import ChatBackend, Purpose
from training.mmcr.dialogue.chat_messages import said_by, text_part
from training.mmcr.dialogue.records import Turn
from training.mmcr.filtering.truth_check import check
from training.mmcr.truth.world import World
from training.mmcr.writing.context import context_of
from training.mmcr.writing.writer import Written

_PROMPT = Path(__file__).with_name("linking.txt")
# Characters of a question or an answer that are plausible.
_LONGEST = 400
# Words that point back to what was said or shown before.
POINTS_BACK = re.compile(
    r"\b(it|its|that|this|those|these|they|them|there|then|one|ones|same|other|others|else|again|"
    r"before|earlier|after|next|previous|former|latter|you (?:just )?(?:said|named|mentioned|gave|"
    r"told|listed|counted)|first question|still|also|too|both|rest|now)\b"
)


class LvlmWriter:
    """Has a model write.

    Args:
        backend: The model.
    """

    def __init__(self, backend: ChatBackend) -> None:
        self.backend, self.name = backend, backend.name

    def write(
        self,
        world: World,
        domain: str,
        sub_topic: str,
        turns: int,
        rng: np.random.Generator,
        frames: Sequence[np.ndarray] = (),
    ) -> Written:
        """A dialogue, or why what the model wrote is none.

        Raises:
            EndpointError: If a server gives no answer.
            PolicyStopped: If a server refuses, or the budget is used up.
        """
        count = len(frames)
        asked = _PROMPT.read_text(encoding="utf-8").format(
            frames="one picture" if count == 1 else f"{count} pictures",
            context=context_of(world),
            turns=turns,
            domain=domain.replace("_", " "),
            sub_topic=sub_topic.replace("_", " "),
        )
        pictures = [{"type": "image", "image": frame} for frame in frames]
        messages = [said_by("user", *pictures, text_part(asked))]
        said = self.backend.complete(messages, Purpose.ACT, int(rng.integers(2**31)))
        made = read_dialogue(said.text, turns)
        if isinstance(made, str):
            return Written((), Counter({made: 1}))
        for turn in made[1:]:
            if not POINTS_BACK.search(turn.question.lower()):
                return Written((), Counter({"a question that points to nothing before": 1}))
        findings = check(world, made)
        if findings:
            return Written((), Counter({f"untrue: {findings[0].reason}": 1}))
        return Written(made, Counter())


def read_dialogue(text: str, turns: int) -> tuple[Turn, ...] | str:
    """The turns in a model's reply, or in a few words why there are none.

    >>> read_dialogue('Sure! [{"question": "Is it open?", "answer": "Yes."}]', 1)[0].answer
    'Yes.'
    >>> read_dialogue("I would rather not.", 4)
    'no list in the reply'
    """
    start, end = text.find("["), text.rfind("]")
    if not 0 <= start < end:
        return "no list in the reply"
    try:
        entries: Any = json.loads(text[start : end + 1])
    except (ValueError, RecursionError):
        return "a list that is no JSON"
    if not isinstance(entries, list) or len(entries) != turns:
        return "another number of turns"
    made = []
    for entry in entries:
        fields = (entry.get("question"), entry.get("answer")) if isinstance(entry, dict) else ()
        told = [" ".join(f.split()) for f in fields if isinstance(f, str)]
        if len(told) != 2 or not all(0 < len(t) <= _LONGEST for t in told):
            return "a turn without question or answer"
        made.append(Turn(told[0], told[1]))
    return tuple(made)
