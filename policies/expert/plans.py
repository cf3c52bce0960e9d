"""Which plan the expert follows: a suite's, a family's own, or the one made of the task's goal.

A plan looks at the state only, never at how it came about; so what went wrong is put right by
going on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from envs.tasks.base import Task
from envs.tasks.goals import Near
from envs.tasks.published.eb_navigation import Within
from policies.expert import family_plans
from policies.expert.goal_plans import pursue
from policies.expert.parts import Label, Parts
from policies.expert.published import follow
from policies.expert.walks import walk_near, walk_within

Plan = Callable[[Parts, Task], Label]

_SUITE_PLANS: dict[str, Plan] = {"embodied-reasoner": follow}
# Families whose tasks are not simply one condition after the other, or whose published twins have
# conditions of their own; all others follow from their goal.
_FAMILY_PLANS: dict[str, Plan] = {
    "find": family_plans.find,
    "open": family_plans.open_or_close,
    "close": family_plans.open_or_close,
    "toggle": family_plans.toggle,
    "slice": family_plans.cut,
    "pick_and_place": family_plans.pick_and_place,
    "navigate": family_plans.navigate,
    "search": family_plans.search,
    "stack": family_plans.stack,
    "pick_two": family_plans.pick_two,
    "examine": family_plans.examine,
    "clean": family_plans.treat,
    "heat": family_plans.treat,
    "cool": family_plans.treat,
}


def plan(parts: Parts, task: Task) -> Label:
    """Returns the action to be done now.

    Args:
        parts: In the present state.
        task: The task, or the part of a composite one that is to be done now.

    Raises:
        ValueError: If no plan fits the task.
    """
    if task.suite in _SUITE_PLANS:
        return _SUITE_PLANS[task.suite](parts, task)
    first = task.goal.conditions[0]
    if isinstance(first, Within):
        return walk_within(parts, first)
    if isinstance(first, Near) and parts.env.action_level == "primitive":
        return walk_near(parts, task, first)
    whole = task.target.removesuffix("Sliced")
    if whole != task.target and not parts.objects(task.target):
        return family_plans.cut(parts, replace(task, target=whole))
    return _FAMILY_PLANS.get(task.family, pursue)(parts, task)
