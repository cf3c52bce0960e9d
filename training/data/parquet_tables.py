"""Tables in Parquet that ``datasets`` reads as they are: columns, rows, features.

    COLUMNS = {"id": TEXT, "steps": [{"verb": TEXT, "target": TEXT}], "picture": PICTURE}
    write_rows(path, COLUMNS, rows)

A picture is a struct of its bytes and a path, which ``datasets`` shows as an ``Image``. Sequences
of structs are lists.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from envs.simulator.system.whole import whole_file

TEXT, NUMBER, YES_NO, SHARE, PICTURE = "string", "int32", "bool", "float32", "image"
Kind = str | dict[str, str] | list[Any]  # a value, a struct, or a list of either
Columns = Mapping[str, Kind]

INSTALL = "pip install 'cimr-thor[export]'"


class DataSetError(ValueError):
    """A folder is no such data set, or can't be written or read."""


def parquet() -> tuple[Any, Any]:
    """``pyarrow`` and ``pyarrow.parquet``.

    Raises:
        DataSetError: They are not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise DataSetError(
            f"Parquet files need pyarrow, which is not installed: {INSTALL}."
        ) from error
    return pa, pq


def schema(columns: Columns) -> Any:
    """The Arrow schema of columns, with what ``datasets`` reads its features from."""
    pa, _ = parquet()
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


def front_matter(columns: Columns) -> list[dict[str, Any]]:
    """The features of columns as a data card names them."""
    return [{"name": name, **_told(kind)} for name, kind in columns.items()]


def _told(kind: Kind) -> dict[str, Any]:
    if isinstance(kind, list):
        of = kind[0]
        return {"list": of if isinstance(of, str) else _told(of)["struct"]}
    if isinstance(kind, dict):
        return {"struct": [{"name": name, **_told(of)} for name, of in kind.items()]}
    return {"dtype": kind}


def write_rows(path: Path, columns: Columns, rows: list[dict[str, Any]]) -> None:
    """Writes a part, whole; equal rows give equal bytes."""
    pa, pq = parquet()
    content = pa.Table.from_pylist(rows, schema=schema(columns))
    with whole_file(path) as fresh:
        # Pictures are compressed already.
        pq.write_table(content, fresh, compression="zstd", row_group_size=64)


def rows_in(path: Path) -> int:
    """How many rows a part holds; 0 where it is not there or damaged."""
    pa, pq = parquet()
    try:
        return int(pq.read_metadata(path).num_rows)
    except (OSError, pa.ArrowException):
        return 0


def read_rows(
    path: Path, columns: Columns, only: list[str] | None = None, *, named: str = "its table"
) -> Iterator[dict[str, Any]]:
    """The rows of a part, a few in memory at a time.

    Args:
        path: The part.
        columns: That it must have.
        only: Read only these.
        named: What the table is called.

    Raises:
        DataSetError: It is missing, damaged or has other columns.
    """
    pa, pq = parquet()
    try:
        with pq.ParquetFile(path) as file:
            if not file.schema_arrow.equals(schema(columns), check_metadata=False):
                raise DataSetError(f"{path} has other columns than {named} have: build it again.")
            for batch in file.iter_batches(batch_size=32, columns=only):
                yield from batch.to_pylist()
    except (OSError, pa.ArrowException) as error:
        why = " ".join(str(error).split())[:160]
        raise DataSetError(f"{path} can't be read as Parquet ({why}): build it again.") from error
