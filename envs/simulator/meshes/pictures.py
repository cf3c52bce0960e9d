"""Pictures made by code to hang on walls.

Each is (128, 128, 3) uint8, drawn at twice that size and averaged. Names are in ``ART``.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from PIL import ImageDraw

SIZE = 128
DRAWN = 2 * SIZE
"""Edge of the canvas that pictures are drawn on."""
Draw = Callable[[ImageDraw.ImageDraw, np.random.Generator], None]


def sky(d: ImageDraw.ImageDraw, top: tuple, low: tuple, end: float) -> None:
    rows = int(DRAWN * end)
    for y in range(rows):
        t = y / max(rows - 1, 1)
        d.line(
            [(0, y), (DRAWN, y)],
            fill=tuple(int(a + (b - a) * t) for a, b in zip(top, low, strict=True)),
        )


def _ridge(d, rng, base: float, height: float, color: tuple, waves: int = 3) -> None:
    phase, points = rng.uniform(0, 6.28, waves), []
    for x in range(0, DRAWN + 1, 8):
        lift = sum(
            math.sin(x / DRAWN * 6.28 * (k + 1) * 0.7 + phase[k]) / (k + 1) for k in range(waves)
        )
        points.append((x, DRAWN * (base - height * (0.5 + 0.35 * lift))))
    d.polygon([(0, DRAWN), *points, (DRAWN, DRAWN)], fill=color)


def _tree(d, x: float, y: float, size: float, color: tuple) -> None:
    d.rectangle([x - size * 0.08, y - size * 0.4, x + size * 0.08, y], fill=(84, 58, 36))
    d.ellipse([x - size * 0.4, y - size, x + size * 0.4, y - size * 0.25], fill=color)


def _hills(d, rng) -> None:
    sky(d, (120, 170, 225), (250, 225, 180), 0.7)
    d.ellipse([170, 30, 210, 70], fill=(255, 240, 190))
    _ridge(d, rng, 0.62, 0.22, (110, 140, 165))
    _ridge(d, rng, 0.75, 0.18, (96, 145, 90))
    _ridge(d, rng, 0.95, 0.2, (70, 110, 55))
    for x in (40, 90, 200):
        _tree(d, x, 230, 60, (45, 90, 40))


def _sea(d, rng) -> None:
    sky(d, (60, 90, 150), (250, 170, 110), 0.55)
    d.ellipse([100, 95, 156, 151], fill=(255, 225, 150))
    d.rectangle([0, 140, DRAWN, 205], fill=(40, 95, 130))
    for y in range(145, 205, 9):
        d.line([(110 - (y - 140), y), (146 + (y - 140), y)], fill=(250, 200, 140), width=3)
    d.rectangle([0, 205, DRAWN, DRAWN], fill=(214, 184, 130))
    d.polygon([(40, 150), (90, 150), (80, 162), (50, 162)], fill=(60, 40, 35))
    d.polygon([(64, 148), (64, 98), (92, 145)], fill=(245, 240, 230))


def _peaks(d, rng) -> None:
    sky(d, (90, 150, 210), (225, 235, 245), 0.8)
    for x, top, wide in ((70, 60, 110), (180, 40, 130), (125, 100, 90)):
        d.polygon([(x - wide, 200), (x, top), (x + wide, 200)], fill=(92, 100, 120))
        d.polygon(
            [(x - wide * 0.28, top + 38), (x, top), (x + wide * 0.28, top + 38), (x, top + 26)],
            fill=(248, 250, 252),
        )
    d.rectangle([0, 190, DRAWN, DRAWN], fill=(58, 92, 66))
    d.ellipse([60, 205, 210, 245], fill=(110, 160, 195))


def _portrait(d, rng) -> None:
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(70, 62, 48))
    d.ellipse([20, 10, 236, 250], fill=(96, 84, 60))
    d.ellipse([58, 170, 198, 330], fill=(120, 30, 36))
    d.rectangle([112, 140, 144, 190], fill=(214, 168, 136))
    d.ellipse([84, 44, 172, 166], fill=(64, 40, 26))
    d.ellipse([92, 60, 164, 160], fill=(228, 184, 150))
    for x in (112, 144):
        d.ellipse([x - 6, 98, x + 6, 108], fill=(40, 30, 28))
    d.line([(128, 108), (124, 126), (130, 128)], fill=(176, 128, 100), width=3)
    d.arc([112, 126, 146, 146], 20, 160, fill=(160, 60, 60), width=4)


def _city(d, rng) -> None:
    sky(d, (40, 50, 96), (240, 150, 110), 0.8)
    d.ellipse([30, 30, 66, 66], fill=(250, 244, 214))
    for k in range(14):
        x, wide, tall = 20 * k - 8, int(rng.integers(18, 30)), int(rng.integers(60, 170))
        shade = int(rng.integers(24, 60))
        d.rectangle([x, 226 - tall, x + wide, 226], fill=(shade, shade, shade + 22))
        for y in range(234 - tall, 220, 14):
            for w in range(x + 4, x + wide - 3, 8):
                if rng.random() > 0.45:
                    d.rectangle([w, y, w + 3, y + 6], fill=(250, 220, 130))
    d.rectangle([0, 226, DRAWN, DRAWN], fill=(40, 60, 96))


def _fruit(d, rng) -> None:
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(196, 178, 150))
    d.rectangle([0, 168, DRAWN, DRAWN], fill=(120, 82, 52))
    for x, y, r, color in (
        (92, 122, 34, (204, 56, 44)),
        (150, 116, 36, (232, 150, 40)),
        (122, 88, 32, (150, 180, 60)),
        (184, 140, 26, (206, 70, 60)),
    ):
        d.ellipse([x - r, y - r, x + r, y + r], fill=color)
        d.ellipse([x - r * 0.5, y - r * 0.6, x - r * 0.1, y - r * 0.2], fill=(250, 236, 214))
    d.chord([44, 90, 224, 226], 0, 180, fill=(86, 116, 150))
    d.rectangle([112, 220, 156, 234], fill=(70, 96, 128))


def _cat(d, rng) -> None:
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(96, 140, 150))
    d.polygon([(66, 96), (76, 24), (118, 72)], fill=(44, 40, 44))
    d.polygon([(190, 96), (180, 24), (138, 72)], fill=(44, 40, 44))
    d.ellipse([58, 56, 198, 186], fill=(44, 40, 44))
    d.ellipse([40, 170, 216, 330], fill=(44, 40, 44))
    for x in (98, 158):
        d.ellipse([x - 18, 100, x + 18, 134], fill=(226, 200, 70))
        d.ellipse([x - 6, 102, x + 6, 132], fill=(16, 16, 18))
    d.polygon([(118, 146), (138, 146), (128, 158)], fill=(226, 140, 140))
    for dy in (-6, 4, 14):
        d.line([(112, 156), (56, 150 + dy)], fill=(220, 220, 220), width=2)
        d.line([(144, 156), (200, 150 + dy)], fill=(220, 220, 220), width=2)


def _flowers(d, rng) -> None:
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(236, 226, 204))
    d.rectangle([0, 196, DRAWN, DRAWN], fill=(150, 104, 70))
    d.polygon([(96, 150), (160, 150), (148, 224), (108, 224)], fill=(70, 105, 150))
    for k in range(9):
        a, r = k * 0.72 - 2.9, rng.uniform(55, 90)
        x, y = 128 + 0.9 * r * math.cos(a), 105 + 0.75 * r * math.sin(a)
        d.line([(128, 152), (x, y)], fill=(60, 110, 60), width=4)
        color = ((214, 60, 70), (240, 180, 60), (200, 110, 180), (250, 240, 235))[k % 4]
        for p in range(6):
            px, py = x + 13 * math.cos(p * 1.05), y + 13 * math.sin(p * 1.05)
            d.ellipse([px - 10, py - 10, px + 10, py + 10], fill=color)
        d.ellipse([x - 8, y - 8, x + 8, y + 8], fill=(120, 80, 30))


def _blocks(d, rng) -> None:
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(240, 236, 226))
    fills = ((206, 44, 42), (240, 196, 40), (34, 72, 150), (240, 236, 226))
    xs, ys = (0, 62, 150, 210, DRAWN), (0, 84, 130, 214, DRAWN)
    for i in range(4):
        for j in range(4):
            color = fills[int(rng.integers(4))]
            d.rectangle([xs[i], ys[j], xs[i + 1], ys[j + 1]], fill=color, outline=(20, 20, 20))
    for x in xs:
        d.line([(x, 0), (x, DRAWN)], fill=(20, 20, 20), width=9)
    for y in ys:
        d.line([(0, y), (DRAWN, y)], fill=(20, 20, 20), width=9)


def _swirls(d, rng) -> None:
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(30, 44, 70))
    for _ in range(14):
        x, y, r = rng.uniform(0, DRAWN), rng.uniform(0, DRAWN), rng.uniform(18, 70)
        color = tuple(int(c) for c in rng.uniform(80, 250, 3))
        d.ellipse([x - r, y - r, x + r, y + r], outline=color, width=int(rng.integers(6, 16)))


def _circles(d, rng) -> None:
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(242, 232, 214))
    for box, color in (
        ([30, 40, 150, 160], (216, 96, 60)),
        ([110, 100, 226, 216], (46, 96, 110)),
        ([120, 24, 200, 104], (236, 186, 84)),
    ):
        d.ellipse(box, fill=color)
    d.line([(10, 230), (246, 30)], fill=(40, 40, 44), width=7)


def _band(d, rng) -> None:
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(24, 22, 34))
    d.rectangle([16, 18, 240, 66], fill=(226, 62, 52))
    for k in range(5):
        d.rectangle([28 + 42 * k, 28, 56 + 42 * k, 56], fill=(24, 22, 34))
    d.ellipse([70, 96, 186, 212], fill=(240, 200, 70))
    d.ellipse([106, 132, 150, 176], fill=(24, 22, 34))
    d.line([(150, 130), (230, 84)], fill=(240, 240, 240), width=10)
    d.rectangle([40, 226, 216, 236], fill=(200, 200, 200))


def _rocket(d, rng) -> None:
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(28, 40, 92))
    for x, y in rng.uniform(8, 248, (40, 2)):
        d.ellipse([x - 2, y - 2, x + 2, y + 2], fill=(250, 250, 230))
    d.ellipse([160, 150, 300, 290], fill=(210, 160, 110))
    d.ellipse([96, 50, 150, 190], fill=(236, 236, 240))
    d.polygon([(100, 90), (123, 34), (146, 90)], fill=(220, 54, 50))
    d.polygon([(98, 150), (70, 196), (104, 182)], fill=(220, 54, 50))
    d.polygon([(148, 150), (176, 196), (142, 182)], fill=(220, 54, 50))
    d.ellipse([110, 96, 136, 122], fill=(80, 170, 220))
    d.polygon([(108, 190), (123, 236), (138, 190)], fill=(250, 170, 40))


def _map(d, rng) -> None:
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(170, 206, 224))
    for x, y, a, b in (
        (54, 84, 40, 50),
        (84, 176, 24, 46),
        (140, 90, 26, 36),
        (148, 150, 30, 44),
        (196, 80, 50, 40),
        (222, 186, 24, 20),
    ):
        d.ellipse([x - a, y - b, x + a, y + b], fill=(206, 190, 128))
        d.ellipse([x - a * 0.6, y - b * 0.4, x + a * 0.7, y + b * 0.7], fill=(150, 176, 104))
    for k in range(0, DRAWN, 43):
        d.line([(k, 0), (k, DRAWN)], fill=(140, 180, 205), width=1)
        d.line([(0, k), (DRAWN, k)], fill=(140, 180, 205), width=1)


ART: dict[str, Draw] = {
    "hills": _hills,
    "sea": _sea,
    "peaks": _peaks,
    "portrait": _portrait,
    "city": _city,
    "fruit": _fruit,
    "cat": _cat,
    "flowers": _flowers,
    "blocks": _blocks,
    "swirls": _swirls,
    "circles": _circles,
    "band": _band,
    "rocket": _rocket,
    "map": _map,
}
# What suits a wide, an even and a tall frame.
WIDE = ("hills", "sea", "peaks", "city", "circles", "swirls", "blocks")
EVEN = ("flowers", "fruit", "blocks", "hills", "cat", "circles", "swirls", "portrait", "sea")
TALL = ("portrait", "flowers", "cat", "circles", "blocks", "rocket")
POSTERS = ("band", "rocket", "map", "circles", "peaks", "city", "cat")


def art_for(wide: float, tall: float) -> tuple[str, ...]:
    """Names of pictures that are not pulled out of shape in a frame."""
    return WIDE if wide > 1.25 * tall else TALL if tall > 1.25 * wide else EVEN
