"""What a run of IVR-R1 counts, by name: one place for the words of its log and its curves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

MEANINGS = {
    "groups": "groups that were played",
    "rollouts": "rollouts of the policy",
    "won": "of these, reached the goal",
    "screened": "of these, failed or earned too little",
    "zero_variance": "groups whose rewards are all alike before any repair",
    "taught_nothing": "groups whose rewards are all alike after repairs too",
    "resampled": "further groups that were played in their place",
    "attributed": "flawed rollouts whose flawed step was found",
    "unattributed": "flawed rollouts where no step could be named",
    "rectified_try_1": "repaired by the policy's own second answer, at the first try",
    "rectified_try_2": "at the second try",
    "rectified_try_3": "at the third try, or later",
    "rectified_by_expert": "repaired by the expert's action, the last resort",
    "refused": "attempts at a repair that earned no more",
    "unrepaired": "flawed rollouts that nothing repaired",
    "left_alone": "flawed rollouts beyond --repairs, not looked at",
    "trivial": "tasks that were done at their start",
    "beyond_expert": "tasks the searching expert itself does not finish",
    "lost_worlds": "worlds that died in a group",
    "lost_groups": "groups given up: their world died or failed twice",
}


def added(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Sums of counts, all names in their order.

    >>> {k: v for k, v in added([{"won": 1}, {"won": 2, "refused": 1}]).items() if v}
    {'won': 3, 'refused': 1}
    """
    total: Counter[str] = Counter()
    for part in parts:
        total.update(part)
    return {name: total[name] for name in MEANINGS}
