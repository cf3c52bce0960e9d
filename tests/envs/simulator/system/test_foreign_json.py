"""JSON from outside is read within bounds or refused in one line that says where."""

from __future__ import annotations

import os

import pytest

from envs.simulator.system.foreign_json import (
    ForeignJsonError,
    json_lines,
    parse,
    read_json,
)

DEEP = 100_000
ODD = {
    "empty": (b"", "no JSON"),
    "no utf-8": (b'{"a": "\xff"}', "no UTF-8"),
    "nul": (b'{"a": 1}\0', "no JSON"),
    "cut": (b'{"a": [1, 2', "no JSON"),
    "deep lists": (b"[" * DEEP, "nested deeper"),
    "deep and closed": (b'{"a":' * 60 + b"1" + b"}" * 60, "nested deeper"),
    "huge whole": (b'{"a": [0, 1' + b"0" * 400 + b"]}", r"a\[1\] has about 401 digits"),
    "too many digits": (b'{"a": ' + b"9" * 5000 + b"}", "no JSON"),
    "huge": (b'{"a": {"b": 1e999}}', "a.b is inf, beyond all measure"),
    "NaN": (b'{"a": NaN}', "a is nan"),
    "Infinity": (b"[-Infinity]", r"\[0\] is -inf"),
    "twice": (b'{"a": 1, "a": 2}', "'a' stands twice"),
    "half": (b'{"a": "x\\ud800"}', "a holds half a character"),
    "half name": (b'{"a": {"\\udfff": 1}}', "a holds half a character"),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_json_is_refused_in_one_line_that_says_where(name, tmp_path):
    raw, says = ODD[name]
    (tmp_path / "odd.json").write_bytes(raw)
    with pytest.raises(ForeignJsonError, match=says) as caught:
        read_json(tmp_path / "odd.json")
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 300


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    (tmp_path / "a.json").write_bytes(b"\xef\xbb\xbf" + '{"ü": [1, 2.5, "😀"]}'.encode())
    assert read_json(tmp_path / "a.json") == {"ü": [1, 2.5, "😀"]}


def test_what_is_no_regular_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"1" * 100)
    for name, says in (
        ("pipe", "no regular file"),
        ("", "a folder"),
        ("gone", "no such file"),
        ("large", "larger than 50"),
        ("nul\0", "no such file"),
    ):
        with pytest.raises(ForeignJsonError, match=says):
            read_json(tmp_path / name if name else tmp_path, most=50)


def test_lines_are_told_apart():
    assert list(json_lines('{"a": 1}\n\n[2]\n')) == [(1, {"a": 1}), (3, [2])]
    with pytest.raises(ForeignJsonError, match="line 2: .* no JSON"):
        list(json_lines("1\n{\n"))


def test_larger_numbers_pass_where_a_format_has_them():
    assert parse(str(10**30), whole=10**40) == 10**30
