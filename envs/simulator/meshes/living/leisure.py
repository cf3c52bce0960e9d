"""Sports gear, toys, clothes and objects that decorate a room."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker, darker, laid, paler
from envs.simulator.meshes.mesh import Color, Mesh

_FUR: tuple[Color, ...] = (
    (0.62, 0.42, 0.24),
    (0.82, 0.68, 0.48),
    (0.90, 0.88, 0.84),
    (0.42, 0.28, 0.18),
)


def basket_ball(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    m.ball((0, 0, 0), (x, y, z), (0.90, 0.46, 0.17), "leather", segments=18, rings=10)
    seam, around = (0.12, 0.08, 0.06), np.linspace(0, 2 * np.pi, 17)
    c, s, o = np.cos(around), np.sin(around), np.zeros(17)
    for ring in (
        np.stack([o, c, s], 1),
        np.stack([c, o, s], 1),
        np.stack([c, s, o], 1),
        np.stack([o + 0.62, 0.785 * c, 0.785 * s], 1),
        np.stack([o - 0.62, 0.785 * c, 0.785 * s], 1),
    ):
        m.tube([tuple(p) for p in ring * (x, y, z) * 0.995], 0.018 * x, seam, 3)
    return m.mesh()


def _bat(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    wood = m.pick((0.80, 0.62, 0.38), (0.72, 0.50, 0.28), (0.62, 0.66, 0.70), (0.20, 0.20, 0.22))
    r = max(x, y)
    m.lathe(
        [
            (0, -z),
            (0.62 * r, -z),
            (0.62 * r, -0.96 * z),
            (0.34 * r, -0.93 * z),
            (0.38 * r, -0.4 * z),
            (0.66 * r, 0.0),
            (0.98 * r, 0.5 * z),
            (r, 0.8 * z),
            (0.85 * r, 0.95 * z),
            (0, z),
        ],
        wood,
        14,
        sharp=60,
    )
    part = m.parts.pop()
    m.add(
        (
            part.vertices[:, [0, 2, 1]] * (x / r, y / r, 1),
            part.normals[:, [0, 2, 1]],
            part.uvs,
            part.faces,
        ),
        wood,
        "wood",
    )
    m.rod((0, 0, -0.68 * z), 0.40 * min(x, y), 0.5 * z, (0.13, 0.13, 0.14), axis=2, segments=10)


def baseball_bat(size: tuple, seed: int) -> Mesh:
    return laid(size, seed, _bat)


def _racket(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    frame = m.pick((0.80, 0.16, 0.14), (0.16, 0.30, 0.62), (0.90, 0.80, 0.20), (0.15, 0.15, 0.16))
    ring, middle = 0.5 * z, 0.5 * z
    thick = min(0.9 * y, 0.09 * x)
    a = np.linspace(0, 2 * np.pi, 25)
    path = [((x - thick) * np.cos(t), 0.0, middle + (ring - thick) * np.sin(t)) for t in a]
    m.tube(path, thick, frame, 6)
    for k in np.linspace(-0.8, 0.8, 8):
        s = np.sqrt(1 - k * k)
        m.span(
            (k * x - 0.002, -0.002, middle - s * ring),
            (k * x + 0.002, 0.002, middle + s * ring),
            (0.94, 0.94, 0.90),
        )
        m.span(
            (-s * x, -0.002, middle + k * ring - 0.002),
            (s * x, 0.002, middle + k * ring + 0.002),
            (0.94, 0.94, 0.90),
        )
    for side in (-1, 1):
        m.tube(
            [(side * 0.42 * x, 0, 0.08 * z), (side * 0.05 * x, 0, -0.25 * z)], 0.8 * thick, frame, 6
        )
    m.rod(
        (0, 0, -0.62 * z), min(0.98 * y, 0.12 * x), 0.76 * z, (0.12, 0.12, 0.13), axis=2, segments=8
    )


def tennis_racket(size: tuple, seed: int) -> Mesh:
    return laid(size, seed, _racket)


def dumbbell(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    iron = m.pick((0.18, 0.18, 0.20), (0.20, 0.35, 0.58), (0.55, 0.16, 0.30))
    along = 0 if m.size[0] >= m.size[2] else 2
    long, r = float(m.half[along]), float(min(m.half[1], m.half[2 - along]))
    m.rod((0, 0, 0), 0.26 * r, 1.9 * long, (0.74, 0.75, 0.78), axis=along, segments=10)
    for side in (-1, 1):
        for at, share, wide in ((0.62, 1.0, 0.26), (0.84, 0.8, 0.2)):
            center = [0.0, 0.0, 0.0]
            center[along] = side * at * long
            m.rod(
                tuple(center),
                share * r,
                wide * long,
                iron,
                axis=along,
                segments=6 if share == 1 else 14,
            )
    return m.mesh()


def teddy_bear(size: tuple, seed: int) -> Mesh:
    """Sitting, looking to +z."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    fur = m.pick(*_FUR)
    pale = paler(fur, 0.18)
    m.ball((0, -0.38 * y, -0.15 * z), (0.62 * x, 0.55 * y, 0.62 * z), fur, "carpet", 10, 7)
    m.ball((0, -0.42 * y, 0.12 * z), (0.40 * x, 0.38 * y, 0.42 * z), pale, "carpet", 8, 5)
    m.ball((0, 0.42 * y, -0.1 * z), (0.56 * x, 0.44 * y, 0.52 * z), fur, "carpet", 10, 7)
    m.ball((0, 0.30 * y, 0.32 * z), (0.25 * x, 0.18 * y, 0.22 * z), pale, "carpet", 8, 5)
    dark = (0.08, 0.06, 0.05)
    m.ball((0, 0.38 * y, 0.52 * z), (0.09 * x, 0.06 * y, 0.06 * z), dark, segments=8, rings=4)
    for a in (-1, 1):
        m.ball(
            (a * 0.22 * x, 0.53 * y, 0.36 * z),
            (0.06 * x, 0.05 * y, 0.05 * z),
            dark,
            segments=6,
            rings=4,
        )
        m.ball(
            (a * 0.44 * x, 0.78 * y, -0.1 * z), (0.20 * x, 0.20 * y, 0.12 * z), fur, "carpet", 8, 6
        )
        m.ball(
            (a * 0.44 * x, 0.77 * y, 0.0), (0.11 * x, 0.11 * y, 0.06 * z), pale, segments=7, rings=4
        )
        m.ball(
            (a * 0.66 * x, -0.20 * y, 0.15 * z), (0.24 * x, 0.40 * y, 0.24 * z), fur, "carpet", 8, 6
        )
        m.ball(
            (a * 0.50 * x, -0.80 * y, 0.50 * z),
            (0.26 * x, 0.20 * y, 0.50 * z),
            fur,
            "carpet",
            10,
            6,
        )
        m.ball(
            (a * 0.50 * x, -0.78 * y, 0.95 * z),
            (0.20 * x, 0.20 * y, 0.06 * z),
            pale,
            segments=7,
            rings=4,
        )
    if m.chance(0.4):
        m.ball(
            (0, 0.06 * y, 0.30 * z),
            (0.22 * x, 0.09 * y, 0.08 * z),
            (0.80, 0.15, 0.18),
            segments=8,
            rings=4,
        )
    return m.mesh()


def boots(size: tuple, seed: int) -> Mesh:
    """A pair of high boots side by side, toes to +z."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    rubber = m.pick((0.20, 0.36, 0.26), (0.62, 0.16, 0.14), (0.16, 0.16, 0.18), (0.85, 0.70, 0.20))
    for a in (-1, 1):
        at = a * 0.52 * x
        w = 0.44 * x
        m.lathe(
            [
                (0, -0.9 * y),
                (0.92, -0.9 * y),
                (0.8, -0.4 * y),
                (1.0, 0.8 * y),
                (1.04, y),
                (0.9, y),
                (0.7, -0.3 * y),
                (0, -0.5 * y),
            ],
            rubber,
            12,
            sharp=70,
        )
        part = m.parts[-1]
        part.vertices[:] = part.vertices * (w, 1, 0.52 * z) + (at, 0, -0.44 * z)
        m.ball((at, -0.9 * y, 0.12 * z), (w, 0.36 * y, 0.86 * z), rubber, segments=10, rings=6)
        foot = m.parts[-1].vertices
        foot[:, 1] = np.maximum(foot[:, 1], -0.94 * y)
        m.cushion(
            (at, -0.95 * y, 0.02 * z), (2 * w, 0.1 * y, 1.96 * z), (0.10, 0.10, 0.10), None, 0.02
        )
        m.ring((at, 0.97 * y, -0.44 * z), 0.95 * w, 0.05 * w, darker(rubber, 0.7), segments=12)
    return m.mesh()


# Outlines of vases, (radius, height) from below, of a vase of half extents 1.
_VASES = (
    [
        (0, -1),
        (0.5, -1),
        (1, -0.3),
        (0.85, 0.2),
        (0.4, 0.7),
        (0.55, 1),
        (0.47, 1),
        (0.3, 0.7),
        (0, 0.4),
    ],
    [
        (0, -1),
        (0.6, -1),
        (0.7, -0.9),
        (0.62, 0.3),
        (1.0, 1.0),
        (0.92, 1.0),
        (0.5, 0.2),
        (0, -0.6),
    ],
    [
        (0, -1),
        (0.75, -1),
        (1.0, -0.5),
        (0.95, 0.0),
        (0.25, 0.45),
        (0.22, 0.9),
        (0.34, 1),
        (0.26, 1),
        (0.15, 0.8),
        (0, 0.5),
    ],
    [
        (0, -1),
        (0.85, -1),
        (1.0, -0.8),
        (1.0, 0.9),
        (0.95, 1.0),
        (0.88, 0.9),
        (0.85, -0.7),
        (0, -0.8),
    ],
)


def vase(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    glaze = m.pick(
        (0.25, 0.36, 0.62),
        (0.82, 0.60, 0.35),
        (0.55, 0.22, 0.30),
        (0.86, 0.86, 0.82),
        (0.28, 0.50, 0.46),
    )
    x, y, z = (float(v) for v in m.half)
    profile = _VASES[int(m.rng.integers(4))]
    m.lathe(profile, glaze, 18, sharp=70)
    m.parts[-1].vertices[:] = m.parts[-1].vertices * (x, y, z)
    if m.chance(0.6):
        # A painted band that follows the outline.
        outer = profile[: int(np.argmax([p[1] for p in profile])) + 1]
        heights, radii = [p[1] for p in outer], [p[0] for p in outer]
        band = m.pick((0.94, 0.90, 0.80), (0.20, 0.20, 0.22), (0.80, 0.62, 0.24))
        for at in (-0.45, -0.25):
            rows = [
                (float(np.interp(at + d, heights, radii)) * 1.015, at + d)
                for d in (-0.045, 0, 0.045)
            ]
            m.lathe(rows, band, 18, sharp=90)
            m.parts[-1].vertices[:] = m.parts[-1].vertices * (x, y, z)
    return m.mesh()


def room_decor(size: tuple, seed: int) -> Mesh:
    """A tall vase with dry branches."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    r = 0.62 * min(x, z)
    glaze = m.pick((0.32, 0.26, 0.24), (0.86, 0.84, 0.78), (0.55, 0.30, 0.22))
    m.lathe(
        [
            (0, -y),
            (0.6 * r, -y),
            (r, -0.6 * y),
            (0.7 * r, -0.1 * y),
            (0.45 * r, 0.0),
            (0.6 * r, 0.06 * y),
            (0.5 * r, 0.06 * y),
            (0, -0.1 * y),
        ],
        glaze,
        18,
        sharp=70,
    )
    for k in range(9):
        a, lean = 2.4 * k, 0.35 + 0.65 * float(m.rng.random())
        tip = (lean * x * np.cos(a), y * (0.70 + 0.3 * float(m.rng.random())), lean * z * np.sin(a))
        knee = (0.35 * tip[0], 0.4 * tip[1] + 0.1 * y, 0.35 * tip[2])
        m.tube([(0, -0.05 * y, 0), knee, tip], 0.006, (0.45, 0.34, 0.22), 4)
        m.ball(
            tip,
            (0.09 * x, 0.06 * y, 0.09 * z),
            m.pick((0.86, 0.80, 0.62), (0.75, 0.55, 0.50)),
            "carpet",
            6,
            4,
        )
    return m.mesh()


def table_top_decor(size: tuple, seed: int) -> Mesh:
    """A shallow glass dish of coloured balls."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    m.lathe(
        [(0, -1), (0.4, -1), (0.45, -0.8), (1, 0.2), (0.95, 0.25), (0.4, -0.7), (0, -0.75)],
        (0.55, 0.72, 0.74),
        20,
        sharp=60,
    )
    m.parts[-1].vertices[:] = m.parts[-1].vertices * (x, y, z)
    for k in range(7):
        a, r = 2.4 * k, 0.5 * np.sqrt((k + 0.5) / 7)
        m.ball(
            (r * x * np.cos(a), (0.45 - 0.5 * r) * y + 0.1 * y, r * z * np.sin(a)),
            (0.22 * x, 0.45 * y, 0.22 * x),
            ((0.80, 0.35, 0.25), (0.90, 0.75, 0.35), (0.35, 0.50, 0.60))[k % 3],
            segments=8,
            rings=6,
        )
    return m.mesh()


BUILDERS = {
    "BasketBall": basket_ball,
    "BaseballBat": baseball_bat,
    "TennisRacket": tennis_racket,
    "Dumbbell": dumbbell,
    "TeddyBear": teddy_bear,
    "Boots": boots,
    "Vase": vase,
    "RoomDecor": room_decor,
    "TableTopDecor": table_top_decor,
}
