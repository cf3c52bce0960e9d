"""Prints made by code: what shows on screens, dials, covers and other printed objects."""

from __future__ import annotations

import math

from envs.simulator.meshes.pictures import DRAWN, Draw, sky


def _show(d, rng) -> None:
    sky(d, (70, 140, 220), (190, 225, 250), 0.6)
    d.rectangle([0, 150, DRAWN, DRAWN], fill=(66, 150, 60))
    for k in range(0, DRAWN, 52):
        d.rectangle([k, 150, k + 26, DRAWN], fill=(80, 168, 70))
    d.line([(0, 196), (DRAWN, 196)], fill=(240, 250, 240), width=4)
    for x, color in ((70, (220, 40, 40)), (128, (240, 240, 245)), (190, (220, 40, 40))):
        d.rectangle([x - 10, 142, x + 10, 182], fill=color)
        d.ellipse([x - 9, 122, x + 9, 142], fill=(226, 180, 150))
        d.rectangle([x - 9, 182, x - 2, 206], fill=(40, 40, 60))
        d.rectangle([x + 2, 182, x + 9, 206], fill=(40, 40, 60))
    d.rectangle([12, 12, 92, 34], fill=(20, 24, 60))
    d.ellipse([146, 200, 160, 214], fill=(250, 250, 250))


def _screen(d, rng) -> None:
    sky(d, (30, 90, 170), (120, 190, 235), 1.0)
    d.rectangle([30, 26, 190, 150], fill=(250, 250, 252))
    d.rectangle([30, 26, 190, 42], fill=(70, 80, 100))
    for k in range(6):
        d.rectangle([42, 54 + 15 * k, 120 + 9 * (k * 5 % 7), 60 + 15 * k], fill=(150, 156, 170))
    d.rectangle([150, 90, 230, 190], fill=(245, 210, 90))
    d.rectangle([0, 230, DRAWN, DRAWN], fill=(24, 30, 46))
    for k in range(6):
        d.rectangle([12 + 26 * k, 235, 28 + 26 * k, 251], fill=(90 + 25 * k, 200 - 20 * k, 230))


def _keys(d, rng) -> None:
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(190, 192, 198))
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
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(44, 45, 50))
    for row in range(5):
        for k in range(15):
            x, y = 6 + 16.4 * k, 12 + 48 * row
            if row == 4 and 3 < k < 10:
                continue
            d.rectangle([x, y, x + 12, y + 38], fill=(205, 206, 210))
    d.rectangle([6 + 16.4 * 4, 204, 2 + 16.4 * 10, 242], fill=(205, 206, 210))


def _news(d, rng) -> None:
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(226, 223, 212))
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
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(250, 249, 244))
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
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(14, 16, 20))
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
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(40, 46, 54))
    for k in range(15):
        a, x, y = k * 0.42 + rng.uniform(-0.1, 0.1), 130.0, 110.0
        for _ in range(7):
            b = a + rng.uniform(-0.35, 0.35)
            nx, ny = x + 30 * math.cos(b), y + 30 * math.sin(b)
            d.line([(x, y), (nx, ny)], fill=(225, 232, 236), width=3)
            x, y = nx, ny
    for r in (30, 66, 104):
        d.ellipse([130 - r, 110 - r, 130 + r, 110 + r], outline=(190, 200, 206), width=2)


def _disc(d, rng) -> None:
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(206, 210, 218))
    hues = ((255, 150, 150), (255, 220, 140), (170, 245, 170), (150, 215, 255), (215, 170, 255))
    for side in (0, 180):
        for k, hue in enumerate(hues):
            d.pieslice([0, 0, DRAWN, DRAWN], side + 20 + 14 * k, side + 34 + 14 * k, fill=hue)
    d.ellipse([92, 92, 164, 164], fill=(232, 234, 238))


def _cover(fill: tuple, band: tuple) -> Draw:
    def draw(d, rng) -> None:
        d.rectangle([0, 0, DRAWN, DRAWN], fill=fill)
        d.rectangle([12, 12, 244, 244], outline=band, width=5)
        d.rectangle([44, 44, 212, 66], fill=band)
        d.rectangle([70, 78, 186, 90], fill=band)
        x, y, r = 128, 156, 42
        d.ellipse([x - r, y - r, x + r, y + r], outline=band, width=9)
        d.polygon([(x, y - 26), (x + 22, y + 18), (x - 22, y + 18)], fill=band)
        d.rectangle([88, 218, 168, 228], fill=band)

    return draw


def _glass(d, rng) -> None:
    sky(d, (150, 172, 186), (226, 234, 238), 1.0)
    for x, wide in ((40, 26), (84, 10), (190, 18)):
        d.polygon(
            [(x, 0), (x + wide, 0), (x + wide - 90, DRAWN), (x - 90, DRAWN)], fill=(236, 242, 245)
        )


PRINTS: dict[str, Draw] = {
    "show": _show,
    "screen": _screen,
    "keys": _keys,
    "board": _board,
    "news": _news,
    "clock": _clock,
    "digits": _digits,
    "cracks": _cracks,
    "disc": _disc,
    "cover_red": _cover((150, 34, 36), (240, 214, 150)),
    "cover_blue": _cover((34, 62, 120), (226, 230, 240)),
    "cover_green": _cover((40, 96, 64), (240, 226, 170)),
    "cover_yellow": _cover((226, 170, 50), (60, 40, 30)),
    "cover_white": _cover((236, 234, 228), (190, 60, 50)),
    "mirror": _glass,
}
COVERS = ("cover_red", "cover_blue", "cover_green", "cover_yellow", "cover_white")
