"""Bottles and shakers."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.kitchen.tableware import WHITE
from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Mesh


def bottle(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    glass = m.pick((0.35, 0.62, 0.60), (0.80, 0.62, 0.20), (0.55, 0.30, 0.15))
    r, h = float(m.half[0]), float(m.size[1])
    m.lathe(
        [(0, 0), (r, 0), (r, 0.55 * h), (0.35 * r, 0.76 * h), (0.35 * r, 0.93 * h), (0, 0.93 * h)],
        glass,
        16,
    )
    m.lathe(
        [(1.01 * r, 0.15 * h), (1.02 * r, 0.16 * h), (1.02 * r, 0.44 * h), (1.0 * r, 0.45 * h)],
        WHITE,
        16,
    )
    m.rod((0, 0.96 * h, 0), 0.40 * r, 0.08 * h, m.pick((0.85, 0.2, 0.2), (0.15, 0.15, 0.15)))
    return m.mesh()


def wine_bottle(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    r, h = float(m.half[0]), float(m.size[1])
    glass = m.pick((0.07, 0.22, 0.10), (0.16, 0.07, 0.09))
    m.lathe([(0, 0), (r, 0), (r, 0.58 * h), (0.38 * r, 0.72 * h), (0.34 * r, h), (0, h)], glass, 16)
    m.lathe(
        [(1.01 * r, 0.14 * h), (1.03 * r, 0.15 * h), (1.03 * r, 0.46 * h), (1.0 * r, 0.47 * h)],
        (0.94, 0.90, 0.78),
        16,
    )
    m.rod((0, 0.91 * h, 0), 0.42 * r, 0.16 * h, m.pick((0.60, 0.08, 0.14), (0.75, 0.60, 0.2)))
    return m.mesh()


def soap_bottle(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    soap = m.pick((0.18, 0.66, 0.78), (0.30, 0.72, 0.35), (0.92, 0.52, 0.66))
    r, h = float(min(m.half[0], m.half[2])), float(m.size[1])
    body = [
        (0, 0),
        (0.95 * r, 0),
        (r, 0.05 * h),
        (r, 0.58 * h),
        (0.40 * r, 0.68 * h),
        (0, 0.68 * h),
    ]
    m.lathe(body, soap, 16, when="!isUsedUp")
    # Used up, the bottle is clear.
    m.lathe(body, (0.86, 0.89, 0.90), 16, when="isUsedUp", alpha=0.6)
    m.lathe([(1.015 * r, 0.16 * h), (1.015 * r, 0.48 * h)], WHITE, 16)
    badge = darker(soap, 0.8)
    m.lathe([(1.025 * r, 0.28 * h), (1.025 * r, 0.36 * h)], badge, 16)
    m.rod((0, 0.74 * h, 0), 0.32 * r, 0.14 * h, WHITE)
    m.rod((0, 0.87 * h, 0), 0.12 * r, 0.16 * h, WHITE, segments=6)
    m.span((-0.22 * r, 0.93 * h, -0.25 * r), (0.22 * r, h, 0.95 * r), WHITE)
    return m.mesh()


def shaker(body: tuple, cap: tuple):
    """A builder of a salt or pepper shaker."""

    def build(size: tuple, seed: int) -> Mesh:
        m = Maker(size, seed)
        r, h = float(m.half[0]), float(m.size[1])
        m.lathe([(0, 0), (r, 0), (0.72 * r, 0.70 * h), (0, 0.70 * h)], body, 12)
        m.lathe(
            [(0.78 * r, 0.68 * h), (0.78 * r, 0.84 * h), (0.45 * r, h), (0, h)], cap, 12, sharp=60
        )
        for k in range(4):
            a = np.pi / 2 * k
            m.ball(
                (0.25 * r * np.cos(a), 0.985 * h, 0.25 * r * np.sin(a)),
                (0.07 * r,) * 3,
                (0.1, 0.1, 0.1),
                segments=4,
                rings=2,
            )
        return m.mesh()

    return build


def spray_bottle(size: tuple, seed: int) -> Mesh:
    """Its nozzle and trigger to the longer side of the box."""
    m = Maker(size, seed)
    body = m.pick((0.30, 0.50, 0.85), (0.95, 0.75, 0.20), (0.35, 0.70, 0.40))
    long_x = m.size[0] > m.size[2]
    across, along = (m.half[2], m.half[0]) if long_x else (m.half[0], m.half[2])
    w, deep, h = float(across), float(along), float(m.size[1])
    m.lathe(
        [
            (0, 0),
            (0.98, 0),
            (1.0, 0.04 * h),
            (1.0, 0.42 * h),
            (0.5, 0.60 * h),
            (0.36, 0.68 * h),
            (0.36, 0.76 * h),
            (0, 0.76 * h),
        ],
        body,
        16,
        sharp=50,
    )
    oval = 0.72 * deep
    m.parts[-1].vertices[:] = m.parts[-1].vertices * (w, 1, oval) + (0, 0, -deep + oval)
    m.lathe([(1.01, 0.12 * h), (1.01, 0.36 * h)], WHITE, 16)
    m.parts[-1].vertices[:] = m.parts[-1].vertices * (w, 1, oval) + (0, 0, -deep + oval)
    at = -deep + oval
    m.rod((0, 0.77 * h, at), 0.42 * w, 0.05 * h, WHITE, segments=12)
    head = (w, 0.2 * h, 1.15 * deep)
    m.cushion((0, 0.90 * h, at + 0.25 * deep), head, WHITE, None, 0.3 * w)
    red = (0.85, 0.2, 0.2)
    m.rod((0, 0.93 * h, 0.92 * deep), 0.28 * w, 0.16 * deep, red, axis=2, segments=8)
    m.tube(
        [
            (0, 0.82 * h, at + 0.55 * deep),
            (0, 0.74 * h, at + 0.75 * deep),
            (0, 0.66 * h, at + 0.68 * deep),
        ],
        0.16 * w,
        (0.85, 0.2, 0.2),
        6,
    )
    if long_x:
        for part in m.parts:
            part.vertices[:] = part.vertices[:, [2, 1, 0]]
            part.normals[:] = part.normals[:, [2, 1, 0]]
    return m.mesh()


BUILDERS = {
    "Bottle": bottle,
    "WineBottle": wine_bottle,
    "SoapBottle": soap_bottle,
    "SprayBottle": spray_bottle,
    "SaltShaker": shaker((0.94, 0.94, 0.95), (0.75, 0.76, 0.80)),
    "PepperShaker": shaker((0.16, 0.12, 0.10), (0.30, 0.22, 0.16)),
}
