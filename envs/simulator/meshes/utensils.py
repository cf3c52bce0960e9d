"""Cutlery and other long, flat things."""

from __future__ import annotations

from envs.simulator.meshes.maker import Maker, laid
from envs.simulator.meshes.mesh import Mesh

STEEL = (0.80, 0.81, 0.84)


def _flat(draw):
    def build(size: tuple, seed: int) -> Mesh:
        return laid(size, seed, draw)

    return build


def _knife(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    handle = m.pick((0.10, 0.09, 0.09), (0.35, 0.20, 0.10))
    m.span((-x, -0.15 * y, -0.15 * z), (x, 0.15 * y, 0.70 * z), STEEL)
    m.span((-0.2 * x, -0.12 * y, 0.70 * z), (x, 0.12 * y, z), STEEL)
    m.span((-0.1 * x, -y, -z), (x, y, -0.15 * z), handle)
    for t in (-0.75, -0.4):
        m.ball(
            (0.45 * x, 0.95 * y, t * z), (0.16 * x, 0.2 * y, 0.16 * x), STEEL, segments=6, rings=3
        )


def _butter_knife(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    m.span((-0.5 * x, -0.7 * y, -z), (0.5 * x, 0.7 * y, 0.05 * z), (0.70, 0.71, 0.74))
    m.ball((0, 0, 0.5 * z), (x, 0.5 * y, 0.5 * z), (0.86, 0.87, 0.90), segments=10, rings=5)
    m.ball((0, 0, -0.8 * z), (0.8 * x, y, 0.2 * z), (0.70, 0.71, 0.74), segments=8, rings=5)


def _fork(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    m.span((-0.32 * x, -0.4 * y, -z), (0.32 * x, 0.3 * y, 0.25 * z), STEEL)
    m.span((-x, -0.5 * y, 0.25 * z), (x, 0.6 * y, 0.48 * z), STEEL)
    for k in (-0.85, -0.28, 0.28, 0.85):
        m.span(((k - 0.14) * x, -0.2 * y, 0.48 * z), ((k + 0.14) * x, y, z), STEEL)
    m.span((-0.6 * x, -y, -z), (0.6 * x, 0.2 * y, -0.7 * z), STEEL)


def _spoon(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    m.span((-0.28 * x, -0.3 * y, -z), (0.28 * x, 0.3 * y, 0.4 * z), STEEL)
    m.ball((0, -0.1 * y, 0.64 * z), (x, 0.9 * y, 0.36 * z), STEEL, segments=12, rings=6)
    m.ball(
        (0, 0.45 * y, 0.64 * z),
        (0.75 * x, 0.5 * y, 0.28 * z),
        (0.58, 0.59, 0.62),
        segments=10,
        rings=4,
    )
    m.span((-0.5 * x, -0.4 * y, -z), (0.5 * x, 0.5 * y, -0.7 * z), STEEL)


def _spatula(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    dark = m.pick((0.12, 0.12, 0.13), (0.75, 0.15, 0.12), (0.55, 0.36, 0.18))
    m.span((-x, -y, 0.35 * z), (x, -0.2 * y, z), dark)
    for t in (-0.5, 0.0, 0.5):
        m.span(
            ((t - 0.12) * x, -0.3 * y, 0.5 * z), ((t + 0.12) * x, 0.0, 0.9 * z), (0.75, 0.75, 0.75)
        )
    m.tube(
        [(0, -0.5 * y, 0.36 * z), (0, 0.5 * y, 0), (0, 0.7 * y, -z)],
        max(0.16 * x, 0.3 * y),
        dark,
        8,
    )


def _ladle(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    m.ball(
        (0, -0.2 * y, 0.72 * z), (x, 0.8 * y, 0.28 * z), (0.68, 0.69, 0.72), segments=12, rings=6
    )
    m.ball(
        (0, 0.25 * y, 0.72 * z),
        (0.8 * x, 0.45 * y, 0.21 * z),
        (0.30, 0.30, 0.32),
        segments=10,
        rings=4,
    )
    m.tube(
        [(0, 0.2 * y, 0.5 * z), (0, 0.7 * y, 0), (0, 0.8 * y, -z)],
        max(0.12 * x, 0.10 * y),
        STEEL,
        6,
    )
    m.span((-0.3 * x, 0.4 * y, -z), (0.3 * x, y, -0.55 * z), (0.10, 0.10, 0.10))


def _pen(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    ink = m.pick((0.12, 0.20, 0.62), (0.75, 0.10, 0.10), (0.1, 0.1, 0.1))
    m.rod((0, 0, -0.05 * z), min(x, y), 1.7 * z, (0.92, 0.92, 0.92), axis=2, segments=8)
    m.rod((0, 0, -0.68 * z), min(x, y) * 1.05, 0.64 * z, ink, axis=2, segments=8)
    m.rod((0, 0, 0.9 * z), min(x, y) * 0.9, 0.2 * z, ink, axis=2, segments=8, top=0.1 * min(x, y))


def _pencil(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    m.rod((0, 0, 0), min(x, y), 1.55 * z, (0.95, 0.75, 0.12), axis=2, segments=6)
    m.rod(
        (0, 0, 0.88 * z),
        min(x, y),
        0.22 * z,
        (0.88, 0.70, 0.48),
        axis=2,
        segments=6,
        top=0.1 * min(x, y),
    )
    m.rod((0, 0, -0.9 * z), min(x, y), 0.2 * z, (0.90, 0.45, 0.50), axis=2, segments=6)


def _card(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    face = m.pick((0.12, 0.30, 0.70), (0.10, 0.10, 0.12), (0.75, 0.60, 0.20))
    m.span((-x, -y, -z), (x, 0.9 * y, z), face)
    m.span((-0.55 * x, 0.9 * y, 0.3 * z), (-0.1 * x, y, 0.65 * z), (0.90, 0.78, 0.35))
    m.span((-0.7 * x, 0.9 * y, -0.85 * z), (-0.45 * x, y, 0.1 * z), (0.95, 0.95, 0.95))


def _phone(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    m.span((-x, -y, -z), (x, 0.8 * y, z), (0.08, 0.08, 0.09))
    m.span(
        (-0.88 * x, 0.8 * y, -0.86 * z),
        (0.88 * x, y, 0.86 * z),
        (0.16, 0.20, 0.28),
        when="!isToggled",
    )
    m.span(
        (-0.88 * x, 0.8 * y, -0.86 * z),
        (0.88 * x, y, 0.86 * z),
        (0.45, 0.75, 0.98),
        when="isToggled",
        emissive=True,
    )


def _foil(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    m.span((-x, -y, -z), (x, y, z), (0.30, 0.45, 0.75))
    m.span((-1.01 * x, -0.4 * y, -0.9 * z), (1.01 * x, 0.4 * y, 0.9 * z), (0.92, 0.92, 0.95))


BUILDERS = {
    "Knife": _flat(_knife),
    "ButterKnife": _flat(_butter_knife),
    "Fork": _flat(_fork),
    "Spoon": _flat(_spoon),
    "Spatula": _flat(_spatula),
    "Ladle": _flat(_ladle),
    "Pen": _flat(_pen),
    "Pencil": _flat(_pencil),
    "CreditCard": _flat(_card),
    "CellPhone": _flat(_phone),
    "AluminumFoil": _flat(_foil),
}
