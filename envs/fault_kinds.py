"""Names of the faults that ``envs.faults`` can inject: for those who write them down only."""

from __future__ import annotations

MEANINGS = {
    "noop": "the action silently did nothing",
    "dropped": "what was in the hand fell",
    "door_shut": "what was opened shut again",
    "target_moved": "what is looked for was put elsewhere",
    "stale_frame": "the agent is shown the view from before",
    "wrong_object": "another thing than the one meant was picked up",
    "blocked_path": "something stood in the way",
}
KINDS = tuple(MEANINGS)
# Those that can strike where nothing is done but walking.
WALK_KINDS = ("noop", "stale_frame", "blocked_path")
