"""Dense labels from a segmentation: which object, in which state, each cell shows."""

from __future__ import annotations

import numpy as np

from envs.observations import Segmentation, object_type_of
from envs.simulator.system.syslibs import opencv
from policies.cimr.language.lexicon import SAME_THING, type_names
from policies.cimr.preprocess import FRAME_SIZE

IMAGE = FRAME_SIZE
GRID = IMAGE // 8
_BLOCK = IMAGE // GRID
# Loose objects are small: they win a cell that they cover to a sixth.
LOOSE_WEIGHT, FIXED_WEIGHT, BACKGROUND_WEIGHT = 5.0, 1.0, 0.8
_STATES = 9


def type_class(object_type: str) -> int:
    """Label class of a type: 1 + its index in the lexicon, or 0 for a type without a word."""
    names = type_names()
    kind = SAME_THING.get(object_type, object_type)
    return names.index(kind) + 1 if kind in names else 0


def dense_labels(view: Segmentation, objects: list[dict]) -> np.ndarray:
    """(36, 36, 3) uint8: type class, openness, power of every cell.

    Openness is 0 for what does not open, 1 open, 2 closed; power is 0 for what has no switch,
    1 on, 2 off.
    """
    facts = {o["objectId"]: o for o in objects}
    codes = np.zeros(len(view.ids), np.int32)
    classes = len(type_names()) + 1
    weights = np.full(classes, FIXED_WEIGHT)
    weights[0] = BACKGROUND_WEIGHT
    for k, object_id in enumerate(view.ids):
        if not object_id:
            continue
        kind = type_class(object_type_of(object_id))
        fact = facts.get(object_id)
        openness = power = 0
        if fact is not None and kind:
            if fact["openable"]:
                openness = 1 if fact["isOpen"] else 2
            if fact["toggleable"] or fact["objectType"] == "StoveBurner":
                power = 1 if fact["isToggled"] else 2
            if fact["pickupable"]:
                weights[kind] = LOOSE_WEIGHT
        codes[k] = kind * _STATES + openness * 3 + power
    cv2 = opencv()
    pixels = cv2.resize(
        codes[view.index].astype(np.float32), (IMAGE, IMAGE), interpolation=cv2.INTER_NEAREST
    ).astype(np.int64)
    blocks = (
        pixels.reshape(GRID, _BLOCK, GRID, _BLOCK).transpose(0, 2, 1, 3).reshape(GRID * GRID, -1)
    )
    width = classes * _STATES
    flat = (np.arange(GRID * GRID)[:, None] * width + blocks).ravel()
    counts = np.bincount(flat, minlength=GRID * GRID * width).reshape(GRID * GRID, -1, _STATES)
    kind = (counts.sum(2) * weights).argmax(1)
    state = counts[np.arange(GRID * GRID), kind].argmax(1)
    labels = np.stack([kind, state // 3, state % 3], 1).astype(np.uint8)
    return labels.reshape(GRID, GRID, 3)
