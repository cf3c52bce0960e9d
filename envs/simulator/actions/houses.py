"""Generated houses: making them, what they are made of, single assets."""
# ruff: noqa: N802, N803

from __future__ import annotations

import numpy as np

from envs.simulator.actions.base import ActionGroup
from envs.simulator.actions.marks import marked
from envs.simulator.core.errors import ActionFailed
from envs.simulator.core.geometry import triple, vector
from envs.simulator.houses import HouseError, build_house, empty_house, read_house
from envs.simulator.houses.assets import assets, find_asset, materials
from envs.simulator.houses.fields import Field
from envs.simulator.houses.house_scene import PROCEDURAL
from envs.simulator.houses.object_records import asset_record
from envs.simulator.interaction.house_settle import settle_loose
from envs.simulator.interaction.object_geometry import world_geometry
from envs.simulator.navigation.agent_count import set_count
from envs.simulator.world.objects import new_object

MAX_SPAWNED = 2000


class HouseActions(ActionGroup):
    """ProcTHOR's houses."""

    group = "houses"

    def _need_procedural(self, action: str) -> None:
        if self.world.house is None:
            raise ActionFailed(
                f"{action} works in the scene {PROCEDURAL} only, not in {self.world.scene_name}: "
                f"reset to {PROCEDURAL} first."
            )

    @marked(removes=True)
    def CreateHouse(self, house: dict) -> None:
        """Builds a house from ProcTHOR's JSON, in place of the one before."""
        self._need_procedural("CreateHouse")
        try:
            made = build_house(read_house(house))
        except HouseError as error:
            raise ActionFailed(f"CreateHouse: {error}") from error
        count = len(self.world.agents)
        self.world.show_house(made)
        settle_loose(self.world, made.loose)
        if count > 1:
            set_count(self.world, count)

    @marked(removes=True)
    def DestroyHouse(self) -> None:
        """Empties the scene."""
        self._need_procedural("DestroyHouse")
        self.world.show_house(empty_house())

    @marked(query=True)
    def GetAssetDatabase(self) -> dict:
        """Every asset by id: its type, its box, what it can do."""
        return {
            name: {
                "assetId": name,
                "objectType": asset.type,
                "primaryProperty": asset.primary,
                "secondaryProperties": list(asset.secondary),
                "boundingBox": vector(asset.size),
                "split": asset.split,
            }
            for name, asset in assets().items()
        }

    @marked(query=True)
    def GetMaterials(self) -> dict:
        """Names of materials for walls and floors, by group."""
        return materials()

    @marked(puts_anywhere=True)
    def SpawnAsset(
        self,
        assetId: str,
        generatedId: str,
        position: dict | None = None,
        rotation: dict | None = None,
    ) -> dict:
        """Brings in one asset, the middle of its box at a position; it hangs there."""
        if generatedId in self.world.objects:
            raise ActionFailed(f"An object {generatedId} is there already; choose another id.")
        if assetId not in assets():
            raise ActionFailed(
                f"assetId {assetId} is not in the asset database; see GetAssetDatabase."
            )
        if len(self.world.objects) >= MAX_SPAWNED:
            raise ActionFailed(f"The scene is full: it holds {MAX_SPAWNED} objects.")
        asset = find_asset(assetId)
        try:
            at = (0.0, asset.size[1] / 2, 0.0)
            if position is not None:
                at = Field(position, "position").xyz()
            turn = (0.0, 0.0, 0.0)
            if rotation is not None:
                given = {"x": 0.0, "y": 0.0, "z": 0.0, **rotation}
                turn = Field(given, "rotation").xyz(3600)
        except HouseError as error:
            raise ActionFailed(f"SpawnAsset: {error}") from error
        record = asset_record(asset, generatedId, at, triple(turn))
        self.world.add(new_object(record, self.world.mesh_of(record)))
        return {
            "objectId": generatedId,
            "assetId": assetId,
            "objectType": asset.type,
            "boundingBox": vector(np.asarray(record.size)),
        }

    @marked(query=True)
    def GetInSceneAssetGeometry(self, objectId: str, triangles: bool = False) -> list:
        """The shape of an object in the scene: vertices in metres, and triangles if asked for."""
        return world_geometry(self._target(objectId, None, None, True), triangles)
