"""What a material of AI2-THOR's list looks like here: a colour and a texture, told from its name.

The textures themselves are Unity's; names such as ``"DrywallBeige"`` or ``"DarkWoodFloors"`` say
enough for the kind of surface and its tone. Names that say nothing get a quiet tone of their own.
"""

from __future__ import annotations

import zlib
from dataclasses import replace

from envs.simulator.houses.house import Material
from envs.simulator.meshes.mesh import Color, Mesh

_TEXTURES = (
    ("plank", "planks"),
    ("floor", "planks"),
    ("wood", "wood"),
    ("cabinet", "wood"),
    ("wicker", "fabric"),
    ("subway", "tiles"),
    ("tile", "tiles"),
    ("brick", "tiles"),
    ("kitchenwalls", "tiles"),
    ("granite", "granite"),
    ("countertop", "granite"),
    ("concrete", "plaster"),
    ("marble", "marble"),
    ("fabric", "fabric"),
)
_TONES: tuple[tuple[str, Color], ...] = (
    ("turquoise", (0.55, 0.75, 0.74)),
    ("eggshell", (0.92, 0.90, 0.82)),
    ("robinegg", (0.64, 0.80, 0.82)),
    ("orange", (0.86, 0.66, 0.46)),
    ("yellow", (0.92, 0.84, 0.60)),
    ("beige", (0.88, 0.81, 0.69)),
    ("cream", (0.94, 0.90, 0.80)),
    ("creme", (0.94, 0.90, 0.80)),
    ("green", (0.66, 0.77, 0.63)),
    ("brown", (0.60, 0.47, 0.36)),
    ("white", (0.95, 0.95, 0.94)),
    ("black", (0.20, 0.19, 0.19)),
    ("pink", (0.88, 0.72, 0.71)),
    ("rose", (0.82, 0.66, 0.63)),
    ("blue", (0.60, 0.71, 0.82)),
    ("grey", (0.70, 0.71, 0.72)),
    ("sand", (0.86, 0.78, 0.62)),
    ("dark", (0.36, 0.26, 0.20)),
    ("light", (0.86, 0.76, 0.60)),
    ("tan", (0.82, 0.72, 0.58)),
    ("red", (0.70, 0.38, 0.33)),
)
_PLAIN: tuple[Color, ...] = (
    (0.93, 0.91, 0.87),
    (0.89, 0.89, 0.87),
    (0.91, 0.88, 0.82),
    (0.87, 0.90, 0.89),
)
_WOODS: tuple[Color, ...] = (
    (0.72, 0.56, 0.40),
    (0.62, 0.45, 0.31),
    (0.80, 0.67, 0.50),
    (0.55, 0.40, 0.29),
)


def paint_of(material: Material, plain: Color, on_floor: bool = False) -> tuple[Color, str | None]:
    """Colour (0..1) and texture name of a material; ``plain`` is for one without a name."""
    name = material.name.lower().replace(" ", "")
    texture = next((t for word, t in _TEXTURES if word in name), None)
    if texture is None:
        texture = "planks" if on_floor else "plaster"
    elif on_floor and texture == "wood":
        texture = "planks"
    if material.color is not None:
        return material.color, "plaster" if name == "purewhite" else texture
    if not name:
        return plain, texture
    tone = next((c for word, c in _TONES if word in name), None)
    if tone is None:
        choices = _WOODS if texture in ("wood", "planks") else _PLAIN
        tone = choices[zlib.crc32(name.encode()) % len(choices)]
    return tone, texture


def under_sky(mesh: Mesh, sky: Color) -> Mesh:
    """A window through which a sky of that hue is seen."""
    parts = []
    for part in mesh.parts:
        if part.texture == "garden":
            r, g, b = (c * s for c, s in zip(part.color, sky, strict=True))
            part = replace(part, color=(r, g, b))
        parts.append(part)
    return replace(mesh, parts=tuple(parts))


def tinted(mesh: Mesh, color: Color) -> Mesh:
    """The same shape with the colours of all its parts replaced by shades of one."""
    parts = []
    for part in mesh.parts:
        shade = min(1.0, 0.6 + 0.5 * sum(part.color) / 3)
        r, g, b = (c * shade for c in color)
        parts.append(replace(part, color=(r, g, b)))
    return replace(mesh, parts=tuple(parts))
