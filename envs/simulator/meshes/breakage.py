"""What is left of an object when it breaks: pieces of its colour where it stood."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Mesh

SHATTERS = frozenset(
    {"Bottle", "Bowl", "Cup", "Mug", "Plate", "Statue", "Vase", "WineBottle", "TableTopDecor"}
)
PIECES = 9


def shattering(mesh: Mesh, size: tuple[float, float, float], seed: int) -> Mesh:
    """The mesh with its parts gone and pieces lying about once it is broken."""
    whole = tuple(
        replace(p, when="!isBroken" if p.when is None else f"{p.when}&!isBroken")
        for p in mesh.parts
    )
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    first = max(mesh.parts, key=lambda p: len(p.faces))
    spread = 0.7 * min(x, z)
    for k in range(PIECES):
        angle, out = 2.399 * k, 0.9 * np.sqrt((k + 0.3) / PIECES)
        room = np.array([x, z]) - 0.4 * spread
        at = out * room * (np.cos(angle), np.sin(angle))
        turn = m.rng.uniform(0, 6.28)
        corners = turn + np.array([0.0, 1.7, 2.9, 4.6])
        reach = 0.4 * spread * m.rng.uniform(0.6, 1.0, 4)
        outline = at + np.stack([np.cos(corners), np.sin(corners)], 1) * reach[:, None]
        thick = min(0.005, 0.4 * y)
        level = -y + thick * (k % 3)
        tint = darker(first.color, 0.82 + 0.09 * (k % 3))
        m.prism(outline, level, level + thick, tint, axis=1, texture=first.texture, when="isBroken")
    return Mesh(whole + tuple(m.parts), mesh.joints, mesh.surfaces)
