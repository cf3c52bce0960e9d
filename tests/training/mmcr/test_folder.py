"""What is written comes back; what is damaged or of others is told in a line."""

from __future__ import annotations

import pytest

from tests.training.mmcr.made_set import write_made, written
from training.data.parquet_tables import DataSetError
from training.mmcr.folder import CARD, read_dialogues, rejections


def test_a_data_set_comes_back_equal_with_its_card(tmp_path):
    made = written(12)
    write_made(tmp_path / "set", made)
    assert tuple(read_dialogues(tmp_path / "set", "test")) == made
    assert rejections(tmp_path / "set") == {"can be answered alone": 7}
    card = (tmp_path / "set" / CARD).read_text()
    assert f"{len(made)} dialogues" in card and "| can be answered alone | 7 |" in card
    assert "| objects_and_places | the_hand |" in card and "path: dialogues/test-*.parquet" in card


def test_equal_dialogues_give_equal_bytes(tmp_path):
    for name in ("one", "other"):
        write_made(tmp_path / name, written(6))
    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*.*"))
    assert len(files) == 4
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()


def test_damage_is_told_in_a_line(tmp_path):
    write_made(tmp_path / "set", written(3))
    with pytest.raises(DataSetError, match="holds nothing of train yet"):
        list(read_dialogues(tmp_path / "set", "train"))
    part = next((tmp_path / "set" / "dialogues").iterdir())
    part.write_bytes(part.read_bytes()[:-9])
    with pytest.raises(DataSetError, match="can't be read as Parquet"):
        list(read_dialogues(tmp_path / "set"))
    (tmp_path / "set" / "rejected" / "test-00000.json").write_text('{"x": "many"}')
    with pytest.raises(DataSetError, match="does not hold counts"):
        rejections(tmp_path / "set")


@pytest.mark.slow
def test_datasets_reads_it_as_it_is(tmp_path):
    datasets = pytest.importorskip("datasets")
    write_made(tmp_path / "set", written(4))
    read = datasets.load_dataset(str(tmp_path / "set"), split="test", cache_dir=str(tmp_path / "c"))
    assert read[0]["images"][0].size == (32, 32) and read[0]["messages"][0]["role"] == "system"
