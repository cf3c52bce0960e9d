"""Finding room for an object on or in a receptacle.

Candidates are a lattice over the receptacle's support rectangles; a place is taken when the
object's box at it meets no other object's box. Deterministic: the nearest to a focus wins, or a
seeded shuffle decides. Where that finds nothing a closer search may follow: a finer lattice, the
object turned askew, and the shapes of furniture and screens, whose boxes are full of air, instead
of their boxes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

import numpy as np

from envs.simulator.core.geometry import aligned_extent, euler_matrix
from envs.simulator.core.object_types import object_type
from envs.simulator.meshes.mesh import Surface
from envs.simulator.world.objects import SimObject
from envs.simulator.world.overlap import blocking, sunk_in
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
# So many things that do not matter a place may be in before it is given up.
_MOST_IN = 12
# Where the points of a box are that tell whether it shows, as a share of its half.
_INNER = np.array([(0.0, 0.0, 0.0), (0.0, 0.8, 0.0)])
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
        boxes: Whether what is too large to be picked up bars its whole box, not its shape only.
        tries: How many places in full view are looked at more closely.
        seen_tries: How many of the best of one surface and turn may be passed over for one that
            can be seen.
    """

    spacing: float = SPACING
    turns: tuple[float, ...] = (0.0,)
    boxes: bool = True
    tries: int = TRIES
    seen_tries: int = 60


_USUAL = _Care()
_CLOSE = _Care(SPACING / 2, (0.0, 45.0), boxes=False, tries=40, seen_tries=240)


def _in_the_way(other: SimObject) -> bool:
    if other.is_("pickupable") or other.is_("moveable"):
        return True
    return other.type in ("Faucet", "Microwave", "Toaster", "CoffeeMachine")


def _obstacles(world: World, obj: SimObject, receptacle: SimObject, large: bool) -> np.ndarray:
    """Boxes (K, 2, 3) of loose objects, and ``large`` ones, that may stand in the way."""
    low, high = receptacle.low - 0.3, receptacle.high + 0.3
    low[1], high[1] = receptacle.low[1] - 0.05, receptacle.high[1] + 1.0
    boxes = []
    # A dish may stand in another object's box: what is put in it only shares it with its contents.
    inside = set(receptacle.contents()) if receptacle.is_("pickupable") else None
    for other in world.objects.values():
        if other is obj or other is receptacle or other.object_id == world.held:
            continue
        if inside is not None and other.object_id not in inside:
            continue
        if not _in_the_way(other) or not (large or other.is_("pickupable")):
            continue
        if receptacle.object_id in (other.metadata["receptacleObjectIds"] or ()):
            continue
        if (other.high < low).any() or (other.low > high).any():
            continue
        boxes.append((other.low, other.high))
    return np.array(boxes) if boxes else np.zeros((0, 2, 3))


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
    for hidden in (False, True) if sight is not None and sight.into else (False,):
        for care, tilts in product((_USUAL, _CLOSE) if closely and not hidden else (_USUAL,), ways):
            turned = tuple(yaw + turn for turn in care.turns for yaw in yaws)
            options = _options(world, obj, receptacle, focus, rng, turned, tilts, sight, care)
            places = _in_turn(world, obj, options, sight, care, hidden)
            found = _first(world, obj, receptacle, places, hung, care)
            if found is not None:
                return found
    return None


def _first(
    world: World,
    obj: SimObject,
    receptacle: SimObject,
    places: Iterator[Option],
    hung: bool,
    care: _Care,
) -> tuple[np.ndarray, np.ndarray] | None:
    """The first place where the object reaches into no furniture and no wall."""
    second: tuple[np.ndarray, np.ndarray] | None = None
    for _, center, euler in places:
        if not care.boxes and _in_a_shape(world, obj, center, euler, receptacle):
            continue
        found = None if hung else sunk_in(world, obj, center, euler)
        if found is None or found[1] <= SUNK:
            return center, euler
        # Recorded boxes of furniture may leave more room than its shape here.
        if second is None and found[0] == receptacle.object_id and found[1] < SUNK_IN_OWN:
            second = center, euler
    return second


def _in_a_shape(
    world: World, obj: SimObject, center: np.ndarray, euler: np.ndarray, receptacle: SimObject
) -> bool:
    """Whether the object would be in something large in its way, other than the receptacle."""
    ignored = [receptacle.object_id]
    while (key := blocking(world, obj, center, euler, ignored)) is not None:
        ignored.append(key)
        other = world.objects.get(key)
        large = other is not None and _in_the_way(other) and not other.is_("pickupable")
        if large or len(ignored) > _MOST_IN:
            return True
    return False


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
) -> list[Option]:
    """(cost, centre (3,), Euler angles (3,)) of free places, best first."""
    boxes = _obstacles(world, obj, receptacle, care.boxes)
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
                if care is _CLOSE:
                    for at in _OUTER:
                        seen |= in_viewport(world, centers + extent / 2 * at, sight.eye, sight.axes)
                centers = centers[seen & in_reach(spots, sight.eye, sight.distance)]
            centers = centers[~_meets(centers, extent, boxes)]
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

    They are its middle and its top; only where neither can be seen, the corners of its box.
    """
    _, center, euler = option
    half = aligned_extent(obj.size, euler_matrix(euler)) / 2
    inner, outer = center + half * _INNER, center + half * _OUTER
    eye, axes = sight.eye, sight.axes
    found = sum(_clear(world, p, eye) for p in inner[in_viewport(world, inner, eye, axes)])
    if found:
        return found
    return int(any(_clear(world, p, eye) for p in outer[in_viewport(world, outer, eye, axes)]))


def _clear(world: World, point: np.ndarray, eye: np.ndarray) -> bool:
    hit = world.collision.ray(eye, point)
    return hit is None or hit.key == world.held


def _lattice(half: float, spacing: float) -> np.ndarray:
    count = int(2 * half / spacing) + 1
    return np.linspace(-half, half, count) if count > 1 else np.zeros(1)
