"""Bins, bags, sponges and rolls of paper."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Mesh


def garbage_can(size: tuple, seed: int) -> Mesh:
    """A ribbed bin with a black bag turned over its rim, a pedal and a sign."""
    m = Maker(size, seed)
    paint = m.pick((0.35, 0.37, 0.40), (0.20, 0.42, 0.30), (0.70, 0.71, 0.73), (0.55, 0.20, 0.18))
    x, y, z = (float(v) for v in m.half)
    bag = (0.09, 0.09, 0.10)
    since = len(m.parts)
    m.lathe([(0, -1), (0.82, -1), (0.955, 0.70)], paint, 16)
    m.lathe(
        [(0.945, 0.62), (0.985, 0.66), (1.0, 0.93), (0.97, 1.0), (0.90, 1.0)], bag, 16, sharp=60
    )
    m.lathe([(0.90, 1.0), (0.84, 0.4), (0.76, -0.9), (0, -0.9)], bag, 16, sharp=60)
    for k in range(8):
        a = np.pi * (k + 0.5) / 4
        foot, rim = (
            (0.825 * np.cos(a), -0.96, 0.825 * np.sin(a)),
            (0.94 * np.cos(a), 0.62, 0.94 * np.sin(a)),
        )
        m.tube([foot, rim], 0.03, darker(paint, 0.8), 5)
    for part in m.parts[since:]:
        part.vertices[:] = part.vertices * (x, y, z)
        normals = part.normals / (x, y, z)
        part.normals[:] = normals / np.linalg.norm(normals, axis=1, keepdims=True)
    first = len(m.parts)
    edge = 0.6 * min(x, y)
    m.panel((0, 0, 0), (edge, edge), "recycle", "+z")
    m.turn(first, (1, 0, 0), float(np.degrees(np.arctan2(0.135 * z, 1.7 * y))))
    m.parts[-1].vertices[:] += np.array((0, -0.1 * y, 0.905 * z), np.float32)
    m.span((-0.22 * x, -0.98 * y, 0.7 * z), (0.22 * x, -0.92 * y, 0.98 * z), (0.12, 0.12, 0.13))
    m.surface((0, -0.88 * y, 0), (1.1 * x - 0.018, 1.1 * z - 0.018), 1.8 * y)
    return m.mesh()


def garbage_bag(size: tuple, seed: int) -> Mesh:
    """A tied sack: folds run to its neck."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    black = m.pick((0.10, 0.10, 0.11), (0.14, 0.14, 0.16), (0.88, 0.88, 0.88))
    profile = [
        (0.0, -1.0),
        (0.84, -1.0),
        (0.98, -0.72),
        (1.0, -0.35),
        (0.86, 0.05),
        (0.50, 0.40),
        (0.16, 0.58),
        (0.12, 0.64),
        (0.38, 1.0),
        (0.24, 0.94),
        (0.0, 0.66),
    ]
    m.lathe(profile, black, 24, sharp=80)
    v = m.parts[-1].vertices
    a = np.arctan2(v[:, 2], v[:, 0])
    fold = 1 + 0.09 * np.sin(7 * a + 2 * v[:, 1]) * np.clip(v[:, 1] + 0.9, 0, 1)
    v[:] = v * np.stack([x * fold, np.full(len(v), y), z * fold], 1)
    m.ring((0, 0.61 * y, 0), 0.15 * x, 0.03 * x, (0.9, 0.2, 0.2), segments=12)
    return m.mesh()


def sponge(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    m.span((-x, -y, -z), (x, 0.45 * y, z), m.pick((0.98, 0.85, 0.22), (0.98, 0.70, 0.30)), "bread")
    m.span((-x, 0.45 * y, -z), (x, y, z), m.pick((0.20, 0.55, 0.25), (0.20, 0.40, 0.75)), "bread")
    return m.mesh()


def towel_roll(size: tuple, seed: int) -> Mesh:
    """On a stand; only its core is left when used up."""
    m = Maker(size, seed)
    r, h = float(min(m.half[0], m.half[2])), float(m.size[1])
    wood = m.pick((0.55, 0.38, 0.22), (0.75, 0.76, 0.78), (0.20, 0.20, 0.21))
    m.lathe([(0, 0), (r, 0), (0.96 * r, 0.04 * h), (0, 0.04 * h)], wood, 18)
    core = 0.28 * r
    paper = (0.97, 0.97, 0.96)
    m.lathe(
        [(core, 0.04 * h), (0.93 * r, 0.04 * h), (0.93 * r, 0.93 * h), (core, 0.93 * h)],
        paper,
        18,
        when="!isUsedUp",
    )
    for k in (0.33, 0.63):
        m.lathe(
            [(0.95 * r, k * h), (0.95 * r, (k + 0.02) * h)],
            (0.55, 0.70, 0.84),
            18,
            when="!isUsedUp",
        )
    m.lathe([(core, 0.04 * h), (core, 0.93 * h), (0.8 * core, 0.93 * h)], (0.66, 0.52, 0.36), 12)
    m.span((0.90 * r, 0.04 * h, 0), (0.935 * r, 0.93 * h, 0.5 * r), paper, when="!isUsedUp")
    m.rod((0, 0.5 * h, 0), 0.10 * r, 0.96 * h, wood, segments=8)
    m.ball((0, 0.97 * h, 0), (0.16 * r, 0.03 * h, 0.16 * r), wood, segments=10, rings=5)
    return m.mesh()


BUILDERS = {
    "GarbageCan": garbage_can,
    "GarbageBag": garbage_bag,
    "DishSponge": sponge,
    "PaperTowelRoll": towel_roll,
}
