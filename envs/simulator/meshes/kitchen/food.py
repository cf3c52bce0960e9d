"""Food: whole and in pieces."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes import primitives
from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Mesh

_COOKED = 0.55


def _dark(color: tuple, by: float = _COOKED) -> tuple:
    return tuple(c * by for c in color)


def apple(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    skin = m.pick((0.80, 0.07, 0.08), (0.55, 0.75, 0.15), (0.72, 0.05, 0.10))
    r = float(min(m.half[0], m.half[2]))
    h = float(m.size[1]) * 0.86
    profile = [
        (0.0, 0.06 * h),
        (0.35 * r, 0.0),
        (0.75 * r, 0.13 * h),
        (r, 0.52 * h),
        (0.86 * r, 0.82 * h),
        (0.5 * r, 0.97 * h),
        (0.2 * r, 0.93 * h),
        (0.0, 0.84 * h),
    ]
    m.lathe(profile, skin, 16, sharp=80)
    m.tube(
        [(0, 0.84 * h, 0), (0.02 * r, h, 0), (0.12 * r, 1.16 * h, 0)],
        0.06 * r,
        (0.30, 0.19, 0.08),
        6,
    )
    m.ball(
        (0.35 * r, 1.06 * h, 0),
        (0.30 * r, 0.04 * h, 0.15 * r),
        (0.25, 0.55, 0.15),
        segments=8,
        rings=4,
    )
    return m.mesh()


def tomato(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    skin = m.pick((0.93, 0.22, 0.08), (0.90, 0.30, 0.10))
    m.ball((0, 0, 0), tuple(m.half * (1, 0.94, 1)), skin, segments=13, rings=7)
    r, top = float(m.half[0]), float(m.half[1])
    for k in range(5):
        a = 2 * np.pi * k / 5
        m.ball(
            (0.28 * r * np.cos(a), 0.93 * top, 0.28 * r * np.sin(a)),
            (0.26 * r, 0.09 * top, 0.26 * r),
            (0.20, 0.52, 0.14),
            segments=6,
            rings=3,
        )
    m.rod((0, top * 1.02, 0), 0.05 * r, 0.2 * top, (0.22, 0.45, 0.12), segments=6)
    return m.mesh()


def potato(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    skin = m.pick((0.76, 0.60, 0.38), (0.68, 0.50, 0.31), (0.72, 0.46, 0.36))
    v, n, t, f = primitives.sphere((0, 0, 0), (1, 1, 1), 12, 8)
    bump = (
        1 + 0.07 * np.sin(3.1 * v[:, :1] + 1.0) + 0.06 * np.sin(4.3 * v[:, 2:3] + 2.2 * v[:, 1:2])
    )
    bent = v * bump * m.half
    bent[:, 1] += 0.10 * m.half[1] * np.sin(2.2 * v[:, 0] + 0.7)
    normals = n / m.half
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    m.add((bent, normals, t * 0.5, f), skin, "speckle", when="!isCooked")
    m.add((bent, normals, t * 0.5, f), _dark(skin), "speckle", when="isCooked")
    for k in range(9):
        a, b = 2.399 * k, -0.6 + 1.4 * (k % 4) / 3
        at = np.array([np.cos(a) * np.cos(b), np.sin(b), np.sin(a) * np.cos(b)])
        near = int(np.argmax(v @ at))
        m.ball(
            tuple(bent[near] * 0.99),
            tuple(m.half * (0.07, 0.05, 0.07)),
            (0.36, 0.25, 0.15),
            None,
            5,
            3,
        )
    return m.mesh()


def lettuce(size: tuple, seed: int) -> Mesh:
    """A head of leaves that overlap, paler inside."""
    m = Maker(size, seed)
    leaf = m.pick((0.45, 0.72, 0.24), (0.55, 0.78, 0.32))
    m.ball((0, -0.05, 0), tuple(m.half * 0.74), darker(leaf, 1.12), "leaf", 10, 7)
    m.parts[-1].vertices[:, 1] += 0.05
    u, v = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(0, 1, 5))
    for k in range(6):
        turn, outer = 2.399 * k, k % 3
        grow = 0.80 + 0.10 * outer
        lean = (0.55 + 0.55 * outer / 2) * v * (1.5 - 0.25 * outer)
        wide = 1.05 * np.sin(np.pi * (0.15 + 0.75 * v)) * u
        ruffle = 0.06 * np.sin(7 * u + 2 * k) * v
        # On a ball: up from the stalk, spread to the sides, the rim waved.
        up, side = -np.pi / 2 + lean + 0.5 * v, wide
        r = grow * (1 + ruffle + 0.10 * v)
        grid = np.stack(
            [
                r * np.cos(up) * np.cos(side + turn),
                np.clip(r * np.sin(up), -1, 1),
                r * np.cos(up) * np.sin(side + turn),
            ],
            -1,
        )
        shade = darker(leaf, 0.74 + 0.13 * ((k * 5) % 4))
        m.sheet(grid * m.half, shade, "leaf", (2, 2))
    m.ball((0, -0.96 * float(m.half[1]), 0), tuple(m.half * (0.2, 0.05, 0.2)), (0.90, 0.92, 0.74))
    return m.mesh()


def bread(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    crust = m.pick((0.74, 0.47, 0.20), (0.66, 0.39, 0.16))
    x, y, z = (float(v) for v in m.half)
    m.ball((0, -0.12 * y, 0), (x, 0.88 * y, z), crust, "bread", 14, 8)
    m.span((-0.82 * x, -y, -0.80 * z), (0.82 * x, -0.1 * y, 0.80 * z), crust, "bread")
    long_z = z >= x
    for t in (-0.55, -0.18, 0.18, 0.55):
        lift = 0.76 * y * float(np.sqrt(max(0.0, 1 - t * t)))
        center = (0, lift - 0.10 * y, t * z) if long_z else (t * x, lift - 0.10 * y, 0)
        dims = (0.62 * x, 0.14 * y, 0.07 * z) if long_z else (0.07 * x, 0.14 * y, 0.62 * z)
        m.ball(center, dims, (0.95, 0.82, 0.58), segments=8, rings=4)
    return m.mesh()


def egg(size: tuple, seed: int) -> Mesh:
    """Its pointed end along the box's longest axis."""
    m = Maker(size, seed)
    shell = m.pick((0.97, 0.93, 0.86), (0.93, 0.80, 0.66), (0.98, 0.97, 0.95))
    angle = np.linspace(-np.pi / 2, np.pi / 2, 11)
    profile = [
        (max(float(np.cos(a) * (1 - 0.17 * np.sin(a))), 0.0), float(np.sin(a))) for a in angle
    ]
    long = int(np.argmax(m.size))
    v, n, t, f = primitives.turned(primitives.lathe(profile, 12, 90), long)
    normals = n / m.half
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    m.add((v * m.half, normals, t, f), shell)
    return m.mesh()


def _outline(kind: str, count: int = 20) -> np.ndarray:
    """Cut face of a piece (K, 2) in -1..1."""
    a = np.linspace(0, 2 * np.pi, count + 1)[:-1]
    if kind == "loaf":
        # Square below, two humps on top.
        x, y = np.sign(np.cos(a)) * np.abs(np.cos(a)) ** 0.45, np.sin(a)
        y = np.where(y < 0, -(np.abs(y) ** 0.35), 0.55 + 0.45 * y)
        return np.stack([x * np.where(y > 0.4, 1.0, 0.88), y], 1)
    if kind == "leaf":
        r = 0.93 + 0.05 * np.sin(9 * a) + 0.04 * np.sin(13 * a + 1)
        return np.stack([r * np.cos(a), r * np.sin(a)], 1)
    if kind == "tuber":
        r = 1 - 0.07 * np.sin(2 * a + 0.6) - 0.05 * np.cos(3 * a) + 0.02 * np.sin(5 * a)
        return np.stack([r * np.cos(a), r * np.sin(a)], 1)
    if kind == "apple":
        r = (
            1
            - 0.16 * np.exp(-(((a - np.pi / 2) / 0.35) ** 2))
            - 0.08 * np.exp(-(((a - 4.71) / 0.3) ** 2))
        )
        return np.stack([r * np.cos(a), r * np.sin(a)], 1)
    return np.stack([np.cos(a), np.sin(a)], 1)


def _pips(has_core: bool) -> list[np.ndarray]:
    """Outlines (N, 2) of five pips round the middle of a face from -1 to 1; near it in a core."""
    outlines = []
    for angle in 2 * np.pi * np.arange(5) / 5:
        ahead = np.array([np.cos(angle), np.sin(angle)])
        turn = np.array([ahead, [-ahead[1], ahead[0]]])
        ring = _outline("round", 8) * (0.16, 0.10 if has_core else 0.2)
        outlines.append(ring @ turn + ahead * (0.3 if has_core else 0.5))
    return outlines


def slice_of(
    kind: str,
    flesh: tuple,
    skin: tuple,
    marks: tuple | None = None,
    cut: str | None = None,
    rim: str | None = None,
):
    """A builder of a flat piece with skin round its edge, its cut faces along the thin axis.

    Args:
        kind: Its outline.
        flesh: Colour of the cut faces.
        skin: Colour round the edge.
        marks: Colour of five pips, if it has any.
        cut: Texture that fills a cut face once.
        rim: Texture of the skin.
    """

    def build(size: tuple, seed: int) -> Mesh:
        m = Maker(size, seed)
        thin = int(np.argmin(m.size))
        wide, tall = (float(v) for k, v in enumerate(m.half) if k != thin)
        if kind == "loaf" and thin == 1:
            tall = -tall
        face, deep = _outline(kind, 36 if cut else 20) * (wide, tall), float(m.half[thin])
        inner = {"leaf": 0.97, "tuber": 0.93}.get(kind, 0.87)
        for flag, by in (("!isCooked", 1.0), ("isCooked", _COOKED)):
            m.prism(face, -0.94 * deep, 0.94 * deep, _dark(skin, by), thin, when=flag, texture=rim)
            m.prism(
                face * inner,
                -deep,
                deep,
                _dark(flesh, by),
                axis=thin,
                when=flag,
                texture="bread" if kind == "loaf" else cut,
            )
            if cut and thin == 0:
                m.parts[-1].uvs[:] = m.parts[-1].uvs[:, ::-1]
            shade = _dark(marks or flesh, by)
            for pip in _pips(kind == "apple") if marks else ():
                m.prism(pip * (wide, tall), -1.02 * deep, 1.02 * deep, shade, thin, when=flag)
        return m.mesh()

    return build


def egg_cracked(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    m.ball((0, -0.6 * y, 0), (x, 0.4 * y, z), (0.96, 0.95, 0.90), segments=14, rings=5)
    m.ball(
        (0.1 * x, -0.1 * y, 0),
        (0.42 * x, 1.1 * y, 0.42 * z),
        (0.98, 0.72, 0.10),
        segments=12,
        rings=6,
        when="!isCooked",
    )
    m.ball(
        (0.1 * x, -0.1 * y, 0),
        (0.42 * x, 1.1 * y, 0.42 * z),
        (0.93, 0.62, 0.12),
        segments=12,
        rings=6,
        when="isCooked",
    )
    return m.mesh()


BUILDERS = {
    "Apple": apple,
    "Tomato": tomato,
    "Potato": potato,
    "Lettuce": lettuce,
    "Bread": bread,
    "Egg": egg,
    "AppleSliced": slice_of("apple", (0.97, 0.94, 0.78), (0.80, 0.10, 0.10), (0.42, 0.26, 0.12)),
    "TomatoSliced": slice_of("round", (0.95, 0.42, 0.28), (0.88, 0.16, 0.08), (0.98, 0.72, 0.42)),
    "PotatoSliced": slice_of(
        "tuber", (1.0, 1.0, 1.0), (0.62, 0.44, 0.26), cut="potato_cut", rim="speckle"
    ),
    "BreadSliced": slice_of("loaf", (0.97, 0.90, 0.74), (0.70, 0.44, 0.20)),
    "LettuceSliced": slice_of("leaf", (1.0, 1.0, 1.0), (0.36, 0.62, 0.20), cut="lettuce_cut"),
    "EggCracked": egg_cracked,
}
