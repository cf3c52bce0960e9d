"""Actions that were taken and what came of them, out of collected steps, for the verifier.

A step of ``training.data.collect_demonstrations`` becomes an outcome: the frame before the action,
the frame after it (that of the episode's next step), verb and object, whether it had its effect,
and what was in the hand before.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.cimr.judging import action_ids
from policies.cimr.language.lexicon import SAME_THING, type_names
from policies.cimr.token_codec import Codec

# What a step can be, as a discrepancy would call it; the environment calls the last two a success.
OK, ACTION_FAILED, EFFECT_MISSING, WRONG_OBJECT = range(4)
KIND_NAMES = ("ok", "action_failed", "effect_missing", "wrong_object")
_SILENT = {"noop": EFFECT_MISSING, "wrong_object": WRONG_OBJECT}


@dataclass(frozen=True)
class Outcome:
    """An action and what came of it.

    Attributes:
        frames: File of its frames.
        before: Row of the frame before it.
        after: Row of the frame after it; -1 if that was not kept.
        verb: Index into ``policies.cimr.verifier.JUDGED_VERBS``.
        thing: Token id of its object; -1 for none.
        verb_name: The verb in words; empty if the verifier says nothing of it.
        kind: OK, ACTION_FAILED, EFFECT_MISSING or WRONG_OBJECT.
        is_faulted: A fault was injected into the episode: its failures could not be foreseen.
        held: 0 for nothing in the hand before, else 1 + index of the type.
        scene: Where.
    """

    frames: Path
    before: int
    after: int
    verb: int
    thing: int
    verb_name: str
    kind: int
    is_faulted: bool
    held: int
    scene: str

    @property
    def is_judged(self) -> bool:
        """Whether it can teach what worked."""
        return bool(self.verb_name) and self.after >= 0

    @property
    def is_foreseen(self) -> bool:
        """Whether it can teach what will work."""
        return bool(self.verb_name) and not self.is_faulted


def kind_of(record: dict[str, Any]) -> int:
    """What a step was.

    >>> KIND_NAMES[kind_of({"worked": False, "struck": ""})]
    'action_failed'
    """
    if record["worked"]:
        return OK
    return _SILENT.get(record.get("struck") or "", ACTION_FAILED)


def load_outcomes(folders: Sequence[Path], codec: Codec) -> list[Outcome]:
    """The outcomes of all complete parts of some folders.

    Raises:
        ValueError: If there are none, or they don't say what came of the actions.
    """
    found: list[Outcome] = []
    for folder in folders:
        parts = sorted(folder.glob("steps_*.jsonl"))
        if not parts:
            raise ValueError(
                f"{folder} holds no steps: run "
                f"python -m training.data.collect_demonstrations --out {folder}"
            )
        for lines in parts:
            records = [json.loads(line) for line in lines.read_text().splitlines()]
            frames = lines.with_name(lines.name.replace("steps", "frames")).with_suffix(".npy")
            found += _of_part(records, frames, codec)
    if not any(outcome.is_judged for outcome in found):
        raise ValueError(
            f"{', '.join(map(str, folders))}: no step says whether its action worked; collect them "
            "again with python -m training.data.collect_demonstrations."
        )
    return found


def _of_part(records: list[dict[str, Any]], frames: Path, codec: Codec) -> list[Outcome]:
    """One outcome a step; a step may have several decisions, which share frame and action."""
    steps = {
        (record["episode"], record["step"]): record
        for record in records
        if "worked" in record and record.get("frame") is not None
    }
    row_of = {
        (record["episode"], record["step"]): record["frame"]
        for record in records
        if "episode" in record
    }
    return [
        _outcome(record, frames, row_of.get((episode, step + 1), -1), codec)
        for (episode, step), record in steps.items()
    ]


def _outcome(record: dict[str, Any], frames: Path, after: int, codec: Codec) -> Outcome:
    verb, target = (record.get("acted") or ["", None])[:2]
    ids = action_ids(codec, verb, target)
    held = SAME_THING.get(record.get("held") or "", record.get("held") or "")
    names = type_names()
    return Outcome(
        frames,
        record["frame"],
        after,
        ids.verb if ids else 0,
        ids.thing if ids else -1,
        verb if ids else "",
        kind_of(record),
        bool(record.get("fault")),
        names.index(held) + 1 if held in names else 0,
        record["scene"],
    )
