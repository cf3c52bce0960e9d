"""What the video and the report share: colours, fonts, and marks on a frame.

Marks: a ring where the policy looks (peak of its attention), a cross where it acts.
"""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]

BACKGROUND: Colour = (18, 22, 29)
CARD: Colour = (30, 36, 46)
LINE: Colour = (58, 67, 82)
TEXT: Colour = (236, 240, 245)
MUTED: Colour = (150, 161, 177)
GOOD: Colour = (74, 201, 126)
BAD: Colour = (255, 107, 107)
WARN: Colour = (255, 184, 77)
LOOK: Colour = (255, 210, 63)
ACT: Colour = (64, 196, 255)
# An attention whose weight is less says "it is not in view": no ring is drawn.
LEAST_WEIGHT = 0.3


@functools.cache
def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """DejaVu Sans as matplotlib ships it, else Pillow's own font; no system fonts are needed."""
    from PIL import ImageFont

    found = importlib.util.find_spec("matplotlib")
    if found and found.submodule_search_locations:
        folder = Path(found.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
        path = folder / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")
        if path.is_file():
            return ImageFont.truetype(str(path), size)
    return ImageFont.load_default(size)


def wrap(
    draw: ImageDraw.ImageDraw,
    text: str,
    width: float,
    lines: int,
    face: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> list[str]:
    """Breaks text into at most ``lines`` lines of ``width`` pixels; the last ends in … if cut."""
    out: list[str] = []
    # What can't be shown isn't measured: a letter takes a pixel or more.
    for word in text[: (lines + 1) * max(1, int(width))].split():
        while draw.textlength(word, font=face) > width and len(word) > 1:
            # A word longer than a line (a raw reply, a path) is cut hard.
            cut = max(1, _fitting(draw, word, width, face))
            out.append(word[:cut])
            word = word[cut:]
            if len(out) > lines:
                break
        joined = f"{out[-1]} {word}" if out else word
        if out and draw.textlength(joined, font=face) <= width:
            out[-1] = joined
        else:
            out.append(word)
        if len(out) > lines:
            break
    if len(out) <= lines:
        return out
    last = out[lines - 1]
    last = last[: _fitting(draw, last, width - draw.textlength("…", font=face), face)]
    return [*out[: lines - 1], last.rstrip() + "…"]


def _fitting(
    draw: ImageDraw.ImageDraw,
    text: str,
    width: float,
    face: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> int:
    """How many of a text's letters fit into ``width`` pixels, found by halving."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if draw.textlength(text[:middle], font=face) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def enlarge(frame: np.ndarray, size: int) -> Image.Image:
    """A frame (H, W, 3) uint8 fitted into a size x size square, padded where it is not square."""
    from PIL import Image

    height, width = frame.shape[:2]
    scale = size / max(height, width)
    image = Image.fromarray(frame).resize(
        (max(1, round(width * scale)), max(1, round(height * scale))), Image.Resampling.BICUBIC
    )
    if image.size == (size, size):
        return image
    square = Image.new("RGB", (size, size), BACKGROUND)
    square.paste(image, ((size - image.width) // 2, (size - image.height) // 2))
    return square


def heat(image: Image.Image, attention: np.ndarray, strength: float = 0.35) -> Image.Image:
    """Lays an attention map (h, w) over an image: what is not looked at is dimmed."""
    from PIL import Image

    top = float(attention.max())
    if top <= 0:
        return image
    mask = Image.fromarray((attention / top * 255).astype(np.uint8)).resize(
        image.size, Image.Resampling.BICUBIC
    )
    dimmed = Image.blend(image, Image.new("RGB", image.size, (0, 0, 0)), strength)
    return Image.composite(image, dimmed, mask)


def mark(
    image: Image.Image, look: tuple[float, float, float] | None, act: tuple[float, float] | None
) -> None:
    """Draws the ring and the cross in place, at fractions of the image from the top left."""
    from PIL import ImageDraw

    draw = ImageDraw.Draw(image)
    width, height = image.size
    unit = max(4.0, width / 26)
    thick = max(2, round(width / 170))
    if look is not None and look[2] >= LEAST_WEIGHT:
        x, y = look[0] * width, look[1] * height
        box = (x - unit, y - unit, x + unit, y + unit)
        draw.ellipse(box, outline=(0, 0, 0), width=thick + 2)
        draw.ellipse(box, outline=LOOK, width=thick)
    if act is not None:
        x, y = act[0] * width, act[1] * height
        for colour, extra in (((0, 0, 0), 2), (ACT, 0)):
            draw.line((x - unit, y, x + unit, y), fill=colour, width=thick + extra)
            draw.line((x, y - unit, x, y + unit), fill=colour, width=thick + extra)
