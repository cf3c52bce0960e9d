"""The card counts what is there, and tells datasets where it is."""

from __future__ import annotations

import os

import pytest
import yaml

from tests.training.data.map.made_map import objected, plan, write_made
from training.data.map.card import write_card
from training.data.map.folder import part_file, write_rows
from training.data.map.rows import plan_row, triple_row


def test_counts_are_those_of_the_files(tmp_path):
    write_made(tmp_path)
    card = (tmp_path / "README.md").read_text()
    assert "4 triples of error" in card and "2 objections are false" in " ".join(card.split())
    assert "| noop | 2 | the action silently did nothing |" in card
    rows = [triple_row(objected(k)) for k in range(5)]
    write_rows(part_file(tmp_path, "triples", "train", 1), "triples", rows)
    write_rows(part_file(tmp_path, "plans", "train", 1), "plans", [plan_row(plan())])
    write_card(tmp_path)
    card = (tmp_path / "README.md").read_text()
    assert "9 triples of error" in card and "| proposal: insist | 7 |" in card


def test_front_matter_names_only_splits_that_are_there(tmp_path):
    write_made(tmp_path, ("train", "test_rooms"))
    front = yaml.safe_load((tmp_path / "README.md").read_text().split("---\n")[1])
    files = {entry["config_name"]: entry["data_files"] for entry in front["configs"]}
    assert [one["split"] for one in files["triples"]] == ["train", "test_rooms"]
    assert [one["split"] for one in files["plans"]] == ["train", "test_rooms"]
    counts = {
        one["name"]: one["num_examples"]
        for info in front["dataset_info"]
        if info["config_name"] == "triples"
        for one in info["splits"]
    }
    assert counts == {"train": 2, "test_rooms": 2}


@pytest.mark.slow
def test_datasets_reads_it_without_a_script(tmp_path):
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    write_made(tmp_path / "map")
    loaded = datasets.load_dataset(str(tmp_path / "map"), cache_dir=str(tmp_path / "cache"))
    assert {name: len(rows) for name, rows in loaded.items()} == {"train": 2, "test": 2}
    row = loaded["train"][0]
    assert row["before"].size == (32, 32) and row["discrepancies"][0]["kind"] == "effect_missing"
    assert loaded["train"][1]["after"] is None
    plans = datasets.load_dataset(
        str(tmp_path / "map"), "plans", split="test", cache_dir=str(tmp_path / "cache")
    )
    assert [step["verb"] for step in plans[0]["steps"]] == ["goto", "open", "done"]


@pytest.mark.slow
def test_the_cards_features_are_those_of_the_files(tmp_path):
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    from training.data.map.columns import TABLES
    from training.data.parquet_tables import front_matter, schema

    for columns in TABLES.values():
        told = datasets.Features._from_yaml_list(front_matter(columns))
        assert told == datasets.Features.from_arrow_schema(schema(columns))
