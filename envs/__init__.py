"""Gymnasium environments of household tasks on any AI2-THOR backend.

``gymnasium.make("ThorKitchen-v1")`` works after ``import envs``. Importing this module loads
neither ai2thor nor the simulator.
"""

from __future__ import annotations

from typing import Any

from gymnasium.envs.registration import register, registry

# A version is raised when seeds begin to mean other tasks.
ENVIRONMENTS: dict[str, dict[str, Any]] = {
    "ThorKitchen-v1": {"action_level": "skill"},
    "ThorKitchenPrimitive-v1": {"action_level": "primitive"},
    "ThorKitchenFind-v1": {"action_level": "skill", "families": ("find",)},
    "ThorKitchenPickAndPlace-v1": {"action_level": "skill", "families": ("pick_and_place",)},
    "ThorKitchenOpenClose-v1": {"action_level": "skill", "families": ("open", "close")},
    "ThorKitchenToggle-v1": {"action_level": "skill", "families": ("toggle",)},
    "ThorKitchenSlice-v1": {"action_level": "skill", "families": ("slice",)},
    "ThorLivingRoom-v0": {"action_level": "skill", "room": "living_room"},
    "ThorBedroom-v0": {"action_level": "skill", "room": "bedroom"},
    "ThorBathroom-v0": {"action_level": "skill", "room": "bathroom"},
    "ThorHousehold-v1": {"action_level": "skill", "room": "any"},
}

for _name, _options in ENVIRONMENTS.items():
    if _name not in registry:
        register(
            _name,
            entry_point="envs.thor_env:ThorEnv",
            vector_entry_point="envs.vector:ThorVectorEnv",
            kwargs=_options,
        )
