"""Object frames that the recordings do not state: which way an object faces.

Recorded rotations of fixed furniture turn the artist's model, not its front. The front is where
the free floor is; a recorded pose to open something is a hint.
"""

from __future__ import annotations

import math

import numpy as np

from envs.simulator.core.geometry import Triple, euler_matrix, triple
from envs.simulator.scenes.native_frames import native_frame

YAWS = (0, 90, 180, 270)
# Models made facing the right way: their recorded yaw is their front's.
_TRUSTED = frozenset({"Fridge", "LightSwitch", "Faucet"})
# Parts of stoves; turned by less than this, degrees, they stand square to the room.
_ON_STOVES, _LEAST_TURN = frozenset({"StoveBurner", "StoveKnob"}), 5.0
# Windows of larger boxes were recorded with others, round a corner; metres.
_ROUND_CORNERS = 2.0
# Windows turned less stand in walls that are drawn straight, degrees.
_IN_A_CORNER = 30.0
# Sides, metres, that a door's box has if it stands across a corner; and a door's thickness.
_ACROSS, _DOOR = 0.25, 0.06
# How near a cupboard's pivot, the hinge of its door, lies to two of its faces, metres.
_HINGE = 0.035
# They face across their longer horizontal side.
_THIN = frozenset(
    {
        "Window",
        "Mirror",
        "Blinds",
        "Curtains",
        "Painting",
        "Poster",
        "Television",
        "TowelHolder",
        "Towel",
        "ShowerCurtain",
        "ShowerDoor",
        "ShowerGlass",
        "Shelf",
    }
)


def forward(yaw: float) -> np.ndarray:
    """Horizontal direction (x, z) of a yaw."""
    return np.array([math.sin(math.radians(yaw)), math.cos(math.radians(yaw))])


def local_frame(
    packed: dict,
    grid: np.ndarray,
    pose: tuple[float, float, float, float] | None,
    robothor: bool = False,
) -> tuple[Triple, Triple]:
    """Box size (3,) in the object frame, and the frame's Euler angles (3,).

    RoboTHOR's pictures were made facing the right way; elsewhere fronts are found.
    """
    if "obb" in packed:
        corners = np.array(packed["obb"])
        rotation = euler_matrix(packed["rotation"])
        extent = np.ptp(corners @ rotation, axis=0)
        return triple(np.maximum(extent, 0.004)), triple(packed["rotation"])
    native = native_frame(packed)
    if native is not None:
        return native
    turned = turned_frame(packed) or turned_window(packed, grid) or door_across(packed, grid)
    if turned is not None:
        return turned
    yaw = facing(packed, grid, pose)
    if robothor and packed["type"] == "Painting":
        yaw = round(packed["rotation"][1] / 90) * 90 % 360
    x, y, z = packed["size"]
    size = (x, y, z) if yaw % 180 == 0 else (z, y, x)
    return triple(np.maximum(size, 0.004)), (0.0, float(yaw), 0.0)


def turned_frame(packed: dict) -> tuple[Triple, Triple] | None:
    """Size and Euler angles of a burner or knob of a stove that stands turned in a corner.

    Their boxes are square to the room: the box that turns into such a one is smaller. None if it
    stands square to the room itself.
    """
    if packed["type"] not in _ON_STOVES:
        return None
    yaw = (packed["rotation"][1] + 45) % 90 - 45
    if abs(yaw) < _LEAST_TURN:
        return None
    x, y, z = packed["size"]
    wide, deep = box_before_turn(x, z, yaw)
    front = packed["rotation"][1] if packed["type"] == "StoveKnob" else yaw
    return triple(np.maximum((wide, y, deep), 0.004)), (0.0, float(front % 360), 0.0)


def turned_window(packed: dict, grid: np.ndarray) -> tuple[Triple, Triple] | None:
    """Size and Euler angles of a window across a corner, whose yaw is recorded; else None."""
    x, y, z = packed["size"]
    turn = (packed["rotation"][1] + 45) % 90 - 45
    if packed["type"] != "Window" or abs(turn) < _IN_A_CORNER or max(x, z) > _ROUND_CORNERS:
        return None
    wide, deep = box_before_turn(x, z, packed["rotation"][1])
    if wide == deep:
        # At 45 degrees a square's box is a plate's too.
        c, s = abs(math.cos(math.radians(turn))), abs(math.sin(math.radians(turn)))
        wide, deep = (x - _DOOR * s) / c, _DOOR
    if min(wide, deep) < 0.02:
        return None
    yaw = packed["rotation"][1]
    middle = np.array([packed["center"][0], packed["center"][2]])
    before = grid[np.abs(grid - middle).max(1) < 2.0] - middle
    if len(before) and (before @ forward(yaw)).mean() < 0:
        yaw += 180
    return triple((wide, y, deep)), (0.0, round(float(yaw % 360), 2), 0.0)


def door_across(packed: dict, grid: np.ndarray) -> tuple[Triple, Triple] | None:
    """Size and Euler angles of a shower's door that stands across a corner, else None.

    Its pivot, the hinge, is at one end of the diagonal of its box.
    """
    x, y, z = packed["size"]
    if packed["type"] != "ShowerDoor" or min(x, z) < _ACROSS:
        return None
    away = np.subtract(packed["position"], packed["center"])[[0, 2]]
    # A plate of this thickness and some length has such a box at one angle only.
    angles = np.radians(np.linspace(5, 85, 801))
    length = (x - _DOOR * np.sin(angles)) / np.cos(angles)
    angle = angles[np.argmin(np.abs(length * np.sin(angles) + _DOOR * np.cos(angles) - z))]
    long = float((x - _DOOR * math.sin(angle)) / math.cos(angle))
    # Yaws turn clockwise seen from above: the plate runs along its frame's x.
    yaw = math.degrees(angle) * (-1 if away[0] * away[1] > 0 else 1)
    middle = np.array([packed["center"][0], packed["center"][2]])
    before = grid[np.abs(grid - middle).max(1) < 1.5] - middle
    if len(before) and (before @ forward(yaw)).mean() < 0:
        yaw += 180
    return triple((long, y, _DOOR)), (0.0, round(yaw % 360, 2), 0.0)


def box_before_turn(x: float, z: float, yaw: float) -> tuple[float, float]:
    """Width and depth, metres, of the box whose axis-aligned box is x by z when turned by a yaw.

    Near 45 degrees they cannot be told from each other and are taken as equal.
    """
    c, s = abs(math.cos(math.radians(yaw))), abs(math.sin(math.radians(yaw)))
    wide, deep = (c * x - s * z, c * z - s * x)
    across = c * c - s * s
    if abs(across) < 0.2 or min(wide / across, deep / across) <= 0:
        return (x + z) / 2 / (c + s), (x + z) / 2 / (c + s)
    return wide / across, deep / across


def facing(packed: dict, grid: np.ndarray, pose: tuple[float, float, float, float] | None) -> int:
    """Yaw, a multiple of 90, of a fixed object's front."""
    if packed["type"] in ("Floor", "CounterTop", "StoveBurner"):
        return 0
    recorded = round(packed["rotation"][1] / 90) * 90 % 360
    tilted = any(10 < abs(packed["rotation"][k]) % 360 < 350 for k in (0, 2))
    if packed["type"] in _TRUSTED and not tilted:
        return recorded
    center = np.array([packed["center"][0], packed["center"][2]])
    size = np.array([packed["size"][0], packed["size"][2]])
    hinted = None if pose is None else round((pose[2] + 180) / 90) * 90 % 360
    allowed: tuple[int, ...] = YAWS
    if packed["type"] in _THIN and size.min() < 0.7 * size.max():
        allowed = (0, 180) if size[1] < size[0] else (90, 270)
    if packed["type"] == "Cabinet":
        allowed = hinged_at(packed) or allowed
    scores = []
    for yaw in allowed:
        ahead, aside = forward(yaw), forward(yaw + 90)
        along = (grid - center) @ ahead - float(size @ np.abs(ahead)) / 2
        across = np.abs((grid - center) @ aside)
        wide = float(size @ np.abs(aside)) / 2 + 0.3
        strip = (along > -0.05) & (along < 1.5) & (across < wide)
        score = float(strip.sum()) - (float(along[strip].min()) * 4 if strip.any() else 0.0)
        if not strip.any():
            behind = (grid - center) @ ahead
            score = -10.0 + float((behind > 0).mean())
        score += 2.0 if yaw == hinted else 0.0
        scores.append(score + (0.5 if yaw == recorded and not tilted else 0.0))
    return int(allowed[int(np.argmax(scores))])


def hinged_at(packed: dict) -> tuple[int, ...]:
    """The two yaws whose faces meet where a cupboard's pivot is, the hinge of its door; or none."""
    away = np.subtract(packed["position"], packed["center"])[[0, 2]]
    half = np.array([packed["size"][0], packed["size"][2]]) / 2
    faces = tuple(
        y for y in YAWS if abs(float((half - away * forward(y)) @ np.abs(forward(y)))) < _HINGE
    )
    return faces if len(faces) == 2 and (faces[0] - faces[1]) % 180 else ()
