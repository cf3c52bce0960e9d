"""How a task is said: in a sentence and with names that were trained on, or in others."""

from __future__ import annotations

import re

from envs.tasks.base import Task
from envs.tasks.object_names import OBJECT_NAMES

PEOPLE = "people's own words"


def wording_of(task: Task) -> str:
    """In words, how a task is said.

    >>> from envs.tasks.goals import Every, Found
    >>> goal = Every((Found("KeyChain"),))
    >>> said = "please look for the keys"
    >>> wording_of(Task("find", "FloorPlan1", said, goal, "KeyChain", template_split="test"))
    'a sentence kept back, another name'
    """
    if task.suite:
        return PEOPLE
    kept = "a sentence kept back" if task.template_split == "test" else "a sentence of training"
    return f"{kept}, {'the usual name' if _usual(task) else 'another name'}"


def _usual(task: Task) -> bool:
    """Whether all objects are called by their usual names."""
    if task.parts:
        return all(_usual_in(part, task.instruction) for part in task.parts)
    return _usual_in(task, task.instruction)


def _usual_in(task: Task, instruction: str) -> bool:
    said = instruction.lower()
    for kind in filter(None, (task.target, task.receptacle)):
        names = OBJECT_NAMES.get(kind, ())
        others = [name for name in names[1:] if _says(said, name)]
        if others and not _says(said, names[0]):
            return False
    return True


def _says(instruction: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}", instruction) is not None
