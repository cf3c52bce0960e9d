"""What was written comes back equal; what is damaged or of others is refused in a line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.training.data.map.made_map import picture, plan, write_made
from training.data import map as map_data
from training.data.map.columns import MapError
from training.data.map.folder import SPLITS
from training.data.map.reader import picture_of, read_plans, read_triples

SAMPLE = Path(map_data.__file__).with_name("sample")


def test_a_data_set_comes_back_equal(tmp_path):
    written = write_made(tmp_path / "map")
    assert list(read_triples(tmp_path / "map")) == written
    assert list(read_plans(tmp_path / "map", "train")) == [plan("train")]


def test_the_sample_holds_every_split_whole_and_small():
    triples, plans = list(read_triples(SAMPLE)), {plan.id: plan for plan in read_plans(SAMPLE)}
    assert {triple.setting.split for triple in triples} == set(SPLITS)
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*.*")) < 1_500_000
    for triple in triples:
        assert triple.setting == plans[triple.plan].setting and triple.discrepancies
        assert picture_of(triple.before).shape == (192, 192, 3)
        assert (triple.after is None) == (triple.stage == "proposal")
        assert triple.holds or triple.answer in ("insist", "go on")
    assert all(plan.steps[-1].verb == "done" for plan in plans.values())


def test_words_of_held_out_wording_are_not_said_in_training():
    said = {plan.setting.instruction for plan in read_plans(SAMPLE, "train")}
    assert not said & {plan.setting.instruction for plan in read_plans(SAMPLE, "test_wording")}


def test_a_split_is_read_alone(tmp_path):
    written = write_made(tmp_path / "map")
    assert list(read_triples(tmp_path / "map", "test")) == written[2:]


def test_pictures_are_frames(tmp_path):
    frame = picture_of(picture(3))
    assert frame.shape == (32, 32, 3) and frame.dtype == np.uint8
    with pytest.raises(MapError, match="damaged"):
        picture_of(picture(3)[:40])


@pytest.mark.parametrize(
    ("split", "said"), [("dev", "use one of train"), ("validation", "nothing of validation")]
)
def test_a_split_that_is_not_there_is_named(tmp_path, split, said):
    write_made(tmp_path / "map")
    with pytest.raises(MapError, match=said):
        next(read_triples(tmp_path / "map", split))


def test_another_version_is_refused(tmp_path):
    write_made(tmp_path / "map")
    manifest = tmp_path / "map" / "map.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "version": 99}))
    with pytest.raises(MapError, match="version 99, this one reads 1"):
        next(read_triples(tmp_path / "map"))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "other"}'])
def test_a_folder_of_something_else_is_refused(tmp_path, content):
    (tmp_path / "map.json").write_text(content)
    with pytest.raises(MapError, match="no MAP data set"):
        next(read_triples(tmp_path))


@pytest.mark.parametrize("keep", [0, 3, 200, -9])
def test_damaged_parquet_is_told_in_a_line(tmp_path, keep):
    write_made(tmp_path / "map")
    part = tmp_path / "map" / "triples" / "train-00000.parquet"
    part.write_bytes(part.read_bytes()[:keep])
    with pytest.raises(MapError, match="can't be read as Parquet") as told:
        list(read_triples(tmp_path / "map"))
    assert len(str(told.value).splitlines()) == 1


def test_other_columns_are_refused(tmp_path):
    write_made(tmp_path / "map")
    folder = tmp_path / "map"
    (folder / "plans" / "train-00000.parquet").replace(folder / "triples" / "train-00000.parquet")
    with pytest.raises(MapError, match="other columns"):
        list(read_triples(folder))


def test_no_row_is_read_before_it_is_asked_for(tmp_path):
    write_made(tmp_path / "map", ("train", "test"))
    (tmp_path / "map" / "triples" / "test-00000.parquet").write_bytes(b"broken")
    triples = read_triples(tmp_path / "map")
    assert [next(triples).setting.split for _ in range(2)] == ["train", "train"]
    with pytest.raises(MapError):
        next(triples)
