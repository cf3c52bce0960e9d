"""Which mesh an object of a recorded room gets: its variant, and what its furniture is built round.

Drawers, shelves and basins are recorded as objects of their own, inside the box of the furniture
that holds them; objects lying on a seat tell how high it is. Both shape the furniture's mesh.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from envs.simulator.core.caching import for_life
from envs.simulator.core.geometry import Triple, euler_matrix
from envs.simulator.meshes.catalogue import HOSTS, build_mesh
from envs.simulator.meshes.furniture.cabinetry import Fitting
from envs.simulator.meshes.mesh import Mesh
from envs.simulator.scenes.appearance import appearance, kitchen_style, standard_variant
from envs.simulator.scenes.footprints import without
from envs.simulator.scenes.records import ObjectRecord, Rectangle, SceneRecord
from envs.simulator.scenes.structure.counter_bases import counter_drops
from envs.simulator.scenes.structure.counter_shapes import Polygon, add_pieces, top_pieces
from envs.simulator.scenes.structure.stoves import hob_in
from envs.simulator.scenes.window_boxes import curtain_box, window_box

# What may be built into a piece of furniture, by its type.
_BUILT_IN = {
    **dict.fromkeys(
        ("Dresser", "Desk", "SideTable", "TVStand", "ShelvingUnit", "CoffeeTable"),
        frozenset({"Drawer", "Cabinet", "Shelf"}),
    ),
    "Bathtub": frozenset({"BathtubBasin"}),
    "Sink": frozenset({"SinkBasin"}),
}
# A room has one style of these.
_IN_STYLE = frozenset({"Cabinet", "Drawer", "CounterTop", "StoveBurner", "StoveKnob"})
# Without an asset name, each of these looks different.
_SINGLE = frozenset({"Painting", "Poster", "Statue", "Vase", "Curtains"})
_SLACK = 0.06
# A basin that reaches this far out of its tub is drawn within the tub's rim; metres.
_SPILLS, _RIM = 0.1, 0.04
Box = tuple[float, float, float, float, float, float]
_NOWHERE: Box = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def _frame(record: ObjectRecord) -> tuple[np.ndarray, np.ndarray]:
    """Rotation (3, 3) and origin (3,) of the object frame."""
    origin = np.asarray(record.center if record.obb is None else np.mean(record.obb, axis=0))
    return euler_matrix(record.local_rotation), origin.astype(float)


def _box_in(host: ObjectRecord, other: ObjectRecord) -> Box:
    """The other's box in the host's frame, rounded to millimetres."""
    rotation, origin = _frame(host)
    half, center = np.asarray(other.size) / 2, np.asarray(other.center)
    signs = np.array([[a, b, c] for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)])
    corners = (center + signs * half - origin) @ rotation
    x0, y0, z0 = (round(float(v), 3) for v in corners.min(0))
    x1, y1, z1 = (round(float(v), 3) for v in corners.max(0))
    return x0, y0, z0, x1, y1, z1


def _holds(host: ObjectRecord, other: ObjectRecord) -> bool:
    gap = np.abs(np.asarray(other.center) - np.asarray(host.center)) - np.asarray(host.size) / 2
    return bool((gap < _SLACK).all())


def _overlap(one: ObjectRecord, other: ObjectRecord) -> bool:
    gap = np.abs(np.asarray(one.center) - np.asarray(other.center))
    return bool((gap < (np.asarray(one.size) + np.asarray(other.size)) / 2 - 0.02).all())


def _near(one: ObjectRecord, other: ObjectRecord) -> bool:
    gap = np.abs(np.asarray(one.center) - np.asarray(other.center))
    return bool((gap < (np.asarray(one.size) + np.asarray(other.size)) / 2 + _SLACK).all())


def _host_of(scene: SceneRecord, other: ObjectRecord) -> ObjectRecord | None:
    """The smallest piece of furniture that something is built into."""
    hosts = [
        h
        for h in scene.objects
        if other.object_type in _BUILT_IN.get(h.object_type, ()) and _holds(h, other)
    ]
    return min(hosts, key=lambda h: float(np.prod(h.size))) if hosts else None


@for_life()
def fittings_of(scene: SceneRecord) -> dict[str, tuple[Fitting, ...]]:
    """By object id of a piece of furniture: what is built into it and what lies on it."""
    by_id = {o.object_id: o for o in scene.objects}
    found: dict[str, list[Fitting]] = {}
    for other in scene.objects:
        host = _host_of(scene, other)
        if host is not None:
            found.setdefault(host.object_id, []).append((other.object_type, _box_in(host, other)))
    basins = [o for o in scene.objects if o.object_type == "SinkBasin"]
    for host in scene.objects:
        if host.object_type == "Cabinet":
            # A cupboard's box may reach up into the basin over it.
            for basin in (b for b in basins if _overlap(host, b)):
                found.setdefault(host.object_id, []).append(("SinkBasin", _box_in(host, basin)))
            continue
        if host.object_type not in HOSTS:
            continue
        if host.object_type == "ShowerGlass":
            for door in scene.objects:
                if door.object_type == "ShowerDoor" and _near(host, door):
                    found.setdefault(host.object_id, []).append(("ShowerDoor", _box_in(host, door)))
            continue
        if host.object_type == "Bed":
            for pillow in (o for o in scene.objects if o.object_type == "Pillow"):
                if _near(host, pillow):
                    found.setdefault(host.object_id, []).append(("Head", _box_in(host, pillow)))
        for name in host.contents or ():
            lying = by_id.get(name)
            if lying is not None and "pickupable" in lying.properties:
                found.setdefault(host.object_id, []).append(("Rest", _box_in(host, lying)))
    return {name: tuple(rows) for name, rows in found.items()}


def _variant(record: ObjectRecord, name: str, seed: int, fittings: tuple[Fitting, ...]) -> int:
    """The mesh seed of an object in an appearance of a scene."""
    object_type = record.object_type
    if object_type in _IN_STYLE or any(k in ("Drawer", "Cabinet") for k, _ in fittings):
        return kitchen_style(seed, name)
    if seed:
        return appearance(seed, object_type, record.asset_id or record.object_id)
    if record.asset_id:
        return standard_variant(record.asset_id)
    plain = name.removesuffix("_physics")
    own = record.object_id if object_type in _SINGLE else object_type
    return standard_variant(f"{plain}/{own}")


def mesh_of(record: ObjectRecord, scene: SceneRecord, name: str, seed: int) -> Mesh:
    """The mesh of a record.

    Args:
        record: The object.
        scene: Its room.
        name: The scene's name, which chooses the style of its cupboards.
        seed: The appearance; 0 is the standard one.
    """
    held = fittings_of(scene)
    fittings = held.get(record.object_id, ())
    variant = _variant(record, name, seed, fittings)
    if record.object_type == "Shelf":
        host = _host_of(scene, record)
        if host is not None:
            # A shelf is of the wood of what it is built into.
            around = held.get(host.object_id, ())
            variant = _variant(host, name, seed, around)
            painted = any(object_type in ("Drawer", "Cabinet") for object_type, _ in around)
            fittings = (("Drawer", _NOWHERE),) if painted else ()
    x, y, z = (float(s) for s in record.local_size)
    place = (0.0, 0.0, 0.0)
    if record.object_type == "Window":
        (x, y, z), place = window_box(record, scene)
    elif record.object_type == "Curtains":
        (x, y, z), place = curtain_box(record, scene)
    basin = _basin_in(record, scene)
    if basin is not None:
        x, z = basin[2:]
    made = build_mesh(
        record.object_type,
        (x, y, z),
        seed=variant,
        footprint=footprint_of(record, scene),
        asset_id=record.asset_id,
        fittings=fittings,
    )
    if record.object_type == "CounterTop":
        pieces = top_pieces(scene).get(record.object_id)
        if pieces:
            made = _extended(made, record.center, y / 2, pieces)
        drop = round(counter_drops(scene).get(record.object_id, 0.0), 4)
        return _lowered(made, drop) if drop else made
    if basin is not None:
        return _shifted(made, (basin[0], 0.0, basin[1]))
    if any(place):
        return _shifted(made, place)
    return made


def footprint_of(record: ObjectRecord, scene: SceneRecord) -> tuple[Rectangle, ...] | None:
    """What a top is drawn to cover: what it covers less the hob that is let into it."""
    hob = hob_in(scene) if record.object_type == "CounterTop" else None
    if hob is None:
        return record.footprint
    x, _, z = (float(s) / 2 for s in record.local_size)
    _, origin = _frame(record)
    hole = (hob[0] - origin[0], hob[1] - origin[2], hob[2] - origin[0], hob[3] - origin[2])
    whole = record.footprint or ((-x, -z, x, z),)
    left = tuple(piece for rectangle in whole for piece in without(rectangle, hole))
    return left if left != whole else record.footprint


def _basin_in(record: ObjectRecord, scene: SceneRecord) -> tuple[float, float, float, float] | None:
    """Middle x, z and sides x, z, in its frame, of a basin that was recorded wider than its tub.

    None if it lies in it.
    """
    host_id = record.object_id.rpartition("|")[0]
    if record.object_type != "BathtubBasin":
        return None
    host = next((o for o in scene.objects if o.object_id == host_id), None)
    if host is None:
        return None
    x0, _, z0, x1, _, z1 = _box_in(record, host)
    half = np.array([record.local_size[0], record.local_size[2]]) / 2
    low, high = np.maximum([x0, z0], -half), np.minimum([x1, z1], half)
    over = np.maximum(half + low, half - high).max()
    if over < _SPILLS or (high - low < _SPILLS).any():
        return None
    low, high = np.maximum(low, [x0 + _RIM, z0 + _RIM]), np.minimum(high, [x1 - _RIM, z1 - _RIM])
    (a, b), (c, d) = (low + high) / 2, high - low
    return float(a), float(b), float(c), float(d)


@for_life(keep=4)
def _shifted(mesh: Mesh, place: Triple) -> Mesh:
    """A mesh moved to a place in its object's frame."""
    by = np.array(place, np.float32)
    parts = tuple(replace(part, vertices=part.vertices + by) for part in mesh.parts)
    return Mesh(parts, mesh.joints, mesh.surfaces)


@for_life(keep=4)
def _extended(mesh: Mesh, middle: Triple, half: float, pieces: tuple[Polygon, ...]) -> Mesh:
    """A counter top with its pieces that are no rectangles."""
    return replace(mesh, parts=add_pieces(mesh.parts, np.asarray(middle), half, pieces))


@for_life(keep=4)
def _lowered(mesh: Mesh, drop: float) -> Mesh:
    """A counter top whose surface is where objects were recorded to stand on it."""
    down = np.array([0.0, drop, 0.0], np.float32)
    parts = tuple(replace(part, vertices=part.vertices - down) for part in mesh.parts)
    surfaces = tuple(
        replace(s, center=(s.center[0], s.center[1] - drop, s.center[2])) for s in mesh.surfaces
    )
    return Mesh(parts, mesh.joints, surfaces)
