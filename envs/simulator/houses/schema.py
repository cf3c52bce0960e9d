"""The reading of ProcTHOR's house JSON, schemas 0.0.1 and 1.0.0.

The JSON, with what is read of it::

    {"rooms": [{"id": "room|2", "roomType": "Kitchen", "floorMaterial": "WoodGrains",
                "floorPolygon": [{"x": 0, "y": 0, "z": 0}, ...], "children": []}],
     "walls": [{"id": "wall|2|0.00|0.00|0.00|4.00", "roomId": "room|2", "polygon": [...],
                "material": "PureWhite", "color": {"r": 1, "g": 1, "b": 1}, "empty": false}],
     "doors": [{"id": "door|2|3", "assetId": "Doorway_1", "wall0": ..., "wall1": ...,
                "boundingBox": {"min": {...}, "max": {...}}, "openness": 1, "openable": true}],
     "windows": [...], "objects": [{"id": "2|0", "assetId": "Fridge_1", "position": {...},
                "rotation": {...}, "kinematic": true, "children": [...]}],
     "proceduralParameters": {"ceilingMaterial": "PureWhite", "lights": [...], "skyboxId": ...},
     "metadata": {"agent": {"position": {...}, "rotation": {...}, "horizon": 30}, "schema": ...}}

Holes of the newer schema are ``holePolygon``, of the older ``boundingBox``: metres along the wall
from the first point of its polygon, and up. Of a skybox only its colour is drawn.
"""

from __future__ import annotations

import numpy as np

from envs.simulator.core.geometry import Triple
from envs.simulator.houses.fields import Field, HouseError
from envs.simulator.houses.foreign_assets import hints_of, size_of
from envs.simulator.houses.house import (
    House,
    HouseObject,
    Material,
    Opening,
    Room,
    Wall,
)
from envs.simulator.houses.lighting import HouseLight, read_light, sky_of

MAX_ROOMS, MAX_WALLS, MAX_OBJECTS, MAX_POINTS = 64, 1500, 1500, 64
MAX_DEPTH, MAX_LIGHTS = 4, 200
MAX_EXTENT = 100.0


def read_house(description: object) -> House:
    """Checks a house description.

    Raises:
        HouseError: If something is missing, malformed or beyond all measure; the field is named.
    """
    top = Field(description, "house")
    if not isinstance(description, dict):
        raise top.fail("an object with rooms and walls")
    rooms = tuple(_room(f) for f in top.need("rooms").items(MAX_ROOMS))
    walls = tuple(w for f in _list(top, "walls").items(MAX_WALLS) if (w := _wall(f)) is not None)
    if not rooms:
        raise HouseError("house.rooms must hold at least one room.")
    by_id = {wall.id: wall for wall in walls}
    openings = tuple(
        o
        for key, window in (("doors", False), ("windows", True))
        for f in _list(top, key).items(MAX_WALLS)
        if (o := _opening(f, by_id, window)) is not None
    )
    seen: set[str] = {r.id for r in rooms} | set(by_id) | {o.id for o in openings}
    if len(seen) < len(rooms) + len(by_id) + len(openings):
        raise HouseError("house: rooms, walls, doors and windows must have ids of their own.")
    objects = tuple(_object(f, seen, 0) for f in _list(top, "objects").items(MAX_OBJECTS))
    corners = np.concatenate([r.polygon for r in rooms])
    if float(np.ptp(corners, axis=0).max()) > MAX_EXTENT:
        raise HouseError(f"house.rooms extend over more than {MAX_EXTENT:g} metres.")
    settings = top.get("proceduralParameters")
    ceiling, sky = Material(), None
    lights: tuple[HouseLight, ...] = ()
    if settings is not None:
        ceiling = _material(settings, "ceilingMaterial", "ceilingColor")
        named, tint = settings.get("skyboxId"), settings.get("skyboxColor")
        if named is not None:
            named.text()
        sky = None if tint is None else tint.color()
        lights = tuple(read_light(f) for f in _list(settings, "lights").items(MAX_LIGHTS))
    return House(rooms, walls, openings, objects, ceiling, _agent(top), lights, sky_of(lights, sky))


def _list(field: Field, key: str) -> Field:
    found = field.get(key)
    return Field(None, f"{field.path}.{key}") if found is None else found


def _material(field: Field, key: str, color_key: str = "color") -> Material:
    found, tint = field.get(key), field.get(color_key)
    color = None if tint is None else tint.color()
    if found is None:
        return Material("", color)
    if isinstance(found.value, dict):
        name, inner = found.get("name"), found.get("color")
        return Material(
            "" if name is None else name.text(), color if inner is None else inner.color()
        )
    return Material(found.text(), color)


def _room(field: Field) -> Room:
    points = [p.xyz() for p in field.need("floorPolygon").items(MAX_POINTS)]
    polygon = np.array([(x, z) for x, _, z in points]).reshape(-1, 2)
    keep = [i for i in range(len(polygon)) if np.abs(polygon[i] - polygon[i - 1]).max() > 1e-4]
    polygon = polygon[keep]
    if len(polygon) < 3 or abs(_area(polygon)) < 0.01:
        raise HouseError(f"{field.path}.floorPolygon must enclose a floor.")
    room_type = field.get("roomType")
    return Room(
        id=field.need("id").text(),
        room_type="" if room_type is None else room_type.text(),
        polygon=polygon if _area(polygon) > 0 else polygon[::-1].copy(),
        floor_y=points[0][1],
        material=_material(field, "floorMaterial", "floorColor"),
    )


def _area(polygon: np.ndarray) -> float:
    x, z = polygon[:, 0], polygon[:, 1]
    return float((x * np.roll(z, -1) - np.roll(x, -1) * z).sum() / 2)


def _wall(field: Field) -> Wall | None:
    empty = field.get("empty")
    if empty is not None and empty.value is True:
        return None
    points = np.array([p.xyz() for p in field.need("polygon").items(MAX_POINTS)]).reshape(-1, 3)
    if len(points) < 3:
        raise HouseError(f"{field.path}.polygon must have at least three points.")
    start = points[0, [0, 2]]
    away = np.linalg.norm(points[:, [0, 2]] - start, axis=1)
    far = int(np.argmax(away))
    low, high = float(points[:, 1].min()), float(points[:, 1].max())
    if away[far] < 1e-3 or high - low < 1e-3:
        raise HouseError(f"{field.path}.polygon must be an upright rectangle with an area.")
    if high - low > 20:
        raise HouseError(f"{field.path}.polygon is {high - low:g} m tall; at most 20 m work.")
    identity = field.need("id").text()
    room = field.get("roomId")
    end = points[far, [0, 2]]
    # The second point says where the wall runs; the fourth may be as far.
    if len(points) > 1 and away[1] > 0.5 * away[far]:
        end = points[1, [0, 2]]
    return Wall(
        id=identity,
        room="" if room is None else room.text(),
        start=start,
        end=end,
        low=low,
        high=high,
        material=_material(field, "material"),
        exterior="exterior" in identity,
    )


def _opening(field: Field, walls: dict[str, Wall], window: bool) -> Opening | None:
    identity, asset = field.need("id").text(), field.need("assetId").text()
    names = [f.text() for f in (field.get("wall0"), field.get("wall1")) if f is not None]
    name = next((n for n in names if n in walls), None)
    if name is None:
        raise HouseError(
            f"{field.path}.wall0 must be the id of a wall of the house, not "
            f"{names[0] if names else None!r}."
        )
    hole = field.get("holePolygon")
    if hole is not None:
        corners = np.array([p.xyz() for p in hole.items(MAX_POINTS)]).reshape(-1, 3)
        if len(corners) < 2:
            raise HouseError(f"{hole.path} must have at least two points.")
        low, high = corners.min(0), corners.max(0)
    else:
        box = field.need("boundingBox", "holePolygon")
        low, high = np.array(box.need("min").xyz()), np.array(box.need("max").xyz())
    if high[0] - low[0] < 0.05 or high[1] - low[1] < 0.05:
        raise HouseError(f"{field.path}.boundingBox must have a width and a height.")
    openness, openable = field.get("openness"), field.get("openable")
    return Opening(
        id=identity,
        asset=asset,
        wall=name,
        left=float(low[0]),
        right=float(high[0]),
        bottom=float(max(low[1], 0.0)),
        top=float(high[1]),
        openness=0.0 if openness is None else openness.number(0, 1),
        openable=openable is None or bool(openable.value),
        is_window=window,
    )


def _object(field: Field, seen: set[str], depth: int) -> HouseObject:
    if depth > MAX_DEPTH:
        raise HouseError(f"{field.path}: children may be nested {MAX_DEPTH} deep at most.")
    identity = field.need("id").text()
    if identity in seen:
        raise HouseError(f"{field.path}.id {identity!r} is used twice.")
    seen.add(identity)
    turn = field.get("rotation")
    tint, kinematic = field.get("color"), field.get("kinematic")
    openness, on, dirty = field.get("openness"), field.get("isOn"), field.get("isDirty")
    rotation = (0.0, 0.0, 0.0)
    if turn is not None:
        x, y, z = (0.0 if (f := turn.get(k)) is None else f.number(-3600, 3600) for k in "xyz")
        rotation = (x, y, z)
    if len(seen) > MAX_OBJECTS + MAX_WALLS:
        raise HouseError(f"house.objects holds more than {MAX_OBJECTS} objects; that is too many.")
    return HouseObject(
        id=identity,
        asset=field.need("assetId").text(),
        position=field.need("position").xyz(),
        rotation=rotation,
        kinematic=kinematic is not None and bool(kinematic.value),
        openness=None if openness is None else openness.number(0, 1),
        is_on=None if on is None else bool(on.value),
        is_dirty=None if dirty is None else bool(dirty.value),
        color=None if tint is None else tint.color(),
        hints=hints_of(field.value),
        size=size_of(field.value),
        children=tuple(
            _object(f, seen, depth + 1) for f in _list(field, "children").items(MAX_OBJECTS)
        ),
    )


def _agent(top: Field) -> tuple[Triple, float, float, bool] | None:
    about = top.get("metadata")
    if about is None:
        return None
    pose = about.get("agent")
    if pose is None:
        poses = about.get("agentPoses")
        pose = None if poses is None else poses.get("default")
    if pose is None:
        return None
    turn, horizon, standing = pose.get("rotation"), pose.get("horizon"), pose.get("standing")
    yaw = 0.0
    if turn is not None:
        yaw = (
            turn.need("y").number(-3600, 3600)
            if isinstance(turn.value, dict)
            else turn.number(-3600, 3600)
        )
    return (
        pose.need("position").xyz(),
        yaw,
        0.0 if horizon is None else horizon.number(-30, 60),
        standing is None or bool(standing.value),
    )
