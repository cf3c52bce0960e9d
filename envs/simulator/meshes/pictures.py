"""Pictures made by code: what hangs on walls, shows on screens and is printed on things.

Each is (128, 128, 3) uint8, drawn at twice that size and averaged. Names are in ``PICTURES``.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

SIZE = 128
_S = 2 * SIZE
Draw = Callable[[ImageDraw.ImageDraw, np.random.Generator], None]


def _sky(d: ImageDraw.ImageDraw, top: tuple, low: tuple, end: float) -> None:
    rows = int(_S * end)
    for y in range(rows):
        t = y / max(rows - 1, 1)
        d.line(
            [(0, y), (_S, y)],
            fill=tuple(int(a + (b - a) * t) for a, b in zip(top, low, strict=True)),
        )


def _ridge(d, rng, base: float, height: float, color: tuple, waves: int = 3) -> None:
    phase, points = rng.uniform(0, 6.28, waves), []
    for x in range(0, _S + 1, 8):
        lift = sum(
            math.sin(x / _S * 6.28 * (k + 1) * 0.7 + phase[k]) / (k + 1) for k in range(waves)
        )
        points.append((x, _S * (base - height * (0.5 + 0.35 * lift))))
    d.polygon([(0, _S), *points, (_S, _S)], fill=color)


def _tree(d, x: float, y: float, size: float, color: tuple) -> None:
    d.rectangle([x - size * 0.08, y - size * 0.4, x + size * 0.08, y], fill=(84, 58, 36))
    d.ellipse([x - size * 0.4, y - size, x + size * 0.4, y - size * 0.25], fill=color)


def _hills(d, rng) -> None:
    _sky(d, (120, 170, 225), (250, 225, 180), 0.7)
    d.ellipse([170, 30, 210, 70], fill=(255, 240, 190))
    _ridge(d, rng, 0.62, 0.22, (110, 140, 165))
    _ridge(d, rng, 0.75, 0.18, (96, 145, 90))
    _ridge(d, rng, 0.95, 0.2, (70, 110, 55))
    for x in (40, 90, 200):
        _tree(d, x, 230, 60, (45, 90, 40))


def _sea(d, rng) -> None:
    _sky(d, (60, 90, 150), (250, 170, 110), 0.55)
    d.ellipse([100, 95, 156, 151], fill=(255, 225, 150))
    d.rectangle([0, 140, _S, 205], fill=(40, 95, 130))
    for y in range(145, 205, 9):
        d.line([(110 - (y - 140), y), (146 + (y - 140), y)], fill=(250, 200, 140), width=3)
    d.rectangle([0, 205, _S, _S], fill=(214, 184, 130))
    d.polygon([(40, 150), (90, 150), (80, 162), (50, 162)], fill=(60, 40, 35))
    d.polygon([(64, 148), (64, 98), (92, 145)], fill=(245, 240, 230))


def _peaks(d, rng) -> None:
    _sky(d, (90, 150, 210), (225, 235, 245), 0.8)
    for x, top, wide in ((70, 60, 110), (180, 40, 130), (125, 100, 90)):
        d.polygon([(x - wide, 200), (x, top), (x + wide, 200)], fill=(92, 100, 120))
        d.polygon(
            [(x - wide * 0.28, top + 38), (x, top), (x + wide * 0.28, top + 38), (x, top + 26)],
            fill=(248, 250, 252),
        )
    d.rectangle([0, 190, _S, _S], fill=(58, 92, 66))
    d.ellipse([60, 205, 210, 245], fill=(110, 160, 195))


def _portrait(d, rng) -> None:
    d.rectangle([0, 0, _S, _S], fill=(70, 62, 48))
    d.ellipse([20, 10, 236, 250], fill=(96, 84, 60))
    d.ellipse([58, 170, 198, 330], fill=(120, 30, 36))
    d.rectangle([112, 140, 144, 190], fill=(214, 168, 136))
    d.ellipse([84, 44, 172, 166], fill=(64, 40, 26))
    d.ellipse([92, 60, 164, 160], fill=(228, 184, 150))
    for x in (112, 144):
        d.ellipse([x - 6, 98, x + 6, 108], fill=(40, 30, 28))
    d.line([(128, 108), (124, 126), (130, 128)], fill=(176, 128, 100), width=3)
    d.arc([112, 126, 146, 146], 20, 160, fill=(160, 60, 60), width=4)


def _flowers(d, rng) -> None:
    d.rectangle([0, 0, _S, _S], fill=(236, 226, 204))
    d.rectangle([0, 196, _S, _S], fill=(150, 104, 70))
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
    d.rectangle([0, 0, _S, _S], fill=(240, 236, 226))
    fills = ((206, 44, 42), (240, 196, 40), (34, 72, 150), (240, 236, 226))
    xs, ys = (0, 62, 150, 210, _S), (0, 84, 130, 214, _S)
    for i in range(4):
        for j in range(4):
            color = fills[int(rng.integers(4))]
            d.rectangle([xs[i], ys[j], xs[i + 1], ys[j + 1]], fill=color, outline=(20, 20, 20))
    for x in xs:
        d.line([(x, 0), (x, _S)], fill=(20, 20, 20), width=9)
    for y in ys:
        d.line([(0, y), (_S, y)], fill=(20, 20, 20), width=9)


def _swirls(d, rng) -> None:
    d.rectangle([0, 0, _S, _S], fill=(30, 44, 70))
    for _ in range(14):
        x, y, r = rng.uniform(0, _S), rng.uniform(0, _S), rng.uniform(18, 70)
        color = tuple(int(c) for c in rng.uniform(80, 250, 3))
        d.ellipse([x - r, y - r, x + r, y + r], outline=color, width=int(rng.integers(6, 16)))


def _circles(d, rng) -> None:
    d.rectangle([0, 0, _S, _S], fill=(242, 232, 214))
    for box, color in (
        ([30, 40, 150, 160], (216, 96, 60)),
        ([110, 100, 226, 216], (46, 96, 110)),
        ([120, 24, 200, 104], (236, 186, 84)),
    ):
        d.ellipse(box, fill=color)
    d.line([(10, 230), (246, 30)], fill=(40, 40, 44), width=7)


def _band(d, rng) -> None:
    d.rectangle([0, 0, _S, _S], fill=(24, 22, 34))
    d.rectangle([16, 18, 240, 66], fill=(226, 62, 52))
    for k in range(5):
        d.rectangle([28 + 42 * k, 28, 56 + 42 * k, 56], fill=(24, 22, 34))
    d.ellipse([70, 96, 186, 212], fill=(240, 200, 70))
    d.ellipse([106, 132, 150, 176], fill=(24, 22, 34))
    d.line([(150, 130), (230, 84)], fill=(240, 240, 240), width=10)
    d.rectangle([40, 226, 216, 236], fill=(200, 200, 200))


def _rocket(d, rng) -> None:
    d.rectangle([0, 0, _S, _S], fill=(28, 40, 92))
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
    d.rectangle([0, 0, _S, _S], fill=(170, 206, 224))
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
    for k in range(0, _S, 43):
        d.line([(k, 0), (k, _S)], fill=(140, 180, 205), width=1)
        d.line([(0, k), (_S, k)], fill=(140, 180, 205), width=1)


def _show(d, rng) -> None:
    _sky(d, (70, 140, 220), (190, 225, 250), 0.6)
    d.rectangle([0, 150, _S, _S], fill=(66, 150, 60))
    for k in range(0, _S, 52):
        d.rectangle([k, 150, k + 26, _S], fill=(80, 168, 70))
    d.line([(0, 196), (_S, 196)], fill=(240, 250, 240), width=4)
    for x, color in ((70, (220, 40, 40)), (128, (240, 240, 245)), (190, (220, 40, 40))):
        d.rectangle([x - 10, 142, x + 10, 182], fill=color)
        d.ellipse([x - 9, 122, x + 9, 142], fill=(226, 180, 150))
        d.rectangle([x - 9, 182, x - 2, 206], fill=(40, 40, 60))
        d.rectangle([x + 2, 182, x + 9, 206], fill=(40, 40, 60))
    d.rectangle([12, 12, 92, 34], fill=(20, 24, 60))
    d.ellipse([146, 200, 160, 214], fill=(250, 250, 250))


def _screen(d, rng) -> None:
    _sky(d, (30, 90, 170), (120, 190, 235), 1.0)
    d.rectangle([30, 26, 190, 150], fill=(250, 250, 252))
    d.rectangle([30, 26, 190, 42], fill=(70, 80, 100))
    for k in range(6):
        d.rectangle([42, 54 + 15 * k, 120 + 9 * (k * 5 % 7), 60 + 15 * k], fill=(150, 156, 170))
    d.rectangle([150, 90, 230, 190], fill=(245, 210, 90))
    d.rectangle([0, 230, _S, _S], fill=(24, 30, 46))
    for k in range(6):
        d.rectangle([12 + 26 * k, 235, 28 + 26 * k, 251], fill=(90 + 25 * k, 200 - 20 * k, 230))


def _keys(d, rng) -> None:
    d.rectangle([0, 0, _S, _S], fill=(190, 192, 198))
    d.rectangle([10, 14, 246, 146], fill=(60, 62, 68))
    for row in range(5):
        for k in range(14):
            x, y = 16 + 16.4 * k, 20 + 25 * row
            if row == 4 and 3 < k < 9:
                continue
            d.rectangle([x, y, x + 12, y + 19], fill=(26, 27, 31))
    d.rectangle([16 + 16.4 * 4, 120, 16 + 16.4 * 9 - 4, 139], fill=(26, 27, 31))
    d.rectangle([88, 164, 168, 240], fill=(172, 174, 180), outline=(130, 132, 138), width=3)


def _board(d, rng) -> None:
    d.rectangle([0, 0, _S, _S], fill=(44, 45, 50))
    for row in range(5):
        for k in range(15):
            x, y = 6 + 16.4 * k, 12 + 48 * row
            if row == 4 and 3 < k < 10:
                continue
            d.rectangle([x, y, x + 12, y + 38], fill=(205, 206, 210))
    d.rectangle([6 + 16.4 * 4, 204, 2 + 16.4 * 10, 242], fill=(205, 206, 210))


def _news(d, rng) -> None:
    d.rectangle([0, 0, _S, _S], fill=(226, 223, 212))
    d.rectangle([20, 14, 236, 40], fill=(30, 30, 32))
    d.line([(14, 50), (242, 50)], fill=(60, 60, 60), width=3)
    d.rectangle([20, 58, 160, 72], fill=(52, 52, 54))
    d.rectangle([92, 84, 166, 146], fill=(120, 122, 124))
    for column in (20, 94, 170):
        for y in range(84, 246, 9):
            if column == 94 and y < 152:
                continue
            d.line([(column, y), (column + 64, y)], fill=(120, 118, 112), width=3)


def _clock(d, rng) -> None:
    d.rectangle([0, 0, _S, _S], fill=(250, 249, 244))
    for k in range(12):
        a = k * math.pi / 6
        wide = 9 if k % 3 == 0 else 5
        d.line(
            [
                (128 + 92 * math.sin(a), 128 - 92 * math.cos(a)),
                (128 + 114 * math.sin(a), 128 - 114 * math.cos(a)),
            ],
            fill=(24, 24, 28),
            width=wide,
        )
    d.line([(128, 128), (82, 90)], fill=(20, 20, 24), width=12)
    d.line([(128, 128), (176, 62)], fill=(20, 20, 24), width=8)
    d.ellipse([118, 118, 138, 138], fill=(200, 40, 40))


def _digits(d, rng) -> None:
    d.rectangle([0, 0, _S, _S], fill=(14, 16, 20))
    lit = (250, 60, 40)
    for x, segments in ((20, "bc"), (72, "abged"), (146, "abcdef"), (200, "abcdefg")):
        w, y0, y1, y2 = 34, 70, 124, 178
        lines = {
            "a": (x, y0, x + w, y0),
            "g": (x, y1, x + w, y1),
            "d": (x, y2, x + w, y2),
            "f": (x, y0, x, y1),
            "b": (x + w, y0, x + w, y1),
            "e": (x, y1, x, y2),
            "c": (x + w, y1, x + w, y2),
        }
        for name in segments:
            d.line(lines[name], fill=lit, width=12)
    for y in (104, 148):
        d.ellipse([120, y - 7, 134, y + 7], fill=lit)


def _cracks(d, rng) -> None:
    d.rectangle([0, 0, _S, _S], fill=(40, 46, 54))
    for k in range(15):
        a, x, y = k * 0.42 + rng.uniform(-0.1, 0.1), 130.0, 110.0
        for _ in range(7):
            b = a + rng.uniform(-0.35, 0.35)
            nx, ny = x + 30 * math.cos(b), y + 30 * math.sin(b)
            d.line([(x, y), (nx, ny)], fill=(225, 232, 236), width=3)
            x, y = nx, ny
    for r in (30, 66, 104):
        d.ellipse([130 - r, 110 - r, 130 + r, 110 + r], outline=(190, 200, 206), width=2)


def _ball(d, rng) -> None:
    d.rectangle([0, 0, _S, _S], fill=(226, 112, 40))
    for x in (0, 64, 128, 192, 255):
        d.line([(x, 0), (x, _S)], fill=(40, 24, 16), width=7)
    d.line([(0, 128), (_S, 128)], fill=(40, 24, 16), width=9)
    for x in (32, 160):
        d.arc([x, 40, x + 64, 216], 0, 360, fill=(40, 24, 16), width=6)


def _disc(d, rng) -> None:
    d.rectangle([0, 0, _S, _S], fill=(206, 210, 218))
    hues = ((255, 150, 150), (255, 220, 140), (170, 245, 170), (150, 215, 255), (215, 170, 255))
    for side in (0, 180):
        for k, hue in enumerate(hues):
            d.pieslice([0, 0, _S, _S], side + 20 + 14 * k, side + 34 + 14 * k, fill=hue)
    d.ellipse([92, 92, 164, 164], fill=(232, 234, 238))


def _cover(fill: tuple, band: tuple) -> Draw:
    def draw(d, rng) -> None:
        d.rectangle([0, 0, _S, _S], fill=fill)
        d.rectangle([12, 12, 244, 244], outline=band, width=5)
        d.rectangle([44, 44, 212, 66], fill=band)
        d.rectangle([70, 78, 186, 90], fill=band)
        x, y, r = 128, 156, 42
        d.ellipse([x - r, y - r, x + r, y + r], outline=band, width=9)
        d.polygon([(x, y - 26), (x + 22, y + 18), (x - 22, y + 18)], fill=band)
        d.rectangle([88, 218, 168, 228], fill=band)

    return draw


def _leafage(d, rng) -> None:
    d.rectangle([0, 0, _S, _S], fill=(150, 190, 120))
    for _ in range(90):
        x, y, r = rng.uniform(0, _S), rng.uniform(0, _S), rng.uniform(8, 20)
        g = int(rng.integers(110, 220))
        d.ellipse([x - r, y - r * 0.5, x + r, y + r * 0.5], fill=(g // 2, g, g // 3))


def _glass(d, rng) -> None:
    _sky(d, (150, 172, 186), (226, 234, 238), 1.0)
    for x, wide in ((40, 26), (84, 10), (190, 18)):
        d.polygon([(x, 0), (x + wide, 0), (x + wide - 90, _S), (x - 90, _S)], fill=(236, 242, 245))


PICTURES: dict[str, Draw] = {
    "hills": _hills,
    "sea": _sea,
    "peaks": _peaks,
    "portrait": _portrait,
    "flowers": _flowers,
    "blocks": _blocks,
    "swirls": _swirls,
    "circles": _circles,
    "band": _band,
    "rocket": _rocket,
    "map": _map,
    "show": _show,
    "screen": _screen,
    "keys": _keys,
    "board": _board,
    "news": _news,
    "clock": _clock,
    "digits": _digits,
    "cracks": _cracks,
    "basketball": _ball,
    "disc": _disc,
    "cover_red": _cover((150, 34, 36), (240, 214, 150)),
    "cover_blue": _cover((34, 62, 120), (226, 230, 240)),
    "cover_green": _cover((40, 96, 64), (240, 226, 170)),
    "cover_yellow": _cover((226, 170, 50), (60, 40, 30)),
    "cover_white": _cover((236, 234, 228), (190, 60, 50)),
    "leafage": _leafage,
    "mirror": _glass,
}
ART = ("hills", "flowers", "blocks", "sea", "portrait", "peaks", "circles", "swirls")
POSTERS = ("band", "rocket", "map", "circles", "peaks")
COVERS = ("cover_red", "cover_blue", "cover_green", "cover_yellow", "cover_white")


def picture(name: str) -> np.ndarray:
    """One of ``PICTURES``, (128, 128, 3) in 0..1."""
    canvas = Image.new("RGB", (_S, _S))
    rng = np.random.default_rng([len(name), *name.encode()])
    PICTURES[name](ImageDraw.Draw(canvas), rng)
    value = np.asarray(canvas, float) / 255
    return value.reshape(SIZE, 2, SIZE, 2, 3).mean((1, 3))
