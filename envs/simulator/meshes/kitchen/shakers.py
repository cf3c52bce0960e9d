"""Salt and pepper shakers, and bottles that spray."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.kitchen.tableware import STEEL, WHITE
from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Color, Mesh

# From this height over its width on, a shaker is a mill.
_MILL = 2.2


def wrapped(m: Maker, radius: float, low: float, high: float, label: str, times: int = 3) -> None:
    """A label about an upright body, readable from outside; its print is repeated ``times``."""
    m.lathe([(radius, low), (radius, high)], (1, 1, 1), 20, texture=label)
    v, uvs = m.parts[-1].vertices, m.parts[-1].uvs
    turn = np.arctan2(v[:, 2], v[:, 0]) / (2 * np.pi) % 1.0
    # The seam's second row of corners closes the circle.
    turn[np.arange(len(turn)) % 21 == 20] = 1.0
    uvs[:, 0] = 0.5 + times * (turn - 0.25)
    uvs[:, 1] = (v[:, 1] - low) / (high - low)


def shaker(content: Color, grain: str, label: str, wood: Color):
    """A builder of a salt or pepper shaker: glass under a steel cap; a tall one is a mill."""

    def build(size: tuple, seed: int) -> Mesh:
        m = Maker(size, seed)
        r, h = float(min(m.half[0], m.half[2])), float(m.size[1])
        if h > _MILL * 2 * r:
            _mill(m, r, h, wood, label)
            return m.mesh()
        jar = [(0, 0), (0.94 * r, 0), (r, 0.03 * h), (0.84 * r, 0.7 * h)]
        m.lathe(jar, content, 20, texture=grain, sharp=60)
        wrapped(m, 0.985 * r, 0.16 * h, 0.56 * h, label)
        cap = [(0.90 * r, 0.68 * h), (0.92 * r, 0.84 * h), (0.74 * r, 0.95 * h), (0.3 * r, h)]
        m.lathe([(0.84 * r, 0.68 * h), *cap, (0, h)], STEEL, 20, sharp=60)
        m.lathe([(0.93 * r, 0.70 * h), (0.93 * r, 0.74 * h)], darker(STEEL, 0.7), 20)
        _holes(m, 0.42 * r, 0.985 * h, 0.09 * r)
        return m.mesh()

    return build


def _holes(m: Maker, out: float, height: float, size: float) -> None:
    for k in range(6):
        a, far = 2 * np.pi * k / 5, out if k < 5 else 0.0
        place = (far * np.cos(a), height if k < 5 else height + 0.4 * size, far * np.sin(a))
        m.ball(place, (size, 0.6 * size, size), (0.08, 0.08, 0.09), segments=6, rings=3)


def _mill(m: Maker, r: float, h: float, wood: Color, label: str) -> None:
    """A turned mill: waist, head and knob of wood, a steel ring between."""
    body = [(0, 0), (0.96, 0), (1.0, 0.05), (0.92, 0.12), (0.62, 0.34), (0.66, 0.46), (0.86, 0.60)]
    m.lathe([(a * r, b * h) for a, b in [*body, (0.80, 0.64)]], wood, 20, sharp=60)
    m.lathe([(a * r, b * h) for a, b in [(0.84, 0.635), (0.86, 0.66), (0.78, 0.67)]], STEEL, 20)
    head = [(0.78, 0.66), (0.94, 0.74), (0.84, 0.84), (0.40, 0.90), (0.2, 0.91)]
    m.lathe([(a * r, b * h) for a, b in head], wood, 20, sharp=60)
    m.rod((0, 0.92 * h, 0), 0.16 * r, 0.05 * h, STEEL, segments=10)
    m.ball((0, 0.965 * h, 0), (0.26 * r, 0.035 * h, 0.26 * r), STEEL, segments=12, rings=6)
    wrapped(m, 0.98 * r, 0.05 * h, 0.17 * h, label)


def spray_bottle(size: tuple, seed: int) -> Mesh:
    """Flat bottle, labelled on its sides; nozzle and trigger to the longer side of the box."""
    m = Maker(size, seed)
    body = m.pick((0.16, 0.42, 0.86), (0.98, 0.72, 0.12), (0.22, 0.68, 0.36))
    long_x = m.size[0] > m.size[2]
    across, along = (m.half[2], m.half[0]) if long_x else (m.half[0], m.half[2])
    w, d, h = float(across), float(along), float(m.size[1])
    # Outlines (height, along), the nozzle towards +z.
    foot, back, front = 0.0, -d, 0.42 * d
    jar = [(foot, back), (foot, front), (0.46, front), (0.60, -0.02 * d), (0.60, -0.56 * d)]
    jar += [(0.46, back)]
    shape = np.array([(a * h, b) for a, b in jar])
    m.prism(shape, -0.94 * w, 0.94 * w, body, axis=0)
    middle = (back + front) / 2
    for side, facing in ((1, "+x"), (-1, "-x")):
        at = (side * w * 0.985, 0.24 * h, middle)
        m.panel(at, (0.84 * (front - back), 0.36 * h), "cleaner", facing)
    m.span((-w, 0.22 * h, middle - 0.02 * d), (w, 0.24 * h, middle + 0.02 * d), body)
    neck = -0.29 * d
    m.rod((0, 0.65 * h, neck), min(0.22 * d, 0.9 * w), 0.12 * h, WHITE, segments=12)
    m.rod((0, 0.70 * h, neck), min(0.3 * d, 0.98 * w), 0.07 * h, (0.85, 0.16, 0.14), segments=14)
    head = [(0.74, -0.52), (0.74, -0.06), (0.84, 0.30), (0.86, 0.84), (0.95, 0.84), (1.0, 0.3)]
    head += [(1.0, -0.40), (0.9, -0.66)]
    m.prism([(a * h, b * d) for a, b in head], -0.82 * w, 0.82 * w, (0.95, 0.95, 0.94), axis=0)
    m.rod((0, 0.905 * h, 0.92 * d), 0.5 * w, 0.16 * d, (0.85, 0.16, 0.14), axis=2, segments=10)
    trigger = [(0.86, 0.20), (0.86, 0.46), (0.74, 0.60), (0.62, 0.52), (0.61, 0.42), (0.73, 0.42)]
    m.prism([(a * h, b * d) for a, b in trigger], -0.4 * w, 0.4 * w, (0.85, 0.16, 0.14), axis=0)
    if long_x:
        for part in m.parts:
            # A turn, not a mirror, so that the label can be read.
            part.vertices[:] = part.vertices[:, [2, 1, 0]] * (1, 1, -1)
            part.normals[:] = part.normals[:, [2, 1, 0]] * (1, 1, -1)
    return m.mesh()


BUILDERS = {
    "SprayBottle": spray_bottle,
    "SaltShaker": shaker((0.96, 0.96, 0.97), "plaster", "salt", (0.80, 0.64, 0.44)),
    "PepperShaker": shaker((0.19, 0.16, 0.15), "granite", "pepper", (0.34, 0.19, 0.11)),
}
