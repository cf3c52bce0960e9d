"""From a checked house to a scene: records of all objects, meshes of its own parts, free floor."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from envs.simulator.core.agent import STANDING_Y
from envs.simulator.core.geometry import aligned_extent, box_corners, euler_matrix, triple
from envs.simulator.core.object_types import object_type
from envs.simulator.houses.assets import Asset, find_asset
from envs.simulator.houses.doors import door_mesh
from envs.simulator.houses.free_floor import free_points, largest_part
from envs.simulator.houses.lighting import HouseLighting
from envs.simulator.houses.looks import look_of
from envs.simulator.houses.polygons import inside, sheet
from envs.simulator.houses.schema import House, Opening, Room, Thing, Wall
from envs.simulator.houses.walls import REPEAT, along, inward, left_of, place_of, wall_mesh
from envs.simulator.meshes.mesh import Mesh, Surface
from envs.simulator.scenes.footprints import merge_cells
from envs.simulator.scenes.records import Fixture, ObjectRecord, SceneRecord
from envs.simulator.scenes.slabs import centered, slab

CEILING = 2.6
DOOR_DEPTH = 0.12
_WOOD = (0.72, 0.56, 0.40)
_WHITE = (0.97, 0.97, 0.96)
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
    tints: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    loose: tuple[str, ...] = ()
    horizon: float = 0.0
    lighting: HouseLighting | None = None
    sky: tuple[float, float, float] = (1.0, 1.0, 1.0)

    @property
    def outside(self) -> tuple[float, float, float]:
        """Colour where nothing is."""
        r, g, b = (tone * hue for tone, hue in zip(_DAY_SKY, self.sky, strict=True))
        return r, g, b


def empty_house() -> HouseScene:
    """The scene ``Procedural`` before any house is made in it: nothing."""
    scene = SceneRecord(
        name="Procedural",
        objects=(),
        reachable=np.zeros((0, 2)),
        floor_y=0.0,
        agent_start=(0.0, STANDING_Y, 0.0, 0.0),
        openable_poses={},
        bounds=((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
    )
    return HouseScene(scene, ())


def build_house(house: House) -> HouseScene:
    """The scene of a house."""
    made = _Maker(house)
    for room in house.rooms:
        made.floor(room)
    for wall in house.walls:
        made.wall(wall)
    for opening in house.openings:
        made.opening(opening)
    for thing in house.things:
        made.thing(thing, None)
    return made.scene()


def asset_record(
    asset: Asset,
    identity: str,
    position: tuple[float, float, float],
    rotation: tuple[float, float, float],
    states: dict[str, object] | None = None,
) -> ObjectRecord:
    """The record of an asset whose box has its middle at ``position``; degrees and metres."""
    kind = object_type(asset.type)
    return _record(
        identity,
        asset.type,
        asset.id,
        position,
        triple(np.maximum(asset.size, 0.004)),
        rotation,
        properties=asset.properties(),
        states=states or {},
        mass=kind.mass or 1.0,
        materials=kind.materials,
    )


def _record(
    identity: str,
    kind: str,
    asset: str,
    center: tuple[float, float, float],
    size: tuple[float, float, float],
    rotation: tuple[float, float, float],
    *,
    properties: dict[str, bool] | None = None,
    states: dict[str, object] | None = None,
    mass: float = 0.0,
    materials: tuple[str, ...] = (),
) -> ObjectRecord:
    owned = dict(properties or {})
    loose = bool(owned.get("pickupable") or owned.get("moveable"))
    matrix = euler_matrix(rotation)
    corners = box_corners(np.asarray(center), np.asarray(size), matrix)
    toggles = bool(owned.get("toggleable"))
    return ObjectRecord(
        object_id=identity,
        object_type=kind,
        name=identity,
        asset_id=asset,
        position=center,
        rotation=triple(a % 360.0 for a in rotation),
        center=center,
        size=triple(aligned_extent(np.asarray(size), matrix)),
        local_size=size,
        local_rotation=rotation,
        obb=tuple(triple(c) for c in corners) if loose else None,
        properties=owned,
        states={"temperature": "RoomTemp", **(states or {})},
        mass=mass if loose else 0.0,
        materials=tuple(materials) if loose and materials else None,
        parents=(),
        contents=() if owned.get("receptacle") else None,
        controlled=() if toggles else None,
        footprint=None,
    )


class _Maker:
    def __init__(self, house: House) -> None:
        self.house = house
        self.walls = {w.id: w for w in house.walls}
        self.rooms = {r.id: r for r in house.rooms}
        self.records: list[ObjectRecord] = []
        self.meshes: dict[str, Mesh] = {}
        self.fixtures: list[Fixture] = []
        self.tints: dict[str, tuple[float, float, float]] = {}
        self.loose: list[str] = []
        self._contents: dict[str, list[str]] = {}

    # ---- structure ----
    def floor(self, room: Room) -> None:
        low, high = room.polygon.min(0), room.polygon.max(0)
        middle = (low + high) / 2
        center = (float(middle[0]), room.floor_y, float(middle[1]))
        color, texture = look_of(room.material, _WOOD, on_floor=True)
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
            _record(
                room.id, "Floor", "", center, size, (0.0, 0.0, 0.0), properties={"receptacle": True}
            )
        )
        tall = [w.high for w in self.house.walls if w.room == room.id]
        height = max(tall, default=room.floor_y + CEILING)
        paint, grain = look_of(self.house.ceiling, _WHITE)
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

    def wall(self, wall: Wall) -> None:
        mesh, center, size, yaw = wall_mesh(wall, self.house, self.walls, self.rooms)
        if not mesh.parts:
            return
        self.meshes[wall.id] = mesh
        self.records.append(
            _record(wall.id, "Wall", "", triple(center), triple(size), (0.0, yaw, 0.0))
        )

    def opening(self, opening: Opening) -> None:
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
        kind = "Window" if opening.is_window else "Doorway"
        if asset.type in ("Doorway", "Doorframe", "Window"):
            kind = asset.type
        properties, states = asset.properties(), {}
        if kind != "Window":
            leaf = kind == "Doorway"
            properties = {"openable": True} if leaf and opening.openable else {}
            if leaf and opening.openness > 0:
                states = {"isOpen": True, "openness": opening.openness}
            self.meshes[opening.id] = door_mesh(size, opening.asset, leaf)
        self.records.append(
            _record(
                opening.id,
                kind,
                opening.asset,
                center,
                size,
                (0.0, yaw, 0.0),
                properties=properties,
                states=dict(states),
            )
        )

    # ---- objects ----
    def thing(self, thing: Thing, parent: str | None) -> None:
        asset = find_asset(thing.asset)
        states: dict[str, object] = {}
        if thing.openness is not None and "CanOpen" in asset.secondary and thing.openness > 0:
            states.update(isOpen=True, openness=thing.openness)
        if thing.is_on and "CanToggleOnOff" in asset.secondary:
            states["isToggled"] = True
        if thing.is_dirty and "CanBeDirty" in asset.secondary:
            states["isDirty"] = True
        self.records.append(asset_record(asset, thing.id, thing.position, thing.rotation, states))
        if thing.color is not None:
            self.tints[thing.id] = thing.color
        if not thing.kinematic and asset.primary == "CanPickup":
            self.loose.append(thing.id)
        holder = parent if parent is not None else self._room_at(thing.position)
        if holder is not None:
            self._contents.setdefault(holder, []).append(thing.id)
        for child in thing.children:
            self.thing(child, thing.id)

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
            name="Procedural",
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
