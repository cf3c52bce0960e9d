"""A target that can't or must not be written is refused in one line, before any work."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from envs.simulator.system.targets import FolderKind, check_file, check_folder, prepare_folder

KIND = FolderKind("pair", ("a.txt",), r"[ab]\.txt|deep/\d\.txt")


def refused(check, target: Path, *rest, **options) -> str:
    with pytest.raises(ValueError) as error:
        check(target, *rest, **options)
    assert "\n" not in str(error.value) and len(str(error.value)) < 400
    return str(error.value)


@pytest.mark.parametrize(
    "name", ["n" * 300, "file", "file/below", "/dev/full", "/dev/null/x", "/", "x\udcff"]
)
def test_no_folder_is_made_of_what_can_be_none(tmp_path, name):
    (tmp_path / "file").write_text("mine")
    before = sorted(tmp_path.iterdir())
    for replaced in (True, False):
        if name != "/" or replaced:
            said = refused(prepare_folder, tmp_path / name, KIND, replaced=replaced)
            assert "--out" in said and "; name " in said
    assert sorted(tmp_path.iterdir()) == before and (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("name", [".", "..", "sub/.."])
def test_the_folder_one_is_in_is_not_replaced(tmp_path, name):
    here = Path.cwd()
    (tmp_path / "in").mkdir()
    try:
        os.chdir(tmp_path / "in")
        assert "where you are" in refused(check_folder, Path(name), KIND)
    finally:
        os.chdir(here)


@pytest.mark.parametrize("stranger", ["thesis.tex", "deep/notes.txt", "deeper/1.txt", ".hidden"])
def test_one_strange_file_anywhere_keeps_a_folder_from_being_replaced(tmp_path, stranger):
    for name in ("a.txt", "deep/1.txt", stranger):
        (tmp_path / "x" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "x" / name).touch()
    assert stranger in refused(check_folder, tmp_path / "x", KIND)
    (tmp_path / "x" / stranger).unlink()
    check_folder(tmp_path / "x", KIND)


def test_a_linked_folder_inside_is_strange_too(tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a.txt").touch()
    (tmp_path / "x" / "b").symlink_to(tmp_path)
    assert "'b'" in refused(check_folder, tmp_path / "x", KIND)


def test_names_of_ours_alone_make_no_folder_ours(tmp_path):
    (tmp_path / "b.txt").touch()
    assert "b.txt" in refused(check_folder, tmp_path, KIND)
    refused(check_folder, tmp_path, KIND, replaced=False)
    (tmp_path / "a.txt").touch()
    (tmp_path / "notes.md").touch()
    check_folder(tmp_path, KIND, replaced=False)  # files are only added: notes may stay


@pytest.mark.parametrize("name", ["n" * 300, "folder", "file/below.md", "/dev/full/x", "x\udcff"])
def test_no_file_is_made_of_what_can_be_none(tmp_path, name):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    assert "--out" in refused(check_file, tmp_path / name)
    assert (tmp_path / "file").read_text() == "mine"


def test_the_folders_of_a_file_are_made_and_nothing_else(tmp_path):
    check_file(tmp_path / "new" / "deep" / "x.md")
    assert (tmp_path / "new" / "deep").is_dir() and not any((tmp_path / "new" / "deep").iterdir())
    prepare_folder(tmp_path / "one" / "two", KIND, replaced=True)
    assert list((tmp_path / "one").iterdir()) == []


def test_a_device_is_taken_as_a_file():
    check_file(Path("/dev/full"))
    check_file(Path("/dev/stdout"))
