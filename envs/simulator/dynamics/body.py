"""What moves: a free body's course so far, what goes with it, and where nothing may go."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from panda3d.bullet import BulletRigidBodyNode
from panda3d.core import TransformState, Vec3

from envs.simulator.world.objects import SimObject
from envs.simulator.world.world import World

# At rest is what moved less than this in two spans of steps: metres, cosine of the turn.
STILL, STILL_TURN = 0.0012, float(np.cos(np.radians(1.2)))
SLOW, SLOW_TURN = 0.04, 0.35
BUILT_IN = frozenset({"Drawer", "Shelf", "Cabinet"})


@dataclass(eq=False)
class Body:
    """A free object: what it did so far.

    Attributes:
        obj: The object.
        carried: What lies in it and moves with it.
        impact: Hardest sudden change of its velocity, m/s.
        struck: Keys of what is fixed and it met hard, with the impulse in N s.
        woken: Whether it ever moved.
        thickness: Half its least extent, metres.
        caught: How often it had to be brought back before a surface.
    """

    obj: SimObject
    node: BulletRigidBodyNode
    carried: list[SimObject]
    thickness: float = 0.0
    impact: float = 0.0
    struck: dict[str, float] = field(default_factory=dict)
    woken: bool = False
    velocity: Vec3 = field(default_factory=lambda: Vec3(0, 0, 0))
    last: TransformState = field(default_factory=TransformState.makeIdentity)
    bump: Vec3 = field(default_factory=lambda: Vec3(0, 0, 0))
    bumped: int = 0
    mark: TransformState = field(default_factory=TransformState.makeIdentity)
    still: int = 0
    caught: int = 0

    def look_back(self) -> bool:
        """Whether it stayed put in the last two spans; to be asked once a span."""
        now = self.node.getTransform()
        shift = (now.getPos() - self.mark.getPos()).length()
        turn = abs(now.getQuat().dot(self.mark.getQuat()))
        put = shift < STILL and 2 * turn * turn - 1 > STILL_TURN
        self.still = self.still + 1 if put else 0
        self.mark = now
        return self.still >= 2

    def pose(self) -> tuple[np.ndarray, np.ndarray]:
        """Centre (3,) and rotation (3, 3), AI2-THOR's axes."""
        matrix = self.node.getTransform().getMat()
        rows = np.array([[matrix.getCell(i, j) for j in range(3)] for i in range(3)]).T
        at = matrix.getRow3(3)
        order = [0, 2, 1]
        return np.array([at[0], at[2], at[1]]), rows[order][:, order]

    def motion(self) -> tuple[np.ndarray, np.ndarray]:
        """Linear (m/s) and angular (rad/s) velocity, (3,) each, AI2-THOR's axes."""
        v, w = self.node.getLinearVelocity(), self.node.getAngularVelocity()
        # Swapping two axes mirrors space, and mirrors turn rotations round.
        return np.array([v[0], v[2], v[1]]), -np.array([w[0], w[2], w[1]])

    def is_slow(self) -> bool:
        """Whether it hardly moves."""
        return (
            self.node.getLinearVelocity().length() < SLOW
            and self.node.getAngularVelocity().length() < SLOW_TURN
        )


def contents_of(world: World, obj: SimObject) -> list[SimObject]:
    """Everything that an object carries, at any depth."""
    found: list[SimObject] = []
    queue = [obj]
    while queue:
        for inside in world.riders(queue.pop()):
            item = world.objects[inside]
            if item is not obj and item not in found:
                found.append(item)
                queue.append(item)
    return found


def parts_of(world: World, obj: SimObject) -> list[SimObject]:
    """The drawers and shelves of a piece of furniture that can be moved, which go where it goes."""
    if obj.is_("pickupable") or not obj.is_("moveable"):
        return []
    low, high = obj.low - 0.05, obj.high + 0.05
    return [
        o
        for o in world.objects.values()
        if o.type in BUILT_IN
        and o is not obj
        and (o.center > low).all()
        and (o.center < high).all()
    ]


def rigid_with(world: World, obj: SimObject) -> list[SimObject]:
    """What moves as one with an object: its drawers, what lies in or on it, what is fastened."""
    found = contents_of(world, obj)
    fastened = [o for k in world.rules.fastened_to(obj.object_id) if (o := world.objects.get(k))]
    for part in (*parts_of(world, obj), *fastened):
        found += [o for o in (part, *contents_of(world, part)) if o not in found]
    return found


def extent(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Corners (3,) of the box that nothing may leave."""
    low, high = world.low, world.high
    if len(world.grid_points):
        low[[0, 2]] = np.minimum(low[[0, 2]], world.grid_points.min(0) - 0.3)
        high[[0, 2]] = np.maximum(high[[0, 2]], world.grid_points.max(0) + 0.3)
    low[1] = min(low[1], 0.0)
    high[1] = max(high[1], 2.5)
    return low, high
