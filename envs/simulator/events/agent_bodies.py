"""What agents look like to each other and to third-party cameras: a plain round robot."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from envs.simulator.core.agent import AGENT_RADIUS, STANDING_Y, Agent
from envs.simulator.core.camera import Camera
from envs.simulator.core.geometry import euler_matrix
from envs.simulator.meshes.maker import Maker
from envs.simulator.meshes.mesh import Mesh
from envs.simulator.rendering.renderer import Renderer
from envs.simulator.world.world import World

TYPE = "Agent"
TALL = 1.75
CROUCHED = 1.05
_TINTS = ((0.92, 0.55, 0.25), (0.3, 0.55, 0.85), (0.4, 0.7, 0.4), (0.75, 0.4, 0.7))


@lru_cache(maxsize=8)
def body_mesh(height: float, tint: int) -> Mesh:
    """The body in a box of ``height`` metres; its visor looks to +z."""
    made = Maker((2 * AGENT_RADIUS, height, 2 * AGENT_RADIUS), 0)
    low, top = -height / 2, height / 2
    neck = top - 0.34
    accent = _TINTS[tint % len(_TINTS)]
    made.lathe(
        [
            (0.0, low),
            (AGENT_RADIUS, low),
            (AGENT_RADIUS, low + 0.1),
            (0.13, low + 0.2),
            (0.15, neck - 0.25),
            (0.17, neck - 0.1),
            (0.08, neck),
            (0.0, neck),
        ],
        (0.86, 0.87, 0.88),
    )
    made.rod((0, neck + 0.02, 0), 0.06, 0.08, (0.25, 0.26, 0.28))
    made.ball((0, top - 0.16, 0), (0.14, 0.16, 0.14), accent)
    made.ball((0, top - 0.15, 0.06), (0.11, 0.07, 0.1), (0.08, 0.09, 0.12))
    made.rod((0, neck - 0.17, 0), 0.172, 0.05, accent, segments=14)
    return made.mesh(fit=False)


def are_shown(world: World) -> bool:
    """Whether any picture shows a body."""
    return world.settings.makeAgentsVisible and (len(world.agents) > 1 or bool(world.cameras))


def show(world: World, renderer: Renderer, camera: Camera, own: int | None = None) -> None:
    """Draws every agent's body but ``own``, and but one that the camera is inside of."""
    hide(renderer)
    for index, agent in enumerate(world.agents):
        inside = np.hypot(camera.position[0] - agent.x, camera.position[2] - agent.z) < AGENT_RADIUS
        if index != own and not inside:
            _place(renderer, index, agent)


def hide(renderer: Renderer) -> None:
    """Takes every body out of the picture."""
    for key in renderer.keys:
        if key.startswith(f"{TYPE}|") and renderer.has(key):
            renderer.set_visible(key, False)


def _place(renderer: Renderer, index: int, agent: Agent) -> None:
    posture = "standing" if agent.standing else "crouched"
    height = TALL if agent.standing else CROUCHED
    key = f"{TYPE}|{index}|{posture}"
    position = np.array([agent.x, agent.y - STANDING_Y + height / 2, agent.z])
    turn = euler_matrix((0.0, agent.yaw, 0.0))
    if renderer.has(key):
        renderer.move(key, position, turn)
        renderer.set_visible(key, True)
    else:
        renderer.add(key, body_mesh(height, index), position, turn)
