"""Kitchen machines, taps, burners and switches."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker
from envs.simulator.meshes.mesh import Mesh

STEEL = (0.76, 0.77, 0.80)
BLACK = (0.07, 0.07, 0.08)
Corners = tuple[tuple[float, float, float], tuple[float, float, float]]


def shell(
    m: Maker, color: tuple, wall: float, texture: str | None = None, inside: tuple = (0.9, 0.9, 0.9)
) -> None:
    """A box open to +z: four sides and a back, lined inside."""
    x, y, z = (float(v) for v in m.half)
    m.span((-x, -y, -z), (-x + wall, y, z), color, texture)
    m.span((x - wall, -y, -z), (x, y, z), color, texture)
    m.span((-x + wall, y - wall, -z), (x - wall, y, z), color, texture)
    m.span((-x + wall, -y, -z), (x - wall, -y + wall, z), color, texture)
    m.span((-x + wall, -y + wall, -z), (x - wall, y - wall, -z + wall), inside)


def microwave(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    body = m.pick((0.85, 0.85, 0.86), (0.20, 0.20, 0.22), (0.93, 0.93, 0.92))
    x, y, z = (float(v) for v in m.half)
    front, wall = z - 0.03, 0.02
    panel = 0.52 * x
    m.span((-x, -y, -z), (-x + wall, y, front), body)
    m.span((panel, -y, -z), (x, y, z - 0.01), body)
    m.span((-x + wall, y - wall, -z), (panel, y, front), body)
    m.span((-x + wall, -y, -z), (panel, -y + wall, front), body)
    m.span((-x + wall, -y + wall, -z), (panel, y - wall, -z + wall), (0.75, 0.75, 0.72))
    m.rod(((-x + panel) / 2, -y + wall + 0.006, 0), 0.36 * x, 0.01, (0.70, 0.80, 0.82), segments=16)
    m.surface(
        ((-x + panel) / 2, -y + wall + 0.012, (-z + front) / 2),
        (panel + x - 2 * wall, z + front - 0.05),
        2 * y - 2 * wall - 0.01,
    )
    m.span((panel + 0.04, 0.50 * y, z - 0.012), (x - 0.03, 0.82 * y, z), (0.10, 0.35, 0.20))
    m.span(
        (panel + 0.05, 0.55 * y, z - 0.012),
        (x - 0.04, 0.76 * y, z + 0.001),
        (0.35, 1.0, 0.55),
        when="isToggled",
        emissive=True,
    )
    for row in range(3):
        for col in range(3):
            a = panel + 0.05 + col * (x - panel - 0.10) / 3
            b = 0.28 * y - row * 0.34 * y
            m.span(
                (a, b - 0.2 * y, z - 0.012), (a + (x - panel - 0.10) / 4, b, z), (0.50, 0.50, 0.53)
            )
    hinge = m.hinge((-x, 0, front), (0, 1, 0), -100.0)
    m.span((-x, -y, front), (panel, y, z - 0.012), body, joint=hinge)
    m.span(
        (-x + 0.06, -0.70 * y, front + 0.001),
        (panel - 0.09, 0.70 * y, z - 0.008),
        BLACK,
        joint=hinge,
        when="!isToggled",
    )
    m.span(
        (-x + 0.06, -0.70 * y, front + 0.001),
        (panel - 0.09, 0.70 * y, z - 0.008),
        (0.95, 0.80, 0.40),
        joint=hinge,
        when="isToggled",
        emissive=True,
    )
    m.span(
        (panel - 0.055, -0.72 * y, z - 0.012),
        (panel - 0.03, 0.72 * y, z),
        (0.30, 0.30, 0.32),
        joint=hinge,
    )
    return m.mesh()


def toaster(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    body = m.pick((0.80, 0.81, 0.84), (0.78, 0.16, 0.14), (0.92, 0.90, 0.84))
    x, y, z = (float(v) for v in m.half)
    long_x = x >= z
    m.span((-x, -y, -z), (x, -0.86 * y, z), BLACK)
    m.cushion((0, 0.04 * y, 0), (1.92 * x, 1.84 * y, 1.92 * z), body, "steel", 0.14 * min(x, z))

    def along(a: float, b: float, w0: float, w1: float, h0: float, h1: float) -> Corners:
        """Corners of a box from lengthwise, crosswise and height shares."""
        if long_x:
            return (a * x, h0 * y, w0 * z), (b * x, h1 * y, w1 * z)
        return (w0 * x, h0 * y, a * z), (w1 * x, h1 * y, b * z)

    for k in (-0.36, 0.36):
        m.span(*along(-0.72, 0.72, k - 0.2, k + 0.2, 0.9, 0.98), (0.62, 0.63, 0.66))
        slot = along(-0.66, 0.66, k - 0.13, k + 0.13, 0.9, 1.0)
        m.span(*slot, BLACK, when="!isToggled")
        m.span(*slot, (1.0, 0.35, 0.08), when="isToggled", emissive=True)
    m.span(*along(0.92, 0.97, -0.06, 0.06, -0.4, 0.55), BLACK)
    m.span(*along(0.92, 1.0, -0.3, 0.3, 0.3, 0.46), BLACK, when="!isToggled")
    m.span(*along(0.92, 1.0, -0.3, 0.3, -0.4, -0.24), BLACK, when="isToggled")
    m.surface((0, 0.95 * y, 0), (0.9 * x, 0.9 * z), 0.3)
    return m.mesh()


def coffee_machine(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    body = m.pick((0.12, 0.12, 0.13), (0.62, 0.10, 0.10), (0.30, 0.31, 0.34))
    x, y, z = (float(v) for v in m.half)
    m.span((-x, -y, -z), (x, -0.86 * y, z), body)
    m.span((-x, -0.86 * y, -z), (x, 0.45 * y, -0.15 * z), body)
    m.span((-x, 0.35 * y, -z), (x, 0.92 * y, z), body)
    m.span((-0.85 * x, 0.92 * y, -0.9 * z), (0.85 * x, y, 0.7 * z), (0.55, 0.56, 0.60))
    m.span((-0.6 * x, 0.48 * y, z * 0.99), (0.1 * x, 0.80 * y, z * 1.003), STEEL)
    m.ball(
        (0.6 * x, 0.62 * y, z),
        (0.14 * x, 0.10 * y, 0.04 * z),
        (0.3, 0.05, 0.05),
        segments=8,
        rings=4,
        when="!isToggled",
    )
    m.ball(
        (0.6 * x, 0.62 * y, z),
        (0.14 * x, 0.10 * y, 0.04 * z),
        (1.0, 0.25, 0.1),
        segments=8,
        rings=4,
        when="isToggled",
        emissive=True,
    )
    m.rod((0, 0.24 * y, 0.42 * z), 0.16 * x, 0.24 * y, STEEL)
    m.span((-0.7 * x, -0.86 * y, -0.05 * z), (0.7 * x, -0.82 * y, 0.95 * z), STEEL)
    m.surface((0, -0.82 * y, 0.42 * z), (1.3 * x, 0.9 * z), 0.95 * y)
    return m.mesh()


def burner(size: tuple, seed: int) -> Mesh:
    """A heating coil over its pan, glowing when on."""
    m = Maker(size, seed)
    x, h, z = (float(v) for v in m.half)
    r = min(x, z)
    m.bound((-x, -h, -z), (x, h, z))
    # Of one piece, and well under the coil, or the two would flicker.
    pan = [(0.98 * r, -h), (0.98 * r, 0.2 * h), (0.93 * r, -0.8 * h), (0, -0.8 * h)]
    m.lathe(pan, (0.30, 0.30, 0.31), 16)
    for share in (0.80, 0.52, 0.24):
        for when, lit in (("!isToggled", False), ("isToggled", True)):
            color = (1.0, 0.30, 0.06) if lit else (0.13, 0.13, 0.14)
            profile = [
                ((share - 0.09) * r, -0.3 * h),
                ((share - 0.06) * r, 0.9 * h),
                ((share + 0.06) * r, 0.9 * h),
                ((share + 0.09) * r, -0.3 * h),
            ]
            m.lathe(profile[::-1], color, 12, when=when, emissive=lit)
    m.surface((0, h, 0), (1.9 * r, 1.9 * r), 0.5)
    return m.mesh()


def knob(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    r = min(x, y)
    m.rod((0, 0, -0.5 * z), r, 1.0 * z, (0.72, 0.73, 0.76), axis=2, segments=10)
    m.rod((0, 0, 0.3 * z), 0.74 * r, 1.0 * z, BLACK, axis=2, segments=10)
    m.span(
        (-0.10 * r, -0.1 * r, 0.75 * z),
        (0.10 * r, 0.74 * r, z),
        (0.95, 0.95, 0.95),
        when="!isToggled",
    )
    m.span(
        (-0.1 * r, -0.10 * r, 0.75 * z), (0.74 * r, 0.10 * r, z), (1.0, 0.35, 0.1), when="isToggled"
    )
    return m.mesh()


def faucet(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    chrome = m.pick((0.82, 0.83, 0.86), (0.62, 0.52, 0.34))
    x, y, z = (float(v) for v in m.half)
    r = max(0.010, 0.07 * y)
    m.rod((0, -0.9 * y, -0.75 * z), min(0.5 * x, 0.03), 0.2 * y, chrome)
    path = [(0, -0.9 * y, -0.75 * z), (0, 0.35 * y, -0.75 * z)]
    for a in np.linspace(180, 0, 8):
        path.append(
            (
                0,
                0.45 * y + 0.5 * y * np.sin(np.radians(a)),
                0.08 * z + 0.83 * z * np.cos(np.radians(a)),
            )
        )
    path.append((0, 0.10 * y, 0.9 * z))
    m.tube(path, r, chrome, 8)
    for side in (-1, 1):
        m.rod((side * 0.7 * x, -0.78 * y, -0.75 * z), 0.16 * x, 0.3 * y, chrome)
        m.span((side * 0.45 * x, -0.62 * y, -0.85 * z), (side * x, -0.52 * y, -0.65 * z), chrome)
    m.mesh()
    made = m.mesh()
    # Water falls below the box: added after fitting.
    w = Maker(size, seed)
    w.rod(
        (0, -0.35 * y, 0.9 * z),
        0.8 * r,
        0.95 * y + 0.05,
        (0.55, 0.78, 0.98),
        when="isToggled",
        emissive=True,
        solid=False,
        segments=8,
    )
    return Mesh(made.parts + tuple(w.parts), made.joints, made.surfaces)


BUILDERS = {
    "Microwave": microwave,
    "Toaster": toaster,
    "CoffeeMachine": coffee_machine,
    "StoveBurner": burner,
    "StoveKnob": knob,
    "Faucet": faucet,
}
