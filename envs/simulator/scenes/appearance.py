"""Seeds of appearances: which variant of a shape, colour and texture an object gets."""

from __future__ import annotations

import zlib


def appearance(seed: int, *words: str) -> int:
    """A stable mesh seed for one object in one appearance of a room."""
    return zlib.crc32("/".join((str(seed), *words)).encode()) & 0x7FFFFFFF


def kitchen_style(seed: int, scene: str) -> int:
    """One room has one style of cupboards, tops and bases."""
    return appearance(seed, scene.removesuffix("_physics"), "style")


def standard_variant(asset: str) -> int:
    """The mesh seed an asset has in the standard appearance: equal assets look equal."""
    return zlib.crc32(asset.encode()) & 0x7FFFFFFF
