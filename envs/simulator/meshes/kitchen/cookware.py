"""Pans, pots and kettles."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.kitchen.contents import STAIN, dirt, liquid
from envs.simulator.meshes.kitchen.tableware import STEEL
from envs.simulator.meshes.maker import Maker
from envs.simulator.meshes.mesh import Mesh


def pan(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    iron = m.pick((0.13, 0.13, 0.14), (0.20, 0.20, 0.22))
    long_z = m.size[2] >= m.size[0]
    length, across = (m.size[2], m.size[0]) if long_z else (m.size[0], m.size[2])
    r, h = float(across) / 2, float(m.size[1])
    far = float(length) / 2
    bowl_at = (0, 0, -far + r) if long_z else (-far + r, 0, 0)
    m.lathe(
        [
            (0, 0),
            (0.80 * r, 0),
            (r, 0.8 * h),
            (0.96 * r, 0.8 * h),
            (0.76 * r, 0.14 * h),
            (0, 0.14 * h),
        ],
        iron,
        22,
        at=bowl_at,
    )
    start, end = -far + 1.9 * r, far
    path: list[tuple] = [(0, 0.62 * h, start), (0, 0.85 * h, (start + end) / 2), (0, 0.92 * h, end)]
    if not long_z:
        path = [(z, y, x) for x, y, z in path]
    m.tube(path, max(0.055 * r, 0.010), m.pick((0.10, 0.10, 0.10), (0.45, 0.28, 0.15)), 8)
    for k in range(4):
        a = 1.7 * k + 0.4
        spot = (bowl_at[0] + 0.4 * r * np.cos(a), 0.15 * h, bowl_at[2] + 0.4 * r * np.sin(a))
        m.rod(spot, 0.22 * r, 0.003, STAIN, segments=8, when="isDirty")
    m.surface((bowl_at[0], 0.15 * h, bowl_at[2]), (1.35 * r, 1.35 * r), 0.3)
    return m.mesh()


def pot(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    metal = m.pick(STEEL, (0.70, 0.22, 0.18), (0.60, 0.62, 0.66))
    long_x = m.size[0] >= m.size[2]
    r = float(min(m.half[0], m.half[2])) * (0.98 if abs(m.size[0] - m.size[2]) > 0.03 else 0.82)
    h = float(m.size[1])
    m.lathe(
        [
            (0, 0),
            (0.94 * r, 0),
            (r, 0.06 * h),
            (r, 0.96 * h),
            (1.04 * r, h),
            (0.94 * r, h),
            (0.92 * r, 0.08 * h),
            (0, 0.08 * h),
        ],
        metal,
        22,
    )
    for side in (-1, 1):
        at = (side * r * 1.05, 0.78 * h, 0) if long_x else (0, 0.78 * h, side * r * 1.05)
        m.ring(at, 0.22 * r, 0.045 * r + 0.003, (0.12, 0.12, 0.13), axis=1, segments=10)
    dirt(m, 0.90 * r, 0.09 * h, 0.97 * r, 0.99 * r, h)
    liquid(m, 0.9 * r, 0.75 * h)
    m.surface((0, 0.1 * h, 0), (1.3 * r, 1.3 * r), 0.35)
    return m.mesh()


def kettle(size: tuple, seed: int) -> Mesh:
    """Spout to +z, the handle arching over the lid."""
    m = Maker(size, seed)
    enamel = m.pick((0.72, 0.12, 0.12), STEEL, (0.16, 0.32, 0.52))
    x, z, h = float(m.half[0]), float(m.half[2]), float(m.size[1])
    r = min(x, 0.82 * z)
    at, body = -(z - r), 0.58 * h
    m.lathe(
        [
            (0, 0),
            (0.95 * r, 0),
            (r, 0.10 * h),
            (0.95 * r, 0.30 * h),
            (0.62 * r, body - 0.04 * h),
            (0.46 * r, body),
            (0, body),
        ],
        enamel,
        18,
        at=(0, 0, at),
        sharp=60,
    )
    black = (0.12, 0.12, 0.12)
    lid = m.hinge((0, body, at - 0.42 * r), (1, 0, 0), -70.0)
    m.lathe(
        [(0.44 * r, body), (0.4 * r, body + 0.03 * h), (0, body + 0.06 * h)],
        enamel,
        16,
        at=(0, 0, at),
        sharp=60,
        joint=lid,
    )
    m.ball((0, body + 0.09 * h, at), (0.10 * r, 0.04 * h, 0.10 * r), black, joint=lid, segments=8)
    m.tube(
        [
            (0, 0.24 * h, at + 0.85 * r),
            (0, 0.38 * h, at + 1.15 * r),
            (0, 0.56 * h, z - 0.12 * r),
            (0, 0.60 * h, z),
        ],
        0.13 * r,
        enamel,
        8,
    )
    arch = []
    for k in range(9):
        a = np.pi * k / 8
        arch.append((0, 0.46 * h + 0.50 * h * np.sin(a), at - 0.78 * r * np.cos(a)))
    m.tube(arch, 0.08 * r, black, 8)
    m.surface((0, body, at), (0.5 * r, 0.5 * r), 0.2)
    return m.mesh()


BUILDERS = {
    "Pan": pan,
    "Pot": pot,
    "Kettle": kettle,
}
