"""What was asked is kept, and a folder of something else is left alone."""

from __future__ import annotations

import pytest

from training.tables.setting import (
    ASKED_FILE,
    Setting,
    TablesError,
    joined,
    load_setting,
    save_setting,
)


def test_what_was_asked_is_read_back(tmp_path):
    asked = Setting(episodes=4, rows=("main",), ablation=("no-memory=a",), faults=False)
    save_setting(tmp_path, asked)
    assert load_setting(tmp_path) == asked


def test_a_second_command_adds_to_the_first(tmp_path):
    save_setting(tmp_path, Setting(ablation=("no-memory=a", "no-fusion=b")))
    now = joined(tmp_path, Setting(episodes=9, ablation=("no-fusion=c",)))
    assert now.checkpoints == {"no-memory": "a", "no-fusion": "c"}
    assert now.episodes == 9


def test_a_folder_of_other_tables_is_refused_with_what_differs(tmp_path):
    save_setting(tmp_path, Setting())
    with pytest.raises(TablesError, match="policy was 'default', is 'random'"):
        joined(tmp_path, Setting(policy="random"))


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(TablesError, match="name a new folder"):
        joined(tmp_path, Setting())
    with pytest.raises(TablesError, match="name a new folder"):
        joined(tmp_path / "thesis.txt", Setting())
    assert joined(tmp_path / "new", Setting()) == Setting()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is damaged"),
        ("[]", "is damaged"),
        ('{"format": 9}', "of format 9"),
        ('{"format": 1, "rounds": "three"}', "rounds"),
        ('{"format": 1, "ablation": ["no-memory"]}', "NAME=FOLDER"),
        ('{"format": 1, "camera_noise": 900}', "not within 0 and 255"),
    ],
)
def test_a_damaged_file_is_named_in_one_line(tmp_path, text, said):
    (tmp_path / ASKED_FILE).write_text(text)
    with pytest.raises(TablesError, match=said) as caught:
        load_setting(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "ablation", [("no-memory",), ("=a",), ("No Memory=a",), ("a=b", "a=c"), ("../up=a",)]
)
def test_an_ablation_is_one_name_and_one_folder(ablation):
    with pytest.raises(TablesError, match="--ablation"):
        Setting(ablation=ablation)
