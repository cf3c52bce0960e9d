"""The columns of both tables: for Parquet, for ``datasets``, and for the card's front matter.

A picture is a struct of its bytes and a path, which ``datasets`` shows as an ``Image``. Sequences
of structs, such as the steps of a plan, are lists.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

TEXT, NUMBER, YES_NO, SHARE, PICTURE = "string", "int32", "bool", "float32", "image"
Kind = str | dict[str, str] | list[Any]  # a value, a struct, or a list of either
Columns = Mapping[str, Kind]

INSTALL = "pip install 'cimr-thor[export]'"
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


class MapError(ValueError):
    """A folder is no such data set, or can't be written or read."""


def parquet() -> tuple[Any, Any]:
    """``pyarrow`` and ``pyarrow.parquet``.

    Raises:
        MapError: They are not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MapError(f"MAP needs pyarrow, which is not installed: {INSTALL}.") from error
    return pa, pq


def schema(table: str) -> Any:
    """The Arrow schema of a table, with what ``datasets`` reads its features from."""
    pa, _ = parquet()
    columns = TABLES[table]
    features = {name: _feature(kind) for name, kind in columns.items()}
    told = {"huggingface": json.dumps({"info": {"features": features}})}
    fields = [pa.field(name, _arrow(pa, kind)) for name, kind in columns.items()]
    return pa.schema(fields, metadata=told)


def _arrow(pa: Any, kind: Kind) -> Any:
    if isinstance(kind, list):
        return pa.list_(_arrow(pa, kind[0]))
    if isinstance(kind, dict):
        return pa.struct([pa.field(name, _arrow(pa, of)) for name, of in kind.items()])
    if kind == PICTURE:
        return pa.struct([pa.field("bytes", pa.binary()), pa.field("path", pa.string())])
    kinds = {TEXT: pa.string(), NUMBER: pa.int32(), YES_NO: pa.bool_(), SHARE: pa.float32()}
    return kinds[kind]


def _feature(kind: Kind) -> Any:
    if isinstance(kind, list):
        return {"feature": _feature(kind[0]), "_type": "List"}
    if isinstance(kind, dict):
        return {name: _feature(of) for name, of in kind.items()}
    return {"_type": "Image"} if kind == PICTURE else {"dtype": kind, "_type": "Value"}


def front_matter(table: str) -> list[dict[str, Any]]:
    """The features of a table as a data card names them."""
    return [{"name": name, **_told(kind)} for name, kind in TABLES[table].items()]


def _told(kind: Kind) -> dict[str, Any]:
    if isinstance(kind, list):
        of = kind[0]
        return {"list": of if isinstance(of, str) else _told(of)["struct"]}
    if isinstance(kind, dict):
        return {"struct": [{"name": name, **_told(of)} for name, of in kind.items()]}
    return {"dtype": kind}
