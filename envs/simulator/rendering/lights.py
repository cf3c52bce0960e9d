"""Light that objects give: lamps, screens and flames while they are on, and the room's own light.

A room is lit as its switches say: with all of them off it is dim, and what glows by itself counts.
Glows add to the baked light of the vertices in their reach and cast no shadows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SWITCH = "LightSwitch"
DIMMED = 0.66
_MOVED = 0.2


@dataclass(frozen=True)
class Glow:
    """How a type glows while it is on.

    Attributes:
        color: 0..1.
        strength: Light on a surface that faces it closely; 1 is a brightly lit room.
        reach: Metres at which nothing of it is left.
        height: Where in its box the light is, 0 bottom to 1 top.
        ahead: Metres before its front.
    """

    color: tuple[float, float, float]
    strength: float
    reach: float
    height: float = 0.5
    ahead: float = 0.0


GLOWS = {
    "FloorLamp": Glow((1.0, 0.86, 0.62), 0.50, 2.8, 0.88),
    "DeskLamp": Glow((1.0, 0.86, 0.62), 0.48, 1.9, 0.8, 0.05),
    "Candle": Glow((1.0, 0.68, 0.34), 0.26, 1.0, 1.1),
    "Television": Glow((0.70, 0.82, 1.0), 0.26, 2.2, 0.5, 0.25),
    "Laptop": Glow((0.75, 0.86, 1.0), 0.14, 0.8, 0.6, 0.05),
    "Desktop": Glow((0.75, 0.86, 1.0), 0.16, 0.9, 0.6, 0.15),
    "Microwave": Glow((1.0, 0.85, 0.52), 0.22, 0.9, 0.5, 0.15),
    "StoveBurner": Glow((1.0, 0.42, 0.16), 0.24, 0.7, 1.5),
    "Toaster": Glow((1.0, 0.50, 0.22), 0.16, 0.5, 1.1),
}


class Lights:
    """Which lights are on in a room, and what changed since it was last painted.

    Attributes:
        repaint: (place (3,), reach) of every change not painted yet; an infinite reach is the room.
    """

    def __init__(self) -> None:
        self._switches: dict[str, bool] = {}
        self._on: dict[str, tuple[Glow, np.ndarray]] = {}
        self.repaint: list[tuple[np.ndarray, float]] = []

    @property
    def room(self) -> float:
        """The share of the room's own light that is on."""
        dark = self._switches and not any(self._switches.values())
        return DIMMED if dark else 1.0

    def see(
        self, key: str, on: bool, position: np.ndarray, rotation: np.ndarray, size: np.ndarray
    ) -> None:
        """Notes that an object is on or off where it now is; what gives no light is ignored.

        Args:
            key: Its key, which begins with its type.
            on: Whether it is on, and there.
            position: Middle (3,) of its box.
            rotation: (3, 3).
            size: Box (3,) in its frame.
        """
        object_type = key.split("|", 1)[0]
        if object_type == SWITCH:
            before = self.room
            self._switches[key] = on
            if self.room != before:
                self.repaint.append((np.zeros(3), np.inf))
            return
        glow = GLOWS.get(object_type)
        if glow is None:
            return
        known = self._on.get(key)
        offset = np.array([0.0, (glow.height - 0.5) * size[1], size[2] / 2 + glow.ahead])
        if not glow.ahead:
            offset[2] = 0.0
        place = position + rotation @ offset
        if on and (known is None or np.linalg.norm(place - known[1]) > _MOVED):
            self._on[key] = (glow, place)
            self.repaint.append((place, glow.reach))
        elif not on:
            self._on.pop(key, None)
        if known is not None and self._on.get(key) is not known:
            self.repaint.append((known[1], glow.reach))

    def forget(self, key: str) -> None:
        """Notes that an object is gone for good."""
        if self._switches.pop(key, None) is not None:
            self.repaint.append((np.zeros(3), np.inf))
        known = self._on.pop(key, None)
        if known is not None:
            self.repaint.append((known[1], known[0].reach))

    def at(self, points: np.ndarray, normals: np.ndarray) -> np.ndarray | None:
        """Light (N, 3) that glows add at points (N, 3) of surfaces with normals (N, 3), or None."""
        total = None
        low, high = points.min(0), points.max(0)
        for key in sorted(self._on):
            glow, place = self._on[key]
            if np.linalg.norm(place - np.clip(place, low, high)) >= glow.reach:
                continue
            towards = place - points
            far = np.sqrt((towards * towards).sum(1))
            facing = np.clip((towards * normals).sum(1) / np.maximum(far, 0.05), 0, 1)
            left = np.clip(1 - (far / glow.reach) ** 2, 0, 1) ** 2
            light = (glow.strength * left * (0.2 + 0.8 * facing))[:, None] * np.array(glow.color)
            total = light if total is None else total + light
        return total
