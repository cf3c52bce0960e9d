"""What is known of each object type: affordances, size, and where such objects may be put.

The facts live in ``object_types.yaml``: properties counted over AI2-THOR's recorded rooms, allowed
receptacles from its documentation. An entry::

    Apple:
      is: [pickupable, sliceable]
      size: [0.12, 0.11, 0.11]
      mass: 0.2
      allowed_receptacles: [Bowl, CounterTop, Fridge]
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML without libyaml: ten times as slow, half a second of every start
    from yaml import SafeLoader

_FILE = Path(__file__).with_name("object_types.yaml")


@dataclass(frozen=True)
class ObjectType:
    """One type.

    Attributes:
        properties: True affordances, such as ``"pickupable"``.
        size: Median box in the object frame, metres, or None if never recorded.
        mass: Median mass, kilograms.
        allowed_receptacles: Types it may be put on; empty means anywhere.
        only_accepts: Types that may be put on it; empty means no such rule.
        must_open_to_receive: Whether it must be open before objects go in.
        rooms: Kinds of room it was recorded in.
    """

    name: str
    properties: frozenset[str] = frozenset()
    size: tuple[float, float, float] | None = None
    mass: float = 0.0
    materials: tuple[str, ...] = ()
    allowed_receptacles: tuple[str, ...] = ()
    only_accepts: tuple[str, ...] = ()
    must_open_to_receive: bool = False
    rooms: tuple[str, ...] = ()

    @property
    def pickupable(self) -> bool:
        return "pickupable" in self.properties

    @property
    def receptacle(self) -> bool:
        return "receptacle" in self.properties

    @property
    def openable(self) -> bool:
        return "openable" in self.properties

    @property
    def toggleable(self) -> bool:
        return "toggleable" in self.properties

    @property
    def sliceable(self) -> bool:
        return "sliceable" in self.properties

    @property
    def cookable(self) -> bool:
        return "cookable" in self.properties


@lru_cache(maxsize=1)
def object_types() -> dict[str, ObjectType]:
    """Every known type by name."""
    raw = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=SafeLoader)
    return {
        name: ObjectType(
            name=name,
            properties=frozenset(entry.get("is", ())),
            size=tuple(entry["size"]) if "size" in entry else None,
            mass=float(entry.get("mass", 0.0)),
            materials=tuple(entry.get("materials", ())),
            allowed_receptacles=tuple(entry.get("allowed_receptacles", ())),
            only_accepts=tuple(entry.get("only_accepts", ())),
            must_open_to_receive=bool(entry.get("must_open_to_receive", False)),
            rooms=tuple(entry.get("rooms", ())),
        )
        for name, entry in raw.items()
    }


def object_type(name: str) -> ObjectType:
    """The facts of a type; a type nobody described has none."""
    return object_types().get(name) or ObjectType(name)
