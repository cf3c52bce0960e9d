"""The expert's plan for any family that has no plan of its own: condition by condition.

Each condition of a goal is met as the family does that is about such a condition. That solves what
can be done one condition after the other; a family that needs more gets a plan of its own, in
``policies.expert.plans``.
"""

from __future__ import annotations

from dataclasses import replace

from envs.actions import Action
from envs.tasks.base import Task
from envs.tasks.goals import (
    Condition,
    Contained,
    Every,
    Found,
    Held,
    Lit,
    Near,
    Openness,
    Sliced,
    Stacked,
    Together,
    Toggled,
    Treated,
    TreatedContained,
)
from envs.tasks.published.eb_navigation import Within
from policies.expert import family_plans
from policies.expert.parts import Label, Parts
from policies.expert.walks import walk_within

# Conditions that end with the word that it is done: they are met last.
_SAID = (Found, Near)


def pursue(parts: Parts, task: Task) -> Label:
    """Does what meets the first condition of the goal that does not hold.

    Args:
        parts: In the present state.
        task: Whose goal it is.

    Raises:
        ValueError: If nothing is known to meet the condition.
    """
    state = parts.env.state()
    unmet = [c for c in task.goal.conditions if not c.verify(state)]
    unmet.sort(key=lambda c: isinstance(c, _SAID))
    return _meet(parts, task, unmet[0]) if unmet else Label(Action("done"), "all done")


def _meet(parts: Parts, task: Task, condition: Condition) -> Label:
    """Does what meets a condition, as if it was all that is asked for."""
    match condition:
        case Found(target):
            return parts.find(target)
        case Near(target):
            alone = replace(task, target=target, goal=Every((condition,)))
            return family_plans.navigate(parts, alone)
        case Openness(target, is_open):
            return parts.approach_and("open" if is_open else "close", target)
        case Toggled(target, is_on):
            return family_plans.toggle(parts, replace(task, target=target, turn_on=is_on))
        case Sliced(target):
            return family_plans.cut(parts, replace(task, target=target))
        case Held(target):
            return parts.free_hand() or parts.take(target)
        case Lit(target):
            return family_plans.light(parts, target)
        case Contained(target, receptacle):
            alone = replace(task, target=target, receptacle=receptacle)
            return family_plans.pick_and_place(parts, alone)
        case Together(target, receptacle):
            alone = replace(task, target=target, receptacle=receptacle)
            return family_plans.pick_two(parts, alone)
        case Stacked(target, dish, receptacle):
            alone = replace(task, target=target, tool=dish, receptacle=receptacle)
            return family_plans.stack(parts, alone)
        case Treated(target, how):
            family = family_plans.FAMILY_THAT[how]
            return family_plans.treat(parts, replace(task, family=family, target=target))
        case TreatedContained(target, how, receptacle):
            family = family_plans.FAMILY_THAT[how]
            alone = replace(task, family=family, target=target, receptacle=receptacle)
            return family_plans.treat(parts, alone)
        case Within():
            return walk_within(parts, condition)
    raise ValueError(
        f"The expert has no plan for family {task.family!r} with the condition "
        f"{condition.text()!r}: add the family to policies.expert.plans, or the condition here."
    )
