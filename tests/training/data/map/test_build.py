"""Bad flags are refused before anything is played; equal seeds give equal files."""

from __future__ import annotations

import pytest

from training.data.map.__main__ import main
from training.data.map.build import MapConfig
from training.data.map.folder import SPLITS
from training.data.map.reader import read_plans, read_triples


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--splits", "train,dev"], "--splits has 'dev': use one of train"),
        (["--tasks", "cook"], "--tasks has 'cook': use one of"),
        (["--slips", "1.5"], "--slips is 1.5: give a share"),
        (["--quality", "99"], "--quality is 99"),
        (["--size", "600"], "--size is 600"),
    ],
)
def test_bad_flags_are_told_in_a_line_and_nothing_is_written(tmp_path, capsys, flags, said):
    assert main(["build", "--out", str(tmp_path / "map"), *flags]) == 2
    told = capsys.readouterr().err
    assert said in told and len(told.splitlines()) == 1
    assert not (tmp_path / "map").exists()


def test_a_folder_of_other_things_is_refused(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("mine")
    assert main(["build", "--out", str(tmp_path)]) == 2
    assert "notes.txt" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_the_splits_shares_make_a_whole(tmp_path):
    config = MapConfig(out=tmp_path, triples=1000)
    assert sum(config.wanted(split) for split in SPLITS) == 1000
    assert MapConfig(out=tmp_path, triples=50, splits=("test",)).wanted("test") == 50


def test_rooms_of_held_out_splits_are_not_those_of_training():
    for split, (rooms, wording, _) in SPLITS.items():
        assert (rooms, wording) != ("train", "train") or split == "train"


@pytest.mark.slow
def test_equal_seeds_give_equal_files_and_a_finished_build_makes_nothing_anew(tmp_path):
    for name in ("one", "other"):
        assert main(["build", "--smoke", "--out", str(tmp_path / name)]) == 0
    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*.*"))
    assert len(files) == 4
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()
    part = tmp_path / "one" / "triples" / "train-00000.parquet"
    before = part.stat().st_mtime_ns
    assert main(["build", "--smoke", "--out", str(tmp_path / "one")]) == 0
    assert part.stat().st_mtime_ns == before
    plans = {plan.id for plan in read_plans(tmp_path / "one")}
    triples = list(read_triples(tmp_path / "one"))
    assert triples and {triple.plan for triple in triples} <= plans
    for triple in triples:
        assert triple.discrepancies and triple.correction.verb
        assert (triple.after is None) == (triple.stage == "proposal")
        assert triple.holds or triple.answer in ("insist", "go on")
