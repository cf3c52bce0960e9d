"""An environment that records what was true of every step; nothing of it reaches the agent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from envs.actions import Action, ActionFormatError, parse_action, types_of
from envs.observations import SEEN_PIXELS
from envs.skills import KNIVES
from envs.tasks.base import Task
from envs.tasks.goals import Found, Near, Openness, Sliced
from envs.thor_env import ThorEnv
from policies.expert.policy import ExpertPolicy
from training.evaluation.truth.step_truth import Deed, Moment, StepTruth, points_here, truth_of

# As many pixels of a 300x300 frame as the searching expert notices.
_OVERLOOKED_PIXELS = 45
# What the expert acts on so, the task needs; where it puts something it may only free its hand.
_CALLED_FOR = ("pick up", "open", "close", "slice", "toggle on", "toggle off")
# What is switched on to use something else.
_SWITCHES = {"Sink": ("Faucet",), "SinkBasin": ("Faucet",), "StoveBurner": ("StoveKnob",)}


class TruthRecorder:
    """An environment that records what was true of every step; nothing of it reaches the agent.

    Args:
        env: The environment, of which the expert's view is privileged.
    """

    def __init__(self, env: ThorEnv) -> None:
        self.env = env
        self.expert = ExpertPolicy(env, search=True)
        self.steps: list[StepTruth] = []
        self._begin()

    def _begin(self) -> None:
        self.steps = []
        self._last, self._outcome = "", ""
        self._deeds: list[Deed] = []
        self._wanted: frozenset[str] = frozenset()
        self._says_found = self._about_doors = False

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Mapping[str, Any], dict[str, Any]]:
        """Begins an episode."""
        self._begin()
        begun = self.env.reset(seed=seed, options=options)
        task = self.env.task
        if task is not None:
            self._wanted = wanted_types(task)
            conditions = task.goal.conditions
            self._says_found = all(isinstance(c, Found | Near) for c in conditions)
            self._about_doors = any(isinstance(c, Openness) for c in conditions)
        return begun

    def step(self, action: Any) -> tuple[Mapping[str, Any], Any, bool, bool, dict[str, Any]]:
        """Carries out an action and notes what was true."""
        meant = _meant(action)
        label = self._label()
        if label.target is not None and label.verb in _CALLED_FOR:
            self._wanted |= frozenset(types_of(label.target))
        in_view, on_it = self._view(meant)
        held, overlooked = self._held(), self._overlooked(label)
        struck = self.env.fault.report() if self.env.fault is not None else ""
        result = self.env.step(action)
        info = result[4]
        worked = bool(info["action_success"])
        faulted = bool(info["fault"]) and info["fault"] != struck
        moment = Moment(
            meant,
            label,
            worked=worked,
            faulted=faulted,
            in_view=in_view,
            on_it=on_it,
            overlooked=overlooked,
            wanted=self._wanted,
            held=held,
            deeds=tuple(self._deeds),
            says_found=self._says_found,
            about_doors=self._about_doors,
            won=bool(info["success"]),
        )
        self.steps.append(truth_of(moment))
        if worked and not faulted and meant is not None and meant.target is not None:
            self._deeds.append(Deed(meant.verb, meant.target, held))
        self._last = meant.to_text() if meant else str(action)
        self._outcome = "ok" if worked else "failed"
        return result

    def _label(self) -> Action:
        """What the expert would do; what it knows stays out of the agent's own skills."""
        skills = self.env.skills
        seen, goes_to = set(skills.seen), skills.meant
        label = self.expert.label(self._last, self._outcome).action
        skills.seen, skills.meant = seen, goes_to
        return label

    def _held(self) -> str:
        """Object type in the hand; empty for none."""
        items = self.env.controller.last_event.metadata["inventoryObjects"] or ()
        return str(items[0]["objectType"]) if items else ""

    def _view(self, meant: Action | None) -> tuple[bool, bool]:
        """Whether the named object is in view, and whether the point lies on it."""
        if meant is None or meant.target is None:
            return False, False
        shown = self.env.skills.view
        types = types_of(meant.target)
        in_view = bool(shown.of_types(types, SEEN_PIXELS))
        if meant.point is None or not points_here(meant):
            return in_view, in_view
        radius = self.env.skills.point_radius * shown.index.shape[1]
        return in_view, shown.near(meant.point, types, radius) is not None

    def _overlooked(self, label: Action) -> bool:
        """Whether what the expert acts on is plainly in view."""
        if label.target is None:
            return False
        ids = self.env.skills.view.of_types(types_of(label.target), _OVERLOOKED_PIXELS)
        return bool(ids)


def _meant(action: Any) -> Action | None:
    if isinstance(action, Action):
        return action
    try:
        return parse_action(str(action))
    except ActionFormatError:
        return None


def wanted_types(task: Task) -> frozenset[str]:
    """The object types that a task is about: its objects, its places, its tools.

    >>> from envs.tasks.goals import Contained, Every
    >>> goal = Every((Contained("Mug", "Sink"),))
    >>> sorted(wanted_types(Task("pick_and_place", "FloorPlan1", "", goal, "Mug", "Sink")))
    ['Faucet', 'Mug', 'Sink', 'SinkBasin']
    """
    return frozenset(kind for name in _names(task) for kind in types_of(name))


def _names(task: Task) -> Iterator[str]:
    for part in task.parts:
        yield from _names(part)
    named = [task.target, task.receptacle, task.tool]
    for condition in task.goal.conditions:
        named += [getattr(condition, part, "") for part in ("target", "receptacle", "dish")]
        if isinstance(condition, Sliced):
            named += [*KNIVES, f"{condition.target}Sliced"]
    for name in (name for name in named if name):
        yield name
        yield from _SWITCHES.get(name, ())
