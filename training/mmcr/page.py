"""A page of dialogues with their frames: to read them, or to see where somebody failed."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from envs.simulator.system.targets import check_file
from envs.simulator.system.whole import write_text
from training.data.pictures import picture_of
from training.mmcr.dialogue.records import Dialogue
from training.mmcr.judging.rules import judge

_TEMPLATE = Path(__file__).with_name("page.html")


@dataclass(frozen=True)
class Table:
    """A table of the page."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def write_page(
    out: Path,
    title: str,
    lines: Sequence[str],
    tables: Sequence[Table],
    dialogues: Iterable[tuple[Dialogue, Sequence[str] | None]],
) -> None:
    """Writes a self-contained page.

    Args:
        out: The file.
        title: Of the page.
        lines: Above the tables.
        tables: Above the dialogues.
        dialogues: Each with the replies that were given, or None to show what was written.

    Raises:
        DataSetError: A picture is damaged.
        ValueError: The page can't be written.
    """
    import jinja2

    check_file(out)
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    entries = [_entry(dialogue, replies) for dialogue, replies in dialogues]
    write_text(out, template.render(title=title, lines=lines, tables=tables, dialogues=entries))


def _entry(dialogue: Dialogue, replies: Sequence[str] | None) -> dict[str, Any]:
    for encoded in dialogue.pictures:
        picture_of(encoded)  # a damaged one is told of here, not by an empty frame
    plain = ("id", "domain", "sub_topic", "scene", "room", "family", "player", "writer", "context")
    turns = []
    for k, turn in enumerate(dialogue.turns):
        reply = replies[k] if replies is not None and k < len(replies) else None
        found = judge(turn, dialogue.turns[:k], reply).reasons if reply is not None else {}
        turns.append(
            {
                "question": turn.question,
                "answer": turn.answer,
                "reply": reply,
                "kind": turn.kind,
                "needs": ", ".join(str(n + 1) for n in turn.needs),
                "failed": "; ".join(f"{name}: {why}" for name, why in found.items()),
            }
        )
    return {
        **{name: getattr(dialogue, name) for name in plain},
        "pictures": [base64.b64encode(encoded).decode() for encoded in dialogue.pictures],
        "turns": turns,
    }
