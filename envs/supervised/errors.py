"""What can be wrong with a backend itself, as against an action that failed in it.

None of these is the agent's doing: whoever plays episodes records the episode as crashed, resets
the controller, which starts the backend afresh, and goes on with the next.
"""

from __future__ import annotations


class BackendError(RuntimeError):
    """A backend that could not be brought to answer, after all restarts.

    Attributes:
        kind: died, stalled, garbage or lied.
    """

    kind = "broken"


class BackendDied(BackendError):
    """Its process ended, or closed its end of the conversation."""

    kind = "died"


class BackendStalled(BackendError):
    """It did not answer within its deadline."""

    kind = "stalled"


class BackendGarbage(BackendError):
    """What it sent is not AI2-THOR's protocol, or holds values that can't be."""

    kind = "garbage"


class BackendLied(BackendError):
    """It answered something else than it was asked, or the same actions led elsewhere."""

    kind = "lied"
