"""The room from above with the way the agent took, for the video and the report.

Drawn from what an onlooker knows (``envs.overview``) and the agent does not. AI2-THOR's +z is up,
or to the right where the room fits better so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.display import drawing
from agent.display.drawing import TEXT, Colour, font
from agent.wording import words
from envs.overview import Place, Pose, RoomMap

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

GROUND: Colour = (24, 29, 38)
FLOOR: Colour = (94, 104, 122)
FURNITURE: Colour = (47, 55, 69)
EDGE: Colour = (96, 108, 128)
WAY: Colour = (206, 215, 229)
_MARGIN, _LEAST_METRES = 10, 2.0
# Drawn so many times larger and then reduced, for smooth edges.
_FINE = 2
# A piece of furniture gets its name where it is this large, m2.
_NAMED_AREA = 0.2
# They come in rows, and say little.
_UNNAMED = frozenset({"Cabinet", "Drawer", "Shelf", "CounterTop", "SinkBasin", "Rug"})


@dataclass(frozen=True)
class Stop:
    """Where a step ended.

    Attributes:
        place: On the floor, metres.
        colour: How it ended.
        number: Of the step, from 1.
    """

    place: Place
    colour: Colour
    number: int


class RoomDrawing:
    """Draws one room, again and again with a longer way in it.

    Args:
        room: From above.
        size: Width and height of the drawing, pixels.
    """

    def __init__(self, room: RoomMap, size: tuple[int, int]) -> None:
        self.size = size
        self._lay_out(room)
        self._empty = self._draw_room(room)

    def picture(
        self, way: Sequence[Pose], current: Sequence[Pose] = (), stops: Sequence[Stop] = ()
    ) -> Image.Image:
        """The room with a way through it.

        Args:
            way: Where the agent stood in the steps before.
            current: Where it stood in the running step; its last pose is where it is.
            stops: Where steps ended.
        """
        from PIL import Image, ImageDraw

        picture = self._empty.copy()
        draw = ImageDraw.Draw(picture)
        past = [self._at(pose[:2]) for pose in [*way, *current[:1]]]
        if len(past) > 1:
            draw.line(past, fill=WAY, width=2 * _FINE, joint="curve")
        now = [self._at(pose[:2]) for pose in current]
        if len(now) > 1:
            draw.line(now, fill=drawing.ACT, width=4 * _FINE, joint="curve")
        self._draw_stops(draw, stops)
        last = (current or way)[-1:]
        if last:
            picture = self._with_agent(picture, last[0])
        return picture.resize(self.size, Image.Resampling.LANCZOS)

    def _lay_out(self, room: RoomMap) -> None:
        """Finds scale, origin and whether north is up."""
        half = room.cell / 2
        places = [(i * room.cell, k * room.cell) for i, k in room.free]
        xs = [x + d for x, _ in places for d in (-half, half)]
        zs = [z + d for _, z in places for d in (-half, half)]
        for piece in room.furniture:
            xs += [x for x, _ in piece.corners]
            zs += [z for _, z in piece.corners]
        low = (min(xs, default=0.0), min(zs, default=0.0))
        high = (max(xs, default=1.0), max(zs, default=1.0))
        wide, deep = (max(b - a, _LEAST_METRES) for a, b in zip(low, high, strict=True))
        room_x, room_y = (_FINE * (side - 2 * _MARGIN) for side in self.size)
        upright = min(room_x / wide, room_y / deep)
        turned = min(room_x / deep, room_y / wide)
        self._turned = turned > upright
        self._scale = max(upright, turned)
        self._middle = ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2)

    def _at(self, place: Place) -> tuple[float, float]:
        """A place in pixels of the fine drawing."""
        x, z = (place[0] - self._middle[0], place[1] - self._middle[1])
        right, down = (z, x) if self._turned else (x, -z)
        width, height = self.size
        return _FINE * width / 2 + self._scale * right, _FINE * height / 2 + self._scale * down

    def _draw_room(self, room: RoomMap) -> Image.Image:
        from PIL import Image, ImageDraw

        picture = Image.new("RGB", (_FINE * self.size[0], _FINE * self.size[1]), GROUND)
        draw = ImageDraw.Draw(picture)
        # The largest first, as the box of a counter that goes round a corner covers what it holds.
        for piece in sorted(room.furniture, key=lambda piece: -_area(piece.corners)):
            draw.polygon([self._at(corner) for corner in piece.corners], FURNITURE, EDGE, _FINE)
        # It covers floor too: where the agent can stand nothing else is.
        half = room.cell / 2
        for i, k in room.free:
            x, z = i * room.cell, k * room.cell
            corner, other = self._at((x - half, z - half)), self._at((x + half, z + half))
            left, right = sorted((corner[0], other[0]))
            top, bottom = sorted((corner[1], other[1]))
            draw.rectangle((left, top, right, bottom), fill=FLOOR)
        self._write_names(draw, room)
        return picture

    def _write_names(self, draw: ImageDraw.ImageDraw, room: RoomMap) -> None:
        """Names the furniture, the largest first, as far as the names do not touch."""
        taken: list[tuple[float, float, float, float]] = []
        pieces = [(_area(piece.corners), piece) for piece in room.furniture]
        face = font(11 * _FINE)
        for area, piece in sorted(pieces, key=lambda entry: -entry[0]):
            if area < _NAMED_AREA or piece.kind in _UNNAMED:
                continue
            name = words(piece.kind)
            count = len(piece.corners)
            middle = tuple(sum(corner[axis] for corner in piece.corners) / count for axis in (0, 1))
            x, y = self._at((middle[0], middle[1]))
            wide, high = draw.textlength(name, font=face), 13.0 * _FINE
            x = min(max(x - wide / 2, 2 * _FINE), _FINE * self.size[0] - wide - 2 * _FINE)
            box = (x, y - high / 2, x + wide, y + high / 2)
            if not any(_touch(box, other) for other in taken):
                draw.text(box[:2], name, font=face, fill=TEXT)
                taken.append(box)

    def _draw_stops(self, draw: ImageDraw.ImageDraw, stops: Sequence[Stop]) -> None:
        radius = 4 * _FINE
        for stop in stops:
            x, y = self._at(stop.place)
            box = (x - radius, y - radius, x + radius, y + radius)
            draw.ellipse(box, fill=stop.colour, outline=GROUND, width=_FINE)

    def _with_agent(self, picture: Image.Image, pose: Pose) -> Image.Image:
        """An arrowhead where the agent stands, and the quarter that it sees."""
        from PIL import Image, ImageDraw

        x, y = self._at(pose[:2])
        # On the drawing 0 degrees are to the right and angles grow clockwise, as yaw does.
        ahead = pose[2] - (0 if self._turned else 90)
        reach = 1.5 * self._scale
        cone = Image.new("RGBA", picture.size, (0, 0, 0, 0))
        box = (x - reach, y - reach, x + reach, y + reach)
        ImageDraw.Draw(cone).pieslice(box, ahead - 45, ahead + 45, fill=(*drawing.LOOK, 60))
        picture = Image.alpha_composite(picture.convert("RGBA"), cone).convert("RGB")
        draw = ImageDraw.Draw(picture)
        radius = 8 * _FINE
        draw.regular_polygon((x, y, radius), 3, rotation=-(ahead + 90), fill=TEXT, outline=GROUND)
        return picture


def _area(corners: Sequence[Place]) -> float:
    """Of a polygon, m2 (the shoelace formula)."""
    around = zip(corners, [*corners[1:], *corners[:1]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in around)) / 2


def _touch(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
