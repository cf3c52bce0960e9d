"""Plates, bowls, cups, pots and bottles."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Mesh

WHITE = (0.95, 0.95, 0.93)
STEEL = (0.74, 0.75, 0.78)


# What a flag of its name tells apart; anything else filled in is taken for water.
_LIQUIDS = (
    ("coffee", (0.30, 0.17, 0.09)),
    ("wine", (0.46, 0.07, 0.13)),
    ("!coffee&!wine", (0.62, 0.80, 0.90)),
)
_STAIN = (0.40, 0.27, 0.12)


def _liquid(m: Maker, radius: float, height: float) -> None:
    """The level of what is filled in."""
    for name, color in _LIQUIDS:
        flags = f"isFilledWithLiquid&{name}"
        m.rod((0, height, 0), radius, 0.003, color, when=flags, solid=False)


def _dirt(m: Maker, inside: float, floor: float, foot: float, rim: float, height: float) -> None:
    """While dirty: left-overs on the inner floor, stains on the wall from foot to rim radius."""
    heap = [(inside, floor), (0.6 * inside, floor + 0.002), (0, floor + 0.001)]
    m.lathe(heap, _STAIN, 12, when="isDirty", sharp=80)
    for a, low, tall in ((0.9, 0.62, 0.3), (2.1, 0.5, 0.2), (4.0, 0.66, 0.26), (5.3, 0.56, 0.2)):
        r = foot + (rim - foot) * low
        for k, part in enumerate((0.0, -0.6)):
            at = (r * np.cos(a), (low + part * tall) * height, r * np.sin(a))
            wide = (0.16 - 0.07 * k) * rim
            blot = (
                0.03 * rim + wide * abs(np.sin(a)),
                0.4 * tall * height,
                0.03 * rim + wide * abs(np.cos(a)),
            )
            m.ball(at, blot, _STAIN, segments=6, rings=4, when="isDirty")


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
    _dirt(m, 0.40 * r, 0.125 * h, 0.48 * r, 1.04 * r, h)
    _liquid(m, 0.86 * r, 0.72 * h)
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
    _dirt(m, 0.82 * r, 0.125 * h, 0.97 * r, 0.99 * r, h)
    _liquid(m, 0.86 * r, 0.84 * h)
    m.surface((0, 0.14 * h, 0), (1.2 * r, 1.2 * r), 0.25)
    return m.mesh()


def cup(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    glass = m.pick((0.62, 0.80, 0.86), (0.90, 0.60, 0.62), (0.62, 0.84, 0.62))
    r, h = float(m.half[0]), float(m.size[1])
    m.lathe(
        [(0, 0), (0.68 * r, 0), (r, h), (0.90 * r, h), (0.62 * r, 0.08 * h), (0, 0.08 * h)],
        glass,
        16,
    )
    _dirt(m, 0.60 * r, 0.09 * h, 0.67 * r, 0.99 * r, h)
    _liquid(m, 0.8 * r, 0.7 * h)
    m.surface((0, 0.09 * h, 0), (1.0 * r, 1.0 * r), 0.25)
    return m.mesh()


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
        m.rod(spot, 0.22 * r, 0.003, _STAIN, segments=8, when="isDirty")
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
    _dirt(m, 0.90 * r, 0.09 * h, 0.97 * r, 0.99 * r, h)
    _liquid(m, 0.9 * r, 0.75 * h)
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
    "Plate": plate,
    "Bowl": bowl,
    "Mug": mug,
    "Cup": cup,
    "Pan": pan,
    "Pot": pot,
    "Kettle": kettle,
    "Bottle": bottle,
    "WineBottle": wine_bottle,
    "SoapBottle": soap_bottle,
    "SprayBottle": spray_bottle,
    "SaltShaker": shaker((0.94, 0.94, 0.95), (0.75, 0.76, 0.80)),
    "PepperShaker": shaker((0.16, 0.12, 0.10), (0.30, 0.22, 0.16)),
}
