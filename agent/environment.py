"""What the loop knows of an environment: Gymnasium's API, and public counters of ``info``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from policies.base import Observation

_LONGEST_REASON = 300  # characters


class Environment(Protocol):
    """The part of `gymnasium.Env` the loop uses."""

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Mapping[str, Any], dict[str, Any]]:
        """Begin an episode."""

    def step(self, action: Any) -> tuple[Mapping[str, Any], Any, bool, bool, dict[str, Any]]:
        """Execute an action or an action text."""


@dataclass(frozen=True)
class Facts:
    """The public counters of ``info``; the policy and the parser never see them.

    Attributes:
        success: The goal is reached.
        met: Goal conditions that hold.
        conditions: Of the goal.
        failed: The action failed; None where the environment does not say.
        fault: Kind of the fault that struck, empty for none.
        reason: Why the action failed, in the simulator's words; empty for none.
    """

    success: bool
    met: int
    conditions: int
    failed: bool | None
    fault: str
    reason: str = ""


def facts_of(info: Mapping[str, Any]) -> Facts:
    """The public counters of ``info``."""
    succeeded = info.get("action_success")
    return Facts(
        success=bool(info.get("success", False)),
        met=int(info.get("goal_conditions_met", 0)),
        conditions=int(info.get("goal_conditions", 0)),
        failed=None if succeeded is None else not succeeded,
        fault=str(info.get("fault") or ""),
        reason=" ".join(str(info.get("error") or "").split())[:_LONGEST_REASON],
    )


def observation_of(raw: Mapping[str, Any]) -> Observation:
    """What the environment shows, as the policy is given it."""
    return Observation(
        rgb=np.asarray(raw["rgb"]),
        instruction=str(raw["instruction"]),
        feedback=str(raw["feedback"]),
    )
