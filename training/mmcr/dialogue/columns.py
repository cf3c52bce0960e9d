"""A dialogue as a row, and back: ``messages`` and ``images`` as trainers read them, facts beside.

As JSON::

    {"messages": [{"role": "system", "content": "You are a robot in a kitchen. ..."},
                  {"role": "user", "content": "<image><image>How many mugs are in frame 1?"},
                  {"role": "assistant", "content": "I see two mugs."}, ...],
     "images": [{"bytes": b"...", "path": "train-00000-003-1.jpg"}, ...],
     "turns": [{"kind": "count", "sort": "number", "value": ["2"], ...}, ...], ...}
"""

from __future__ import annotations

from typing import Any

from training.data.parquet_tables import NUMBER, PICTURE, TEXT, Kind
from training.mmcr.dialogue.records import Dialogue, Turn

PLACEHOLDER = "<image>"
# Of a dialogue, what is told in a column of its own.
_PLAIN = ("id", "split", "scene", "room", "family", "domain", "sub_topic", "writer", "player")
COLUMNS: dict[str, Kind] = {
    **dict.fromkeys(_PLAIN, TEXT),
    "messages": [{"role": TEXT, "content": TEXT}],
    "images": [PICTURE],
    "turns": [
        {
            "kind": TEXT,
            "sort": TEXT,
            "value": TEXT,
            "about": TEXT,
            "frames": TEXT,
            "needs": TEXT,
        }
    ],
    "frames": NUMBER,
}


def row_of(dialogue: Dialogue) -> dict[str, Any]:
    """A dialogue as a row."""
    count = len(dialogue.pictures)
    messages = [{"role": "system", "content": dialogue.context}] if dialogue.context else []
    for k, turn in enumerate(dialogue.turns):
        shown = PLACEHOLDER * count if k == 0 else ""
        messages.append({"role": "user", "content": shown + turn.question})
        messages.append({"role": "assistant", "content": turn.answer})
    return {
        **{name: getattr(dialogue, name) for name in _PLAIN},
        "messages": messages,
        "images": [
            {"bytes": encoded, "path": f"{dialogue.id}-{k + 1}.jpg"}
            for k, encoded in enumerate(dialogue.pictures)
        ],
        "turns": [
            {
                "kind": turn.kind,
                "sort": turn.sort,
                "value": " ".join(turn.value),
                "about": " ".join(turn.about),
                "frames": " ".join(map(str, turn.frames)),
                "needs": " ".join(map(str, turn.needs)),
            }
            for turn in dialogue.turns
        ],
        "frames": count,
    }


def dialogue_of(row: dict[str, Any]) -> Dialogue:
    """A row of our own as a dialogue."""
    messages = [m["content"] for m in row["messages"]]
    context = messages.pop(0) if row["messages"][0]["role"] == "system" else ""
    messages[0] = messages[0].removeprefix(PLACEHOLDER * len(row["images"]))
    turns = tuple(
        Turn(
            question,
            answer,
            facts["kind"],
            facts["sort"],
            _value(facts),
            tuple(facts["about"].split()),
            tuple(map(int, facts["frames"].split())),
            tuple(map(int, facts["needs"].split())),
        )
        for question, answer, facts in zip(messages[::2], messages[1::2], row["turns"], strict=True)
    )
    return Dialogue(
        **{name: row[name] for name in _PLAIN},
        context=context,
        turns=turns,
        pictures=tuple(picture["bytes"] for picture in row["images"]),
    )


def _value(facts: dict[str, str]) -> tuple[str, ...]:
    """Of a deed the verb may have two words, its target is one that begins with a capital."""
    words = facts["value"].split()
    if facts["sort"] != "deed":
        return tuple(words)
    target = words.pop() if words and words[-1][0].isupper() else ""
    return " ".join(words), target
