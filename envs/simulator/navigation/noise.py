"""The LoCoBot's imprecision: Gaussian noise on its steps and turns, seeded.

The n-th draw after ``SetRandomSeed`` depends on the seed and on n alone, so equal actions give
equal noise, and a restored snapshot repeats it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from envs.simulator.core.geometry import normal_degrees
from envs.simulator.world.world import World

# Draws beyond this many sigmas are cut, so that no step becomes a leap.
_CUT = 3.0


def _draw(world: World, sigma: float) -> float:
    rules = world.rules
    rng = np.random.default_rng([rules.random_seed, rules.random_calls])
    world.rules = replace(rules, random_calls=rules.random_calls + 1)
    return float(np.clip(rng.standard_normal(), -_CUT, _CUT)) * sigma


def moved(world: World, metres: float) -> float:
    """How far the agent gets that wants to walk so many metres."""
    settings = world.settings
    if settings.agentMode != "locobot" or not settings.movementGaussianSigma or not metres:
        return metres
    return max(0.0, metres + _draw(world, settings.movementGaussianSigma))


def turn(world: World) -> None:
    """Turns the agent by its noise, in degrees."""
    settings = world.settings
    if settings.agentMode == "locobot" and settings.rotateGaussianSigma:
        yaw = world.agent.yaw + _draw(world, settings.rotateGaussianSigma)
        world.agent = replace(world.agent, yaw=normal_degrees(yaw))
        world.carry()
