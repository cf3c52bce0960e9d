"""Embodied-Reasoner's test tasks, read from their publisher's ``test_809.json`` or a part of it.

A file is a list of tasks, each with the key actions that solve it::

    {"scene": "FloorPlan2", "tasktype": "pickup_and_put", "identity": 200,
     "taskname": "put the Fork in the SinkBasin", "taskquery": "Please put the fork ...",
     "task_metadata": {"actions": [
        {"action": "navigate to", "objectId": "CounterTop|+00.00|+00.95|-01.51", ...},
        {"action": "pickup", "objectId": "Fork|+01.69|+00.90|+01.45", "objectType": "Fork", ...},
        {"action": "end", "objectId": "", ...}]}}

Scored as its authors' evaluation does: every key action but the walks must have been done, by kind
of action and type of object and as often as listed, in any order, and the agent must have said that
it is done; of a ``single_search`` instead, say so with an object in view that the task names, or
right after going where the target is. A type is read from the id: a few entries name another one
beside it. Episodes begin where the room's agent stands. Left out: the navigable lists, and the
actions ``observe`` and ``move forward``, which are never key actions.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from envs.tasks.base import Task, room_of
from envs.tasks.goals import Condition, Every, State
from envs.tasks.published.files import PublishedError, begin_room, part, read_json, words

if TYPE_CHECKING:
    from ai2thor.controller import Controller

SUITE = "embodied-reasoner"
ACTIONS = ("navigate to", "pickup", "put", "toggle", "open", "close", "end")
# Actions before an episode is cut off, by the beginning of its kind.
_MAX_STEPS = (
    ("single_search", 22),
    ("single_", 24),
    ("pickup_", 30),
    ("", 36),
)
_VERBS = {
    "pickup": ("pick up",),
    "put": ("put in",),
    "toggle": ("toggle on", "toggle off"),
    "open": ("open",),
    "close": ("close",),
}
# A burner is switched by its knob; a sink is its basin.
_SAME = {"SinkBasin": "Sink", "BathtubBasin": "Bathtub", "StoveKnob": "StoveBurner"}


@dataclass(frozen=True)
class KeyAction:
    """One step of the authors' solution."""

    action: str
    object_id: str = ""

    @property
    def object_type(self) -> str:
        """Returns the type of its object; of a basin, the basin's."""
        pieces = self.object_id.split("|")
        return pieces[-1] if pieces[-1].isalpha() else pieces[0]


@dataclass(frozen=True)
class ReasonerScenario:
    """A room as it is, with its agent where it stands."""

    scene: str
    actions: tuple[KeyAction, ...]

    def set_up(self, controller: Controller) -> None:
        """Resets the controller to the room's recorded start."""
        begin_room(controller, self.scene)


@dataclass(frozen=True)
class DoneKeyAction:
    """A key action was done, for the ``nth`` time."""

    action: str
    object_type: str
    nth: int = 1

    def text(self) -> str:
        again = f" ({self.nth} times)" if self.nth > 1 else ""
        return f"{self.action} {self.object_type} was done{again}"

    def verify(self, state: State) -> bool:
        return key_acts(state.acts)[self.action, _same(self.object_type)] >= self.nth


@dataclass(frozen=True)
class Ended:
    """The agent has said it is done; when searching, with one of the named objects before it.

    Attributes:
        named: What must be in view, of these types; nothing if empty.
        place: Type of the furniture that may have been gone to just before instead.
    """

    named: tuple[str, ...] = ()
    place: str = ""

    def text(self) -> str:
        return f"done is said{' at ' + ' or '.join(self.named) if self.named else ''}"

    def verify(self, state: State) -> bool:
        if not state.done or not self.named:
            return state.done
        shown = {o["objectType"] for o in state.objects if o["objectId"] in state.in_view}
        before = next((act for act in reversed(state.acts) if act[0] != "done"), ("", ""))
        at_place = before[0] == "goto" and _same(before[1]) == _same(self.place)
        return bool(shown.intersection(self.named)) or at_place


def key_acts(acts: tuple[tuple[str, str], ...]) -> Counter[tuple[str, str]]:
    """How often each (key action, type) was done, of ThorEnv's (verb, type)."""
    names = {verb: name for name, verbs in _VERBS.items() for verb in verbs}
    return Counter((names[verb], _same(name)) for verb, name in acts if verb in names)


def _same(object_type: str) -> str:
    return _SAME.get(object_type, object_type)


def load_embodied_reasoner(path: Path) -> tuple[Task, ...]:
    """The tasks of a file.

    Raises:
        PublishedError: If the file is none of Embodied-Reasoner's, naming the field.
    """
    raw = read_json(path)
    if not isinstance(raw, list) or not raw:
        raise PublishedError(f"{path} must be a list of tasks, as test_809.json is.")
    return tuple(_task(one, f"{path}: task {index}") for index, one in enumerate(raw))


def _task(raw: Any, where: str) -> Task:
    scene, kind = part(raw, "scene", str, where), part(raw, "tasktype", str, where)
    try:
        room_of(scene)
    except ValueError as error:
        raise PublishedError(f"{where}: scene: {error}") from error
    listed = part(part(raw, "task_metadata", dict, where), "actions", list, where)
    actions = tuple(_action(a, f"{where}, action {k}") for k, a in enumerate(listed))
    if not actions or actions[-1].action != "end":
        raise PublishedError(f"{where}: actions must end with 'end'.")
    name = part(raw, "taskname", str, where)
    said = raw.get("taskquery") or name
    if not isinstance(said, str):
        raise PublishedError(f"{where}: taskquery must be a str, not {type(said).__name__}.")
    related = [a for a in part(raw, "related_objects", list, where) if isinstance(a, str)]
    goal, counted = [], Counter[tuple[str, str]]()
    for action in actions:
        if action.action in _VERBS:
            counted[action.action, _same(action.object_type)] += 1
            nth = counted[action.action, _same(action.object_type)]
            goal.append(DoneKeyAction(action.action, action.object_type, nth))
    walks = [a.object_type for a in actions if a.action == "navigate to"]
    searched = tuple(dict.fromkeys(i.split("|")[0] for i in related))
    ended = Ended()
    if kind == "single_search":
        if not searched or not walks:
            raise PublishedError(f"{where}: related_objects must name what is searched for.")
        ended = Ended(searched, walks[-1])
    conditions: tuple[Condition, ...] = (*goal, ended)
    most = next(steps for prefix, steps in _MAX_STEPS if kind.startswith(prefix))
    return Task(
        family=kind,
        scene=scene,
        instruction=words(said),
        goal=Every(conditions),
        target=searched[0] if searched else "",
        template_split="published",
        suite=SUITE,
        name=str(raw.get("identity", name)),
        scenario=ReasonerScenario(scene, actions),
        force_put=True,
        max_steps=(("skill", most), ("primitive", 10 * most)),
    )


def _action(raw: Any, where: str) -> KeyAction:
    action = part(raw, "action", str, where)
    if action not in ACTIONS:
        raise PublishedError(f"{where}: action {action[:60]!r} is none of {', '.join(ACTIONS)}.")
    object_id = part(raw, "objectId", str, where)
    if action != "end" and "|" not in object_id:
        raise PublishedError(
            f"{where}: objectId must be an AI2-THOR id such as 'Egg|-02.04|+00.81|+01.24', "
            f"not {object_id[:60]!r}."
        )
    return KeyAction(action, object_id)
