"""A row's policy was trained without what the row is called after, or the row is not played."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from policies.cimr.policy import LvlmPolicy
from training.tables.__main__ import make_parser
from training.tables.rows import GROUPS, Row, rows_of
from training.tables.setting import ABLATIONS, Setting, TablesError
from training.tables.trained import check_left_out, missing, told_amounts


class Ablated(LvlmPolicy):
    """Says what it was trained without, and nothing else."""

    def __init__(self, *without: str) -> None:
        self.model = SimpleNamespace(without=without)


def test_a_policy_that_was_trained_without_something_else_is_no_row():
    row = Row("no-memory", "trained without memory")
    check_left_out(row, "a", Ablated("memory"))
    check_left_out(Row("smaller", "smaller"), "a", Ablated())
    for without, said in (((), "with all parts"), (("memory", "state"), "without memory,state")):
        with pytest.raises(TablesError, match=f"no-memory=a: that policy was trained {said}"):
            check_left_out(row, "a", Ablated(*without))


def test_rows_without_a_policy_are_told_where_their_group_is_asked_for():
    given = Setting(ablation=("no-memory=a",), rows=("ablations",))
    assert [row.name for row in missing(given)] == [k for k in ABLATIONS if k != "no-memory"]
    assert missing(Setting(rows=("main",))) == []


def test_policies_that_were_not_trained_equally_long_are_told_apart(tmp_path):
    for name, samples in (("full", 640), ("same", 640), ("longer", 1280)):
        (tmp_path / name).mkdir()
        record = {"format": 1, "scores": {"samples": samples}}
        (tmp_path / name / "policy.json").write_text(json.dumps(record))

    def told(*others: str) -> str:
        ablation = tuple(f"no-memory={tmp_path / name}" for name in others)
        return told_amounts(Setting(policy=str(tmp_path / "full"), ablation=ablation))

    assert told("same") == "All were trained on equally many samples, 640."
    assert "Not trained equally long" in told("longer") and "no-memory 1,280" in told("longer")
    assert told() == told("gone") == ""


def test_help_explains_every_row():
    text = make_parser().format_help()
    for group in GROUPS:
        assert f"\n  {group}\n" in text
        for row in rows_of(Setting(), group):
            if group == "main" or row.name != "full":
                assert f"    {row.name} " in text and row.title in text
