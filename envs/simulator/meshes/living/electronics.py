"""Screens and other objects with a plug or a battery."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker, darker, laid, paler
from envs.simulator.meshes.mesh import Color, Mesh

BLACK: Color = (0.07, 0.07, 0.08)
_OFF: Color = (0.10, 0.11, 0.13)


def screen(
    m: Maker, center: tuple, size: tuple[float, float], picture: str, facing: str = "+z", **options
) -> None:
    """A display: dark when off, a picture when on, cracked when broken."""
    m.panel(center, size, None, facing, _OFF, when="!isToggled&!isBroken", **options)
    m.panel(
        center, size, picture, facing, when="isToggled&!isBroken", emissive=True, cells=2, **options
    )
    m.panel(center, size, "cracks", facing, when="isBroken", cells=2, **options)


def _bezel(
    m: Maker, low: float, high: float, rim: float, behind: float, front: float, color: Color
) -> None:
    """The raised edge of a screen, which lies well before the body: close layers would flicker."""
    x = float(m.half[0])
    for a, b in (
        ((-x, low), (x, low + rim)),
        ((-x, high - rim), (x, high)),
        ((-x, low + rim), (-x + rim, high - rim)),
        ((x - rim, low + rim), (x, high - rim)),
    ):
        m.span((a[0], a[1], behind - 0.004), (b[0], b[1], front), color)


def television(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    body = m.pick(BLACK, (0.20, 0.20, 0.22), (0.70, 0.71, 0.73))
    rim = min(0.035, 0.06 * x)
    if 2 * z < 0.2:
        # On a wall, without a foot.
        behind = z - min(0.012, 0.5 * z)
        m.cushion((0, 0, (behind - z) / 2), (2 * x, 2 * y, behind + z), body, None, 0.015)
        _bezel(m, -y, y, rim, behind, z, body)
        screen(m, (0, 0, z - 0.001), (2 * x - 2 * rim, 2 * y - 2 * rim), "show")
        return m.mesh()
    if 2 * z > 0.5 * 2 * x and m.chance(0.4):
        return _tube_set(m, body)
    low = -y + 0.10
    deep = min(0.05, 0.3 * z)
    front = 0.5 * deep
    behind = front - 0.012
    middle = (low + y) / 2
    m.cushion(
        (0, middle, behind / 2 - 0.5 * deep), (2 * x, y - low, behind + deep), body, None, 0.015
    )
    m.cushion((0, middle, -deep - 0.02), (1.1 * x, 0.6 * (y - low), 0.07), darker(body, 0.8))
    _bezel(m, low, y, rim, behind, front, body)
    screen(m, (0, middle, front - 0.002), (2 * x - 2 * rim, y - low - 2 * rim), "show")
    m.span((-0.1 * x, -y + 0.02, -0.04), (0.1 * x, low + 0.04, -0.01), darker(body, 0.7))
    m.lathe([(0, 0), (1, 0), (0.9, 1), (0, 1)], body, 18)
    part = m.parts[-1]
    part.vertices[:] = part.vertices * (0.42 * x, 0.022, z) + (0, -y, 0)
    m.ball(
        (0.9 * x, low + 0.5 * rim, 0.5 * deep),
        (0.006, 0.006, 0.004),
        (0.1, 0.9, 0.3),
        segments=6,
        rings=3,
        when="isToggled",
        emissive=True,
    )
    return m.mesh()


def _tube_set(m: Maker, body: Color) -> Mesh:
    """A deep set of the old kind."""
    x, y, z = (float(v) for v in m.half)
    m.cushion((0, 0, 0.45 * z), (2 * x, 2 * y, 1.1 * z), body, None, 0.03)
    m.cushion((0, 0.05 * y, -0.5 * z), (1.4 * x, 1.5 * y, z), darker(body, 0.85), None, 0.06)
    screen(m, (-0.12 * x, 0.06 * y, 1.004 * z), (1.56 * x, 1.64 * y), "show")
    for k in range(2):
        m.rod(
            (0.83 * x, (0.5 - 0.45 * k) * y, 0.99 * z), 0.05 * x, 0.03 * z, (0.6, 0.6, 0.62), axis=2
        )
    m.span((0.74 * x, -0.8 * y, 0.99 * z), (0.92 * x, -0.1 * y, 1.005 * z), (0.04, 0.04, 0.04))
    return m.mesh()


def laptop(size: tuple, seed: int) -> Mesh:
    """Sized closed, or open if the box is high."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    body = m.pick((0.72, 0.73, 0.76), (0.18, 0.18, 0.20), (0.90, 0.90, 0.91), (0.35, 0.20, 0.22))
    opened = 2 * y > 0.12
    thick = 0.020 if opened else 0.55 * 2 * y
    lid = 0.012 if opened else 0.45 * 2 * y
    # Leaning back, the screen reaches behind the base.
    lean = 15.0
    slope = np.radians(lean)
    tall = (2 * y - thick - 0.0005) / np.cos(slope) if opened else 2 * z
    rear = -z + (tall * np.sin(slope) + lid * np.cos(slope) if opened else 0.0)
    deep = z - rear
    base = -y + thick
    m.cushion((0, -y + thick / 2, (rear + z) / 2), (2 * x, thick, deep), body, None, 0.006)
    m.panel(
        (0, base + 0.003, (rear + z) / 2),
        (1.94 * x, 0.94 * deep),
        "keys",
        "+y",
        paler(darker(body, 0.6), 0.4),
        cells=2,
    )
    hinge = m.hinge((0, base, rear), (1, 0, 0), -(90.0 + lean))
    tall = min(tall, deep) if not opened else tall
    m.cushion(
        (0, base + lid / 2, rear + tall / 2), (2 * x, lid, tall), body, None, 0.005, joint=hinge
    )
    m.panel(
        (0, base + lid + 0.0005, rear + 0.6 * tall),
        (0.25 * x, 0.25 * x),
        None,
        "+y",
        darker(body, 0.7),
        joint=hinge,
    )
    # The screen looks down while the lid is closed.
    level, wide, high = base - 0.004, 1.86 * x, 0.88 * tall
    middle = rear + 0.5 * tall
    screen(m, (0, level, middle), (wide, high), "screen", "-y", joint=hinge)
    for a in (-1, 1):
        strip = (2 * x * 0.97 - wide) / 2
        m.panel(
            (a * (wide + strip) / 2, level, middle),
            (strip, 0.96 * tall),
            None,
            "-y",
            BLACK,
            joint=hinge,
        )
        edge = (0.96 * tall - high) / 2
        m.panel(
            (0, level, middle + a * (high + edge) / 2), (wide, edge), None, "-y", BLACK, joint=hinge
        )
    return m.mesh(openness=1.0 if opened else 0.0)


def desktop(size: tuple, seed: int) -> Mesh:
    """A monitor with its keyboard, and a tower beside it."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    body = m.pick((0.14, 0.14, 0.15), (0.86, 0.85, 0.80))
    tower = min(0.18, 0.5 * x)
    side = x - tower / 2
    m.cushion((side, -0.1 * y, 0), (tower, 1.8 * y, 2 * z), body, None, 0.012)
    m.panel((side, -0.1 * y, z + 0.0005), (0.8 * tower, 1.6 * y), None, "+z", darker(body, 0.8))
    m.span(
        (side - 0.35 * tower, 0.50 * y, z),
        (side + 0.35 * tower, 0.58 * y, z + 0.002),
        (0.6, 0.6, 0.6),
    )
    for when, lit in (("isToggled&!isBroken", True), ("!isToggled", False)):
        color = (0.3, 0.85, 1.0) if lit else (0.3, 0.3, 0.32)
        m.ball(
            (side, 0.3 * y, z), (0.014, 0.014, 0.003), color, None, 8, 4, when=when, emissive=lit
        )
    right = x - tower - 0.03
    mid, wide = (right - x) / 2, right + x
    m.cushion((mid, 0.32 * y, -0.5 * z), (wide, 1.36 * y, 0.04), body, None, 0.012)
    screen(m, (mid, 0.33 * y, -0.5 * z + 0.028), (wide - 0.04, 1.36 * y - 0.04), "screen")
    m.span((mid - 0.03, -y, -0.5 * z - 0.03), (mid + 0.03, -0.2 * y, -0.5 * z - 0.01), body)
    m.cushion((mid, -y + 0.01, -0.4 * z), (0.45 * wide, 0.02, 0.7 * z), body, None, 0.01)
    keys = min(0.45, 0.7 * wide)
    m.cushion((mid, -y + 0.012, 0.62 * z), (keys, 0.024, 0.7 * z), body, None, 0.008)
    m.panel((mid, -y + 0.028, 0.62 * z), (0.96 * keys, 0.66 * z), "board", "+y", cells=2)
    m.cushion((mid - 0.62 * keys, -y + 0.015, 0.7 * z), (0.06, 0.03, 0.1), body, None, 0.012)
    return m.mesh()


def remote(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    body = m.pick((0.10, 0.10, 0.11), (0.28, 0.28, 0.30), (0.82, 0.82, 0.82))
    m.cushion((0, -0.1 * y, 0), (2 * x, 1.8 * y, 2 * z), body, None, 0.4 * y)
    grey = (0.62, 0.63, 0.66)
    for row in range(4):
        for k in (-0.5, 0, 0.5):
            m.span(
                ((k - 0.16) * x, 0.7 * y, (0.72 - 0.17 * row) * z),
                ((k + 0.16) * x, y, (0.82 - 0.17 * row) * z),
                grey,
            )
    m.rod((0, 0.85 * y, -0.18 * z), 0.5 * x, 0.3 * y, (0.35, 0.36, 0.40), segments=12)
    m.rod((-0.5 * x, 0.85 * y, -0.8 * z), 0.22 * x, 0.3 * y, (0.85, 0.15, 0.12), segments=8)
    m.rod((0.5 * x, 0.85 * y, -0.8 * z), 0.18 * x, 0.3 * y, (0.2, 0.5, 0.8), segments=8)


def remote_control(size: tuple, seed: int) -> Mesh:
    return laid(size, seed, remote)


def alarm_clock(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    if x > 1.05 * y or m.chance(0.15):
        body = m.pick((0.14, 0.14, 0.15), (0.85, 0.85, 0.86), (0.45, 0.30, 0.20))
        m.cushion((0, 0, -0.05 * z), (2 * x, 2 * y, 1.9 * z), body, None, 0.15 * y)
        m.panel((0, 0, z), (1.7 * x, 1.4 * y), "digits", "+z", emissive=True, cells=2)
        m.cushion((0, 0.98 * y, 0), (0.8 * x, 0.08 * y, 0.5 * z), (0.5, 0.5, 0.52), None, 0.01)
        return m.mesh()
    paint = m.pick((0.80, 0.20, 0.18), (0.78, 0.79, 0.82), (0.25, 0.55, 0.62), (0.16, 0.16, 0.17))
    r, mid = min(x, 0.78 * y), -0.12 * y
    m.rod((0, mid, 0), r, 1.6 * z, paint, axis=2, segments=18)
    m.ring((0, mid, 0.8 * z), 0.93 * r, 0.07 * r, darker(paint, 0.85), axis=2, segments=18)
    flat = np.array([(np.cos(a), np.sin(a)) for a in np.linspace(0, 2 * np.pi, 17)[:-1]])
    m.prism(flat * (0.9 * r) + (0, mid), 0.8 * z, 0.86 * z, (1, 1, 1), texture="clock")
    part = m.parts[-1]
    part.uvs[:, 0] = 1 - part.uvs[:, 0]
    for a in (-1, 1):
        m.ball(
            (a * 0.5 * r, mid + 0.98 * r, 0),
            (0.36 * r, 0.26 * r, 0.36 * r),
            (0.80, 0.76, 0.60),
            segments=8,
            rings=5,
        )
        m.tube([(a * 0.4 * r, mid - 0.8 * r, 0), (a * 0.72 * r, -y, 0.3 * z)], 0.07 * r, paint, 6)
    m.rod((0, 0.9 * y, 0), 0.08 * r, 0.2 * y, (0.5, 0.5, 0.5), segments=6)
    return m.mesh()


def phone(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    m.cushion(
        (0, -0.35 * y, 0),
        (2 * x, 1.3 * y, 2 * z),
        m.pick(BLACK, (0.75, 0.75, 0.77), (0.5, 0.1, 0.14)),
        None,
        0.5 * y,
    )
    screen(m, (0, 0.98 * y, 0), (1.84 * x, 1.72 * z), "screen", "+y")
    m.rod((0, 0.9 * y, 0.92 * z), 0.10 * x, 0.2 * y, (0.45, 0.45, 0.47), segments=8)


def cell_phone(size: tuple, seed: int) -> Mesh:
    return laid(size, seed, phone)


def vacuum_cleaner(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    paint = m.pick((0.70, 0.14, 0.14), (0.20, 0.35, 0.60), (0.30, 0.52, 0.32))
    m.cushion((0, -y + 0.07, 0.55 * z), (2 * x, 0.14, 0.9 * z), (0.16, 0.16, 0.17), None, 0.04)
    m.span((-0.9 * x, -y + 0.02, 0.9 * z), (0.9 * x, -y + 0.05, z), (0.5, 0.5, 0.5))
    first = len(m.parts)
    m.rod((0, -y + 0.36, 0.1 * z), 0.42 * x, 0.5, paint, segments=14, top=0.34 * x)
    m.rod((0, -y + 0.38, 0.1 * z + 0.35 * x), 0.22 * x, 0.3, (0.75, 0.85, 0.88), segments=10)
    m.ball(
        (0, -y + 0.62, 0.1 * z),
        (0.36 * x, 0.08, 0.36 * x),
        (0.16, 0.16, 0.17),
        segments=10,
        rings=5,
    )
    m.tube([(0, -y + 0.6, 0), (0, y - 0.12, -0.3 * z)], 0.022, (0.70, 0.71, 0.74), 7)
    m.tube(
        [
            (0, y - 0.14, -0.3 * z),
            (0, y - 0.02, -0.42 * z),
            (0, y - 0.06, -0.75 * z),
            (0, y - 0.18, -0.7 * z),
        ],
        0.026,
        (0.14, 0.14, 0.15),
        7,
    )
    m.turn(first, (1, 0, 0), -6, (0, -y, 0.3 * z))
    for a in (-1, 1):
        m.rod(
            (a * 0.62 * x, -y + 0.07, -0.05 * z), 0.07, 0.06, (0.1, 0.1, 0.1), axis=0, segments=12
        )
    return m.mesh()


BUILDERS = {
    "Television": television,
    "Laptop": laptop,
    "Desktop": desktop,
    "RemoteControl": remote_control,
    "AlarmClock": alarm_clock,
    "CellPhone": cell_phone,
    "VacuumCleaner": vacuum_cleaner,
}
