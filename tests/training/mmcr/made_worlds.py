"""Worlds to speak of, made up: no simulator is needed for them."""

from __future__ import annotations

from training.mmcr.truth.world import Deed, Shot, Thing, World


def thing(kind: str, x: float, holder: str = "", states: tuple[str, ...] = (), **other) -> Thing:
    given = {"pixels": 400, "distance": 1.0, "loose": not states and bool(holder)} | other
    return Thing(kind, x, states=states, holder=holder, **given)


TABLE = thing("DiningTable", 0.5, pixels=9000, distance=1.2)
FRIDGE = thing("Fridge", 0.9, states=("closed",), pixels=20000, distance=3.0)
OPEN_FRIDGE = thing("Fridge", 0.85, states=("open",), pixels=22000, distance=1.0)
MICROWAVE = thing("Microwave", 0.1, states=("closed", "off"), pixels=3000, distance=2.2)
MUG, PLATE = thing("Mug", 0.3, "DiningTable"), thing("Plate", 0.55, "DiningTable", pixels=1500)
APPLE = thing("Apple", 0.8, "DiningTable", distance=2.0)
SPOONS = (thing("Spoon", 0.4, "DiningTable"), thing("Spoon", 0.45, "DiningTable"))

SHOTS = (
    Shot(1, (MICROWAVE, MUG, *SPOONS, TABLE, PLATE, APPLE, FRIDGE)),
    Shot(3, (MICROWAVE, *SPOONS, TABLE, PLATE, APPLE, FRIDGE), held="Mug"),
    Shot(5, (OPEN_FRIDGE, APPLE, TABLE), frozenset({"Plate"}), held="Mug"),
)
DEEDS = (
    Deed("goto", "DiningTable", "", True, "ok", ("goto", "DiningTable")),
    Deed("pick up", "Apple", "", False, "failed", ("pick up", "Mug")),
    Deed("pick up", "Mug", "", True, "ok", ("pick up", "Mug")),
    Deed("goto", "Fridge", "Mug", True, "ok", ("goto", "Fridge")),
    Deed("open", "Fridge", "Mug", True, "ok", ("open", "Fridge")),
)


def world(shots: tuple[Shot, ...] = SHOTS) -> World:
    """A mug is taken from the table and is to go into the fridge."""
    return World(
        room="kitchen",
        instruction="put the mug in the fridge",
        target="Mug",
        receptacle="Fridge",
        needed=frozenset({"Mug", "Fridge"}),
        shots=shots,
        deeds=DEEDS[: shots[-1].step],
        next=("put in", "Fridge"),
        inventory=("Apple", "Bowl", "Fridge", "Knife", "Mug", "Plate", "Spoon", "Toaster"),
    )


def one_frame() -> World:
    """The same at its first frame."""
    return world(SHOTS[:1])
