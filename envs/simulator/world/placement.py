"""Finding room for an object on or in a receptacle.

Candidates are a lattice over the receptacle's support rectangles; a place is taken when the
object's box at it meets no other object's box. Deterministic: the nearest to a focus wins, or a
seeded shuffle decides. Where that finds nothing a closer search may follow: a finer lattice, the
object turned askew, and shapes instead of boxes, which are full of air, as AI2-THOR drops an
object's box against colliders (``overlap.Crowd``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, product

import numpy as np

from envs.simulator.core.geometry import aligned_extent, euler_matrix
from envs.simulator.core.object_types import object_type
from envs.simulator.meshes.mesh import Surface
from envs.simulator.world.objects import SimObject
from envs.simulator.world.overlap import Crowd, in_the_way, sunk_in
from envs.simulator.world.visibility import in_reach, in_viewport
from envs.simulator.world.world import World

SPACING = 0.06
MARGIN = 0.004
# How many of the best places are looked at more closely; and, where any place will do and those are
# taken, of the others, farther and farther away.
TRIES = 8
FAR_TRIES = 64
# What holds nothing may be laid on its front or side where it can't stand, as in AI2-THOR.
STANDING = (0.0, 0.0)
LAID = ((90.0, 0.0), (0.0, 90.0))
LOOKED_AT = 32
# Of twice as many places as this, or more, only every second, third and so on is looked at.
MOST_LOOKED_AT = 300
# What lies in these shows over the rim at best.
VESSELS = frozenset({"GarbageCan", "Pot", "Pan", "Bowl", "Mug", "Cup"})
# Where the points of a box are that tell whether it shows, as a share of its half; and how many of
# the object's own points do where those do not.
_INNER = np.array([(0.0, 0.0, 0.0), (0.0, 0.8, 0.0)])
_OWN = 16
_OUTER = np.array(list(product((-0.8, 0.8), repeat=3)))
# Of the points that tell whether an object would be in full view: its middle and its top.
_ALL_SHOWN = 2
# How far into furniture and walls a placed object may reach, and if need be into what it is placed
# on, metres.
SUNK, SUNK_IN_OWN = 0.015, 0.024
HANGERS = frozenset({"ToiletPaperHanger", "TowelHolder", "HandTowelHolder"})
SMALL_RECEPTACLES = frozenset(
    {
        "Plate",
        "Bowl",
        "Pan",
        "Pot",
        "Mug",
        "Cup",
        "StoveBurner",
        "CoffeeMachine",
        "Toaster",
        "ToiletPaperHanger",
        "TowelHolder",
        "HandTowelHolder",
        "SinkBasin",
    }
)


@dataclass(frozen=True)
class Sight:
    """Whoever puts an object down has to see the place.

    Attributes:
        eye: The camera, (3,) metres.
        axes: Its axes as columns right, up, forward, (3, 3).
        distance: Largest horizontal distance of a place from the camera, metres.
        into: Whether a place that is hidden, though in the picture, will do: one puts things
            into what is open without seeing its back.
    """

    eye: np.ndarray
    axes: np.ndarray
    distance: float
    into: bool = False


Option = tuple[float, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class _Care:
    """How closely places are searched.

    Attributes:
        spacing: Of the lattice, metres.
        turns: Added to the turns that are tried, degrees.
        boxes: Whether what is in the way bars its whole box, not its shape only.
        tries: How many places in full view are looked at more closely.
        seen_tries: How many of the best of one surface and turn may be passed over for one that
            can be seen.
    """

    spacing: float = SPACING
    turns: tuple[float, ...] = (0.0,)
    boxes: bool = True
    tries: int = TRIES
    seen_tries: int = 60
    corners: bool = False


_USUAL = _Care()
_CLOSE = _Care(SPACING / 2, (0.0, 45.0), boxes=False, tries=40, seen_tries=240, corners=True)
_HIDDEN = replace(_CLOSE, corners=False)


def upright(
    obj: SimObject, yaw: float, tilt: tuple[float, float] = STANDING
) -> tuple[np.ndarray, np.ndarray]:
    """Euler angles and box extent (3,) of the object turned by a yaw, as it was made or laid."""
    euler = np.array([tilt[0], yaw, tilt[1]])
    return euler, aligned_extent(obj.size, euler_matrix(euler))


def find_place(
    world: World,
    obj: SimObject,
    receptacle: SimObject,
    *,
    focus: np.ndarray | None = None,
    rng: np.random.Generator | None = None,
    yaws: tuple[float, ...] = (0.0, 90.0),
    sight: Sight | None = None,
    lay: bool = False,
    closely: bool = False,
) -> tuple[np.ndarray, np.ndarray] | None:
    """A centre (3,) and Euler angles (3,) at which the object stands free, or None.

    Args:
        world: The room.
        obj: What is to be placed.
        receptacle: Where.
        focus: Point (3,) to stay near; horizontal distance counts.
        rng: Chooses among all free places instead of the nearest to ``focus``.
        yaws: Turns to try, degrees.
        sight: Whose view the place must be in; anywhere will do if None.
        lay: Whether what holds nothing may be laid where it can't stand.
        closely: Whether a closer search follows where the usual one finds nothing.
    """
    ways = ((STANDING,), LAID) if lay and not obj.is_("receptacle") else ((STANDING,),)
    hung = obj.type in object_type(receptacle.type).only_accepts and receptacle.type in HANGERS
    # What is seen, however long it is searched for, comes before what is hidden.
    crowd: Crowd | None = None
    for hidden in (False, True) if sight is not None and sight.into else (False,):
        close = (_HIDDEN if hidden else _CLOSE,) if closely else ()
        for care, tilts in product((_USUAL, *close), ways):
            if not care.boxes and crowd is None:
                crowd = Crowd(world, obj, receptacle)
            turned = tuple(yaw + turn for turn in care.turns for yaw in yaws)
            options = _options(
                world, obj, receptacle, focus, rng, turned, tilts, sight, care, crowd
            )
            places = _in_turn(world, obj, options, sight, care, hidden)
            found = _first(world, obj, receptacle, places, hung, None if care.boxes else crowd)
            if found is not None:
                return found
    return None


def _first(
    world: World,
    obj: SimObject,
    receptacle: SimObject,
    places: Iterator[Option],
    hung: bool,
    crowd: Crowd | None,
) -> tuple[np.ndarray, np.ndarray] | None:
    """The first place where the object reaches into no furniture and no wall."""
    second: tuple[np.ndarray, np.ndarray] | None = None
    for _, center, euler in places:
        if crowd is not None and crowd.bars(center, euler):
            continue
        found = None if hung else sunk_in(world, obj, center, euler)
        if found is None or found[1] <= SUNK:
            return center, euler
        # Recorded boxes of furniture may leave more room than its shape here.
        if second is None and found[0] == receptacle.object_id and found[1] < SUNK_IN_OWN:
            second = center, euler
    return second


def _in_turn(
    world: World,
    obj: SimObject,
    options: list[Option],
    sight: Sight | None,
    care: _Care,
    hidden: bool,
) -> Iterator[Option]:
    """The places worth a closer look, best first: those in full view, those in sight at all."""
    if sight is None or hidden:
        yield from options if sight is None else options[:LOOKED_AT]
        return
    partly: list[Option] = []

    def fully() -> Iterator[Option]:
        for option in options[:: max(1, len(options) // MOST_LOOKED_AT)]:
            shown = _shown(world, obj, option, sight)
            if shown == _ALL_SHOWN:
                yield option
            elif shown:
                partly.append(option)

    yield from islice(fully(), care.tries)
    yield from islice(partly, max(LOOKED_AT, care.tries))


def _options(
    world: World,
    obj: SimObject,
    receptacle: SimObject,
    focus: np.ndarray | None,
    rng: np.random.Generator | None,
    yaws: tuple[float, ...],
    tilts: tuple[tuple[float, float], ...],
    sight: Sight | None,
    care: _Care,
    crowd: Crowd | None,
) -> list[Option]:
    """(cost, centre (3,), Euler angles (3,)) of free places, best first."""
    boxes = np.zeros((0, 2, 3))
    if care.boxes:
        boxes = np.array([(o.low, o.high) for o in in_the_way(world, obj, receptacle)])
        boxes = boxes.reshape(-1, 2, 3)
    options: list[Option] = []
    ahead = receptacle.rotation[:, 2]
    base = float(np.degrees(np.arctan2(ahead[0], ahead[2])))
    for surface, middle in receptacle.surfaces():
        for yaw, tilt in product(yaws, tilts):
            euler, extent = upright(obj, base + yaw, tilt)
            if extent[1] > surface.clearance + 0.02:
                continue
            centers = _centers(obj, receptacle, surface, middle, yaw, tilt, care.spacing)
            spots, centers = centers, centers + [0.0, extent[1] / 2 + MARGIN, 0.0]
            if sight is not None:
                seen = in_viewport(world, spots, sight.eye, sight.axes)
                seen |= in_viewport(world, centers, sight.eye, sight.axes)
                if care.corners:
                    for at in _OUTER:
                        seen |= in_viewport(world, centers + extent / 2 * at, sight.eye, sight.axes)
                centers = centers[seen & in_reach(spots, sight.eye, sight.distance)]
            centers = centers[~_meets(centers, extent, boxes)]
            if crowd is not None and not care.boxes:
                centers = centers[crowd.free(centers, euler)]
            if not len(centers):
                continue
            if rng is not None:
                cost = rng.random(len(centers))
            else:
                target = middle if focus is None else focus
                away = centers - target
                # A shelf at the focus's height beats one above or below it.
                cost = (
                    np.hypot(away[:, 0], away[:, 2])
                    + 0.7 * np.abs(centers[:, 1] - extent[1] / 2 - target[1])
                    + (0.02 if yaw else 0.0)
                )
            order = np.argsort(cost, kind="stable")
            if sight is None:
                far = order[TRIES :: max(1, len(order) // FAR_TRIES)]
                order = np.concatenate([order[:TRIES], far])
            else:
                order = order[: care.seen_tries]
            for pick in order:
                options.append((float(cost[pick]), centers[pick], euler))
    options.sort(key=lambda option: option[0])
    return options


def _centers(
    obj: SimObject,
    receptacle: SimObject,
    surface: Surface,
    middle: np.ndarray,
    yaw: float,
    tilt: tuple[float, float],
    spacing: float,
) -> np.ndarray:
    """A lattice (K, 3) over a surface on which the object fits, at the surface's height."""
    local = aligned_extent(obj.size, euler_matrix((tilt[0], yaw, tilt[1])))
    room_x, room_z = (surface.size[0] - local[0]) / 2, (surface.size[1] - local[2]) / 2
    if receptacle.type in SMALL_RECEPTACLES:
        room_x, room_z = max(room_x, 0.0), max(room_z, 0.0)
    if room_x < -MARGIN or room_z < -MARGIN:
        return np.zeros((0, 3))
    xs, zs = _lattice(max(room_x, 0.0), spacing), _lattice(max(room_z, 0.0), spacing)
    grid = np.stack(np.meshgrid(xs, zs, indexing="ij"), -1).reshape(-1, 2)
    axis_x, axis_z = receptacle.rotation[:, 0], receptacle.rotation[:, 2]
    return middle + grid[:, :1] * axis_x + grid[:, 1:] * axis_z


def _meets(centers: np.ndarray, extent: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Which boxes of ``extent`` (3,) about centers (K, 3) meet any of ``boxes`` (M, 2, 3): (K,)."""
    low, high = centers - extent / 2, centers + extent / 2
    inside = (low[:, None] < boxes[None, :, 1] - 1e-3) & (high[:, None] > boxes[None, :, 0] + 1e-3)
    return np.asarray(inside.all(-1).any(-1))


def _shown(world: World, obj: SimObject, option: Option, sight: Sight) -> int:
    """How many points of an object, 0 to ``_ALL_SHOWN``, would be in the picture, and not hidden.

    They are its middle and its top; only where neither can be seen, points of its surface.
    """
    _, center, euler = option
    turn = euler_matrix(euler)
    inner = center + aligned_extent(obj.size, turn) / 2 * _INNER
    eye, axes = sight.eye, sight.axes
    found = sum(_clear(world, p, eye) for p in inner[in_viewport(world, inner, eye, axes)])
    if found:
        return found
    points = obj.world_points[:: max(1, len(obj.world_points) // _OWN)]
    outer = center + (points - obj.center) @ (turn @ obj.rotation.T).T
    return int(any(_clear(world, p, eye) for p in outer[in_viewport(world, outer, eye, axes)]))


def _clear(world: World, point: np.ndarray, eye: np.ndarray) -> bool:
    hit = world.collision.ray(eye, point)
    return hit is None or hit.key == world.held


def _lattice(half: float, spacing: float) -> np.ndarray:
    count = int(2 * half / spacing) + 1
    return np.linspace(-half, half, count) if count > 1 else np.zeros(1)
