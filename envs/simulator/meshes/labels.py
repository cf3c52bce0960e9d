"""Labels made by code: what is written on packages, cards and machines, and cut faces of food."""

from __future__ import annotations

import math

from envs.simulator.meshes.lettering import write
from envs.simulator.meshes.pictures import DRAWN, Draw, sky

_WHITE, _INK = (248, 248, 246), (28, 30, 36)


def _card(top: tuple, low: tuple) -> Draw:
    """A bank card: chip, number, name, and the two discs of a network."""

    def draw(d, rng) -> None:
        sky(d, top, low, 1.0)
        d.ellipse([120, -120, 420, 180], outline=tuple(min(c + 30, 255) for c in top), width=26)
        d.rectangle([22, 62, 74, 122], fill=(232, 196, 96), outline=(150, 116, 40), width=3)
        for y in (82, 102):
            d.line([(22, y), (74, y)], fill=(150, 116, 40), width=3)
        d.line([(48, 62), (48, 122)], fill=(150, 116, 40), width=3)
        write(d, (88, 30), "BANK", (5, 5), _WHITE)
        for k, group in enumerate(("4512", "8306", "7741", "2098")):
            write(d, (40 + 59 * k, 156), group, (2.1, 4.6), _WHITE)
        write(d, (68, 212), "09/29", (2.4, 4), _WHITE)
        d.ellipse([166, 186, 214, 244], fill=(224, 40, 40))
        d.ellipse([196, 186, 244, 244], fill=(248, 168, 40))

    return draw


def _stripe(d, rng) -> None:
    """The back of a bank card: magnetic stripe and signature field."""
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(206, 208, 214))
    d.rectangle([0, 30, DRAWN, 90], fill=(22, 22, 26))
    d.rectangle([16, 116, 180, 160], fill=_WHITE)


def _foil(d, rng) -> None:
    sky(d, (26, 74, 168), (16, 46, 120), 1.0)
    d.rectangle([0, 0, DRAWN, 26], fill=(214, 218, 224))
    d.rectangle([0, 230, DRAWN, DRAWN], fill=(214, 218, 224))
    write(d, (128, 82), "ALUMINUM", (4.4, 9), _WHITE)
    write(d, (100, 172), "FOIL", (5.6, 11), (250, 214, 60))
    d.ellipse([186, 128, 244, 218], fill=(196, 202, 210))
    d.ellipse([206, 158, 226, 190], fill=(90, 70, 44))


def _crumpled(d, rng) -> None:
    """Foil: facets of light and dark grey."""
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(196, 200, 206))
    for _ in range(70):
        x, y = rng.uniform(0, DRAWN, 2)
        reach = rng.uniform(14, 60)
        a = rng.uniform(0, 6.28)
        points = [
            (x + reach * math.cos(a + t), y + reach * math.sin(a + t) * 0.5)
            for t in (0.0, 1.9, 3.4)
        ]
        shade = int(rng.choice([255, 244, 226, 176, 150, 128]))
        d.polygon(points, fill=(shade, shade, min(shade + 6, 255)))


def _lettuce(d, rng) -> None:
    """A head cut through: leaves round leaves, pale to the white stalk."""
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(92, 156, 50))
    greens = ((92, 156, 50), (150, 200, 90), (112, 176, 64), (196, 224, 140), (150, 200, 92))
    paler = ((214, 234, 164), (176, 214, 116), (232, 242, 196), (206, 228, 150))
    for k, color in enumerate((*greens, *paler)):
        r = 128 - 12.5 * k
        points = []
        for step in range(72):
            a = step * math.pi / 36
            wave = 1 + 0.06 * math.sin((9 + k % 3) * a + k) + 0.03 * math.sin(17 * a + 2 * k)
            points.append((128 + r * wave * math.cos(a), 134 + r * wave * 0.96 * math.sin(a)))
        d.polygon(points, fill=color)
    stalk = (250, 250, 232)
    d.polygon([(112, 256), (144, 256), (140, 150), (128, 96), (116, 150)], fill=stalk)
    for side in (-1, 1):
        for low, out, up in ((210, 70, 150), (180, 62, 110), (150, 40, 80)):
            tip = (128 + side * out, up)
            d.line([(128, low), (128 + side * out * 0.5, low - 26), tip], fill=stalk, width=7)


def _potato(d, rng) -> None:
    """Creamy flesh, wetter within a ring below the skin, with eyes at its rim."""
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(240, 222, 150))
    d.ellipse([20, 20, 236, 236], fill=(228, 206, 128))
    d.ellipse([28, 28, 228, 228], fill=(246, 232, 172))
    d.ellipse([70, 78, 186, 182], fill=(250, 240, 192))
    for _ in range(60):
        a, r = rng.uniform(0, 6.28), 100 * math.sqrt(rng.uniform(0, 1))
        x, y = 128 + r * math.cos(a), 128 + r * math.sin(a)
        d.ellipse([x - 3, y - 3, x + 3, y + 3], fill=(236, 216, 146))
    for a in (0.5, 2.3, 4.1):
        x, y = 128 + 106 * math.cos(a), 128 + 106 * math.sin(a)
        d.ellipse([x - 9, y - 9, x + 9, y + 9], fill=(120, 84, 44))


def _soap(color: tuple, ink: tuple) -> Draw:
    def draw(d, rng) -> None:
        d.rectangle([0, 0, DRAWN, DRAWN], fill=color)
        d.ellipse([10, 26, 246, 230], outline=ink, width=9)
        write(d, (128, 128), "SOAP", (7.4, 11), ink)

    return draw


def _shaker(word: str, ink: tuple, ground: tuple) -> Draw:
    def draw(d, rng) -> None:
        d.rectangle([0, 0, DRAWN, DRAWN], fill=ground)
        d.rectangle([0, 0, DRAWN, 20], fill=ink)
        d.rectangle([0, 236, DRAWN, DRAWN], fill=ink)
        write(d, (128, 128), word, (232 / (6 * len(word)), 15), ink)

    return draw


def _cleaner(d, rng) -> None:
    d.rectangle([0, 0, DRAWN, DRAWN], fill=_WHITE)
    d.rectangle([0, 0, DRAWN, 70], fill=(30, 90, 190))
    write(d, (128, 36), "CLEANER", (5.2, 6), _WHITE)
    d.polygon([(128, 90), (168, 164), (88, 164)], fill=(60, 160, 230))
    d.ellipse([84, 128, 172, 216], fill=(60, 160, 230))
    d.ellipse([104, 160, 128, 190], fill=(220, 240, 255))
    for x, y in ((50, 110), (206, 100), (214, 190)):
        d.line([(x - 16, y), (x + 16, y)], fill=(250, 190, 40), width=7)
        d.line([(x, y - 16), (x, y + 16)], fill=(250, 190, 40), width=7)


def _panel(word: str, weight: str, dryer: bool) -> Draw:
    """A laundry machine's panel: name, load, the care symbol of what it does, programme marks."""

    def draw(d, rng) -> None:
        d.rectangle([0, 0, DRAWN, DRAWN], fill=(238, 239, 241))
        write(d, (78, 74), word, (3.9, 13), _INK)
        write(d, (60, 200), weight, (3.4, 9), (90, 94, 104))
        x, y = 206, 128
        if dryer:
            d.rectangle([x - 40, y - 84, x + 40, y + 84], outline=_INK, width=8)
            d.ellipse([x - 32, y - 68, x + 32, y + 68], outline=_INK, width=8)
        else:
            tub = [(x - 44, y - 66), (x - 30, y + 80), (x + 30, y + 80), (x + 44, y - 66)]
            d.line(tub, fill=_INK, width=8, joint="curve")
            waves = [(x - 40 + 10 * k, y - 40 + (18 if k % 2 else 0)) for k in range(9)]
            d.line(waves, fill=(30, 110, 210), width=9)

    return draw


def _suds(d, rng) -> None:
    """Washing behind the glass: water, foam and clothes."""
    sky(d, (22, 40, 60), (40, 66, 92), 0.5)
    d.rectangle([0, 118, DRAWN, DRAWN], fill=(70, 150, 205))
    for box, color in (
        ([20, 130, 130, 236], (206, 70, 66)),
        ([104, 142, 230, 250], (238, 214, 110)),
        ([70, 196, 180, 270], (70, 96, 170)),
    ):
        d.ellipse(box, fill=color)
    for _ in range(46):
        x, y, r = rng.uniform(0, DRAWN), rng.uniform(96, 146), rng.uniform(5, 17)
        d.ellipse([x - r, y - r, x + r, y + r], fill=(236, 246, 252), outline=(176, 210, 232))


def _timer(d, rng) -> None:
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(10, 16, 14))
    for x, digit in ((48, "0"), (108, "4"), (188, "2")):
        write(d, (x, 128), digit, (9, 24), (90, 255, 170))
    for y in (96, 160):
        d.rectangle([142, y - 10, 152, y + 10], fill=(90, 255, 170))


def _degrees(d, rng) -> None:
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(8, 14, 22))
    for x, digit in ((50, "4"), (168, "1"), (214, "8")):
        write(d, (x, 128), digit, (7, 24), (120, 210, 255))
    d.rectangle([116, 118, 146, 138], fill=(120, 210, 255))


def _note(d, rng) -> None:
    """A shopping list."""
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(250, 238, 150))
    for k in range(6):
        y = 60 + 32 * k
        d.rectangle([24, y - 8, 40, y + 8], outline=(80, 80, 90), width=3)
        d.line([(54, y), (150 + 70 * ((k * 3) % 4) / 3, y)], fill=(80, 80, 100), width=7)


def _recycle(d, rng) -> None:
    """Three arrows that follow each other."""
    d.rectangle([0, 0, DRAWN, DRAWN], fill=(34, 116, 62))
    for k in range(3):
        turn = 2 * math.pi * k / 3
        arc = []
        for step in range(9):
            a = turn - math.pi / 2 - 0.1 + 1.35 * step / 8
            arc.append((128 + 82 * math.cos(a), 134 + 82 * math.sin(a)))
        d.line(arc, fill=_WHITE, width=30, joint="curve")
        a = turn - math.pi / 2 + 1.2
        middle = (128 + 82 * math.cos(a), 134 + 82 * math.sin(a))
        along = a + math.pi / 2
        d.polygon(
            [
                (middle[0] + 46 * math.cos(along), middle[1] + 46 * math.sin(along)),
                (middle[0] + 40 * math.cos(a), middle[1] + 40 * math.sin(a)),
                (middle[0] - 40 * math.cos(a), middle[1] - 40 * math.sin(a)),
            ],
            fill=_WHITE,
        )


LABELS: dict[str, Draw] = {
    "card_blue": _card((24, 60, 150), (14, 30, 84)),
    "card_green": _card((20, 120, 90), (10, 66, 56)),
    "card_black": _card((58, 58, 66), (20, 20, 26)),
    "card_red": _card((170, 30, 50), (96, 14, 34)),
    "card_back": _stripe,
    "foil_box": _foil,
    "crumpled": _crumpled,
    "lettuce_cut": _lettuce,
    "potato_cut": _potato,
    "soap_pink": _soap((246, 190, 204), (206, 110, 138)),
    "soap_cream": _soap((250, 240, 206), (190, 160, 96)),
    "soap_green": _soap((196, 232, 204), (92, 158, 108)),
    "soap_blue": _soap((196, 222, 242), (84, 132, 186)),
    "salt": _shaker("SALT", (30, 90, 190), (250, 250, 250)),
    "pepper": _shaker("PEPPER", (24, 24, 26), (250, 246, 236)),
    "cleaner": _cleaner,
    "panel_washer": _panel("WASHER", "8 KG", False),
    "panel_dryer": _panel("DRYER", "7 KG", True),
    "suds": _suds,
    "timer": _timer,
    "degrees": _degrees,
    "note": _note,
    "recycle": _recycle,
}
CARDS = ("card_blue", "card_green", "card_black", "card_red")
