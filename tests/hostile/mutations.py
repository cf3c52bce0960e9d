"""Valid files made odd: types swapped, numbers beyond measure, parts lost, nested or cut."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import numpy as np

HUGE = 10**400
ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    7,
    0.5,
    -0.25,
    1e308,
    -1e308,
    5e-324,
    2**31,
    2**63,
    -(2**63) - 1,
    10**6,
    HUGE,
    -HUGE,
    float("nan"),
    float("inf"),
    -float("inf"),
    "",
    "x",
    "1e999",
    "NaN",
    "x" * 10_000,
    "\ud800",
    "é\u202e\x1b[2J\0",
    "../../../etc/passwd",
    "/dev/zero",
    "%s%n{0}{x}",
    "<script>alert(1)</script>",
    "FloorPlan99999999999999999999",
    "FloorPlan²",
    [],
    {},
    [[]],
    [None],
    {"a": {}},
    {"": 0},
    list(range(300)),
)
RAW = (
    b"",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"9" * 5000,
    b'"a":1,"a":2,',
    b"[" * 3000,
    b'{"a":' * 3000,
    b"\n\n",
    b"}",
    b'"',
    b"\\",
    b"\\ud800",
)

_Place = tuple[Any, Any]


def places(content: Any) -> Iterator[_Place]:
    """Every (holder, key) within nested lists and objects."""
    waiting = [content]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        for key in keys:
            yield holder, key
            if isinstance(holder[key], dict | list):
                waiting.append(holder[key])


def odd_value(before: Any, rng: np.random.Generator) -> Any:
    """Something else in a value's place; sometimes only a little else."""
    if isinstance(before, bool | str) or before is None or rng.random() < 0.6:
        return copy.deepcopy(ODD[int(rng.integers(len(ODD)))])
    if isinstance(before, int | float):
        return [-before, before * 1000, before + 1, str(before), [before], before % 1000 + 0.5][
            int(rng.integers(6))
        ]
    if rng.random() < 0.3:
        for _ in range(int(rng.integers(2, 100))):
            before = [before]
        return before
    return list(before.items()) if isinstance(before, dict) else dict(enumerate(before))


def mutated(content: Any, rng: np.random.Generator) -> Any:
    """JSON content with one to four things odd; it is changed itself."""
    made = [content]
    for _ in range(int(rng.choice([1, 1, 1, 2, 4]))):
        found = list(places(made))
        holder, key = found[int(rng.integers(len(found)))]
        what = int(rng.integers(8))
        if what == 0 and holder is not made:
            del holder[key]
        elif what == 1 and isinstance(holder, dict):
            holder[f"{key}x"] = holder.pop(key)
        elif what == 2 and isinstance(holder, list) and holder is not made:
            holder.extend([copy.deepcopy(holder[key])] * int(rng.integers(1, 40)))
        elif what == 3:
            other, at = found[int(rng.integers(len(found)))]
            holder[key] = copy.deepcopy(other[at])
        else:
            holder[key] = odd_value(holder[key], rng)
    return made[0]


def spelt(content: Any) -> bytes:
    """JSON of anything; what no text can hold is kept as an escape."""
    return json.dumps(content, ensure_ascii=True).encode()


def damaged(raw: bytes, rng: np.random.Generator) -> bytes:
    """Bytes with a piece cut, put in, changed or doubled."""
    at = int(rng.integers(len(raw) + 1))
    what = int(rng.integers(5))
    if what == 0:
        return raw[:at]
    if what == 1:
        return raw[:at] + RAW[int(rng.integers(len(RAW)))] + raw[at:]
    if what == 2:
        return raw[:at] + bytes([int(rng.integers(256))]) + raw[at + 1 :]
    if what == 3:
        return raw[at:] + raw
    end = min(len(raw), at + int(rng.integers(1, 200)))
    return raw[:at] + raw[end:]


def odd_json(raw: bytes, rng: np.random.Generator) -> bytes:
    """A JSON file, mostly changed as content, sometimes as bytes."""
    if rng.random() < 0.2:
        return damaged(raw, rng)
    return spelt(mutated(json.loads(raw), rng))


def odd_lines(raw: bytes, rng: np.random.Generator) -> bytes:
    """A file of JSON lines, one or two of them changed."""
    if rng.random() < 0.2:
        return damaged(raw, rng)
    lines = raw.splitlines()
    for _ in range(int(rng.integers(1, 3))):
        at = int(rng.integers(len(lines)))
        lines[at] = spelt(mutated(json.loads(lines[at]), rng)) if rng.random() < 0.9 else b"[]"
        if rng.random() < 0.1:
            lines = [*lines[:at], *lines[at + 1 :]] if len(lines) > 1 else lines
        try:
            json.loads(lines[min(at, len(lines) - 1)])
        except (ValueError, RecursionError):
            break
    return b"\n".join(lines) + b"\n"
