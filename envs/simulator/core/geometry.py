"""Rotations and boxes in AI2-THOR's axes.

Left-handed, y up; Euler angles in degrees as Unity applies them:
``R = Ry(yaw) Rx(pitch) Rz(roll)``.
Vectors are numpy arrays of shape (3,) in metres; rotation matrices have shape (3, 3) and act on
column vectors.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

Vector = dict[str, float]
Triple = tuple[float, float, float]


def triple(values: Iterable[float]) -> Triple:
    """Three numbers as a tuple of plain floats."""
    x, y, z = (float(v) for v in values)
    return x, y, z


def vector(xyz: np.ndarray | Sequence[float]) -> Vector:
    """AI2-THOR's ``{x, y, z}`` of three numbers."""
    return {"x": float(xyz[0]), "y": float(xyz[1]), "z": float(xyz[2])}


def from_vector(value: Vector) -> np.ndarray:
    """Array (3,) of AI2-THOR's ``{x, y, z}``."""
    return np.array([value["x"], value["y"], value["z"]], dtype=float)


def euler_matrix(euler: tuple[float, float, float] | np.ndarray) -> np.ndarray:
    """Rotation matrix (3, 3) of Unity Euler angles (x, y, z) in degrees."""
    x, y, z = (math.radians(float(a)) for a in euler)
    cx, sx, cy, sy, cz, sz = (
        math.cos(x),
        math.sin(x),
        math.cos(y),
        math.sin(y),
        math.cos(z),
        math.sin(z),
    )
    yaw = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    pitch = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    roll = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return yaw @ pitch @ roll


def matrix_euler(rotation: np.ndarray) -> np.ndarray:
    """Unity Euler angles (3,), degrees in [0, 360), of a rotation matrix (3, 3)."""
    sine = float(np.clip(-rotation[1, 2], -1.0, 1.0))
    pitch = math.asin(sine)
    if abs(sine) < 1 - 1e-7:
        yaw = math.atan2(rotation[0, 2], rotation[2, 2])
        roll = math.atan2(rotation[1, 0], rotation[1, 1])
    else:
        # Looking straight up or down: yaw and roll turn about one axis; roll is called zero.
        yaw, roll = math.atan2(-rotation[2, 0], rotation[0, 0]), 0.0
    return np.array([normal_degrees(round(math.degrees(a), 4)) for a in (pitch, yaw, roll)])


def axis_angle_matrix(axis: np.ndarray | tuple[float, float, float], degrees: float) -> np.ndarray:
    """Rotation matrix (3, 3) by an angle about an axis; positive about +y is positive yaw."""
    x, y, z = np.asarray(axis, dtype=float) / np.linalg.norm(axis)
    a = math.radians(degrees)
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + math.sin(a) * k + (1 - math.cos(a)) * (k @ k)


def normal_degrees(angle: float) -> float:
    """The same angle in [0, 360)."""
    value = math.fmod(angle, 360.0) + 0.0
    value = value + 360.0 if value < 0 else value
    return 0.0 if abs(value - 360.0) < 1e-9 else value


def box_corners(center: np.ndarray, size: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """Corners (8, 3) of an oriented box, the bottom four first, as AI2-THOR lists them."""
    half = np.asarray(size, dtype=float) / 2
    signs = np.array(
        [
            [-1, -1, 1],
            [1, -1, 1],
            [1, -1, -1],
            [-1, -1, -1],
            [-1, 1, 1],
            [1, 1, 1],
            [1, 1, -1],
            [-1, 1, -1],
        ]
    )
    return np.asarray(center) + (signs * half) @ rotation.T


def aligned_box(low: np.ndarray, high: np.ndarray) -> dict:
    """AI2-THOR's ``axisAlignedBoundingBox`` from two opposite corners (3,)."""
    corners = [
        [float(x), float(y), float(z)]
        for x in (high[0], low[0])
        for y in (high[1], low[1])
        for z in (high[2], low[2])
    ]
    return {
        "cornerPoints": corners,
        "center": vector((low + high) / 2),
        "size": vector(high - low),
    }


def aligned_extent(size: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """Size (3,) of the axis-aligned box round an oriented box of ``size``."""
    return np.abs(rotation) @ np.asarray(size, dtype=float)
