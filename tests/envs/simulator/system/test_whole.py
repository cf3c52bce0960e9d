"""Whoever is killed wherever: a whole old or new output is there, and no user's file is lost."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from envs.simulator.houses.twin_file import FORMAT, VERSION, read_twin, write_twin
from envs.simulator.scenes.room_file import read_member
from envs.simulator.system.targets import FolderKind
from envs.simulator.system.whole import (
    exchange_names,
    recover,
    whole_file,
    whole_folder,
    write_text,
)
from envs.tasks.suite import Suite, SuiteSetting, write_suite
from tests.kills import killed_everywhere

KIND = FolderKind("pair", ("a.txt",), r"[ab]\.txt|deep/\d\.txt|notes\.md")
posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def cannot(one: Path, other: Path) -> bool:
    """A file system that exchanges nothing."""
    return False


def write_pair(place: Path, word: str, **options) -> None:
    with whole_folder(place / "pair", KIND, **options) as fresh:
        (fresh / "a.txt").write_text(word)
        (fresh / "deep").mkdir()
        (fresh / "deep" / "1.txt").write_text(word)
        (fresh / "b.txt").write_text(word)


def read_pair(place: Path) -> set[str]:
    """The words of a pair, one if it is whole; nothing where there is none."""
    recover(place / "pair")
    names = ("a.txt", "b.txt", "deep/1.txt")
    paths = [place / "pair" / name for name in names]
    return {path.read_text() for path in paths} if (place / "pair").exists() else set()


@posix
@pytest.mark.parametrize("exchange", [None, cannot], ids=["exchanged", "in two renames"])
def test_a_kill_at_any_system_call_leaves_the_old_folder_or_the_new_one(tmp_path, exchange):
    def begin(place: Path) -> None:
        write_pair(place, "old")
        (place / "pair" / "notes.md").write_text("kept")
        (place / "thesis.tex").write_text("mine")

    found = []
    for place in killed_everywhere(
        begin, lambda p: write_pair(p, "new", keep="notes.md", exchange=exchange), tmp_path
    ):
        (word,) = read_pair(place)
        found.append(word)
        assert (place / "pair" / "notes.md").read_text() == "kept"
        assert (place / "thesis.tex").read_text() == "mine"
        write_pair(place, "newest", keep="notes.md", exchange=exchange)
        assert read_pair(place) == {"newest"}
        assert sorted(p.name for p in place.iterdir()) == ["pair", "thesis.tex"], "left over"
    assert len(found) > 10 and found[0] == "old" and found[-1] == "new"
    assert found == sorted(found, reverse=True), "old, then new, and never back"


@posix
def test_a_kill_at_any_system_call_leaves_nothing_or_the_first_folder(tmp_path):
    for place in killed_everywhere(lambda p: None, lambda p: write_pair(p, "new"), tmp_path):
        assert read_pair(place) in (set(), {"new"})
    assert read_pair(place) == {"new"}


@posix
def test_a_kill_at_any_system_call_leaves_the_old_file_or_the_new_one(tmp_path):
    def begin(place: Path) -> None:
        (place / "real.md").write_text("old")
        (place / "link.md").symlink_to("real.md")

    for place in killed_everywhere(begin, lambda p: write_text(p / "link.md", "new"), tmp_path):
        assert (place / "real.md").read_text() in ("old", "new")
        assert (place / "link.md").is_symlink()
    assert (place / "real.md").read_text() == "new"


@posix
@pytest.mark.parametrize("name", ["room.json", "room.zip"])
def test_a_killed_twin_is_the_old_one_or_the_new_one(name, tmp_path):
    twin = {"format": FORMAT, "version": VERSION, "scene": "FloorPlan401"}
    twin |= read_member("FloorPlan401")

    def begin(place: Path) -> None:
        write_twin({**twin, "scene": "FloorPlan402"}, place / name)

    scenes = []
    for place in killed_everywhere(begin, lambda p: write_twin(twin, p / name), tmp_path):
        scenes.append(read_twin(place / name)["scene"])
    assert scenes == sorted(scenes, reverse=True)
    assert {scenes[0], scenes[-1]} == {"FloorPlan402", "FloorPlan401"}


@posix
def test_a_killed_suite_is_the_old_one_or_the_new_one(tmp_path):
    def write(place: Path, title: str) -> None:
        write_suite(place / "s.jsonl", Suite("s", title, SuiteSetting(), ()))

    titles = [
        json.loads((place / "s.jsonl").read_text().splitlines()[0])["title"]
        for place in killed_everywhere(
            lambda p: write(p, "old"), lambda p: write(p, "new"), tmp_path
        )
    ]
    assert titles[0] == "old" and titles[-1] == "new" and set(titles) == {"old", "new"}


def test_what_is_half_written_beside_a_pth_file_is_none(tmp_path):
    with whole_file(tmp_path / "a.pth", suffix="") as partial:
        assert partial.suffix != ".pth"
        partial.write_text("import a")
    assert [path.name for path in tmp_path.iterdir()] == ["a.pth"]


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="the system can't exchange")
def test_names_are_exchanged_in_one_step(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if not exchange_names(tmp_path / "a", tmp_path / "b"):
        pytest.skip("this file system can't exchange names")
    assert (tmp_path / "a" / "b").exists() and (tmp_path / "b" / "a").exists()
    with pytest.raises(FileNotFoundError):
        exchange_names(tmp_path / "a", tmp_path / "nothing")


def test_a_file_that_came_in_the_last_moment_stays(tmp_path):
    def late(one: Path, other: Path) -> bool:
        (tmp_path / "pair" / "mine.txt").write_text("mine")
        return exchange_names(one, other)

    write_pair(tmp_path, "old")
    if not exchange_names(tmp_path / "pair", tmp_path / "pair"):
        pytest.skip("this file system can't exchange names")
    with pytest.raises(ValueError, match=r"mine\.txt"):
        write_pair(tmp_path, "new", exchange=late)
    assert (tmp_path / "pair" / "mine.txt").read_text() == "mine"
    assert read_pair(tmp_path) == {"old"}


def test_what_breaks_off_leaves_no_trace(tmp_path):
    with pytest.raises(KeyboardInterrupt), whole_file(tmp_path / "x.md") as partial:
        partial.write_text("half")
        raise KeyboardInterrupt
    with (
        pytest.raises(KeyboardInterrupt),
        whole_folder(tmp_path / "new" / "deep", KIND) as partial,
    ):
        (partial / "a.txt").write_text("half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_linked_folder_is_replaced_where_it_is(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "pair").symlink_to("disk")
    write_pair(tmp_path, "one")
    write_pair(tmp_path, "two")
    assert (tmp_path / "pair").is_symlink() and (tmp_path / "disk" / "a.txt").read_text() == "two"


def test_names_as_long_as_a_file_system_takes_them_are_written(tmp_path):
    write_text(tmp_path / ("é" * 126 + ".md"), "long")
    with whole_file(tmp_path / ("a." + "b" * 253)) as partial:
        partial.write_text("long")
    with whole_folder(tmp_path / ("n" * 255), KIND) as fresh:
        (fresh / "a.txt").write_text("long")
    assert sorted(len(os.fsencode(p.name)) for p in tmp_path.iterdir()) == [255] * 3
