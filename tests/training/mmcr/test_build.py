"""Bad flags are refused before anything is played; equal seeds give equal files."""

from __future__ import annotations

import pytest

from training.mmcr.build import main
from training.mmcr.collector import MmcrConfig
from training.mmcr.folder import SPLITS, read_dialogues


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--splits", "train,dev"], "--splits has 'dev': use one of train"),
        (["--quality", "99"], "--quality is 99"),
        (["--size", "600"], "--size is 600"),
        (["--writer", "default"], "does not answer in words"),
    ],
)
def test_bad_flags_are_told_in_a_line_and_nothing_is_written(tmp_path, capsys, flags, said):
    assert main(["--out", str(tmp_path / "set"), *flags]) == 2
    told = capsys.readouterr().err
    assert said in told and len(told.splitlines()) == 1
    assert not (tmp_path / "set").exists()


def test_the_splits_shares_make_a_whole(tmp_path):
    config = MmcrConfig(out=tmp_path, dialogues=1000)
    assert sum(config.wanted(split) for split in SPLITS) == 1000


@pytest.mark.slow
def test_equal_seeds_give_equal_files_and_a_finished_build_makes_nothing_anew(tmp_path):
    for name in ("one", "other"):
        assert main(["--smoke", "--out", str(tmp_path / name)]) == 0
    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*.*"))
    assert len(files) == 4
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()
    part = tmp_path / "one" / "dialogues" / "train-00000.parquet"
    before = part.stat().st_mtime_ns
    assert main(["--smoke", "--out", str(tmp_path / "one")]) == 0
    assert part.stat().st_mtime_ns == before
    made = list(read_dialogues(tmp_path / "one"))
    assert len(made) >= 3 and all(turn.needs for one in made for turn in one.turns[1:])


@pytest.mark.slow
def test_episodes_of_a_policy_are_spoken_of_too(tmp_path):
    flags = ["--policy", "random", "--policy-share", "1", "--out", str(tmp_path / "set")]
    assert main(["--smoke", *flags]) == 0
    made = list(read_dialogues(tmp_path / "set"))
    assert {one.player for one in made} == {"random"}
    assert all(one.context.startswith("You are a robot in a kitchen") for one in made)
