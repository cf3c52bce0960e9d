"""Sports gear: balls, bats, rackets, dumbbells."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker, laid
from envs.simulator.meshes.mesh import Mesh


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


BUILDERS = {
    "BasketBall": basket_ball,
    "BaseballBat": baseball_bat,
    "TennisRacket": tennis_racket,
    "Dumbbell": dumbbell,
}
