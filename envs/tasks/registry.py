"""All task families, in their fixed order: a family is one file and one line here."""

from __future__ import annotations

from envs.tasks.base import ROOMS, is_ithor, room_of
from envs.tasks.families import (
    clean,
    close,
    composite,
    cool,
    examine,
    find,
    heat,
    navigate,
    open,
    pick_and_place,
    pick_two,
    search,
    slice,
    stack,
    toggle,
)
from envs.tasks.family import Family

# Seeds draw from these by position: a new family comes last.
FAMILIES: tuple[Family, ...] = (
    find.FAMILY,
    pick_and_place.FAMILY,
    open.FAMILY,
    close.FAMILY,
    toggle.FAMILY,
    slice.FAMILY,
    navigate.FAMILY,
    search.FAMILY,
    stack.FAMILY,
    pick_two.FAMILY,
    examine.FAMILY,
    clean.FAMILY,
    heat.FAMILY,
    cool.FAMILY,
    composite.FAMILY,
)
FAMILY_NAMES = tuple(family.name for family in FAMILIES)


def family_named(family: str | Family) -> Family:
    """Returns the family of a name; a ``Family`` is returned as it is.

    Raises:
        ValueError: If there is none of that name.
    """
    if isinstance(family, Family):
        return family
    for known in FAMILIES:
        if known.name == family:
            return known
    raise ValueError(f"Unknown task family {family!r}: use one of {', '.join(FAMILY_NAMES)}.")


def families_of(room: str) -> tuple[str, ...]:
    """Returns the names of the families that a kind of room has the objects for.

    Raises:
        ValueError: If there is no such kind of room.
    """
    if room == "any":
        return FAMILY_NAMES
    if room not in ROOMS:
        raise ValueError(f"Unknown room {room!r}: use one of {', '.join(ROOMS)} or any.")
    return tuple(family.name for family in FAMILIES if room in family.rooms)


def default_families(room: str) -> tuple[str, ...]:
    """Returns the names of those sampled in a kind of room unless others are asked for."""
    if room == "kitchen":
        return tuple(name for name in families_of(room) if not family_named(name).long)
    return families_of(room)


def offered_in(families: tuple[Family, ...], scene: str) -> tuple[Family, ...]:
    """Returns those of some families that a scene has the objects for; of other houses, all."""
    if not is_ithor(scene):
        return families
    return tuple(family for family in families if room_of(scene) in family.rooms)


def is_short(family: str, scene: str) -> bool:
    """Whether a task takes few steps: one of the kitchens' usual ones, in a kitchen."""
    return (
        family in default_families("kitchen") and is_ithor(scene) and (room_of(scene) == "kitchen")
    )
