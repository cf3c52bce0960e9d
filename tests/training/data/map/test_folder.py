"""Which folders are taken, and that equal rows give equal files."""

from __future__ import annotations

import pytest

from tests.training.data.map.made_map import triple, write_made
from training.data.map.columns import MapError
from training.data.map.folder import begin, rows_in, write_rows
from training.data.map.rows import triple_row


def test_a_folder_of_a_users_own_is_refused_and_left(tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(ValueError, match=r"thesis\.tex"):
        begin(tmp_path, {"seed": 0})
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_other_settings_are_refused_and_named(tmp_path):
    begin(tmp_path / "map", {"seed": 0, "max_steps": 40})
    begin(tmp_path / "map", {"seed": 0, "max_steps": 40})
    with pytest.raises(MapError, match="max-steps 40, not 30"):
        begin(tmp_path / "map", {"seed": 0, "max_steps": 30})


def test_equal_rows_give_equal_bytes(tmp_path):
    for name in ("one", "other"):
        write_rows(tmp_path / name, "triples", [triple_row(triple(k)) for k in range(70)])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_part_that_is_missing_or_cut_short_does_not_count(tmp_path):
    write_made(tmp_path / "map")
    part = tmp_path / "map" / "triples" / "train-00000.parquet"
    assert rows_in(part) == 2
    part.write_bytes(part.read_bytes()[:-10])
    assert rows_in(part) == 0 == rows_in(tmp_path / "none")
