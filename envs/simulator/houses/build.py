"""From a checked house to a scene: records of all objects, its own meshes, free floor."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from envs.simulator.core.agent import STANDING_Y
from envs.simulator.core.geometry import triple
from envs.simulator.houses.assets import find_asset
from envs.simulator.houses.foreign_assets import stand_in, warn_of_unknown
from envs.simulator.houses.free_points import free_points, largest_part
from envs.simulator.houses.house import House, HouseObject, Opening, Room, Wall
from envs.simulator.houses.house_doors import door_mesh
from envs.simulator.houses.house_materials import paint_of
from envs.simulator.houses.house_scene import PROCEDURAL, HouseScene
from envs.simulator.houses.house_walls import REPEAT, along, inward, left_of, place_of, wall_mesh
from envs.simulator.houses.lighting import HouseLighting
from envs.simulator.houses.object_records import asset_record, house_record
from envs.simulator.houses.polygons import inside, sheet
from envs.simulator.meshes.mesh import Mesh, Surface
from envs.simulator.meshes.slabs import centered, slab
from envs.simulator.scenes.footprints import merge_cells
from envs.simulator.scenes.records import Fixture, ObjectRecord, SceneRecord

CEILING = 2.6
DOOR_DEPTH = 0.12
_WOOD = (0.72, 0.56, 0.40)
_WHITE = (0.97, 0.97, 0.96)


def build_house(house: House) -> HouseScene:
    """The scene of a house."""
    made = _SceneBuilder(house)
    for room in house.rooms:
        made.add_floor(room)
    for wall in house.walls:
        made.add_wall(wall)
    for opening in house.openings:
        made.add_opening(opening)
    for obj in house.objects:
        made.add_object(obj, None)
    warn_of_unknown(made.assets)
    return made.scene()


class _SceneBuilder:
    def __init__(self, house: House) -> None:
        self.house = house
        self.walls = {w.id: w for w in house.walls}
        self.rooms = {r.id: r for r in house.rooms}
        self.records: list[ObjectRecord] = []
        self.meshes: dict[str, Mesh] = {}
        self.fixtures: list[Fixture] = []
        self.tints: dict[str, tuple[float, float, float]] = {}
        self.loose: list[str] = []
        self.assets = [opening.asset for opening in house.openings]
        self._contents: dict[str, list[str]] = {}

    # ---- structure ----
    def add_floor(self, room: Room) -> None:
        low, high = room.polygon.min(0), room.polygon.max(0)
        middle = (low + high) / 2
        center = (float(middle[0]), room.floor_y, float(middle[1]))
        color, texture = paint_of(room.material, _WOOD, on_floor=True)
        flat = room.polygon - middle
        repeat = REPEAT.get(texture or "", 1.2)
        top = sheet(flat, 0.0, color, texture, up=True, tile=repeat)
        surfaces = tuple(
            Surface(((x0 + x1) / 2, 0.0, (z0 + z1) / 2), (x1 - x0, z1 - z0), 2.0)
            for x0, z0, x1, z1 in _rectangles(flat)
        )
        self.meshes[room.id] = Mesh((top,), (), surfaces)
        size = (float(high[0] - low[0]), 0.004, float(high[1] - low[1]))
        self.records.append(
            house_record(
                room.id, "Floor", "", center, size, (0.0, 0.0, 0.0), properties={"receptacle": True}
            )
        )
        tall = [w.high for w in self.house.walls if w.room == room.id]
        height = max(tall, default=room.floor_y + CEILING)
        paint, grain = paint_of(self.house.ceiling, _WHITE)
        cover = sheet(flat, 0.0, paint, grain, up=False, tile=2.0)
        self.fixtures.append(
            Fixture(
                f"Ceiling|{len(self.fixtures)}",
                "Ceiling",
                (center[0], height, center[2]),
                (size[0], 0.01, size[2]),
                0.0,
                Mesh((cover,)),
            )
        )

    def add_wall(self, wall: Wall) -> None:
        mesh, center, size, yaw = wall_mesh(wall, self.house, self.walls, self.rooms)
        if not mesh.parts:
            return
        self.meshes[wall.id] = mesh
        self.records.append(
            house_record(wall.id, "Wall", "", triple(center), triple(size), (0.0, yaw, 0.0))
        )

    def add_opening(self, opening: Opening) -> None:
        wall = self.walls[opening.wall]
        a, b = place_of(opening, wall)
        middle = (a + b) / 2
        asset = find_asset(opening.asset)
        width, height = opening.right - opening.left, opening.top - opening.bottom
        facing = left_of(along(wall))
        if opening.is_window:
            facing = inward(wall, self.rooms)
            depth = min(max(asset.size[2], 0.06), 0.3)
        else:
            depth = DOOR_DEPTH
        yaw = float(np.degrees(np.arctan2(facing[0], facing[1])))
        center = (
            float(middle[0]),
            wall.low + opening.bottom + height / 2,
            float(middle[1]),
        )
        size = (width, height, depth)
        object_type = "Window" if opening.is_window else "Doorway"
        if asset.type in ("Doorway", "Doorframe", "Window"):
            object_type = asset.type
        properties, states = asset.properties(), {}
        if object_type != "Window":
            leaf = object_type == "Doorway"
            properties = {"openable": True} if leaf and opening.openable else {}
            if leaf and opening.openness > 0:
                states = {"isOpen": True, "openness": opening.openness}
            self.meshes[opening.id] = door_mesh(size, opening.asset, leaf)
        self.records.append(
            house_record(
                opening.id,
                object_type,
                opening.asset,
                center,
                size,
                (0.0, yaw, 0.0),
                properties=properties,
                states=dict(states),
            )
        )

    # ---- objects ----
    def add_object(self, obj: HouseObject, parent: str | None) -> None:
        asset = stand_in(obj.asset, obj.hints, obj.size)
        self.assets.append(obj.asset)
        states: dict[str, object] = {}
        if obj.openness is not None and "CanOpen" in asset.secondary and obj.openness > 0:
            states.update(isOpen=True, openness=obj.openness)
        if obj.is_on and "CanToggleOnOff" in asset.secondary:
            states["isToggled"] = True
        if obj.is_dirty and "CanBeDirty" in asset.secondary:
            states["isDirty"] = True
        self.records.append(asset_record(asset, obj.id, obj.position, obj.rotation, states))
        if obj.color is not None:
            self.tints[obj.id] = obj.color
        if not obj.kinematic and asset.primary == "CanPickup":
            self.loose.append(obj.id)
        holder = parent if parent is not None else self._room_at(obj.position)
        if holder is not None:
            self._contents.setdefault(holder, []).append(obj.id)
        for child in obj.children:
            self.add_object(child, obj.id)

    def _room_at(self, position: tuple[float, float, float]) -> str | None:
        spot = np.array([[position[0], position[2]]])
        for room in self.house.rooms:
            if inside(room.polygon, spot)[0]:
                return room.id
        return None

    # ---- all of it ----
    def scene(self) -> HouseScene:
        holder_of = {i: h for h, inside_it in self._contents.items() for i in inside_it}
        receptacles = {r.object_id for r in self.records if r.properties.get("receptacle")}
        records = []
        for record in self.records:
            holder = holder_of.get(record.object_id)
            low = record.center[1] - record.size[1] / 2
            on_floor = holder in self.rooms and low < self.rooms[holder].floor_y + 0.15
            if holder not in receptacles or holder in self.rooms and not on_floor:
                holder = None
            if holder is not None:
                record = replace(record, parents=(holder,))
            records.append(record)
        held: dict[str, list[str]] = {}
        for record in records:
            for holder in record.parents:
                held.setdefault(holder, []).append(record.object_id)
        records = [
            replace(r, contents=tuple(held.get(r.object_id, ()))) if r.contents is not None else r
            for r in records
        ]
        points = free_points(self.house, records)
        x, z, yaw, horizon = self._start(points)
        corners = np.array(
            [(w.start[0], w.low, w.start[1]) for w in self.house.walls]
            + [(w.end[0], w.high, w.end[1]) for w in self.house.walls]
            + [(p[0], r.floor_y, p[1]) for r in self.house.rooms for p in r.polygon]
        )
        low, high = corners.min(0), corners.max(0)
        low[1] = min(low[1], 0.0)
        self._ground(low, high)
        floor_y = min(r.floor_y for r in self.house.rooms)
        scene = SceneRecord(
            name=PROCEDURAL,
            objects=tuple(records),
            reachable=points,
            floor_y=floor_y,
            agent_start=(x, STANDING_Y + floor_y, z, yaw),
            openable_poses={},
            bounds=(triple((low + high) / 2), triple(high - low)),
        )
        lights = self.house.lights
        return HouseScene(
            scene,
            tuple(self.fixtures),
            self.meshes,
            self.tints,
            tuple(self.loose),
            horizon,
            HouseLighting(lights, [r.polygon for r in self.house.rooms]) if lights else None,
            self.house.sky,
        )

    def _ground(self, low: np.ndarray, high: np.ndarray) -> None:
        a = np.array([low[0] - 2.0, low[1] - 0.2, low[2] - 2.0])
        b = np.array([high[0] + 2.0, low[1] - 0.03, high[2] + 2.0])
        spread = float(max(b[0] - a[0], b[2] - a[2]))
        part = slab(a, b, (0.46, 0.50, 0.40), None, cell=max(1.0, spread / 20))
        middle = (a + b) / 2
        self.fixtures.append(
            Fixture(
                "Ground|0",
                "Ground",
                triple(middle),
                triple(b - a),
                0.0,
                centered([part], middle),
            )
        )

    def _start(self, points: np.ndarray) -> tuple[float, float, float, float]:
        pose = self.house.agent
        if pose is not None:
            (x, _, z), yaw, horizon, _ = pose
            if len(points) == 0 or np.abs(points - [x, z]).max(1).min() < 0.13:
                return x, z, yaw, horizon
        if not len(points):
            middle = self.house.rooms[0].polygon.mean(0)
            return float(middle[0]), float(middle[1]), 0.0, 0.0
        walkable = largest_part(points)
        middle = walkable.mean(0)
        at = walkable[int(np.argmin(np.abs(walkable - middle).sum(1)))]
        return float(at[0]), float(at[1]), 0.0, 0.0


def _rectangles(polygon: np.ndarray) -> list[tuple[float, float, float, float]]:
    """Few rectangles that cover most of a polygon (N, 2), largest first."""
    xs, zs = sorted(set(polygon[:, 0].tolist())), sorted(set(polygon[:, 1].tolist()))
    if len(xs) > 14 or len(zs) > 14:
        xs = np.linspace(xs[0], xs[-1], 14).tolist()
        zs = np.linspace(zs[0], zs[-1], 14).tolist()
    keep = np.zeros((len(xs) - 1, len(zs) - 1), bool)
    for i in range(len(xs) - 1):
        spots = np.array(
            [[(xs[i] + xs[i + 1]) / 2, (zs[j] + zs[j + 1]) / 2] for j in range(len(zs) - 1)]
        )
        keep[i] = inside(polygon, spots + 1e-7)
    return merge_cells(keep, xs, zs)
