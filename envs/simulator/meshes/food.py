"""Food: whole and in pieces."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker
from envs.simulator.meshes.mesh import Mesh

_COOKED = 0.55


def _dark(color: tuple, by: float = _COOKED) -> tuple:
    return tuple(c * by for c in color)


def apple(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    skin = m.pick((0.80, 0.07, 0.08), (0.55, 0.75, 0.15), (0.72, 0.05, 0.10))
    r = float(min(m.half[0], m.half[2]))
    h = float(m.size[1]) * 0.86
    profile = [
        (0.0, 0.06 * h),
        (0.35 * r, 0.0),
        (0.75 * r, 0.13 * h),
        (r, 0.52 * h),
        (0.86 * r, 0.82 * h),
        (0.5 * r, 0.97 * h),
        (0.2 * r, 0.93 * h),
        (0.0, 0.84 * h),
    ]
    m.lathe(profile, skin, 16, sharp=80)
    m.tube(
        [(0, 0.84 * h, 0), (0.02 * r, h, 0), (0.12 * r, 1.16 * h, 0)],
        0.06 * r,
        (0.30, 0.19, 0.08),
        6,
    )
    m.ball(
        (0.35 * r, 1.06 * h, 0),
        (0.30 * r, 0.04 * h, 0.15 * r),
        (0.25, 0.55, 0.15),
        segments=8,
        rings=4,
    )
    return m.mesh()


def tomato(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    skin = m.pick((0.93, 0.22, 0.08), (0.90, 0.30, 0.10))
    m.ball((0, 0, 0), tuple(m.half * (1, 0.94, 1)), skin, segments=16, rings=8)
    r, top = float(m.half[0]), float(m.half[1])
    for k in range(5):
        a = 2 * np.pi * k / 5
        m.ball(
            (0.28 * r * np.cos(a), 0.93 * top, 0.28 * r * np.sin(a)),
            (0.26 * r, 0.09 * top, 0.26 * r),
            (0.20, 0.52, 0.14),
            segments=6,
            rings=3,
        )
    m.rod((0, top * 1.02, 0), 0.05 * r, 0.2 * top, (0.22, 0.45, 0.12), segments=6)
    return m.mesh()


def potato(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    skin = m.pick((0.72, 0.55, 0.33), (0.66, 0.47, 0.28))
    m.ball((0, 0, 0), tuple(m.half), skin, "bread", 12, 8, when="!isCooked")
    m.ball((0, 0, 0), tuple(m.half), _dark(skin), "bread", 12, 8, when="isCooked")
    for x, y, z in m.rng.uniform(-1, 1, (7, 3)):
        v = np.array([x, y, z]) / np.linalg.norm([x, y, z]) * m.half * 0.97
        m.ball(tuple(v), tuple(m.half * 0.09), (0.42, 0.29, 0.16), segments=5, rings=3)
    return m.mesh()


def lettuce(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    leaf = m.pick((0.45, 0.74, 0.22), (0.55, 0.80, 0.30))
    m.ball((0, 0, 0), tuple(m.half * 0.72), leaf, "leaf", 10, 6)
    for _ in range(11):
        v = m.rng.normal(size=3)
        v /= np.linalg.norm(v)
        shade = tuple(np.clip(np.array(leaf) * m.rng.uniform(0.72, 1.18), 0, 1))
        m.ball(
            tuple(v * m.half * 0.5),
            tuple(m.half * m.rng.uniform(0.35, 0.55, 3)),
            shade,
            "leaf",
            7,
            4,
        )
    return m.mesh()


def bread(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    crust = m.pick((0.74, 0.47, 0.20), (0.66, 0.39, 0.16))
    x, y, z = (float(v) for v in m.half)
    m.ball((0, -0.12 * y, 0), (x, 0.88 * y, z), crust, "bread", 14, 8)
    m.span((-0.82 * x, -y, -0.80 * z), (0.82 * x, -0.1 * y, 0.80 * z), crust, "bread")
    long_z = z >= x
    for t in (-0.55, -0.18, 0.18, 0.55):
        lift = 0.76 * y * float(np.sqrt(max(0.0, 1 - t * t)))
        center = (0, lift - 0.10 * y, t * z) if long_z else (t * x, lift - 0.10 * y, 0)
        dims = (0.62 * x, 0.14 * y, 0.07 * z) if long_z else (0.07 * x, 0.14 * y, 0.62 * z)
        m.ball(center, dims, (0.95, 0.82, 0.58), segments=8, rings=4)
    return m.mesh()


def egg(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    order = np.argsort(m.size)
    shell = m.pick((0.96, 0.90, 0.80), (0.87, 0.68, 0.50))
    radii = m.half.copy()
    m.ball((0, 0, 0), tuple(radii), shell, segments=12, rings=9)
    tip = np.zeros(3)
    tip[order[2]] = radii[order[2]] * 0.25
    m.ball(tuple(tip), tuple(radii * 0.92), shell, segments=12, rings=8)
    return m.mesh()


def slice_of(flesh: tuple, skin: tuple):
    """A builder of a disc-shaped piece with skin round its edge."""

    def build(size: tuple, seed: int) -> Mesh:
        m = Maker(size, seed)
        thin = int(np.argmin(m.size[[0, 2]])) * 2
        for flag, by in (("!isCooked", 1.0), ("isCooked", _COOKED)):
            rim, core = m.half.copy(), m.half * 0.86
            core[thin] = m.half[thin]
            rim[thin] *= 0.98
            if thin == 2:
                from envs.simulator.meshes import primitives as p

                for radii, color in ((rim, skin), (core, flesh)):
                    v, n, t, f = p.cylinder((0, 0, 0), 1.0, 2.0, 2, 14)
                    m.add((v * radii, n, t, f), _dark(color, by), when=flag)
            else:
                from envs.simulator.meshes import primitives as p

                for radii, color in ((rim, skin), (core, flesh)):
                    v, n, t, f = p.cylinder((0, 0, 0), 1.0, 2.0, 0, 14)
                    m.add((v * radii, n, t, f), _dark(color, by), when=flag)
        return m.mesh()

    return build


def egg_cracked(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    m.ball((0, -0.6 * y, 0), (x, 0.4 * y, z), (0.96, 0.95, 0.90), segments=14, rings=5)
    m.ball(
        (0.1 * x, -0.1 * y, 0),
        (0.42 * x, 1.1 * y, 0.42 * z),
        (0.98, 0.72, 0.10),
        segments=12,
        rings=6,
        when="!isCooked",
    )
    m.ball(
        (0.1 * x, -0.1 * y, 0),
        (0.42 * x, 1.1 * y, 0.42 * z),
        (0.93, 0.62, 0.12),
        segments=12,
        rings=6,
        when="isCooked",
    )
    return m.mesh()


BUILDERS = {
    "Apple": apple,
    "Tomato": tomato,
    "Potato": potato,
    "Lettuce": lettuce,
    "Bread": bread,
    "Egg": egg,
    "AppleSliced": slice_of((0.96, 0.93, 0.78), (0.80, 0.10, 0.10)),
    "TomatoSliced": slice_of((0.95, 0.45, 0.30), (0.88, 0.16, 0.08)),
    "PotatoSliced": slice_of((0.95, 0.88, 0.62), (0.66, 0.48, 0.28)),
    "BreadSliced": slice_of((0.95, 0.85, 0.66), (0.68, 0.42, 0.18)),
    "LettuceSliced": slice_of((0.74, 0.88, 0.48), (0.42, 0.70, 0.22)),
    "EggCracked": egg_cracked,
}
