"""What went wrong in each step, by rules from the simulator's truth.

Five causes, judged before the step's outcome is known to the agent:

- execution: a fault struck, or the right action was tried and the world refused.
- precondition: the named object is there and was meant, but something else had to be done first.
- grounding: the named object is in view, but the point lies on something else.
- perception: the named object is not in view, or is said to be found and is not.
- planning: it worked, or could have, but does not lead to the goal; or it is no action at all.

A lost episode is attributed to its last error that was never made good; if there is none, to what
the agent did most often instead of what leads to the goal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.recording.trajectory import StepRecord
from agent.recovery import ErrorSpan
from envs.actions import INTERACTIONS, Action, ActionFormatError, parse_action, types_of
from envs.observations import SEEN_PIXELS
from envs.thor_env import ThorEnv
from policies.expert.policy import ExpertPolicy

# As many pixels of a 300x300 frame as the searching expert notices.
_OVERLOOKED_PIXELS = 45


@dataclass(frozen=True)
class StepTruth:
    """A step beside what the simulator knows.

    Attributes:
        cause: One of the five for a step that failed or was faulted; else empty.
        astray: One of the five for a step that worked but that the expert would not have taken;
            else empty.
        expert: What the expert would have done, in words.
        hit: Whether the point lay on the named object, of steps that point at an object in view;
            else None.
    """

    cause: str
    astray: str
    expert: str
    hit: bool | None = None


class TruthRecorder:
    """An environment that records what was true of every step; nothing of it reaches the agent.

    Args:
        env: The environment, of which the expert's view is privileged.
    """

    def __init__(self, env: ThorEnv) -> None:
        self.env = env
        self.expert = ExpertPolicy(env, search=True)
        self.steps: list[StepTruth] = []
        self._last, self._outcome = "", ""

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Mapping[str, Any], dict[str, Any]]:
        """Begins an episode."""
        self.steps = []
        self._last, self._outcome = "", ""
        return self.env.reset(seed=seed, options=options)

    def step(self, action: Any) -> tuple[Mapping[str, Any], Any, bool, bool, dict[str, Any]]:
        """Carries out an action and notes what was true."""
        meant = _meant(action)
        label = self._label()
        view = self._view(meant)
        struck = self.env.fault.report() if self.env.fault is not None else ""
        result = self.env.step(action)
        info = result[4]
        faulted = bool(info["fault"]) and info["fault"] != struck
        alike = meant is not None and (meant.verb, meant.target) == (label.verb, label.target)
        cause = astray = ""
        if faulted:
            cause = "execution"
        elif not info["action_success"]:
            cause = _cause(meant, alike, view)
        elif not alike and not info["success"]:
            astray = _astray(meant, label, self._overlooked(label))
        points = meant is not None and _points_here(meant) and view[0]
        said = label.to_text().split(" at (")[0]
        self.steps.append(StepTruth(cause, astray, said, view[1] if points else None))
        self._last = meant.to_text() if meant else str(action)
        self._outcome = "ok" if info["action_success"] else "failed"
        return result

    def _label(self) -> Action:
        """What the expert would do; what it knows stays out of the agent's own skills."""
        skills = self.env.skills
        seen, goes_to = set(skills.seen), skills.meant
        label = self.expert.label(self._last, self._outcome).action
        skills.seen, skills.meant = seen, goes_to
        return label

    def _view(self, meant: Action | None) -> tuple[bool, bool]:
        """Whether the named object is in view, and whether the point lies on it."""
        if meant is None or meant.target is None:
            return False, False
        shown = self.env.skills.view
        types = types_of(meant.target)
        in_view = bool(shown.of_types(types, SEEN_PIXELS))
        if meant.point is None or not _points_here(meant):
            return in_view, in_view
        radius = self.env.skills.point_radius * shown.index.shape[1]
        return in_view, shown.near(meant.point, types, radius) is not None

    def _overlooked(self, label: Action) -> bool:
        """Whether what the expert acts on is plainly in view."""
        if label.target is None:
            return False
        ids = self.env.skills.view.of_types(types_of(label.target), _OVERLOOKED_PIXELS)
        return bool(ids)


def _points_here(action: Action) -> bool:
    """Whether an action points at something in the present view."""
    return action.point is not None and action.view is None


def _meant(action: Any) -> Action | None:
    if isinstance(action, Action):
        return action
    try:
        return parse_action(str(action))
    except ActionFormatError:
        return None


def _cause(meant: Action | None, alike: bool, view: tuple[bool, bool]) -> str:
    """Why a step failed."""
    if meant is None:
        return "planning"
    in_view, on_it = view
    if meant.verb in INTERACTIONS and meant.target is not None:
        if not in_view:
            return "perception"
        if not on_it:
            return "grounding"
        return "execution" if alike else "precondition"
    if meant.view is not None:
        return "grounding"  # what was remembered is not there
    if meant.verb == "goto" and meant.point is not None and not on_it:
        return "grounding" if in_view else "perception"
    if meant.verb == "goto" and not alike:
        return "planning"
    return "execution"


def _astray(meant: Action | None, label: Action, overlooked: bool) -> str:
    """Why a step that worked did not lead on."""
    if meant is not None and meant.verb == "done":
        return "perception" if label.verb in ("goto", "look around") else "planning"
    looked = meant is not None and meant.verb == "look around"
    return "perception" if looked and overlooked else "planning"


def attribute_failure(
    steps: Sequence[StepRecord], errors: Sequence[ErrorSpan], truth: Sequence[StepTruth]
) -> str:
    """The cause of a lost episode, one of ``verdicts.CAUSES``; empty for one without steps.

    Args:
        steps: Of the episode.
        errors: Its errors, with the steps at which they were made good.
        truth: Of each step.
    """
    if not truth:
        return ""
    if steps[-1].action == "done" and truth[-1].astray:
        return truth[-1].astray
    lasting = [error.step for error in errors if error.recovered_at is None]
    if lasting:
        return truth[lasting[-1]].cause or "execution"
    causes = Counter(step.astray for step in truth if step.astray)
    return causes.most_common(1)[0][0] if causes else "planning"
