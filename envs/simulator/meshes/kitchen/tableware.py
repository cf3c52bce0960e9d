"""Plates, bowls, mugs and cups."""

from __future__ import annotations

from envs.simulator.meshes.kitchen.contents import dirt, liquid
from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Mesh

WHITE = (0.95, 0.95, 0.93)
STEEL = (0.74, 0.75, 0.78)


def plate(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    glaze = m.pick(WHITE, (0.55, 0.72, 0.86), (0.93, 0.88, 0.76))
    r, h = float(m.half[0]), float(m.size[1])
    profile = [(0, 0), (0.6, 0), (1.0, 0.85), (1.0, 1.0), (0.95, 1.0), (0.70, 0.55), (0, 0.5)]
    m.lathe([(a * r, b * h) for a, b in profile], glaze, 22)
    band = m.pick((0.20, 0.35, 0.62), (0.70, 0.20, 0.18), (0.25, 0.25, 0.28))
    m.lathe([(0.90 * r, 0.97 * h), (0.80 * r, 0.79 * h)], band, 22)
    m.lathe([(0.55 * r, 0.62 * h), (0, 0.60 * h)], (0.45, 0.30, 0.12), 12, when="isDirty")
    m.surface((0, 0.5 * h, 0), (1.25 * r, 1.25 * r), 0.3)
    return m.mesh()


def bowl(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    glaze = m.pick((0.93, 0.80, 0.42), (0.36, 0.60, 0.74), (0.82, 0.42, 0.30), (0.92, 0.92, 0.90))
    r, h = float(m.half[0]), float(m.size[1])
    m.lathe(
        [
            (0, 0),
            (0.45 * r, 0),
            (0.5 * r, 0.06 * h),
            (0.85 * r, 0.5 * h),
            (r, h),
            (0.93 * r, h),
            (0.78 * r, 0.5 * h),
            (0.42 * r, 0.12 * h),
            (0, 0.10 * h),
        ],
        glaze,
        20,
        sharp=60,
    )
    dirt(m, 0.40 * r, 0.125 * h, 0.48 * r, 1.04 * r, h)
    liquid(m, 0.86 * r, 0.72 * h)
    m.surface((0, 0.12 * h, 0), (0.95 * r, 0.95 * r), 0.3)
    return m.mesh()


def mug(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    glaze = m.pick((0.20, 0.42, 0.75), (0.80, 0.20, 0.18), (0.95, 0.93, 0.88), (0.20, 0.55, 0.40))
    long_x = m.size[0] >= m.size[2]
    r = float(min(m.half[0], m.half[2])) * 0.98
    h = float(m.size[1])
    m.lathe(
        [
            (0, 0),
            (0.92 * r, 0),
            (r, 0.08 * h),
            (r, h),
            (0.88 * r, h),
            (0.84 * r, 0.12 * h),
            (0, 0.12 * h),
        ],
        glaze,
        18,
    )
    axis, at = (2, (r * 1.05, 0.52 * h, 0)) if long_x else (0, (0, 0.52 * h, r * 1.05))
    m.ring(at, 0.30 * h, 0.055 * h, glaze, axis=axis, segments=12)
    dirt(m, 0.82 * r, 0.125 * h, 0.97 * r, 0.99 * r, h)
    liquid(m, 0.86 * r, 0.84 * h)
    m.surface((0, 0.14 * h, 0), (1.2 * r, 1.2 * r), 0.25)
    return m.mesh()


def cup(size: tuple, seed: int) -> Mesh:
    """A drinking glass: thick foot, thin clear wall, coloured bands."""
    m = Maker(size, seed)
    glass = m.pick((0.66, 0.86, 0.94), (0.96, 0.72, 0.74), (0.72, 0.92, 0.74))
    r, h = float(m.half[0]), float(m.size[1])
    m.lathe([(0, 0), (0.66 * r, 0), (0.70 * r, 0.06 * h), (0.68 * r, 0.1 * h)], glass, 18)
    m.rod((0, 0.085 * h, 0), 0.66 * r, 0.03 * h, darker(glass, 0.92), segments=18)
    m.lathe([(0.69 * r, 0.1 * h), (0.985 * r, 0.975 * h)], glass, 18, alpha=0.42)
    m.lathe([(0.90 * r, 0.97 * h), (0.64 * r, 0.1 * h)], darker(glass, 0.96), 18, alpha=0.42)
    rim = [
        (0.97 * r, 0.965 * h),
        (r, 0.985 * h),
        (0.99 * r, h),
        (0.91 * r, h),
        (0.90 * r, 0.96 * h),
    ]
    m.lathe(rim, darker(glass, 1.12), 18)
    band = m.pick((0.16, 0.42, 0.78), (0.90, 0.36, 0.20), (0.20, 0.58, 0.34))
    for low, high in ((0.62, 0.70), (0.74, 0.78)):
        at = [(r * (0.695 + 0.29 * (k - 0.1) / 0.87), k * h) for k in (low, high)]
        m.lathe(at, band, 18)
    dirt(m, 0.60 * r, 0.105 * h, 0.67 * r, 0.99 * r, h)
    liquid(m, 0.8 * r, 0.7 * h)
    m.surface((0, 0.1 * h, 0), (1.0 * r, 1.0 * r), 0.25)
    return m.mesh()


BUILDERS = {
    "Plate": plate,
    "Bowl": bowl,
    "Mug": mug,
    "Cup": cup,
}
