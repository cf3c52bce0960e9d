"""Suites come back as they were written, and what is not as it should be is refused by name."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from envs.tasks.base import Task
from envs.tasks.goals import Contained, Every, InOrder, Stacked, Together
from envs.tasks.suite import (
    Entry,
    Suite,
    SuiteError,
    SuiteSetting,
    load_suite,
    read_suite,
    suite_names,
    write_suite,
)
from envs.tasks.task_file import TaskFileError, from_plain, to_plain

PLACE = Task(
    "pick_and_place",
    "FloorPlan21",
    "put the apple in the fridge",
    Every((Contained("Apple", "Fridge"),)),
    "Apple",
    "Fridge",
    spawn_seed=7,
    start=(1.0, -0.5, 90.0, 30.0),
    before=(("OpenObject", "Fridge|1|2|3"),),
)
BOTH = Task(
    "composite",
    "FloorPlan22",
    "first this, then that",
    InOrder((Stacked("Pen", "Mug", "Desk"), Together("Pillow", "Sofa", 2))),
    "Pen",
    parts=(PLACE, PLACE),
)


def _suite(*tasks):
    entries = tuple(Entry(f"task-{k}", task, k, 3, "noop", k) for k, task in enumerate(tasks))
    return Suite("mine", "A few tasks", SuiteSetting(feedback="reason", max_steps=12), entries)


@pytest.mark.parametrize("task", [PLACE, BOTH])
def test_a_task_comes_back_as_it_was_written(task):
    assert from_plain(json.loads(json.dumps(to_plain(task)))) == task


def test_a_suite_comes_back_as_it_was_written(tmp_path):
    suite = _suite(PLACE, BOTH)
    write_suite(tmp_path / "mine.jsonl", suite)
    assert read_suite(tmp_path / "mine.jsonl") == suite
    assert load_suite(str(tmp_path / "mine.jsonl")).digest() == suite.digest()


def test_a_suite_changed_by_hand_is_refused(tmp_path):
    path = tmp_path / "mine.jsonl"
    write_suite(path, _suite(PLACE))
    path.write_text(path.read_text().replace("the apple", "an apple"))
    with pytest.raises(SuiteError, match="changed since it was frozen"):
        read_suite(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no suite"),
        ("{", "JSON lines"),
        ('{"suite": "x"}', "format None"),
        ('{"suite": "x", "format": 1, "setting": {"colour": 1}}', "setting"),
        ('{"suite": "x", "format": 1, "setting": {}}', "no tasks"),
        ('{"suite": "x", "format": 1, "setting": {}}\n{"task": 1}', "line 2"),
        ("[1]", "no suite"),
    ],
)
def test_a_file_that_is_no_suite_is_refused(tmp_path, text, said):
    path = tmp_path / "bad.jsonl"
    path.write_text(text)
    with pytest.raises(SuiteError, match=said):
        read_suite(path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fault": "earthquake"}, "unknown fault 'earthquake'; use one of noop"),
        ({"best_steps": "x"}, "best_steps is 'x'"),
        ({"seed": "a"}, "seed is 'a'"),
        ({"key": 3}, "key is 3"),
        ({"key": "task-1"}, "another task's"),
    ],
)
def test_a_wrong_field_of_an_entry_is_named(tmp_path, change, said):
    suite = _suite(PLACE, BOTH)
    first, second = suite.entries
    write_suite(tmp_path / "bad.jsonl", replace(suite, entries=(replace(first, **change), second)))
    with pytest.raises(SuiteError, match=said):
        read_suite(tmp_path / "bad.jsonl")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"action_level": "flying"}, "skill, primitive"),
        ({"feedback": "loud"}, "binary"),
        ({"size": -3}, "use .*1 to"),
        ({"max_steps": "a"}, "max_steps is 'a'"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path, change, said):
    suite = _suite(PLACE)
    write_suite(tmp_path / "bad.jsonl", replace(suite, setting=replace(suite.setting, **change)))
    with pytest.raises(SuiteError, match=said):
        read_suite(tmp_path / "bad.jsonl")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"family": 3}, "family is 3"),
        ({"colour": "red"}, "unknown field 'colour'"),
        ({"goal": {"is": "Every", "conditions": []}}, "goal must be"),
        ({"goal": {"is": "Every", "conditions": [{"is": "Wish"}]}}, "unknown condition 'Wish'"),
        ({"goal": {"is": "Every", "conditions": [{"is": "Sliced"}]}}, "'target' is missing"),
        ({"start": [1, 2]}, "start is"),
        ({"parts": 3}, "parts must be"),
        ({"spawn_seed": "a"}, "seed"),
    ],
)
def test_a_wrong_field_is_named(change, said):
    with pytest.raises(TaskFileError, match=said):
        from_plain({**to_plain(PLACE), **change}, "line 2")
    missing = {k: v for k, v in to_plain(PLACE).items() if k != "scene"}
    with pytest.raises(TaskFileError, match="'scene' is missing"):
        from_plain(missing)


def test_every_suite_that_comes_along_is_whole():
    assert "map-val" in suite_names()
    for name in suite_names():
        suite = load_suite(name)
        assert suite.name == name and suite.title
        assert len({entry.key for entry in suite.entries}) == len(suite.entries)


def test_an_unknown_suite_names_the_known_ones():
    with pytest.raises(SuiteError, match="map-val"):
        load_suite("map-vale")
