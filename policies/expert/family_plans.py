"""The expert's plans by family: what to do now, from the present state."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from envs.actions import Action, types_of
from envs.skills import KNIVES
from envs.tasks.base import Task
from envs.tasks.families import clean, cool, heat
from envs.tasks.object_names import name_of
from policies.expert.parts import Label, Parts

# So often furniture is gone to before another is tried.
STANDS = 4
TREATMENTS = {"clean": clean.TREATMENT, "heat": heat.TREATMENT, "cool": cool.TREATMENT}
FAMILY_THAT = {treatment.how: family for family, treatment in TREATMENTS.items()}
# What ALFRED asks to be done to an object, of ``History``.
_ALFRED_ACTS = {"clean": "rinsed", "heat": "microwaved", "cool": "chilled"}


def find(parts: Parts, task: Task) -> Label:
    """Goes to where the target is in view, and says it is done."""
    return parts.find(task.target)


def open_or_close(parts: Parts, task: Task) -> Label:
    """Does what the family is called: open, or close."""
    return parts.approach_and(task.family, task.target)


def toggle(parts: Parts, task: Task) -> Label:
    """Switches the target on or off."""
    return parts.approach_and("toggle on" if task.turn_on else "toggle off", task.target)


def cut(parts: Parts, task: Task) -> Label:
    """Takes a knife, and cuts."""
    if not parts.holds(KNIVES):
        knife = next((k for k in KNIVES if parts.objects(k)), KNIVES[0])
        return parts.free_hand() or parts.take(knife)
    return parts.approach_and("slice", task.target)


def pick_and_place(parts: Parts, task: Task) -> Label:
    """Takes the target, and puts it where it belongs."""
    if parts.holds(types_of(task.target)):
        return parts.place(task.receptacle)
    return parts.free_hand() or parts.take(task.target)


def navigate(parts: Parts, task: Task) -> Label:
    """Goes to the target, and says it is done."""
    near = task.goal.verify(replace(parts.env.state(), done=True))
    if near and (parts.arrived(task.target) or not parts.search):
        return Label(Action("done"), f"{name_of(task.target)} found")
    if parts.loose(task.target):
        return parts.seek(task.target)
    return parts.goto(task.target)


def search(parts: Parts, task: Task) -> Label:
    """Goes through closed furniture: open, look, close, next."""
    object_type, place = task.target, task.receptacle
    # What sticks out of a drawer that is shut can be seen, but not taken.
    free = {o["objectId"] for o in parts.objects(object_type) if not parts.shut_away(o)}
    seen = parts.in_view(object_type, free)
    if seen is not None and parts.arrived(object_type):
        return parts.at("pick up", object_type, seen)
    if seen is not None and (parts.ok or not parts.last.startswith("goto")):
        return parts.at("goto", object_type, seen)
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
        if any(set(opened) & set(o["parentReceptacles"] or ()) for o in parts.objects(object_type)):
            # Whoever has opened it bends down to look inside.
            skills.seen.update(o["objectId"] for o in parts.objects(object_type))
            return parts.goto(object_type)
        return parts.goto(place)
    item = parts.state(skills.at)
    if not item["isOpen"] and parts.last != f"close {place}":
        return parts.at("open", place, skills.at)
    if item["isOpen"]:
        inside = item["receptacleObjectIds"] or ()
        if any(o["objectId"] in inside for o in parts.objects(object_type)):
            skills.seen.update(o["objectId"] for o in parts.objects(object_type))
            return parts.goto(object_type)
        return parts.at("close", place, skills.at)
    return parts.goto(place)


def stack(parts: Parts, task: Task) -> Label:
    """Puts the target into the dish, and the dish with it where it belongs."""
    object_type, dish = task.target, task.tool
    filled = [
        d["objectId"]
        for d in parts.objects(dish)
        if any(d["objectId"] in (o["parentReceptacles"] or ()) for o in parts.objects(object_type))
    ]
    held = parts.hand()
    if held is not None and held["objectType"] in types_of(object_type):
        return parts.put_into_loose(dish)
    if held is not None and held["objectType"] == dish:
        return parts.place(task.receptacle)
    if held is not None:
        return Label(Action("drop"), f"{name_of(held['objectType'])} wrong")
    return parts.take(dish, filled) if filled else parts.take(object_type)


def pick_two(parts: Parts, task: Task) -> Label:
    """Brings two of the target to one receptacle."""
    items = parts.objects(task.target)
    holders = Counter(
        receptacle["objectId"]
        for receptacle in parts.objects(task.receptacle)
        for o in items
        if receptacle["objectId"] in (o["parentReceptacles"] or ())
    )
    # The second goes where the first is.
    receptacle = max(sorted(holders), key=lambda h: holders[h], default=None)
    if parts.holds(types_of(task.target)):
        return parts.place(task.receptacle, receptacle)
    left = [o["objectId"] for o in items if receptacle not in (o["parentReceptacles"] or ())]
    return parts.free_hand() or parts.take(task.target, left)


def examine(parts: Parts, task: Task) -> Label:
    """Takes the target to the lamp, and switches that on."""
    if not parts.holds(types_of(task.target)):
        return parts.free_hand() or parts.take(task.target)
    return light(parts, task.tool)


def light(parts: Parts, lamp: str) -> Label:
    """Switches a lamp on, or goes to it where it is on already."""
    if any(o["isToggled"] for o in parts.objects(lamp)):
        return parts.goto(lamp)
    return parts.approach_and("toggle on", lamp)


def treat(parts: Parts, task: Task) -> Label:
    """Cleans, heats or cools the target, and puts it where it belongs."""
    treatment = TREATMENTS[task.family]
    object_type, appliance = task.target, treatment.appliance
    how = _ALFRED_ACTS[task.family] if task.suite == "alfred" else treatment.how
    treated = parts.env.history.treated[how]
    held = parts.hand()
    if held is not None and held["objectType"] in types_of(object_type):
        return parts.place(task.receptacle if held["objectId"] in treated else appliance)
    if held is not None:
        return Label(Action("drop"), f"{name_of(held['objectType'])} wrong")
    holders = {o["objectId"] for o in parts.objects(appliance)}
    items = parts.objects(object_type)
    inside = [o for o in items if holders.intersection(o["parentReceptacles"] or ())]
    done = [o["objectId"] for o in items if o["objectId"] in treated]
    if not done and inside:
        return _run(parts, task.family)
    if done and any(o["objectId"] in done for o in inside):
        opened = _unlock(parts, task.family)
        if opened is not None:
            return opened
    return parts.take(object_type, done) if done else parts.take(object_type)


def _run(parts: Parts, family: str) -> Label:
    """Sets the appliance going that an object lies in."""
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
    items = parts.objects(appliance)
    if any(o["isToggled"] for o in items):
        return parts.operate("toggle off", appliance)
    if not any(o["isOpen"] for o in items):
        return parts.operate("open", appliance)
    return None
