"""The registry: which families there are, where, and how they are said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import envs.tasks.families
from envs.tasks.base import ROOMS
from envs.tasks.registry import (
    FAMILIES,
    FAMILY_NAMES,
    default_families,
    families_of,
    family_named,
    is_short,
    offered_in,
)

ROOT = Path(__file__).resolve().parents[3]


def test_every_file_of_a_family_is_registered_under_its_name():
    folder = Path(envs.tasks.families.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert files == set(FAMILY_NAMES)
    assert len(FAMILY_NAMES) == len(set(FAMILY_NAMES))


def test_every_family_has_rooms_and_every_room_families():
    for family in FAMILIES:
        assert set(family.rooms) <= set(ROOMS) and family.rooms
        assert family_named(family.name) is family is family_named(family)
    for room in ROOMS:
        assert set(default_families(room)) <= set(families_of(room)) <= set(families_of("any"))


def test_long_families_are_opt_in_for_kitchens():
    assert default_families("kitchen") == FAMILY_NAMES[:6]
    assert default_families("bedroom") == families_of("bedroom")
    assert set(families_of("kitchen")) == set(FAMILY_NAMES) - {"examine"}
    assert is_short("open", "FloorPlan5") and not is_short("stack", "FloorPlan5")
    assert not is_short("open", "FloorPlan205") and not is_short("open", "FloorPlan_Train3_2")


def test_a_scene_offers_what_its_room_has_the_objects_for():
    asked = (family_named("heat"), family_named("find"))
    assert offered_in(asked, "FloorPlan401") == (family_named("find"),)
    assert offered_in(asked, "FloorPlan_Train3_2") == asked, "of a house nothing is known"


def test_unknown_names_are_answered_with_the_known_ones():
    with pytest.raises(ValueError, match="pick_and_place"):
        family_named("juggle")
    with pytest.raises(ValueError, match="living_room"):
        families_of("attic")


def test_test_templates_differ_from_training_ones_but_use_their_words():
    wordings = [wording for family in FAMILIES for wording in family.wordings]
    for wording in wordings:
        assert wording.train and wording.test
        assert not set(wording.train) & set(wording.test)

    def words(split):
        texts = [t for wording in wordings for t in wording.templates(split)]
        return {w for t in texts for w in re.findall(r"[a-z]+", re.sub(r"\{.*?\}", "", t))}

    assert words("test") <= words("train")


def test_the_page_on_tasks_names_every_family():
    rows = [
        line.split("|")[1]
        for line in (ROOT / "docs" / "tasks.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    named = {word.strip() for cell in rows for word in cell.split(",")}
    assert set(FAMILY_NAMES) <= named
