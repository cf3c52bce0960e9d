"""One simulation: a Bullet world made for it, in which some objects of the room are free to move.

Made anew from the room's state each time, in an order that depends on nothing but object ids, and
stepped in fixed steps, so that equal states give equal outcomes to the last bit. Furniture and
walls are their exact triangles; what moves is convex (``convex_pieces``). Loose objects near by
are asleep until something touches them; open vessels stay put, so that others can land in them.
"""

from __future__ import annotations

import numpy as np
from panda3d.bullet import (
    BulletBoxShape,
    BulletCapsuleShape,
    BulletPlaneShape,
    BulletRigidBodyNode,
    BulletShape,
    BulletWorld,
    ZUp,
)
from panda3d.core import BitMask32, Point3, TransformState, Vec3

from envs.simulator.core.agent import AGENT_HEIGHT, AGENT_RADIUS
from envs.simulator.dynamics.body import BUILT_IN, Body, extent, rigid_with
from envs.simulator.dynamics.convex_pieces import ROUND, Piece, bullet_shape, pieces_of
from envs.simulator.world.collision import panda_transform
from envs.simulator.world.objects import SimObject
from envs.simulator.world.world import World

GRAVITY = 9.81
STEP = 1 / 128
MAX_SPEED = 12.0
ROLLING = 0.5
BUMP, BUMP_STEPS = 1.0, 10
WINDOW = 16
STUCK_AFTER = 12
HARD = 2.0
_VESSELS = frozenset({"Bowl", "Plate", "Pan", "Pot", "Box", "GarbageCan", "LaundryHamper", "Sink"})
_PANES = frozenset({"Window", "ShowerDoor", "ShowerGlass"})
_BOUNCY = frozenset({"BasketBall", "SoccerBall", "TennisBall"})
_STATIC = BitMask32.bit(0) | BitMask32.bit(1)
_MOVING = BitMask32.bit(1)
_RAY = BitMask32.bit(0)


class Engine:
    """Moves some objects of a room.

    Args:
        world: The room; it is only read.
        movers: Ids of what moves, with linear (m/s) and angular (rad/s) velocity, (3,) each.
        frozen: Ids of loose objects that must stay put.
    """

    def __init__(
        self,
        world: World,
        movers: dict[str, tuple[np.ndarray, np.ndarray]],
        frozen: frozenset[str] = frozenset(),
    ) -> None:
        self._world = world
        self._bullet = BulletWorld()
        self._bullet.setGravity(Vec3(0, 0, -GRAVITY))
        self._key_of: dict[str, str] = {}
        self.bodies: dict[str, Body] = {}
        carried = {i.object_id for m in movers for i in rigid_with(world, world.objects[m])}
        free = self._loose(movers, carried | frozen)
        self._fixed(set(movers) | carried | free)
        for key in sorted(set(movers) | free):
            self._free(world.objects[key], movers.get(key))
        for key, (linear, angular) in sorted(movers.items()):
            self._set_motion(self.bodies[key], linear, angular)
            self._clear_start(self.bodies[key])

    # ---- building ----
    def _loose(self, movers: dict, excluded: set[str]) -> set[str]:
        found = set()
        for key, obj in self._world.objects.items():
            if key in movers or key in excluded or not obj.is_("pickupable"):
                continue
            if obj.type in _VESSELS or obj.contents() or key in self._world.hands:
                continue
            if obj.traits.kinematic:
                continue
            holders = obj.metadata["parentReceptacles"] or ()
            if any(
                p in self._world.objects and self._world.objects[p].is_("pickupable")
                for p in holders
            ):
                continue
            found.add(key)
        return found

    def _attach(self, node: BulletRigidBodyNode) -> None:
        self._bullet.attach(node)

    def _still(self, key: str, shape: BulletShape, place: TransformState) -> None:
        name = f"{key}#{len(self._key_of)}"
        node = BulletRigidBodyNode(name)
        node.addShape(shape)
        node.setTransform(place)
        node.setFriction(0.7)
        node.setIntoCollideMask(_STATIC)
        self._key_of[name] = key
        self._attach(node)

    def _fixed(self, moving: set[str]) -> None:
        world = self._world
        high_up = max(
            (float(world.objects[k].center[1]) for k in moving if k in world.objects), default=0.0
        )
        for key, shape, place, solid in world.collision.parts():
            if key in moving or not solid or key in world.hands:
                continue
            if world.fixtures.get(key) == "Ceiling" and place.getPos()[2] < high_up:
                continue
            self._still(key, shape, place)
        for obj in world.objects.values():
            if obj.type in _PANES and obj.openness == 0:
                x, y, z = np.maximum(obj.size / 2, 0.01).tolist()
                box = BulletBoxShape(Vec3(x, z, y))
                self._still(obj.object_id, box, panda_transform(obj.rotation, obj.center))
        low, high = extent(world)
        for axis, panda_axis in ((0, 0), (2, 1)):
            for side, edge in ((1, low[axis]), (-1, high[axis])):
                normal = Vec3(0, 0, 0)
                normal[panda_axis] = side
                plane = BulletPlaneShape(normal, float(side * edge))
                self._still("", plane, TransformState.makeIdentity())
        floor = BulletPlaneShape(Vec3(0, 0, 1), float(low[1]) - 0.013)
        self._still("", floor, TransformState.makeIdentity())
        body = BulletCapsuleShape(AGENT_RADIUS, AGENT_HEIGHT - 2 * AGENT_RADIUS, ZUp)
        for agent in world.agents:
            at = Point3(agent.x, agent.z, world.floor_y + AGENT_HEIGHT / 2 + 0.01)
            self._still("agent", body, TransformState.makePos(at))

    def _free(self, obj: SimObject, motion: tuple | None) -> None:
        inside = rigid_with(self._world, obj) if motion is not None else []
        node = BulletRigidBodyNode(obj.object_id)
        self._key_of[obj.object_id] = obj.object_id
        thinnest = 1.0
        rows: list[tuple[Piece, np.ndarray | None, np.ndarray | None]] = [
            (p, None, None) for p in pieces_of(obj)
        ]
        for item in inside:
            if item.type in BUILT_IN:
                continue
            turn = obj.rotation.T @ item.rotation
            shift = obj.rotation.T @ (item.center - obj.center)
            rows += [(p, turn, shift) for p in pieces_of(item)]
        for piece, turn_in, shift_in in rows:
            shape, place = bullet_shape(piece, turn_in, shift_in)
            node.addShape(shape, place)
            size = piece.radius or float(np.ptp(piece.points, axis=0).min()) / 2
            thinnest = min(thinnest, max(size, 0.004))
        mass = float(obj.metadata["mass"]) + sum(float(i.metadata["mass"]) for i in inside)
        node.setMass(max(mass, 0.05))
        node.setTransform(panda_transform(obj.rotation, obj.center))
        node.setIntoCollideMask(_MOVING)
        bouncy, round_ = obj.type in _BOUNCY, obj.type in ROUND
        node.setFriction(0.6)
        node.setRestitution(0.75 if bouncy else 0.15)
        # A rolling object is slowed by its own softness more than by AI2-THOR's default drag.
        own = max(obj.traits.angular_drag, 0.4 if bouncy else 0.99 if round_ else 0.8)
        node.setLinearDamping(min(max(obj.traits.drag, 0.05), 1.0))
        node.setAngularDamping(min(own, 1.0))
        node.setCcdMotionThreshold(thinnest)
        node.setCcdSweptSphereRadius(thinnest * 0.8)
        node.setDeactivationEnabled(motion is None)
        self._attach(node)
        body = Body(obj, node, inside, thinnest, last=node.getTransform())
        if motion is None:
            node.setActive(False, True)
        self.bodies[obj.object_id] = body

    def _set_motion(self, body: Body, linear: np.ndarray, angular: np.ndarray) -> None:
        speed = float(np.linalg.norm(linear))
        if speed > MAX_SPEED:
            linear = linear * (MAX_SPEED / speed)
        body.node.setLinearVelocity(Vec3(float(linear[0]), float(linear[2]), float(linear[1])))
        turn = -np.asarray(angular, dtype=float)
        body.node.setAngularVelocity(Vec3(float(turn[0]), float(turn[2]), float(turn[1])))
        body.velocity = body.node.getLinearVelocity()
        body.node.setActive(True, True)
        body.woken = True

    def put(self, key: str, center: np.ndarray) -> None:
        """Moves a body's centre (3,) before the run."""
        body = self.bodies[key]
        self._bullet.remove(body.node)
        place = body.node.getTransform()
        body.node.setTransform(
            place.setPos(Point3(float(center[0]), float(center[2]), float(center[1])))
        )
        self._bullet.attach(body.node)
        body.node.setActive(True, True)
        body.last = body.node.getTransform()

    def overlaps(self, key: str) -> dict[str, float]:
        """How deep, in metres, a body lies in what is fixed, by its key."""
        found: dict[str, float] = {}
        result = self._bullet.contactTest(self.bodies[key].node)
        for contact in result.getContacts():
            names = (contact.getNode0().getName(), contact.getNode1().getName())
            other = next((n for n in names if n != key), None)
            depth = -float(contact.getManifoldPoint().getDistance())
            if other is not None and "#" in other and depth > 0:
                name = self._key_of[other]
                found[name] = max(found.get(name, 0.0), depth)
        return found

    def touching(self, key: str) -> list[str]:
        """What a body lies on: keys of objects it touches below its middle, lowest point first."""
        node = self.bodies[key].node
        middle = node.getTransform().getPos()[2]
        found: dict[str, float] = {}
        for contact in self._bullet.contactTest(node).getContacts():
            point = contact.getManifoldPoint()
            names = (contact.getNode0().getName(), contact.getNode1().getName())
            other = next((self._key_of[n] for n in names if n != key), "")
            height = float(point.getPositionWorldOnB()[2])
            if other and other != "agent" and height < middle:
                found[other] = min(found.get(other, height), height)
        return sorted(found, key=lambda k: (found[k], k))

    def _clear_start(self, body: Body) -> None:
        """Lets go of what a body is deep in from the start: nothing may be shot out of it."""
        furniture = not body.obj.is_("pickupable")
        for key, depth in self.overlaps(body.obj.object_id).items():
            if key == "agent" or furniture and depth > 0.002 and not self._is_floor(key):
                for node in list(self._bullet.getRigidBodies()):
                    if self._key_of.get(node.getName()) == key:
                        self._bullet.remove(node)

    def _is_floor(self, key: str) -> bool:
        obj = self._world.objects.get(key)
        type_name = obj.type if obj is not None else self._world.fixtures.get(key, "")
        return type_name in ("Floor", "Ground", "") and not key.startswith("agent")

    # ---- stepping ----
    def run(self, seconds: float, until_rest: bool = True, step: float = STEP) -> bool:
        """Steps on; returns whether everything came to rest."""
        steps = max(1, round(seconds / step))
        for index in range(steps):
            if until_rest and index == steps // 3:
                self._calm()
            self._bullet.doPhysics(step, 1, step)
            active = [b for b in self.bodies.values() if b.node.isActive()]
            for body in active:
                self._watch(body, step)
            # Spans of very short steps would call everything at rest.
            if (until_rest or step > STEP / 2) and index % WINDOW == WINDOW - 1:
                # Every body is asked, since each keeps its own count.
                put = [body.look_back() for body in active]
                if all(put):
                    return True
        return not until_rest and all(b.is_slow() for b in self.bodies.values() if b.woken)

    def _calm(self) -> None:
        """Takes speed out of what has not come to rest by now, so that it does."""
        for body in self.bodies.values():
            if body.node.isActive():
                body.node.setLinearDamping(0.9)
                body.node.setAngularDamping(0.998)

    def _watch(self, body: Body, step: float) -> None:
        node = body.node
        body.woken = True
        now, place = node.getLinearVelocity(), node.getTransform()
        sudden = now - body.velocity
        sudden.setZ(sudden.getZ() + GRAVITY * step)
        change = sudden.length()
        if change > body.impact:
            body.impact = change
            if change > HARD:
                self._note_struck(body, change)
        if change > BUMP and body.obj.type not in _BOUNCY:
            body.bump, body.bumped = sudden / change, BUMP_STEPS
        if body.bumped > 0:
            # Bullet pushes out what sank into a wall; that must not throw it back.
            body.bumped -= 1
            back = now.dot(body.bump)
            if back > 0:
                now = now - body.bump * back
                node.setLinearVelocity(now)
        if now.length() > MAX_SPEED:
            node.setLinearVelocity(now * (MAX_SPEED / now.length()))
        elif body.obj.type in ROUND and now.length() < ROLLING and abs(now.getZ()) < 0.05:
            # Fruit is no perfect ball: it rolls to a stop within a hand's breadth.
            node.setLinearVelocity(now * (1 - 5 * step))
        start, end = body.last.getPos(), place.getPos()
        if (end - start).lengthSquared() > 1e-8:
            # Whatever is quick and thin may slip through a wall between two steps.
            hit = self._bullet.rayTestClosest(start, end, _RAY)
            if hit.hasHit() and not hit.getNode().getName().startswith("agent#"):
                place = self._catch(body, end - start, hit.getHitPos(), hit.getHitNormal())
        body.velocity, body.last = node.getLinearVelocity(), place

    def _catch(self, body: Body, way: Vec3, at: Point3, normal: Vec3) -> TransformState:
        """Puts a body that went through a surface before it; its speed is gone."""
        node = body.node
        if normal.dot(way) > 0:
            normal = -normal
        place = body.last.setPos(at + normal * (body.thickness + 0.004))
        self._bullet.remove(node)
        node.setTransform(place)
        node.setLinearVelocity(Vec3(0, 0, 0))
        self._bullet.attach(node)
        node.setActive(True, True)
        body.caught += 1
        if body.caught >= STUCK_AFTER:
            # Wedged into something: no step gets it out.
            node.setAngularVelocity(Vec3(0, 0, 0))
            node.setLinearFactor(Vec3(0, 0, 0))
            node.setAngularFactor(Vec3(0, 0, 0))
        return place

    def _note_struck(self, body: Body, change: float) -> None:
        for key in self.overlaps(body.obj.object_id):
            impulse = change * float(body.node.getMass())
            body.struck[key] = max(body.struck.get(key, 0.0), impulse)
