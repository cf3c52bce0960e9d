"""AI2-THOR's assets: what type each is, how large, and what it can do.

``assets.zip`` beside this file holds ``assets.json``, from the ``procthor`` package's asset list::

    {"assets": {"Fridge_1": ["Fridge", 1.013, 1.967, 0.724, "Static", 76, "train"]},
     "materials": {"Wall": ["Drywall", ...]}}

The number after the primary property has one bit for each of ``SECONDARY``.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from envs.simulator.core.object_types import object_types

DATA_FILE = Path(__file__).with_name("assets.zip")
MEMBER = "assets.json"
SECONDARY = (
    "Receptacle",
    "CanToggleOnOff",
    "CanBreak",
    "CanBeDirty",
    "CanOpen",
    "CanBeSliced",
    "CanBeFilled",
    "ObjectSpecificReceptacle",
    "isHeatSource",
    "CanBeUsedUp",
    "CanSeeThrough",
    "isColdSource",
    "CanBeCooked",
)
_ABILITIES = {
    "Receptacle": "receptacle",
    "CanToggleOnOff": "toggleable",
    "CanBreak": "breakable",
    "CanBeDirty": "dirtyable",
    "CanOpen": "openable",
    "CanBeSliced": "sliceable",
    "CanBeFilled": "canFillWithLiquid",
    "isHeatSource": "isHeatSource",
    "CanBeUsedUp": "canBeUsedUp",
    "isColdSource": "isColdSource",
    "CanBeCooked": "cookable",
}


@dataclass(frozen=True)
class Asset:
    """One asset; its box in its own frame, metres, front at +z."""

    id: str
    type: str
    size: tuple[float, float, float]
    primary: str
    secondary: tuple[str, ...]
    split: str | None

    def properties(self) -> dict[str, bool]:
        """AI2-THOR's metadata flags that hold."""
        found = {_ABILITIES[s]: True for s in self.secondary if s in _ABILITIES}
        if self.primary == "CanPickup":
            found["pickupable"] = True
        elif self.primary == "Moveable":
            found["moveable"] = True
        return found


@lru_cache(maxsize=1)
def _data() -> dict:
    with zipfile.ZipFile(DATA_FILE) as archive:
        return json.loads(archive.read(MEMBER))


@lru_cache(maxsize=1)
def assets() -> dict[str, Asset]:
    """Every known asset by id."""
    return {
        name: Asset(
            id=name,
            type=object_type,
            size=(x, y, z),
            primary=primary,
            secondary=tuple(s for bit, s in enumerate(SECONDARY) if flags >> bit & 1),
            split=split,
        )
        for name, (object_type, x, y, z, primary, flags, split) in _data()["assets"].items()
    }


def materials() -> dict[str, list[str]]:
    """AI2-THOR's material names by group."""
    return {group: list(names) for group, names in _data()["materials"].items()}


def find_asset(name: str) -> Asset:
    """An asset by id.

    An unknown one is taken for what its name says (``Fridge_99`` is a ``Fridge``) at that type's
    usual size; a name that says nothing becomes a plain box.
    """
    known = assets().get(name)
    return known if known is not None else _guessed(name)


@lru_cache(maxsize=1024)
def _guessed(name: str) -> Asset:
    plain = name.replace("_", "").replace(" ", "").lower()
    types = object_types()
    sizes = {name: known.size for name, known in types.items() if known.size}
    fitting = [t for t in sizes if plain.startswith(t.lower())]
    if not fitting:
        fitting = [t for t in sizes if t.lower() in plain]
    if not fitting:
        return Asset(name, "Undefined", (0.3, 0.3, 0.3), "Static", (), None)
    likely = types[max(fitting, key=len)]
    primary = "Moveable" if "moveable" in likely.properties else "Static"
    if likely.pickupable:
        primary = "CanPickup"
    abilities = {v: k for k, v in _ABILITIES.items()}
    secondary = tuple(sorted(abilities[p] for p in likely.properties if p in abilities))
    return Asset(name, likely.name, sizes[likely.name], primary, secondary, None)
