"""Things that move by forces: what falls, flies, slides, rolls, tips over and breaks."""

from __future__ import annotations

from envs.simulator.dynamics.doors import make_way
from envs.simulator.dynamics.motion import FORCE_SECONDS, advance, push, release, settle

__all__ = ["FORCE_SECONDS", "advance", "make_way", "push", "release", "settle"]
