"""Remembering and restoring the whole state of a room.

A snapshot is immutable and cheap: metadata dicts are copied shallowly, since their values are
replaced and never mutated. It belongs to the scene and appearance it was taken in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from envs.simulator.core.agent import Agent
from envs.simulator.core.settings import RoomSettings
from envs.simulator.rendering.third_party_camera import ThirdPartyCamera
from envs.simulator.world.objects import SimObject
from envs.simulator.world.room_state import Rules, Traits
from envs.simulator.world.world import World


@dataclass(frozen=True)
class _Saved:
    obj: SimObject
    metadata: dict
    center: np.ndarray
    euler: np.ndarray
    moved: bool
    traits: Traits


@dataclass(frozen=True)
class Snapshot:
    """Everything that actions can change."""

    scene_version: int
    agents: tuple[Agent, ...]
    hands: tuple[str | None, ...]
    active: int
    cameras: tuple[ThirdPartyCamera, ...]
    map_views: frozenset[int]
    settings: RoomSettings
    rules: Rules
    motion: tuple[tuple[str, tuple[np.ndarray, np.ndarray]], ...]
    auto_simulation: bool
    disabled: tuple[_Saved, ...]
    objects: tuple[_Saved, ...]


def _saved(obj: SimObject) -> _Saved:
    return _Saved(obj, dict(obj.metadata), obj.center, obj.euler, obj.moved, obj.traits)


def _reinstate(saved: _Saved) -> None:
    obj = saved.obj
    obj.metadata.clear()
    obj.metadata.update(saved.metadata)
    obj.center, obj.euler, obj.moved = saved.center, saved.euler, saved.moved
    obj.traits = saved.traits


def take(world: World) -> Snapshot:
    """The state of the world now."""
    return Snapshot(
        scene_version=world.scene_version,
        agents=tuple(world.agents),
        hands=tuple(world.hands),
        active=world.active,
        cameras=tuple(world.cameras),
        map_views=frozenset(world.map_views),
        settings=world.settings,
        rules=world.rules,
        motion=tuple(world.motion.items()),
        auto_simulation=world.auto_simulation,
        disabled=tuple(_saved(t) for t in world.disabled.values()),
        objects=tuple(_saved(t) for t in world.objects.values()),
    )


def restore(world: World, snapshot: Snapshot) -> None:
    """Puts the world back.

    Raises:
        ValueError: If the room was reset or rebuilt since the snapshot was taken.
    """
    if snapshot.scene_version != world.scene_version:
        raise ValueError(
            f"The snapshot is of load {snapshot.scene_version} of the room, but the room is at "
            f"load {world.scene_version}: take a new snapshot after every reset."
        )
    for held in world.hands:
        if held is not None:
            _set_held_solid(world, held, True)
    keep = {saved.obj.object_id for saved in snapshot.objects}
    for object_id in [i for i in world.objects if i not in keep]:
        world.remove(object_id)
    world.agents, world.hands = list(snapshot.agents), list(snapshot.hands)
    world.active, world.settings = snapshot.active, snapshot.settings
    world.cameras, world.map_views = list(snapshot.cameras), set(snapshot.map_views)
    world.rules = snapshot.rules
    world.disabled = {s.obj.object_id: s.obj for s in snapshot.disabled}
    for saved in snapshot.disabled:
        _reinstate(saved)
    world.motion, world.auto_simulation = dict(snapshot.motion), snapshot.auto_simulation
    for saved in snapshot.objects:
        obj = saved.obj
        obj.traits = saved.traits
        now = world.objects.get(obj.object_id)
        back = now is not obj
        same = (
            not back
            and obj.center is saved.center
            and obj.euler is saved.euler
            and obj.metadata == saved.metadata
        )
        if same:
            continue
        _reinstate(saved)
        if back:
            obj.refresh()
            # Another under its id has another shape.
            (world.add if now is None else world.swap)(obj)
        else:
            world.update(obj)
    world.objects = {s.obj.object_id: s.obj for s in snapshot.objects}
    for held in world.hands:
        if held is not None:
            _set_held_solid(world, held, False)


def _set_held_solid(world: World, object_id: str, solid: bool) -> None:
    world.collision.set_solid(object_id, solid)
    for inside in world.objects[object_id].contents():
        world.collision.set_solid(inside, solid)
