"""How a house's own lights colour it: softly, without shadows, baked into what is drawn.

An entry of ``proceduralParameters.lights`` is, for example::

    {"id": "light_2", "type": "point", "position": {"x": 2.1, "y": 2.6, "z": 2.1},
     "intensity": 0.45, "range": 15, "rgb": {"r": 1.0, "g": 0.86, "b": 0.72}, "shadow": {...}}

Directional lights are daylight: they tint everything a little, and what is seen through windows
wholly. All others shine from where they are, in their own room; a wall lets little through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from envs.simulator.houses.fields import Field
from envs.simulator.houses.polygons import inside

Rgb = tuple[float, float, float]
BRIGHTEST = 20.0
# Light on a surface: of nowhere in particular, of a bright day, of a lamp of strength 1 close by.
_NOWHERE, _DAY, _LAMP = 0.64, 0.12, 0.64
_DARKEST, _MOST = 0.5, 1.14
# How much of a light's hue is kept on surfaces.
_DAY_HUE, _LAMP_HUE = 0.35, 0.5
_HALF_AWAY = 3.0
_THROUGH_WALLS = 0.15
_FRONT = 0.06
_BOUNCED, _OVERHEAD = 0.42, 1.9


@dataclass(frozen=True)
class HouseLight:
    """One light.

    Attributes:
        position: Metres.
        color: 0..1.
        intensity: As described; lamps of procthor have 0.45 to 0.75, the sun 1.
        reach: Metres beyond which it gives no light.
        daylight: Whether it is directional.
    """

    position: Rgb
    color: Rgb
    intensity: float
    reach: float
    daylight: bool


def read_light(field: Field) -> HouseLight:
    """Checks a light's description.

    Raises:
        HouseError: If a member is missing or malformed.
    """
    kind, rgb = field.get("type"), field.get("rgb", "color")
    strength, reach = field.get("intensity"), field.get("range")
    return HouseLight(
        field.need("position").xyz(),
        (1.0, 1.0, 1.0) if rgb is None else rgb.color(),
        1.0 if strength is None else strength.number(0.0, BRIGHTEST),
        15.0 if reach is None else reach.number(0.0, 1000.0),
        kind is not None and kind.text().lower() == "directional",
    )


def sky_of(lights: Sequence[HouseLight], given: Rgb | None) -> Rgb:
    """The hue of what is seen through windows: the one given, else daylight's, else white."""
    if given is not None:
        return given
    return next((light.color for light in lights if light.daylight), (1.0, 1.0, 1.0))


def _paler(color: Rgb, hue: float) -> np.ndarray:
    return 1.0 - hue + hue * np.asarray(color)


class HouseLighting:
    """What lights leave of the colours in a house.

    Args:
        lights: All of them.
        rooms: Floor polygons (N, 2) of x and z.
    """

    def __init__(self, lights: Sequence[HouseLight], rooms: Sequence[np.ndarray]) -> None:
        self._ambient = np.full(3, _NOWHERE)
        for light in (light for light in lights if light.daylight):
            share = _DAY * min(light.intensity, 1.0)
            self._ambient = (self._ambient + share) * _paler(light.color, _DAY_HUE)
        self._lamps = []
        for light in lights:
            if light.intensity and light.reach and not light.daylight:
                at = np.asarray(light.position, dtype=float)
                room = next((r for r in rooms if inside(r, at[None, [0, 2]])[0]), None)
                self._lamps.append((light, at, room))

    def at(self, points: np.ndarray, normals: np.ndarray) -> np.ndarray:
        """Factors (N, 3) of colours at world points (N, 3) of surfaces with normals (N, 3)."""
        total = np.broadcast_to(self._ambient, points.shape).copy()
        front = (points + _FRONT * normals)[:, [0, 2]]
        for light, place, room in self._lamps:
            towards = place - points
            far = np.sqrt((towards * towards).sum(1))
            if far.min() >= light.reach:
                continue
            facing = np.clip((towards * normals).sum(1) / np.maximum(far, 0.05), 0.0, 1.0)
            left = np.clip(1 - (far / light.reach) ** 4, 0.0, 1.0) / (1 + (far / _HALF_AWAY) ** 2)
            left *= _LAMP * light.intensity * (0.45 + 0.55 * facing)
            if room is not None:
                left *= np.where(inside(room, front), 1.0, _THROUGH_WALLS)
            total += left[:, None] * _paler(light.color, _LAMP_HUE)
        total = np.clip(total, _DARKEST, _MOST)
        # What faces down from overhead is lit by the floor.
        return total * (
            1 + _BOUNCED * np.clip(-normals[:, 1:2], 0, 1) * (points[:, 1:2] > _OVERHEAD)
        )
