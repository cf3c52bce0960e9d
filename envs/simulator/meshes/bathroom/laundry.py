"""Washing machines, dryers and trolleys."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Color, Mesh

CHROME: Color = (0.78, 0.79, 0.82)


def _casing(m: Maker, paint: Color, print_: str) -> float:
    """A white box with a panel on top of its front, which it returns the place of, metres."""
    x, y, z = (float(v) for v in m.half)
    front, panel = z - 0.05, 0.66 * y
    m.cushion((0, 0, (front - z) / 2), (2 * x, 2 * y, front + z), paint, None, 0.015)
    m.span((-0.98 * x, panel, front), (0.98 * x, 0.98 * y, front + 0.01), (0.93, 0.94, 0.95))
    at = front + 0.0115
    m.panel((0.30 * x, 0.82 * y, at), (0.62 * x, 0.24 * y), print_, "+z")
    m.rod((-0.17 * x, 0.82 * y, front + 0.02), 0.09 * x, 0.03, CHROME, axis=2, segments=16)
    m.span((-0.18 * x, 0.82 * y, at), (-0.16 * x, 0.89 * y, front + 0.036), (0.1, 0.1, 0.12))
    m.panel((0.80 * x, 0.82 * y, at), (0.26 * x, 0.13 * y), None, "+z", (0.07, 0.09, 0.10))
    m.panel(
        (0.80 * x, 0.82 * y, at + 0.001),
        (0.24 * x, 0.11 * y),
        "timer",
        "+z",
        when="isToggled",
        emissive=True,
    )
    return front


def _disc(r: float, at: float) -> np.ndarray:
    a = np.linspace(0, 2 * np.pi, 25)[:-1]
    return np.stack([np.cos(a), np.sin(a)], 1) * r + (0, at)


def washing_machine(size: tuple, seed: int) -> Mesh:
    """A front loader: clothes in water behind a round window, a drawer for powder."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    paint = m.pick((0.95, 0.95, 0.95), (0.90, 0.91, 0.92), (0.72, 0.74, 0.77))
    front = _casing(m, paint, "panel_washer")
    tray = darker(paint, 0.86)
    m.span((-0.94 * x, 0.72 * y, front), (-0.36 * x, 0.93 * y, front + 0.02), tray)
    m.span((-0.80 * x, 0.76 * y, front), (-0.50 * x, 0.80 * y, front + 0.024), darker(paint, 0.5))
    r, at = min(0.74 * x, 0.58 * y), -0.10 * y
    m.prism(_disc(0.8 * r, at), front, front + 0.002, (0.10, 0.10, 0.11))
    hinge = m.hinge((-r, 0, front), (0, 1, 0), -110.0)
    m.ring((0, at, front + 0.02), 0.90 * r, 0.11 * r, CHROME, 2, 24, joint=hinge)
    white = (1, 1, 1)
    m.prism(_disc(0.82 * r, at), front + 0.012, front + 0.03, white, joint=hinge, texture="suds")
    m.parts[-1].uvs[:, 0] = 1 - m.parts[-1].uvs[:, 0]
    low, high = (0.80 * r, at - 0.12 * r, front), (0.98 * r, at + 0.12 * r, z)
    m.span(low, high, darker(paint, 0.6), joint=hinge)
    m.surface((0, y, 0), (1.9 * x, 1.9 * z), 0.8)
    return m.mesh()


def clothes_dryer(size: tuple, seed: int) -> Mesh:
    """A square door without a window, a slot for lint, slits for the hot air."""
    m = Maker(size, seed + 1)
    x, y, z = (float(v) for v in m.half)
    paint = m.pick((0.95, 0.95, 0.95), (0.90, 0.91, 0.92), (0.72, 0.74, 0.77))
    front = _casing(m, paint, "panel_dryer")
    m.span((-0.94 * x, 0.74 * y, front), (-0.34 * x, 0.90 * y, front + 0.016), (0.60, 0.62, 0.65))
    for k in range(5):
        h = (0.76 + 0.03 * k) * y
        m.span((-0.90 * x, h, front), (-0.38 * x, h + 0.012 * y, front + 0.019), (0.2, 0.2, 0.22))
    wide, top, low = 0.72 * x, 0.52 * y, -0.56 * y
    m.span((-wide, low, front), (wide, top, front + 0.003), (0.12, 0.12, 0.13))
    hinge = m.hinge((-wide, 0, front), (0, 1, 0), -110.0)
    middle, tall = (top + low) / 2, top - low
    m.cushion((0, middle, front + 0.018), (2 * wide, tall, 0.034), paint, None, 0.02, joint=hinge)
    a = (0, middle, front + 0.036)
    m.panel(a, (1.5 * wide, 0.76 * tall), None, "+z", darker(paint, 0.93), joint=hinge)
    m.span((0.80 * wide, 0.0, front), (0.93 * wide, 0.30 * y, z), darker(paint, 0.55), joint=hinge)
    m.span((-0.8 * x, -0.90 * y, front), (0.8 * x, -0.66 * y, front + 0.004), darker(paint, 0.8))
    for k in range(6):
        h = -0.88 * y + 0.037 * k * y
        m.span((-0.76 * x, h, front), (0.76 * x, h + 0.015 * y, front + 0.008), (0.25, 0.26, 0.28))
    m.surface((0, y, 0), (1.9 * x, 1.9 * z), 0.8)
    return m.mesh()


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
