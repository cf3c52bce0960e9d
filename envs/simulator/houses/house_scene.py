"""A house as a scene: the record of its objects, and what a recorded room does not have."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from envs.simulator.core.agent import STANDING_Y
from envs.simulator.houses.lighting import HouseLighting
from envs.simulator.meshes.mesh import Color, Mesh
from envs.simulator.scenes.records import Fixture, SceneRecord

PROCEDURAL = "Procedural"
_DAY_SKY = (0.64, 0.80, 0.95)


@dataclass(frozen=True, eq=False)
class HouseScene:
    """A house as a scene.

    Attributes:
        meshes: Shapes of floors, walls and doors by object id; all else comes from the catalogue.
        fixtures: Ceilings and the ground.
        tints: Colours that objects were given, by id.
        loose: Ids of objects that are to fall into place.
        lighting: Its own lights, or None where it has none.
        sky: Hue of what is seen through windows.
    """

    scene: SceneRecord
    fixtures: tuple[Fixture, ...]
    meshes: dict[str, Mesh] = field(default_factory=dict)
    tints: dict[str, Color] = field(default_factory=dict)
    loose: tuple[str, ...] = ()
    horizon: float = 0.0
    lighting: HouseLighting | None = None
    sky: Color = (1.0, 1.0, 1.0)

    @property
    def outside(self) -> Color:
        """Colour where nothing is."""
        r, g, b = (tone * hue for tone, hue in zip(_DAY_SKY, self.sky, strict=True))
        return r, g, b


def empty_house() -> HouseScene:
    """The scene ``Procedural`` before any house is made in it: nothing."""
    scene = SceneRecord(
        name=PROCEDURAL,
        objects=(),
        reachable=np.zeros((0, 2)),
        floor_y=0.0,
        agent_start=(0.0, STANDING_Y, 0.0, 0.0),
        openable_poses={},
        bounds=((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
    )
    return HouseScene(scene, ())
