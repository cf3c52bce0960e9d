"""What is in dishes, bottles and pots: liquid while they are filled, dirt while they are dirty."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker

# What a flag of its name tells apart; anything else filled in is taken for water.
_LIQUIDS = (
    ("coffee", (0.30, 0.17, 0.09)),
    ("wine", (0.46, 0.07, 0.13)),
    ("!coffee&!wine", (0.62, 0.80, 0.90)),
)
STAIN = (0.40, 0.27, 0.12)


def liquid(m: Maker, radius: float, height: float) -> None:
    """The level of what is filled in."""
    for name, color in _LIQUIDS:
        flags = f"isFilledWithLiquid&{name}"
        m.rod((0, height, 0), radius, 0.003, color, when=flags, solid=False)


def dirt(m: Maker, inside: float, floor: float, foot: float, rim: float, height: float) -> None:
    """While dirty: left-overs on the inner floor, stains on the wall from foot to rim radius."""
    heap = [(inside, floor), (0.6 * inside, floor + 0.002), (0, floor + 0.001)]
    m.lathe(heap, STAIN, 12, when="isDirty", sharp=80)
    for a, low, tall in ((0.9, 0.62, 0.3), (2.1, 0.5, 0.2), (4.0, 0.66, 0.26), (5.3, 0.56, 0.2)):
        r = foot + (rim - foot) * low
        for k, part in enumerate((0.0, -0.6)):
            at = (r * np.cos(a), (low + part * tall) * height, r * np.sin(a))
            wide = (0.16 - 0.07 * k) * rim
            blot = (
                0.03 * rim + wide * abs(np.sin(a)),
                0.4 * tall * height,
                0.03 * rim + wide * abs(np.cos(a)),
            )
            m.ball(at, blot, STAIN, segments=6, rings=4, when="isDirty")
