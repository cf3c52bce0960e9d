"""Moving and turning what is held.

The hand is a pose in the camera's axes (right, up, ahead) and a turn relative to the agent's yaw;
both belong to the agent and return to rest when the hand becomes empty.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from envs.simulator.core.agent import Agent
from envs.simulator.core.errors import ActionFailed
from envs.simulator.core.geometry import (
    euler_matrix,
    matrix_euler,
    triple,
)
from envs.simulator.world.objects import SimObject
from envs.simulator.world.overlap import blocking, name_of
from envs.simulator.world.visibility import in_viewport
from envs.simulator.world.world import World

_STEP = 0.05
# Farther than any reach, metres.
FARTHEST = 1e4


def held_object(world: World, what: str = "move hand") -> SimObject:
    """What the acting agent holds.

    Raises:
        ActionFailed: If it holds nothing.
    """
    if world.held is None:
        raise ActionFailed(f"Agent can only {what} if holding an item")
    return world.objects[world.held]


def move(world: World, right: float, up: float, ahead: float, force_visible: bool) -> None:
    """Moves the held object by metres along the camera's axes.

    Raises:
        ActionFailed: If the hand is empty, or the object would leave reach or view or hit
            something; it stays where it was.
    """
    obj, agent = held_object(world), world.agent
    right, up, ahead = (float(np.clip(v, -FARTHEST, FARTHEST)) for v in (right, up, ahead))
    wanted = np.asarray(agent.hand) + [right, up, ahead]
    reach = world.settings.visibilityDistance
    if float(np.linalg.norm(wanted)) > reach + 1e-6:
        raise ActionFailed(
            "The target position is out of range: object cannot move outside of max visibility "
            f"distance ({reach:g} m from the camera)."
        )
    place = agent.eye + agent.eye_rotation @ wanted
    if force_visible:
        if not in_viewport(world, place[None], agent.eye, agent.eye_rotation)[0]:
            raise ActionFailed("The target position is not in view, and forceVisible is on.")
    length = float(np.linalg.norm([right, up, ahead]))
    for share in np.linspace(0, 1, max(1, math.ceil(length / _STEP)) + 1)[1:]:
        here = np.asarray(agent.hand) + np.array([right, up, ahead]) * share
        at = agent.eye + agent.eye_rotation @ here
        _check_free(world, obj, at, obj.euler, "move")
    world.agent = replace(agent, hand=triple(wanted))
    world.carry()


def reach_ahead(world: World, farthest: float) -> None:
    """Moves the held object ahead as far as there is room, at most ``farthest`` metres.

    Raises:
        ActionFailed: If the hand is empty.
    """
    held_object(world, "drop")
    for ahead in np.arange(farthest, 0.0, -_STEP):
        try:
            move(world, 0.0, 0.0, float(ahead), False)
        except ActionFailed:
            continue
        return


def turn(world: World, pitch: float, yaw: float, roll: float) -> None:
    """Turns the held object by degrees: about the agent's up axis, its right, then its forward one.

    A positive roll tips it over to the right, which is negative about the forward axis.

    Raises:
        ActionFailed: If the hand is empty, or the object would hit something.
    """
    obj = held_object(world, "rotate hand")
    agent = world.agent
    base = euler_matrix((0.0, agent.yaw, 0.0))
    roll_pitch = euler_matrix((0.0, 0.0, -roll)) @ euler_matrix((pitch, 0.0, 0.0))
    change = roll_pitch @ euler_matrix((0.0, yaw, 0.0))
    local = change @ base.T @ obj.rotation
    _turn_to(world, obj, matrix_euler(local))


def set_turn(world: World, euler: np.ndarray) -> None:
    """Turns the held object to Euler angles (3,) degrees relative to the agent's yaw.

    Raises:
        ActionFailed: If the hand is empty, or the object would hit something.
    """
    _turn_to(world, held_object(world, "rotate hand"), np.asarray(euler, dtype=float))


def _turn_to(world: World, obj: SimObject, wrist: np.ndarray) -> None:
    agent = replace(world.agent, wrist=triple(wrist))
    center, euler = agent.hold_pose
    _check_free(world, obj, center, euler, "rotate")
    world.agent = agent
    world.carry()


def _check_free(
    world: World, obj: SimObject, center: np.ndarray, euler: np.ndarray, what: str
) -> None:
    key = blocking(world, obj, center, euler)
    if key is not None:
        raise ActionFailed(
            f"{name_of(world, key)} is in the way of the held object: cannot {what} it there."
        )


def grip_in_place(world: World, obj: SimObject) -> None:
    """Sets the hand to where an object is now, so that picking it up moves nothing."""
    agent = world.agent
    local = agent.eye_rotation.T @ (obj.center - agent.eye)
    wrist = matrix_euler(euler_matrix((0.0, agent.yaw, 0.0)).T @ obj.rotation)
    world.agent = replace(agent, hand=triple(local), wrist=triple(wrist))


def rest(world: World, index: int | None = None) -> None:
    """Brings an agent's empty hand, by default the acting one's, back to its resting place."""
    index = world.active if index is None else index
    fresh = Agent()
    world.agents[index] = replace(world.agents[index], hand=fresh.hand, wrist=fresh.wrist)
