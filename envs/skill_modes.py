"""How much the skills help: ``helped``, or ``honest``.

Helped, they know what the agent may not: which loose objects have come into view, which of two is
nearer, and when the goal is reached. Honest, they know the map of the furniture and nothing else:

- ``goto`` a loose object takes a point, in the present view or in an earlier one, and leads to
  whatever was seen there;
- an interaction without a point takes an object only where it is the only one of its type within
  reach, and a point has to be nearer the object;
- the episode ends when the agent says that it is done, or out of steps.
"""

from __future__ import annotations

HELPED, HONEST = "helped", "honest"
SKILL_MODES = (HELPED, HONEST)
# What ``run_episode.py`` and ``training.evaluate`` play unless told otherwise.
DEFAULT_SKILLS = HONEST
# How far a point may miss an object of the named type, as a share of the picture's width.
POINT_RADIUS = {HELPED: 15.0 / 300.0, HONEST: 6.0 / 300.0}


def check_mode(mode: str) -> str:
    """Returns the mode.

    Raises:
        ValueError: If there is none of that name.
    """
    if mode not in SKILL_MODES:
        raise ValueError(f"skills {mode!r} must be one of {', '.join(SKILL_MODES)}.")
    return mode


def rules_by_default(mode: str) -> bool:
    """Whether the agent's hand-written rules are on unless told otherwise.

    >>> rules_by_default("helped"), rules_by_default("honest")
    (True, False)
    """
    return mode == HELPED
