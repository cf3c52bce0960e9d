"""The expert's plans for published suites that say more than a family of tasks does."""

from __future__ import annotations

from envs.actions import Action
from envs.tasks.base import Task
from envs.tasks.published.embodied_reasoner import KeyAction, ReasonerScenario, key_acts
from policies.expert.parts import ARRIVED_PIXELS, MUST_OPEN, Label, Parts
from policies.expert.truth import SkillRecord

# So often one certain piece of furniture is gone to.
PATIENCE = 3


def follow(parts: Parts, task: Task) -> Label:
    """Does the next of Embodied-Reasoner's key actions that is not done yet.

    Raises:
        TypeError: If the task is none of Embodied-Reasoner's.
    """
    if not isinstance(task.scenario, ReasonerScenario):
        raise TypeError(
            f"Task {task.name!r} says it is of {task.suite!r}, but begins as {task.scenario!r}: "
            "read it with load_embodied_reasoner."
        )
    actions = [a for a in task.scenario.actions if a.action != "navigate to"]
    acts = list(parts.env.history.acts)
    for index, action in enumerate(actions):
        while acts and not key_acts((acts[0],)).keys() & key_acts(_acts_of(action)).keys():
            acts.pop(0)
        if not acts:
            return _do(parts, task, actions, index)
        acts.pop(0)
    return Label(Action("done"), "all done")


def _acts_of(action: KeyAction) -> tuple[tuple[str, str], ...]:
    verbs = {"pickup": "pick up", "put": "put in", "toggle": "toggle on"}
    return ((verbs.get(action.action, action.action), action.object_type),)


def _do(parts: Parts, task: Task, actions: list[KeyAction], index: int) -> Label:
    action = actions[index]
    if action.action == "end":
        if task.family == "single_search":
            return parts.find(task.target)
        return Label(Action("done"), "all done")
    item = _item(parts, action)
    if action.action == "put" and parts.hand() is None:
        taken = next((a for a in reversed(actions[:index]) if a.action == "pickup"), None)
        if taken is not None:
            return at_this(parts, "pick up", _item(parts, taken))
    if action.action == "put" and item["objectType"] in MUST_OPEN and not item["isOpen"]:
        return at_this(parts, "open", item)
    if action.action == "pickup":
        return parts.free_hand() or at_this(parts, "pick up", item)
    if action.action == "toggle":
        switch = _switch(parts, item)
        return at_this(parts, "toggle off" if switch["isToggled"] else "toggle on", switch)
    if action.action == "open" and item["isToggled"]:
        return at_this(parts, "toggle off", item)
    return at_this(parts, "put in" if action.action == "put" else action.action, item)


def _item(parts: Parts, action: KeyAction) -> dict:
    """Returns what is meant: the object of that id, or what is left of it, or any of its type.

    Furniture that can't be come near, or does not take what it is given, stands for its type.
    """
    items = parts.objects()
    exact = [o for o in items if o["objectId"] == action.object_id]
    like = [o for o in items if o["objectId"].startswith(f"{action.object_id}|")]
    found = exact or like or parts.objects(action.object_type)
    if not found:
        raise ValueError(f"There is no {action.object_id} in {parts.env.controller.scene}.")
    skills = parts.env.skills
    stubborn = action.action == "put" and not found[0]["pickupable"]
    if not stubborn or _tries(skills, found[0]) <= PATIENCE:
        return found[0]
    if (
        parts.there(action.object_type)
        and parts.state(skills.at)["objectType"] == action.object_type
    ):
        return parts.state(skills.at)
    return min(parts.objects(action.object_type), key=lambda o: (_tries(skills, o), o["distance"]))


def _tries(skills: SkillRecord, item: dict) -> int:
    return skills.visited[item["objectId"]] + 2 * skills.missed[item["objectId"]]


def _switch(parts: Parts, item: dict) -> dict:
    """Returns what switches an object: its knob, or itself."""
    for other in parts.objects():
        if item["objectId"] in (other["controlledObjects"] or ()) and other["toggleable"]:
            return other
    return item


def at_this(parts: Parts, verb: str, item: dict) -> Label:
    """Goes to one certain object, taken out of what it is shut away in, and acts on it."""
    object_type, object_id = item["objectType"], item["objectId"]
    if item["pickupable"]:
        opened = parts.unshut(item)
        if opened is not None:
            return opened
    skills = parts.env.skills
    if parts.there(object_type) and skills.at == object_id:
        if skills.view.pixels(object_id) >= ARRIVED_PIXELS:
            return parts.at(verb, object_type, object_id)
    skills.seen.add(object_id)
    return parts.goto_this(object_id)
