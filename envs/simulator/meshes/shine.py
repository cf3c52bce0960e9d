"""What shines: glazed, glass and metal parts, told by an object's type and a part's colour."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.mesh import Part

# Glazed, lacquered, of glass or of plastic: a window's light lies on them.
_GLOSSY = frozenset(
    {
        *("Apple", "Bottle", "Bowl", "CoffeeMachine", "Cup", "Kettle", "Mug", "Pan", "Plate"),
        *("Pot", "SoapBottle", "TableTopDecor", "Toaster", "Toilet", "Tomato", "Vase"),
        *("WateringCan", "WineBottle", "Statue", "RoomDecor"),
    }
)
# Of metal where they are grey or of brass.
_METAL = frozenset(
    {
        *("ButterKnife", "Faucet", "Fork", "HandTowelHolder", "Kettle", "Knife", "Ladle", "Pot"),
        *("SaltShaker", "PepperShaker", "ShowerHead", "Spoon", "ToiletPaperHanger", "TowelHolder"),
        *("Toaster", "Dumbbell", "Stool", "WashingMachine"),
    }
)
TYPES = _GLOSSY | _METAL


def shine_of(object_type: str, part: Part) -> str | None:
    """``"gloss"``, ``"chrome"``, or None for what is dull, glows or is printed on."""
    if object_type not in TYPES or part.emissive or not part.solid or not len(part.faces):
        return None
    if part.texture not in (None, "steel", "speckle", "marble"):
        return None
    if part.when is not None and not part.when.startswith(("!isBroken", "!isUsedUp")):
        return None
    if _flat(part):
        return None
    low, high = min(part.color), max(part.color)
    grey = high - low < 0.1 and 0.5 < low < 0.9
    brass = high - low < 0.42 and part.color[0] > 0.55 and part.color[0] > part.color[2] + 0.2
    if object_type in _METAL and part.texture in (None, "steel") and (grey or brass):
        return "chrome"
    # White on white would not be seen.
    return "gloss" if object_type in _GLOSSY and low < 0.86 else None


def _flat(part: Part) -> bool:
    """Whether it is all faces of a box, which mirror alike all over: no highlight would show."""
    return bool((np.abs(part.normals).max(1) > 0.9).all())
