"""Other materials, colours and light for a room that stands: what the Randomize actions show.

A material is a texture and a tint. Objects that share one go on sharing one: an equal batch gets an
equal material wherever it is. Pictures, screens, food and glass keep theirs.
"""

from __future__ import annotations

import colorsys
import zlib
from dataclasses import dataclass

import numpy as np

from envs.simulator.core.geometry import Triple, triple
from envs.simulator.rendering.batches import Batch
from envs.simulator.rendering.panda_geometry import panda_texture
from envs.simulator.rendering.renderer import Renderer

# Textures that may stand for each other.
FAMILIES = (
    ("wood", "planks"),
    ("granite", "marble", "tiles", "speckle"),
    ("fabric", "terry", "carpet", "stripes", "checks", "dots", "leather"),
    ("plaster",),
    ("steel",),
    ("wicker",),
    ("quilt",),
)
_FAMILY = {name: family for family in FAMILIES for name in family}
# How many tints each split of AI2-THOR's materials contributes to every texture.
POOLS = {"train": 24, "val": 8, "test": 8, "external": 12}
# Hue, saturation and value that a texture's material may have.
_WOODEN = ((0.05, 0.11), (0.25, 0.65), (0.30, 0.90))
_STONE = ((0.0, 1.0), (0.0, 0.15), (0.35, 0.97))
_TINTS = {
    **dict.fromkeys(("wood", "planks", "wicker"), _WOODEN),
    **dict.fromkeys(("granite", "marble", "tiles", "speckle"), _STONE),
    "steel": ((0.0, 1.0), (0.0, 0.08), (0.45, 0.9)),
    "plaster": ((0.0, 1.0), (0.02, 0.25), (0.75, 0.97)),
}
_WHITE: Triple = (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Randomisation:
    """What was randomised.

    Attributes:
        materials: Seed, or None for a room's own materials.
        pools: Which tints those are chosen from.
        colors: Seed of colours that override them, or None.
        light: Factor on red, green and blue of everything.
    """

    materials: int | None = None
    pools: tuple[str, ...] = ()
    colors: int | None = None
    light: Triple = _WHITE


def materials_in(pools: tuple[str, ...]) -> int:
    """How many materials there are to choose from."""
    return sum(POOLS[pool] for pool in pools) * sum(len(family) for family in FAMILIES)


def _stable(*words: object) -> int:
    return zlib.crc32("/".join(map(str, words)).encode())


def _tint(pool: str, index: int, texture: str | None) -> np.ndarray:
    """One colour (3,) of a pool, 0..1, such as a texture comes in: the same for ever."""
    value = _stable("tint", pool, index)
    shares = [(value >> shift & 255) / 255 for shift in (0, 8, 16)]
    ranges = _TINTS.get(texture or "", ((0.0, 1.0), (0.08, 0.6), (0.35, 0.95)))
    hue, pale, bright = (
        low + (high - low) * share for (low, high), share in zip(ranges, shares, strict=True)
    )
    return np.array(colorsys.hsv_to_rgb(hue, pale, bright))


def _ratio(wanted: np.ndarray, batch: Batch) -> Triple:
    own = np.clip(batch.colors.mean(0), 0.05, 1.0)
    return triple(np.clip(wanted / own, 0.1, 3.0))


def _paint(chosen: Randomisation, batch: Batch) -> tuple[str | None, Triple] | None:
    """Texture, or None for the batch's own, and colour factor; None leaves both."""
    if batch.emissive or batch.alpha < 1:
        return None
    if batch.texture is not None and batch.texture not in _FAMILY:
        return None
    identity = (batch.texture, *np.round(batch.colors.mean(0), 2))
    texture, scale = None, _WHITE
    if chosen.materials is not None:
        value = _stable("material", chosen.materials, *identity)
        tints = [(pool, n) for pool in chosen.pools for n in range(POOLS[pool])]
        scale = _ratio(_tint(*tints[value % len(tints)], batch.texture), batch)
        if batch.texture is not None:
            family = _FAMILY[batch.texture]
            texture = family[(value >> 16) % len(family)]
    if chosen.colors is not None:
        value = _stable("colour", chosen.colors, *identity)
        hue, bright = (value & 1023) / 1023, (value >> 10 & 1023) / 1023
        scale = _ratio(np.array(colorsys.hsv_to_rgb(hue, 0.75, 0.4 + 0.55 * bright)), batch)
    return texture, scale


def show(renderer: Renderer, chosen: Randomisation) -> None:
    """Shows what was randomised on everything that is drawn."""
    renderer.set_light(chosen.light)
    plain = chosen.materials is None and chosen.colors is None
    for batch, path in renderer.painted():
        paint = None if plain else _paint(chosen, batch)
        texture, scale = paint or (None, None)
        if texture or batch.texture:
            path.setTexture(panda_texture(texture or str(batch.texture), renderer.fine))
        if scale is None:
            path.clearColorScale()
        else:
            path.setColorScale(*scale, 1)


def lamp_light(
    rng: np.random.Generator,
    lamps: int,
    brightness: tuple[float, float],
    hue: tuple[float, float],
    saturation: tuple[float, float],
    colored: bool,
) -> Triple:
    """The light of some lamps together, each of random brightness and colour."""
    total = np.zeros(3)
    for _ in range(lamps):
        color = np.ones(3)
        if colored:
            color = np.array(colorsys.hsv_to_rgb(rng.uniform(*hue), rng.uniform(*saturation), 1.0))
            # Half of a room's light is white light that walls have scattered.
            color = 0.5 + 0.5 * color
        total += color * rng.uniform(*brightness)
    return triple(total / lamps)
