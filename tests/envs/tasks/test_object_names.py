"""Names of object types mean one thing, and their plurals are right."""

from __future__ import annotations

import numpy as np
import pytest

from envs.tasks.object_names import OBJECT_NAMES, name_of, names_of, pick_name, plural, type_named


def test_names_mean_one_thing():
    seen = {}
    for object_type, names in OBJECT_NAMES.items():
        for name in names:
            assert seen.setdefault(name, object_type) == object_type
            assert type_named(name) == object_type


def test_a_type_without_a_name_is_said_by_its_own():
    assert names_of("DogBedLarge") == ("dog bed large",)
    assert type_named("unicorn") is None


def test_the_usual_name_is_picked_mostly():
    rng = np.random.default_rng(0)
    picked = [pick_name("Sofa", rng) for _ in range(200)]
    assert 100 < picked.count(name_of("Sofa")) < 160
    assert set(picked) == set(names_of("Sofa"))


@pytest.mark.parametrize(
    ("name", "several"),
    [
        ("remote control", "remote controls"),
        ("shelf", "shelves"),
        ("tissue box", "tissue boxes"),
        ("potato", "potatoes"),
        ("glass", "glasses"),
        ("keys", "keys"),
    ],
)
def test_several_are_said_rightly(name, several):
    assert plural(name) == several
