"""Records from JSON have the declared types, or are refused by the name of the field."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pytest

from envs.simulator.system.typed_records import RecordError, record_of


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Place:
    x: float
    z: float


@dataclass(frozen=True)
class Thing:
    name: str
    count: int
    open: bool = False
    places: tuple[Place, ...] = ()
    pair: tuple[int, str] | None = None
    colour: Colour | None = None
    sizes: dict[str, float] | None = None
    more: Any = None


WHOLE = {
    "name": "mug",
    "count": 2,
    "open": True,
    "places": [{"x": 1, "z": 2.5}],
    "pair": [1, "a"],
    "colour": "red",
    "sizes": {"a": 1},
    "more": [{}],
}


def test_a_record_comes_back_with_its_types():
    made = record_of(Thing, WHOLE, "the thing")
    assert made.places == (Place(1.0, 2.5),) and type(made.places[0].x) is float
    assert made.colour is Colour.RED and made.pair == (1, "a") and made.sizes == {"a": 1.0}


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", 5, "name is 5, not a value of type str"),
        ("count", True, "count is True"),
        ("count", 2.0, "count is 2.0"),
        ("open", 1, "open is 1"),
        ("places", [{"x": 1}], "places, number 1: the field 'z' is missing"),
        ("places", [{"x": 10**400, "z": 0}], "number 1: x is 1000"),
        ("places", {}, "places is {}"),
        ("pair", [1], "pair is"),
        ("colour", "blue", "colour is 'blue'"),
        ("sizes", {"a": "b"}, "sizes.a is 'b'"),
        ("other", 1, "unknown field 'other'"),
    ],
)
def test_a_wrong_field_is_named(field, value, says):
    with pytest.raises(RecordError, match=says) as caught:
        record_of(Thing, {**WHOLE, field: value}, "the thing")
    assert "\n" not in str(caught.value)


def test_what_is_no_object_is_refused_shortly():
    with pytest.raises(RecordError, match="must be an object") as caught:
        record_of(Thing, [[["x" * 10_000]]] * 1000, "the thing")
    assert len(str(caught.value)) < 400
