"""Capital letters and digits of five by seven cells: the same on every machine, without a font."""

from __future__ import annotations

from PIL import ImageDraw

# Rows from the top, a bit for each cell, the left one highest.
_GLYPHS = {
    "A": (14, 17, 17, 31, 17, 17, 17),
    "B": (30, 17, 17, 30, 17, 17, 30),
    "C": (14, 17, 16, 16, 16, 17, 14),
    "D": (30, 17, 17, 17, 17, 17, 30),
    "E": (31, 16, 16, 30, 16, 16, 31),
    "F": (31, 16, 16, 30, 16, 16, 16),
    "G": (14, 17, 16, 23, 17, 17, 15),
    "H": (17, 17, 17, 31, 17, 17, 17),
    "I": (14, 4, 4, 4, 4, 4, 14),
    "K": (17, 18, 20, 24, 20, 18, 17),
    "L": (16, 16, 16, 16, 16, 16, 31),
    "M": (17, 27, 21, 21, 17, 17, 17),
    "N": (17, 25, 21, 19, 17, 17, 17),
    "O": (14, 17, 17, 17, 17, 17, 14),
    "P": (30, 17, 17, 30, 16, 16, 16),
    "R": (30, 17, 17, 30, 20, 18, 17),
    "S": (15, 16, 16, 14, 1, 1, 30),
    "T": (31, 4, 4, 4, 4, 4, 4),
    "U": (17, 17, 17, 17, 17, 17, 14),
    "V": (17, 17, 17, 17, 17, 10, 4),
    "W": (17, 17, 17, 21, 21, 27, 17),
    "Y": (17, 17, 10, 4, 4, 4, 4),
    "0": (14, 17, 19, 21, 25, 17, 14),
    "1": (4, 12, 4, 4, 4, 4, 14),
    "2": (14, 17, 1, 2, 4, 8, 31),
    "3": (30, 1, 1, 14, 1, 1, 30),
    "4": (2, 6, 10, 18, 31, 2, 2),
    "5": (31, 16, 30, 1, 1, 17, 14),
    "6": (14, 16, 16, 30, 17, 17, 14),
    "7": (31, 1, 2, 4, 8, 8, 8),
    "8": (14, 17, 17, 14, 17, 17, 14),
    "9": (14, 17, 17, 15, 1, 1, 14),
    "/": (1, 1, 2, 4, 8, 16, 16),
    " ": (0, 0, 0, 0, 0, 0, 0),
}


def width_of(text: str, cell: tuple[float, float]) -> float:
    """How wide a line is, pixels, drawn in cells of a width and height in pixels."""
    return (6 * len(text) - 1) * cell[0]


def write(
    d: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    cell: tuple[float, float],
    fill: tuple,
) -> None:
    """Draws a line of text with its middle at a place.

    Args:
        d: What to draw on.
        at: Middle of the line, pixels.
        text: Letters of the table.
        cell: Width and height of a cell, pixels.
        fill: Red, green, blue, 0 to 255.

    Raises:
        ValueError: If a letter is not in the table.
    """
    unknown = sorted(set(text) - set(_GLYPHS))
    if unknown:
        raise ValueError(f"No glyph for {unknown[0]!r}: use {''.join(_GLYPHS)!r}.")
    wide, tall = cell
    left, top = at[0] - width_of(text, cell) / 2, at[1] - 3.5 * tall
    for place, letter in enumerate(text):
        for row, bits in enumerate(_GLYPHS[letter]):
            for column in range(5):
                if bits >> (4 - column) & 1:
                    x, y = left + (6 * place + column) * wide, top + row * tall
                    d.rectangle([x, y, x + wide - 0.5, y + tall - 0.5], fill=fill)
