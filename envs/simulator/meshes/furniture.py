"""Tables, seats, bins and things that decorate a room."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Mesh

WOODS = ((0.62, 0.42, 0.25), (0.42, 0.28, 0.17), (0.78, 0.62, 0.42))


def table(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    wood = m.pick(*WOODS, (0.90, 0.89, 0.86))
    x, y, z = (float(v) for v in m.half)
    thick = min(0.05, 0.12 * y)
    m.span((-x, y - thick, -z), (x, y, z), wood, "wood", cell=0.4)
    leg = min(0.06, 0.2 * min(x, z))
    inset = 0.04
    for a in (-1, 1):
        for b in (-1, 1):
            m.span(
                (a * (x - inset), -y, b * (z - inset)),
                (a * (x - inset - leg), y - thick, b * (z - inset - leg)),
                darker(wood, 0.85),
                "wood",
            )
    m.span(
        (-x + 0.08, y - thick - 0.07, -z + 0.08),
        (x - 0.08, y - thick, z - 0.08),
        darker(wood, 0.8),
        "wood",
    )
    m.surface((0, y, 0), (2 * x - 0.06, 2 * z - 0.06), 0.6)
    return m.mesh()


def chair(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    wood = m.pick(*WOODS, (0.20, 0.20, 0.22))
    x, y, z = (float(v) for v in m.half)
    seat = -y + 0.48 * 2 * y
    leg = 0.045
    for a in (-1, 1):
        m.span((a * x, -y, z), (a * (x - leg), seat, z - leg), wood, "wood")
        m.span((a * x, -y, -z), (a * (x - leg), y, -z + leg), wood, "wood")
    m.span(
        (-x, seat - 0.045, -z),
        (x, seat, z),
        m.pick((0.75, 0.22, 0.18), (0.86, 0.78, 0.62), (0.30, 0.42, 0.55)),
        "fabric",
    )
    for k in (0.35, 0.75):
        level = seat + (y - seat) * k
        m.span(
            (-x + leg, level, -z + 0.01),
            (x - leg, level + 0.22 * (y - seat), -z + 0.035),
            wood,
            "wood",
        )
    m.surface((0, seat, 0.02), (2 * x - 0.1, 2 * z - 0.12), 0.5)
    return m.mesh()


def stool(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    metal = m.pick((0.15, 0.15, 0.16), (0.72, 0.73, 0.76), WOODS[0])
    r = min(x, z)
    m.rod(
        (0, y - 0.04, 0),
        0.82 * r,
        0.08,
        m.pick((0.62, 0.20, 0.16), (0.40, 0.27, 0.17), (0.22, 0.30, 0.42)),
        segments=16,
    )
    for a in (-1, 1):
        for b in (-1, 1):
            m.tube(
                [(a * 0.45 * x, y - 0.08, b * 0.45 * z), (a * 0.9 * x, -y, b * 0.9 * z)],
                0.018,
                metal,
                6,
            )
    m.ring((0, -0.35 * y, 0), 0.78 * r, 0.012, metal, segments=14)
    m.surface((0, y, 0), (1.0 * r, 1.0 * r), 0.5)
    return m.mesh()


def garbage_can(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    paint = m.pick((0.35, 0.37, 0.40), (0.20, 0.42, 0.30), (0.70, 0.71, 0.73), (0.55, 0.20, 0.18))
    x, y, z = (float(v) for v in m.half)
    t = 0.018
    base = 0.82
    from envs.simulator.meshes import primitives as p

    outer = p.lathe(
        [
            (0, -1),
            (base, -1),
            (0.96, 0.86),
            (1.0, 0.86),
            (1.0, 1.0),
            (0.9, 1.0),
            (0.76, -0.9),
            (0, -0.9),
        ],
        16,
    )
    v, n, uv, f = outer
    normals = n / np.array([x, y, z])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    m.add((v * np.array([x, y, z]), normals, uv, f), paint)
    m.rod((0, 0.70 * y, 0), 0.5 * min(x, z), 0.004, (0.1, 0.1, 0.1))
    m.surface((0, -0.88 * y, 0), (1.1 * x - t, 1.1 * z - t), 1.8 * y)
    return m.mesh()


def garbage_bag(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    black = m.pick((0.09, 0.09, 0.10), (0.92, 0.92, 0.92))
    m.ball((0, -0.2 * y, 0), (x, 0.8 * y, z), black, segments=12, rings=7)
    m.rod((0, 0.62 * y, 0), 0.18 * x, 0.4 * y, black, top=0.05 * x)
    m.ring((0, 0.52 * y, 0), 0.20 * x, 0.03 * x, (0.9, 0.2, 0.2))
    m.ball((0, 0.9 * y, 0), (0.35 * x, 0.12 * y, 0.35 * z), black, segments=8, rings=4)
    return m.mesh()


def window(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    frame = m.pick((0.96, 0.96, 0.95), (0.50, 0.34, 0.20))
    bar = min(0.07, 0.16 * x, 0.16 * y)
    from envs.simulator.meshes import primitives as p

    for side in (-1, 1):
        v, n, t, f = p.box((0, 0, side * 0.02), (2 * x - bar, 2 * y - bar, 0.01))
        t = np.stack([v[:, 0] / (2 * x) + 0.5, v[:, 1] / (2 * y) + 0.5], 1)
        m.add((v, n, t, f), (0.98, 0.99, 1.0), "garden", emissive=True)
    for low, high in (
        ((-x, -y), (x, -y + bar)),
        ((-x, y - bar), (x, y)),
        ((-x, -y), (-x + bar, y)),
        ((x - bar, -y), (x, y)),
        ((-0.4 * bar, -y), (0.4 * bar, y)),
        ((-x, -0.4 * bar), (x, 0.4 * bar)),
    ):
        m.span((low[0], low[1], -z), (high[0], high[1], z), frame)
    return m.mesh()


def blinds(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    color = m.pick((0.92, 0.90, 0.84), (0.70, 0.52, 0.34))
    slats = int(np.clip(2 * y / 0.05, 3, 18))
    for k in range(slats):
        level = -y + 2 * y * (k + 0.5) / slats
        m.span(
            (-x, level - 0.6 * y / slats, -0.7 * z), (x, level + 0.6 * y / slats, 0.7 * z), color
        )
    m.span((-x, y - 0.04, -z), (x, y, z), darker(color, 0.85))
    return m.mesh()


def curtains(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    cloth = m.pick((0.72, 0.25, 0.25), (0.35, 0.45, 0.62), (0.86, 0.80, 0.64))
    for side in (-1, 1):
        for k in range(5):
            at = side * (x - (k + 0.5) * 0.09 * x)
            m.rod((at, -0.02 * y, 0), 0.055 * x, 1.92 * y, cloth, segments=8)
    m.rod((0, 0.97 * y, 0), min(0.3 * z, 0.02), 2 * x, (0.35, 0.25, 0.16), axis=0)
    return m.mesh()


def mirror(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    m.span((-x, -y, -z), (x, y, 0.6 * z), m.pick((0.45, 0.30, 0.18), (0.75, 0.75, 0.78)))
    m.span(
        (-0.9 * x, -0.92 * y, 0.6 * z), (0.9 * x, 0.92 * y, z), (0.76, 0.86, 0.92), emissive=True
    )
    return m.mesh()


def house_plant(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    r = 0.45 * min(x, z)
    m.lathe(
        [
            (0, 0),
            (0.72 * r, 0),
            (r, 0.62 * y),
            (1.08 * r, 0.62 * y),
            (1.08 * r, 0.72 * y),
            (0, 0.68 * y),
        ],
        m.pick((0.76, 0.40, 0.25), (0.92, 0.92, 0.90), (0.30, 0.36, 0.42)),
        14,
        at=(0, -y, 0),
    )
    m.rod((0, -0.30 * y, 0), 0.9 * r, 0.02, (0.25, 0.17, 0.10))
    for k in range(13):
        a, lift = 2.4 * k, 0.15 + 0.85 * (k % 5) / 4
        reach = 0.55 + 0.4 * float(m.rng.random())
        tip = (reach * x * np.cos(a), lift * y * 0.95, reach * z * np.sin(a))
        mid = (0.45 * tip[0], 0.7 * tip[1], 0.45 * tip[2])
        m.tube([(0, -0.3 * y, 0), mid], 0.012, (0.30, 0.42, 0.16), 4)
        m.ball(
            ((tip[0] + mid[0]) / 2, (tip[1] + mid[1]) / 2, (tip[2] + mid[2]) / 2),
            (0.30 * x, 0.13 * y, 0.30 * z),
            m.pick((0.20, 0.52, 0.18), (0.30, 0.62, 0.24)),
            segments=6,
            rings=3,
        )
    return m.mesh()


def statue(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    stone = m.pick((0.80, 0.78, 0.72), (0.45, 0.35, 0.22))
    m.span((-0.8 * x, -y, -0.8 * z), (0.8 * x, -0.8 * y, 0.8 * z), (0.2, 0.2, 0.2))
    m.lathe(
        [
            (0, -0.8 * y),
            (0.6, -0.8 * y),
            (0.35, -0.2 * y),
            (0.7, 0.2 * y),
            (0.2, 0.5 * y),
            (0, 0.5 * y),
        ],
        stone,
        10,
    )
    m.ball((0, 0.72 * y, 0), (0.4, 0.28 * y, 0.4), stone, segments=10, rings=6)
    return m.mesh()


def book(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    cover = m.pick((0.70, 0.14, 0.14), (0.14, 0.28, 0.55), (0.16, 0.42, 0.26), (0.85, 0.62, 0.15))
    m.span((-x, -y, -z), (x, -0.72 * y, z), cover)
    m.span((-0.94 * x, -0.72 * y, -0.94 * z), (0.97 * x, 0.72 * y, 0.94 * z), (0.95, 0.94, 0.88))
    m.span((-x, -y, -z), (-0.92 * x, y, z), cover)
    hinge = m.hinge((-x, 0.72 * y, 0), (0, 0, 1), 150.0)
    m.span((-x, 0.72 * y, -z), (x, y, z), cover, joint=hinge)
    m.span(
        (-0.5 * x, y * 0.99, 0.2 * z),
        (0.5 * x, y * 1.001, 0.55 * z),
        (0.95, 0.90, 0.75),
        joint=hinge,
    )
    return m.mesh()


def sponge(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    m.span((-x, -y, -z), (x, 0.45 * y, z), m.pick((0.98, 0.85, 0.22), (0.98, 0.70, 0.30)), "bread")
    m.span((-x, 0.45 * y, -z), (x, y, z), m.pick((0.20, 0.55, 0.25), (0.20, 0.40, 0.75)), "bread")
    return m.mesh()


def towel_roll(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    r, h = float(min(m.half[0], m.half[2])), float(m.size[1])
    m.rod((0, -0.48 * h, 0), 1.0 * r, 0.04 * h, (0.55, 0.38, 0.22), segments=14)
    m.rod((0, 0, 0), 0.94 * r, 0.90 * h, (0.96, 0.96, 0.97), texture="paper", segments=16)
    m.rod((0, 0.46 * h, 0), 0.28 * r, 0.04 * h, (0.62, 0.50, 0.36))
    m.rod((0, 0.49 * h, 0), 0.12 * r, 0.04 * h, (0.55, 0.38, 0.22))
    return m.mesh()


BUILDERS = {
    "DiningTable": table,
    "SideTable": table,
    "Chair": chair,
    "Stool": stool,
    "GarbageCan": garbage_can,
    "GarbageBag": garbage_bag,
    "Window": window,
    "Blinds": blinds,
    "Curtains": curtains,
    "Mirror": mirror,
    "HousePlant": house_plant,
    "Statue": statue,
    "Book": book,
    "DishSponge": sponge,
    "PaperTowelRoll": towel_roll,
}
