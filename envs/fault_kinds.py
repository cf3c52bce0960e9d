"""Names of the faults that ``envs.faults`` can inject: for those who write them down only."""

from __future__ import annotations

KINDS = (
    "noop",
    "dropped",
    "door_shut",
    "target_moved",
    "stale_frame",
    "wrong_object",
    "blocked_path",
)
