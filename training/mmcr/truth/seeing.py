"""From the simulator's truth about a frame to what the picture plainly shows."""

from __future__ import annotations

from typing import Any

import numpy as np

from envs.observations import object_type_of
from envs.tasks.object_names import OBJECT_NAMES, is_furniture
from training.data.map.frame_truth import FrameTruth
from training.mmcr.truth.world import Shot, Thing

# Pixels of a 300 x 300 frame from which a thing is plain to see: of what is carried about, and of
# furniture, of which so little would be a corner that nobody could name.
PLAIN_LOOSE, PLAIN_FURNITURE = 150, 600
# A book, or a box, has to be larger than that for its state to be seen.
STATE_PIXELS = 600
# What shows less is not there for anybody.
FAINT = 4
# Parts of other things, what has no name that people would use, and what nobody would count.
UNNAMED = frozenset(
    {
        *("Floor", "RoomDecor", "TableTopDecor", "StoveKnob", "LightSwitch", "ShowerGlass"),
        *("Window", "Blinds", "Curtains", "Boots", "AluminumFoil", "HandTowelHolder"),
        *("TowelHolder", "ToiletPaperHanger", "EggCracked"),
    }
)
PART_OF = {"SinkBasin": "Sink", "BathtubBasin": "Bathtub"}
_LOOKS = {"Fridge", "Cabinet", "Drawer", "Microwave", "Toilet", "Laptop", "Book", "Box", "Safe"}
_LIGHTS = {"DeskLamp", "FloorLamp", "Television", "Candle", "Laptop", "Microwave"}


def shot_of(truth: FrameTruth, step: int) -> Shot:
    """What a frame plainly shows.

    Args:
        truth: What the simulator knows of it.
        step: How many deeds came before it.
    """
    plain: dict[str, str] = {}
    faint: set[str] = set()
    for object_id, count in zip(truth.view.ids, truth.view.counts, strict=True):
        kind = PART_OF.get(k := object_type_of(object_id), k) if object_id else ""
        if not kind or kind in UNNAMED or kind not in OBJECT_NAMES or count < FAINT:
            continue
        facts = truth.objects.get(object_id)
        if facts is None or facts["isPickedUp"]:
            continue
        least = PLAIN_FURNITURE if is_furniture(kind) else PLAIN_LOOSE
        if count >= least and kind == k:
            plain[object_id] = kind
        elif kind == k:
            faint.add(kind)
    things = [_thing(truth, object_id, kind, plain) for object_id, kind in sorted(plain.items())]
    return Shot(
        step, tuple(sorted(things, key=lambda t: (t.x, t.kind))), frozenset(faint), _held(truth)
    )


def _held(truth: FrameTruth) -> str:
    return truth.held if truth.held in OBJECT_NAMES else ""


def _thing(truth: FrameTruth, object_id: str, kind: str, plain: dict[str, str]) -> Thing:
    facts, mask = truth.objects[object_id], truth.view.mask(object_id)
    columns = np.nonzero(mask.any(0))[0]
    middle = float(np.average(columns, weights=mask.sum(0)[columns]) + 0.5) / mask.shape[1]
    return Thing(
        kind,
        round(middle, 3),
        truth.view.pixels(object_id),
        round(float(facts["distance"]), 2),
        bool(facts["pickupable"]),
        _states(kind, facts) if truth.view.pixels(object_id) >= STATE_PIXELS else (),
        _holder(kind, facts, plain),
    )


def _states(kind: str, facts: dict[str, Any]) -> tuple[str, ...]:
    """Only those that a picture can show."""
    found = []
    if facts["openable"] and kind in _LOOKS:
        found.append("open" if facts["isOpen"] else "closed")
    if facts["toggleable"] and kind in _LIGHTS:
        found.append("on" if facts["isToggled"] else "off")
    return tuple(found)


def _holder(kind: str, facts: dict[str, Any], plain: dict[str, str]) -> str:
    """The type of what it lies in or on: one that is seen, and only where that is one."""
    if is_furniture(kind):
        return ""
    parents = {
        plain.get(parent) or PART_OF.get(object_type_of(parent), "")
        for parent in facts["parentReceptacles"] or ()
    }
    seen = parents & (set(plain.values()))
    return seen.pop() if len(seen) == 1 else ""
