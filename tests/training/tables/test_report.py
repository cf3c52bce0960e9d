"""Pages and figures of made-up rows: right where whole, and honest where cut short."""

from __future__ import annotations

import json

import pytest

from envs.tasks.suite_sources import open_suite
from tests.training.made_up import write_doors
from tests.training.tables.made_up_rows import leave
from training.evaluation.folder import RUN_FILE
from training.tables.cells import place_of
from training.tables.report import known_groups, read_cells, write_tables
from training.tables.rows import all_rows
from training.tables.setting import Setting, TablesError

WON = {
    "full": [True] * 8 + [False] * 2,
    "single": [True] * 4 + [False] * 6,
    "retries": [True] * 5 + [False],
    "expert": [True] * 10,
    "random": [False] * 10,
    "rounds-2": [True] * 6 + [False] * 4,
}


def _played(tmp_path):
    targets = ("Fridge", "Microwave", "Drawer", "Cabinet", "Safe") * 2
    path = write_doors(tmp_path / "small.jsonl", targets)
    setting = Setting(suite=str(path), policy="random", rows=("main", "ablations", "rounds"))
    suite, out = open_suite(str(path)), tmp_path / "out"
    for row in all_rows(setting):
        if row.name in WON:
            leave(out, row, setting, suite, WON[row.name], 20.0 if row.name == "full" else 10.0)
    return setting, suite, out


@pytest.fixture
def played(tmp_path):
    return _played(tmp_path)


@pytest.fixture(scope="module")
def tabulated(tmp_path_factory):
    """The folder after its tables were written."""
    setting, suite, out = _played(tmp_path_factory.mktemp("tables"))
    write_tables(setting, suite, out)
    return setting, suite, out


def line_of(page: str, begin: str) -> str:
    return next(line for line in page.splitlines() if line.startswith(begin))


def test_the_page_says_what_each_row_reached_and_by_how_much_less(tabulated):
    _, _, out = tabulated
    page = (out / "tables.md").read_text()
    assert "80.0 %" in line_of(page, "| **full")
    single = line_of(page, "| same model, single pass")
    assert "40.0 %" in single and "-40.0 [" in single and "0.12" in single
    assert "not played" in line_of(page, "| rules only")
    trains = "`python -m training.ablations --policy POLICY --parts memory --episodes STEPS`"
    assert f"not trained: {trains}, then `--ablation no-memory=FOLDER`" in page
    assert "arXiv:2507.22074" in page and "not to be compared" in page
    found = json.loads((out / "tables.json").read_text())
    assert found["rows"]["full"]["retry_err"] == pytest.approx((0.8 - 0.4) / (1 - 0.4))
    assert found["rows"]["full"]["latency_over_single"] == pytest.approx(2.0)
    assert found["rows"]["full"]["latency"]["task_s_mean"] == pytest.approx(0.04)
    assert found["rows"]["full"]["causes"] == {"planning": 2}


def test_a_row_that_was_cut_short_says_of_how_many_episodes(tabulated):
    _, _, out = tabulated
    page = (out / "tables.md").read_text()
    assert "retries 6 of 10" in line_of(page, "**Cut short**")
    row = line_of(page, "| same model, equal number of plain retries")
    assert "of 6 (10 asked)" in row
    assert "rounds" in page and "full 8" not in line_of(page, "**Cut short**")


def test_pictures_are_whole_and_the_same_again(tabulated):
    setting, suite, out = tabulated
    names = {"main", "rounds", "families"}
    first = {name: (out / f"{name}.svg").read_bytes() for name in names}
    assert all((out / f"{name}.png").read_bytes().startswith(b"\x89PNG") for name in names)
    assert all(f"]({name}.svg)" in (out / "tables.md").read_text() for name in names)
    page = (out / "tables.md").read_bytes()
    write_tables(setting, suite, out)
    assert first == {name: (out / f"{name}.svg").read_bytes() for name in names}
    assert page == (out / "tables.md").read_bytes()


def test_rows_of_two_policies_of_one_name_are_no_table(played):
    setting, suite, out = played
    row = next(row for row in all_rows(setting) if row.name == "single")
    path = place_of(out, row) / RUN_FILE
    path.write_text(json.dumps({**json.loads(path.read_text()), "policy_sha256": "other"}))
    with pytest.raises(TablesError, match="full and single were played with different files"):
        read_cells(setting, suite, out)


def test_rows_of_other_tasks_are_refused(played, tmp_path):
    setting, _, out = played
    other = open_suite(str(write_doors(tmp_path / "other.jsonl", ("Safe", "Box"))))
    with pytest.raises(TablesError, match="on other tasks than small has now"):
        read_cells(setting, other, out)


def test_a_row_with_a_damaged_stamp_is_named(played):
    setting, suite, out = played
    row = all_rows(setting)[0]
    (place_of(out, row) / RUN_FILE).write_text('{"suite": 3}')
    with pytest.raises(TablesError, match=r"full/run.json is damaged"):
        read_cells(setting, suite, out)


def test_where_nothing_was_played_there_is_no_table(played, tmp_path):
    setting, suite, _ = played
    with pytest.raises(TablesError, match="Nothing was played yet"):
        read_cells(setting, suite, tmp_path / "empty")


def test_groups_stand_in_the_order_of_the_page():
    assert known_groups(("noise", "main", "noise")) == ("main", "noise")
    for odd in (("extra",), ()):
        with pytest.raises(TablesError, match="use some of main"):
            known_groups(odd)
