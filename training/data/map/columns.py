"""The columns of both tables."""

from __future__ import annotations

from training.data.parquet_tables import (
    NUMBER,
    PICTURE,
    SHARE,
    TEXT,
    YES_NO,
    Columns,
    Kind,
)
from training.data.parquet_tables import DataSetError as MapError

__all__ = ["PLAN_COLUMNS", "TABLES", "TRIPLE_COLUMNS", "MapError"]

_MOVE = {"text": TEXT, "verb": TEXT, "target": TEXT, "thought": TEXT}
_SETTING: dict[str, Kind] = {
    "split": TEXT,
    "room_split": TEXT,
    "wording": TEXT,
    "scene": TEXT,
    "room": TEXT,
    "family": TEXT,
    "instruction": TEXT,
}
PLAN_COLUMNS: dict[str, Kind] = {
    "id": TEXT,
    **_SETTING,
    "rewordings": [TEXT],
    "goal": TEXT,
    "target": TEXT,
    "receptacle": TEXT,
    "tool": TEXT,
    "turn_on": YES_NO,
    "steps": [_MOVE],
    "picture": PICTURE,
}
TRIPLE_COLUMNS: dict[str, Kind] = {
    "id": TEXT,
    "plan": TEXT,
    **_SETTING,
    "step": NUMBER,
    "stage": TEXT,
    "cause": TEXT,
    "detail": TEXT,
    "history": [{"action": TEXT, "outcome": TEXT}],
    "memory": [TEXT],
    "proposal": _MOVE,
    "feedback": TEXT,
    "discrepancies": [
        {
            "kind": TEXT,
            "subject": TEXT,
            "expected": TEXT,
            "observed": TEXT,
            "confidence": SHARE,
            "source": TEXT,
        }
    ],
    "holds": YES_NO,
    "correction": _MOVE,
    "answer": TEXT,
    "before": PICTURE,
    "after": PICTURE,
}
TABLES: dict[str, Columns] = {"triples": TRIPLE_COLUMNS, "plans": PLAN_COLUMNS}
