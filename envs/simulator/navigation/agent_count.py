"""How many agents there are, and where those beside the first begin."""

from __future__ import annotations

import math
from dataclasses import replace

from envs.simulator.core.errors import ActionFailed
from envs.simulator.core.geometry import normal_degrees
from envs.simulator.navigation.navigation import AGENT_GAP
from envs.simulator.navigation.reachable import reachable_positions
from envs.simulator.world.world import World

# Agents begin this much farther apart than they must stay, so that each can turn to any side.
_ROOM = 0.35


def set_count(world: World, count: int, turned_by: float = 0.0) -> None:
    """Brings in or takes away agents until there are ``count``.

    New ones stand on free floor near the first one, each turned ``turned_by`` degrees more than
    the one before.

    Raises:
        ActionFailed: If the room has no place for them; nothing has changed then.
    """
    if count < 1:
        raise ActionFailed(f"agentCount must be at least 1, not {count}.")
    keeping = [i for i in range(count, len(world.agents)) if world.hands[i] is not None]
    if keeping:
        raise ActionFailed(
            f"Agent {keeping[0]} holds {world.hands[keeping[0]]}; let it put that down before "
            f"agentCount goes to {count}."
        )
    world.active = 0
    agents = list(world.agents[:count])
    if len(agents) < count:
        places = reachable_positions(world, world.settings.gridSize)
        for place in places:
            gaps = [math.hypot(a.x - place["x"], a.z - place["z"]) for a in agents]
            if min(gaps) < AGENT_GAP + _ROOM:
                continue
            yaw = normal_degrees(agents[0].yaw + turned_by * len(agents))
            agents.append(
                replace(agents[0], x=place["x"], z=place["z"], yaw=yaw, horizon=0.0, standing=True)
            )
            if len(agents) == count:
                break
        else:
            raise ActionFailed(
                f"agentCount {count} is too many: {world.scene_name} has room for {len(agents)}."
            )
    world.agents = agents
    world.hands = [*world.hands[:count], *[None] * (count - len(world.hands))]
    world.map_views = {i for i in world.map_views if i < count}
