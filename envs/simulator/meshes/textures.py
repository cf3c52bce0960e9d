"""Small tileable pictures made by code: (128, 128, 3) uint8, light, to be tinted."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from envs.simulator.meshes.labels import LABELS
from envs.simulator.meshes.pictures import ART, DRAWN, SIZE
from envs.simulator.meshes.prints import PRINTS

PICTURES = {**ART, **PRINTS, **LABELS}


def _noise(rng: np.random.Generator, octaves: tuple[int, ...] = (4, 8, 16, 32)) -> np.ndarray:
    """Tileable value noise (S, S) in 0..1."""
    total = np.zeros((SIZE, SIZE))
    for k, cells in enumerate(octaves):
        grid = rng.random((cells, cells))
        at = np.arange(SIZE) * cells / SIZE
        i, t = at.astype(int), at % 1
        t = t * t * (3 - 2 * t)
        j = (i + 1) % cells
        rows = grid[i] * (1 - t)[:, None] + grid[j] * t[:, None]
        total += (rows[:, i] * (1 - t) + rows[:, j] * t) / 2**k
    return (total - total.min()) / np.ptp(total)


def _wood(rng: np.random.Generator) -> np.ndarray:
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    warp = _noise(rng, (2, 4, 8)) * 0.5 + 0.15 * np.sin(2 * np.pi * y)
    broad = 0.5 + 0.5 * np.sin(2 * np.pi * (x * 4 + warp))
    fine = 0.5 + 0.5 * np.sin(2 * np.pi * (x * 17 + 3 * warp))
    return 0.86 + 0.07 * broad + 0.05 * fine * _noise(rng, (8, 16)) + 0.02 * _noise(rng, (32, 64))


def _planks(rng: np.random.Generator) -> np.ndarray:
    value = _wood(rng)
    rows = np.arange(SIZE) * 4 // SIZE
    value = value * (0.90 + 0.10 * rng.random(4))[rows][None, :]
    value[:, (np.arange(SIZE) * 4 % SIZE) < 4] *= 0.72
    return value


def _tiles(rng: np.random.Generator) -> np.ndarray:
    value = 0.93 + 0.07 * _noise(rng)
    edge = (np.arange(SIZE) * 2 % SIZE) < 5
    value[edge] = 0.74
    value[:, edge] = 0.74
    return value


def _granite(rng: np.random.Generator) -> np.ndarray:
    return 0.62 + 0.22 * _noise(rng, (16, 32, 64)) + 0.2 * (rng.random((SIZE, SIZE)) > 0.75)


def _marble(rng: np.random.Generator) -> np.ndarray:
    vein = np.abs(_noise(rng, (3, 6, 12)) - 0.5) * 2
    return 0.80 + 0.20 * np.clip(vein * 3.5, 0, 1)


def _plaster(rng: np.random.Generator) -> np.ndarray:
    return 0.95 + 0.05 * _noise(rng, (8, 16, 32, 64))


def _steel(rng: np.random.Generator) -> np.ndarray:
    return np.broadcast_to(0.90 + 0.10 * rng.random((SIZE, 1)), (SIZE, SIZE)).copy()


def _fabric(rng: np.random.Generator) -> np.ndarray:
    # Threads of uneven shade: an even weave would beat with the pixels.
    threads = 0.5 * (rng.random((SIZE, 1)) + rng.random((1, SIZE)))
    return 0.84 + 0.16 * (0.55 * threads + 0.45 * rng.random((SIZE, SIZE)))


def _bread(rng: np.random.Generator) -> np.ndarray:
    return 0.78 + 0.22 * _noise(rng, (8, 16, 32))


def _paper(rng: np.random.Generator) -> np.ndarray:
    y = np.arange(SIZE) % 16
    return np.broadcast_to(np.where(y < 3, 0.8, 1.0)[:, None], (SIZE, SIZE)).copy()


def _leaf(rng: np.random.Generator) -> np.ndarray:
    return 0.62 + 0.38 * _noise(rng, (6, 12, 24))


def _leather(rng: np.random.Generator) -> np.ndarray:
    return 0.84 + 0.16 * _noise(rng, (12, 24, 48, 64))


def _carpet(rng: np.random.Generator) -> np.ndarray:
    return 0.82 + 0.12 * _noise(rng, (6, 16, 48)) + 0.06 * rng.random((SIZE, SIZE))


def _terry(rng: np.random.Generator) -> np.ndarray:
    value = 0.86 + 0.14 * rng.random((SIZE, SIZE))
    value[(np.arange(SIZE) % 64) < 6] *= 0.82
    return value


def _bath(rng: np.random.Generator) -> np.ndarray:
    value = 0.88 + 0.12 * rng.random((SIZE, SIZE))
    for row in (9, 13, 17):
        value[row : row + 2] *= 0.55
        value[SIZE - 2 - row : SIZE - row] *= 0.55
    value[:3] *= 0.8
    value[-3:] *= 0.8
    return value


def _stripes(rng: np.random.Generator) -> np.ndarray:
    dark = (np.arange(SIZE) * 4 // SIZE) % 2
    return np.broadcast_to(1.0 - 0.34 * dark[None, :], (SIZE, SIZE)) - 0.05 * rng.random((SIZE, 1))


def _checks(rng: np.random.Generator) -> np.ndarray:
    dark = ((np.arange(SIZE) * 4 // SIZE) % 2).astype(float)
    return 1.0 - 0.2 * dark[:, None] - 0.2 * dark[None, :] - 0.03 * rng.random((SIZE, SIZE))


def _dots(rng: np.random.Generator) -> np.ndarray:
    y, x = np.mgrid[0:SIZE, 0:SIZE] % 32 - 15.5
    return np.where(x**2 + y**2 < 64, 0.62, 1.0) - 0.03 * rng.random((SIZE, SIZE))


def _quilt(rng: np.random.Generator) -> np.ndarray:
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    a, b = np.abs(np.sin(2 * np.pi * (x + y))), np.abs(np.sin(2 * np.pi * (x - y)))
    return 0.74 + 0.26 * np.clip(np.minimum(a, b) * 2.2, 0, 1) - 0.03 * rng.random((SIZE, SIZE))


def _wicker(rng: np.random.Generator) -> np.ndarray:
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    over = (x // 16 + y // 8) % 2
    edge = np.minimum(x % 16, y % 8) < 2
    return np.where(edge, 0.55, 0.80 + 0.20 * over) - 0.06 * rng.random((SIZE, SIZE))


def _speckle(rng: np.random.Generator) -> np.ndarray:
    return 0.94 - 0.30 * (rng.random((SIZE, SIZE)) > 0.94) + 0.04 * _noise(rng)


_MADE = {
    "leather": _leather,
    "carpet": _carpet,
    "terry": _terry,
    "bath": _bath,
    "stripes": _stripes,
    "checks": _checks,
    "dots": _dots,
    "quilt": _quilt,
    "wicker": _wicker,
    "speckle": _speckle,
    "wood": _wood,
    "planks": _planks,
    "tiles": _tiles,
    "granite": _granite,
    "marble": _marble,
    "plaster": _plaster,
    "steel": _steel,
    "fabric": _fabric,
    "bread": _bread,
    "paper": _paper,
    "leaf": _leaf,
}


def _garden() -> np.ndarray:
    """Sky, clouds and a hedge: what a window shows."""
    rng = np.random.default_rng(5)
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    sky = np.stack([0.55 + 0.30 * y, 0.75 + 0.18 * y, 0.97 + 0.0 * y], -1)
    cloud = np.clip((_noise(rng, (3, 6, 12)) - 0.55) * 3, 0, 1)[..., None]
    picture = sky * (1 - cloud) + cloud
    hedge = y > 0.62 + 0.05 * np.sin(2 * np.pi * x * 2) + 0.03 * np.sin(2 * np.pi * x * 5)
    green = np.array([0.33, 0.55, 0.25]) * (0.7 + 0.5 * _noise(rng, (8, 16, 32)))[..., None]
    picture[hedge] = green[hedge]
    return picture


def _picture(name: str, fine: bool) -> np.ndarray:
    """One of ``PICTURES``, (S, S, 3) in 0..1; S is 256 if fine, else 128."""
    canvas = Image.new("RGB", (DRAWN, DRAWN))
    rng = np.random.default_rng([len(name), *name.encode()])
    PICTURES[name](ImageDraw.Draw(canvas), rng)
    value = np.asarray(canvas, float) / 255
    if fine:
        return value
    return value.reshape(SIZE, 2, SIZE, 2, 3).mean((1, 3))


def _refined(value: np.ndarray) -> np.ndarray:
    """A tileable picture (S, S, 3) as (2S, 2S, 3), with grain that only shows from near."""
    size = len(value)
    wrapped = np.pad(value, ((4, 4), (4, 4), (0, 0)), mode="wrap")
    larger = np.stack(
        [
            np.asarray(
                Image.fromarray(wrapped[..., k].astype(np.float32)).resize(
                    (2 * (size + 8), 2 * (size + 8)), Image.Resampling.BICUBIC
                )
            )
            for k in range(3)
        ],
        -1,
    )[8:-8, 8:-8]
    grain = np.random.default_rng(size).standard_normal((2 * size, 2 * size, 1))
    rough = np.abs(value - np.roll(value, 1, 0)).mean()
    return larger * (1 + min(0.02, 0.4 * float(rough)) * grain)


@lru_cache(maxsize=128)
def texture(name: str, seed: int = 0, fine: bool = False) -> np.ndarray:
    """A texture by name, (S, S, 3) uint8; S is 256 if fine, else 128.

    Raises:
        ValueError: If no texture has that name.
    """
    if name == "garden":
        value = _garden()
        value = _refined(value) if fine else value
    elif name in PICTURES:
        value = _picture(name, fine)
    elif name in _MADE:
        rng = np.random.default_rng([seed, len(name), ord(name[0])])
        value = np.repeat(_MADE[name](rng)[..., None], 3, 2)
        value = _refined(value) if fine else value
    else:
        names = ", ".join(sorted([*_MADE, *PICTURES, "garden"]))
        raise ValueError(f"Unknown texture {name!r}: use one of {names}.")
    pixels = (np.clip(value, 0, 1) * 255).astype(np.uint8)
    pixels.flags.writeable = False
    return pixels
