"""Washing machines, dryers and trolleys."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Mesh

_CHROME = (0.78, 0.79, 0.82)


def _drum_machine(size: tuple, seed: int, glass: tuple) -> Mesh:
    """A front loader: a round door on a white box, a panel with a dial."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    paint = m.pick((0.94, 0.94, 0.94), (0.62, 0.64, 0.67), (0.90, 0.90, 0.88))
    front = z - 0.05
    panel = 0.68 * y
    m.cushion((0, 0, (front - z) / 2), (2 * x, 2 * y, front + z), paint, None, 0.015)
    m.span((-0.96 * x, panel, front), (0.96 * x, 0.96 * y, front + 0.01), darker(paint, 0.9))
    tray = darker(paint, 0.97)
    m.span((-0.9 * x, panel + 0.03, front), (-0.3 * x, 0.92 * y, front + 0.02), tray)
    m.rod((0.15 * x, 0.82 * y, front + 0.015), 0.09 * x, 0.03, _CHROME, axis=2, segments=16)
    at_display = (0.62 * x, 0.82 * y, front + 0.011)
    m.panel(at_display, (0.4 * x, 0.14 * y), None, "+z", (0.10, 0.12, 0.14))
    m.panel(
        (0.62 * x, 0.82 * y, front + 0.012),
        (0.3 * x, 0.06 * y),
        None,
        "+z",
        (0.3, 0.9, 0.6),
        when="isToggled",
        emissive=True,
    )
    r = min(0.68 * x, 0.55 * y)
    at = -0.08 * y
    a = np.linspace(0, 2 * np.pi, 25)[:-1]
    ring = np.stack([np.cos(a), np.sin(a)], 1)
    m.prism(ring * (0.8 * r) + (0, at), front, front + 0.002, (0.10, 0.10, 0.11))
    hinge = m.hinge((-r, 0, front), (0, 1, 0), -110.0)
    m.ring((0, at, front + 0.02), 0.88 * r, 0.12 * r, _CHROME, axis=2, segments=20, joint=hinge)
    m.prism(ring * (0.8 * r) + (0, at), front + 0.012, front + 0.03, glass, joint=hinge)
    m.span(
        (0.80 * r, at - 0.12 * r, front),
        (0.98 * r, at + 0.12 * r, z),
        darker(paint, 0.6),
        joint=hinge,
    )
    m.surface((0, y, 0), (1.9 * x, 1.9 * z), 0.8)
    return m.mesh()


def washing_machine(size: tuple, seed: int) -> Mesh:
    return _drum_machine(size, seed, (0.22, 0.30, 0.36))


def clothes_dryer(size: tuple, seed: int) -> Mesh:
    return _drum_machine(size, seed + 1, (0.55, 0.56, 0.58))


def cart(size: tuple, seed: int) -> Mesh:
    """A trolley of three trays between bent bars, on castors."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    metal = m.pick((0.76, 0.77, 0.80), (0.20, 0.21, 0.23), (0.50, 0.62, 0.60))
    wheel = 0.035
    for a in (-1, 1):
        path = [(a * (x - 0.015), -y + 2 * wheel, b * (z - 0.02)) for b in (-1, 1)]
        top = [(a * (x - 0.015), y - 0.015, b * (z - 0.06)) for b in (-1, 1)]
        m.tube([path[0], top[0], top[1], path[1]], 0.014, metal, 6)
        for b in (-1, 1):
            at = (a * (x - 0.015), -y + wheel, b * (z - 0.02))
            m.rod(at, wheel, 0.025, (0.12, 0.12, 0.13), axis=0, segments=12)
    levels = [-y + 0.14 + k * (2 * y - 0.34) / 2 for k in range(3)]
    w, d = x - 0.03, z - 0.02
    for k, level in enumerate(levels):
        rim = level + 0.05
        m.span((-w, level - 0.012, -d), (w, level, d), darker(metal, 1.1))
        for side in (-1, 1):
            m.span((-w, level, side * d), (w, rim, side * (d - 0.01)), metal)
            m.span((side * w, level, -d), (side * (w - 0.01), rim, d), metal)
        above = levels[k + 1] if k < 2 else y + 0.3
        m.surface((0, level, 0), (2 * x - 0.1, 2 * z - 0.08), above - level - 0.03)
    return m.mesh()


BUILDERS = {"WashingMachine": washing_machine, "ClothesDryer": clothes_dryer, "Cart": cart}
