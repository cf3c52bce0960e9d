"""Bottles."""

from __future__ import annotations

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
    m.lathe([(1.03 * r, 0.16 * h), (1.03 * r, 0.28 * h)], WHITE, 16)
    m.lathe([(1.03 * r, 0.36 * h), (1.03 * r, 0.48 * h)], WHITE, 16)
    badge = darker(soap, 0.8)
    m.lathe([(1.03 * r, 0.28 * h), (1.03 * r, 0.36 * h)], badge, 16)
    m.rod((0, 0.74 * h, 0), 0.32 * r, 0.14 * h, WHITE)
    m.rod((0, 0.87 * h, 0), 0.12 * r, 0.16 * h, WHITE, segments=6)
    m.span((-0.22 * r, 0.93 * h, -0.25 * r), (0.22 * r, h, 0.95 * r), WHITE)
    return m.mesh()


BUILDERS = {
    "Bottle": bottle,
    "WineBottle": wine_bottle,
    "SoapBottle": soap_bottle,
}
