"""The expert's plans: for every family of tasks, what to do now.

A plan looks at the state only, never at how it came about; so it mends what went wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from envs.actions import Action
from envs.skills import KNIVES
from envs.tasks.base import Task
from envs.tasks.families import clean, cool, heat
from envs.tasks.goals import types_of
from envs.tasks.object_names import name_of
from envs.tasks.published.eb_navigation import Within
from policies.expert.parts import Label, Parts
from policies.expert.published import follow, walk_within

# So often furniture is gone to before another is tried.
STANDS = 4
# What ALFRED asks to be done to a thing, of ``History``.
TREATMENTS = {"clean": clean.TREATMENT, "heat": heat.TREATMENT, "cool": cool.TREATMENT}
_ALFRED_ACTS = {"clean": "rinsed", "heat": "microwaved", "cool": "chilled"}


def plan(parts: Parts, task: Task) -> Label:
    """The action to be done now.

    Args:
        parts: In the present state.
        task: The task, or the part of a composite one that is to be done now.
    """
    if task.suite in _SUITE_PLANS:
        return _SUITE_PLANS[task.suite](parts, task)
    if isinstance(task.goal.conditions[0], Within):
        return walk_within(parts, task)
    whole = task.target.removesuffix("Sliced")
    if whole != task.target and not parts.objects(task.target):
        return _slice(parts, replace(task, target=whole))
    return _PLANS.get(task.family, _act)(parts, task)


def _find(parts: Parts, task: Task) -> Label:
    return parts.find(task.target)


def _act(parts: Parts, task: Task) -> Label:
    """Open and close."""
    return parts.approach_and(task.family, task.target)


def _toggle(parts: Parts, task: Task) -> Label:
    return parts.approach_and("toggle on" if task.turn_on else "toggle off", task.target)


def _slice(parts: Parts, task: Task) -> Label:
    if not parts.holds(KNIVES):
        knife = next((k for k in KNIVES if parts.objects(k)), KNIVES[0])
        return parts.free_hand() or parts.take(knife)
    return parts.approach_and("slice", task.target)


def _pick_and_place(parts: Parts, task: Task) -> Label:
    if parts.holds(types_of(task.target)):
        return parts.place(task.receptacle)
    return parts.free_hand() or parts.take(task.target)


def _navigate(parts: Parts, task: Task) -> Label:
    near = task.goal.verify(replace(parts.env.state(), done=True))
    if near and (parts.arrived(task.target) or not parts.search):
        return Label(Action("done"), f"{name_of(task.target)} found")
    if parts.loose(task.target):
        return parts.seek(task.target)
    return parts.goto(task.target)


def _search(parts: Parts, task: Task) -> Label:
    """Goes through closed furniture: open, look, close, next."""
    kind, place = task.target, task.receptacle
    # What sticks out of a drawer that is shut can be seen, but not taken.
    free = {o["objectId"] for o in parts.objects(kind) if not parts.shut_away(o)}
    seen = parts.in_view(kind, free)
    if seen is not None and parts.arrived(kind):
        return parts.at("pick up", kind, seen)
    if seen is not None and (parts.ok or not parts.last.startswith("goto")):
        return parts.at("goto", kind, seen)
    held = parts.free_hand()
    if held is not None:
        return held
    skills = parts.env.skills
    if not parts.ok and parts.last == f"open {place}" and skills.visited[skills.at] < STANDS:
        # It opens towards where we stand: stand elsewhere.
        still = parts.in_view(place, {skills.at})
        if still is not None:
            return parts.at("goto", place, still)
    if not parts.there(place) or parts.in_view(place) != skills.at:
        opened = [o["objectId"] for o in parts.objects(place) if o["isOpen"]]
        if any(set(opened) & set(o["parentReceptacles"] or ()) for o in parts.objects(kind)):
            # Whoever has opened it bends down to look inside.
            skills.seen.update(o["objectId"] for o in parts.objects(kind))
            return parts.goto(kind)
        return parts.goto(place)
    thing = parts.state(skills.at)
    if not thing["isOpen"] and parts.last != f"close {place}":
        return parts.at("open", place, skills.at)
    if thing["isOpen"]:
        inside = thing["receptacleObjectIds"] or ()
        if any(o["objectId"] in inside for o in parts.objects(kind)):
            skills.seen.update(o["objectId"] for o in parts.objects(kind))
            return parts.goto(kind)
        return parts.at("close", place, skills.at)
    return parts.goto(place)


def _stack(parts: Parts, task: Task) -> Label:
    kind, dish = task.target, task.tool
    filled = [
        d["objectId"]
        for d in parts.objects(dish)
        if any(d["objectId"] in (o["parentReceptacles"] or ()) for o in parts.objects(kind))
    ]
    held = parts.hand()
    if held is not None and held["objectType"] in types_of(kind):
        return parts.put_into_loose(dish)
    if held is not None and held["objectType"] == dish:
        return parts.place(task.receptacle)
    if held is not None:
        return Label(Action("drop"), f"{name_of(held['objectType'])} wrong")
    return parts.take(dish, filled) if filled else parts.take(kind)


def _pick_two(parts: Parts, task: Task) -> Label:
    things = parts.objects(task.target)
    homes = Counter(
        home["objectId"]
        for home in parts.objects(task.receptacle)
        for o in things
        if home["objectId"] in (o["parentReceptacles"] or ())
    )
    # The second goes where the first is.
    home = max(sorted(homes), key=lambda h: homes[h], default=None)
    if parts.holds(types_of(task.target)):
        return parts.place(task.receptacle, home)
    left = [o["objectId"] for o in things if home not in (o["parentReceptacles"] or ())]
    return parts.free_hand() or parts.take(task.target, left)


def _examine(parts: Parts, task: Task) -> Label:
    if not parts.holds(types_of(task.target)):
        return parts.free_hand() or parts.take(task.target)
    if any(o["isToggled"] for o in parts.objects(task.tool)):
        return parts.goto(task.tool)
    return parts.approach_and("toggle on", task.tool)


def _treat(parts: Parts, task: Task) -> Label:
    """Clean, heat, cool, and put away."""
    treatment = TREATMENTS[task.family]
    kind, appliance = task.target, treatment.appliance
    how = _ALFRED_ACTS[task.family] if task.suite == "alfred" else treatment.how
    treated = parts.env.history.treated[how]
    held = parts.hand()
    if held is not None and held["objectType"] in types_of(kind):
        return parts.place(task.receptacle if held["objectId"] in treated else appliance)
    if held is not None:
        return Label(Action("drop"), f"{name_of(held['objectType'])} wrong")
    homes = {o["objectId"] for o in parts.objects(appliance)}
    things = parts.objects(kind)
    inside = [o for o in things if homes.intersection(o["parentReceptacles"] or ())]
    done = [o["objectId"] for o in things if o["objectId"] in treated]
    if not done and inside:
        return _run(parts, task.family)
    if done and any(o["objectId"] in done for o in inside):
        opened = _unlock(parts, task.family)
        if opened is not None:
            return opened
    return parts.take(kind, done) if done else parts.take(kind)


def _run(parts: Parts, family: str) -> Label:
    """Sets the appliance going that a thing lies in."""
    if family == "clean":
        return parts.approach_and("toggle on", "Faucet")
    appliance = TREATMENTS[family].appliance
    if any(o["isOpen"] for o in parts.objects(appliance)):
        return parts.operate("close", appliance)
    if family == "cool":
        # Shut again unseen: only the act itself counts to ALFRED.
        return parts.operate("open", appliance)
    return parts.operate("toggle on", appliance)


def _unlock(parts: Parts, family: str) -> Label | None:
    """Makes an appliance give out what lies in it; None if it does."""
    if family == "clean":
        return None
    appliance = TREATMENTS[family].appliance
    things = parts.objects(appliance)
    if any(o["isToggled"] for o in things):
        return parts.operate("toggle off", appliance)
    if not any(o["isOpen"] for o in things):
        return parts.operate("open", appliance)
    return None


_SUITE_PLANS: dict[str, Callable[[Parts, Task], Label]] = {
    "embodied-reasoner": follow,
}
_PLANS: dict[str, Callable[[Parts, Task], Label]] = {
    "find": _find,
    "toggle": _toggle,
    "slice": _slice,
    "pick_and_place": _pick_and_place,
    "navigate": _navigate,
    "search": _search,
    "stack": _stack,
    "pick_two": _pick_two,
    "examine": _examine,
    "clean": _treat,
    "heat": _treat,
    "cool": _treat,
}
