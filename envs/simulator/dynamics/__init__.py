"""Objects that move by forces: what falls, flies, slides, rolls, tips over and breaks.

A simulation is made anew for each action that needs one (``engine``, of ``body`` and
``convex_pieces``); ``motion`` starts it and brings the room up to date, ``landing`` finds where
objects end, ``support`` drops what lost its footing, ``doors`` push, ``obstacles`` keep agents out.
"""

from __future__ import annotations

from envs.simulator.dynamics.doors import make_way
from envs.simulator.dynamics.landing import squeezed_out
from envs.simulator.dynamics.motion import FORCE_SECONDS, advance, catch_up, push, release, settle
from envs.simulator.dynamics.support import Place, drop_unsupported, places

__all__ = [
    "FORCE_SECONDS",
    "Place",
    "advance",
    "catch_up",
    "drop_unsupported",
    "make_way",
    "places",
    "push",
    "release",
    "settle",
    "squeezed_out",
]
