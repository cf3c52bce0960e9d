"""ALFRED's trials as tasks of ThorEnv: their rooms, their words, their goal conditions.

The agent is ThorEnv's own (its camera, its action levels); the room, the start and the goal are the
trial's. Where the room's free floor has no such start any more, the nearest one is taken; where it
has no such receptacle, what stands in its place. Left out: ALFRED's limit of ten failed low-level
actions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from envs.simulator.scenes import load_scene
from envs.tasks.base import Task
from envs.tasks.goals import Every, State
from envs.tasks.published.alfred import Trial, TrialError, read_trials
from envs.tasks.published.alfred_goals import Treated, checks
from envs.tasks.published.alfred_scene import numbers_of, set_up
from envs.tasks.published.files import words

if TYPE_CHECKING:
    from ai2thor.controller import Controller

SUITE = "alfred"
FAMILY_OF = {
    "pick_and_place_simple": "pick_and_place",
    "pick_two_obj_and_place": "pick_two",
    "look_at_obj_in_light": "examine",
    "pick_clean_then_place_in_recep": "clean",
    "pick_heat_then_place_in_recep": "heat",
    "pick_cool_then_place_in_recep": "cool",
    "pick_and_place_with_movable_recep": "stack",
}
# ALFRED's own limit holds for its low-level actions.
MAX_STEPS = (("skill", 100), ("primitive", 1000))
# What AI2-THOR shows by default, and ThorEnv's policies know.
FIELD_OF_VIEW = 90.0


@dataclass(frozen=True)
class AlfredScenario:
    """A trial's room and start."""

    trial: Trial

    def set_up(self, controller: Controller) -> None:
        """Resets the controller to the trial's start.

        Raises:
            RuntimeError: If the scene refuses the trial's poses or its start.
        """
        set_up(
            controller,
            self.trial,
            on_floor=True,
            renderInstanceSegmentation=True,
            fieldOfView=FIELD_OF_VIEW,
        )


@dataclass(frozen=True)
class AlfredCondition:
    """One of ALFRED's goal conditions of a trial, by its index."""

    trial: Trial
    index: int

    def text(self) -> str:
        return checks(self.trial, (), frozenset(), Treated())[self.index][0]

    def verify(self, state: State) -> bool:
        held = frozenset(o["objectId"] for o in state.objects if o["isPickedUp"])
        done = state.treated
        treated = Treated(
            set(done.get("rinsed", ())),
            set(done.get("microwaved", ())),
            set(done.get("chilled", ())),
        )
        return checks(self.trial, state.objects, held, treated)[self.index][1]


def alfred_task(trial: Trial, instruction: int = 0) -> Task:
    """A trial as a task.

    Args:
        trial: The trial.
        instruction: Whose words: of several people's, counted round.

    Raises:
        TrialError: If nobody said what the trial is about.
    """
    if not trial.instructions:
        raise TrialError(
            f"{trial.task_id} has no instructions (field turk_annotations): use annotated trials."
        )
    trial = replace(trial, parent=_parent_today(trial))
    said = trial.instructions[instruction % len(trial.instructions)]
    count = len(checks(trial, (), frozenset(), Treated()))
    x, _, z, yaw, horizon = trial.start
    return Task(
        family=FAMILY_OF[trial.task_type],
        scene=trial.scene,
        instruction=words(said),
        goal=Every(tuple(AlfredCondition(trial, k) for k in range(count))),
        target=f"{trial.target}Sliced" if trial.is_sliced else trial.target,
        receptacle=trial.parent,
        tool=trial.movable or trial.toggle,
        start=(x, z, yaw, horizon),
        template_split="published",
        suite=SUITE,
        name=trial.task_id,
        scenario=AlfredScenario(trial),
        force_put=True,
        max_steps=MAX_STEPS,
    )


def _parent_today(trial: Trial) -> str:
    """The receptacle's type; where the room has none of it any more, that of what stands there."""
    things = load_scene(trial.scene).objects
    if not trial.parent or any(o.object_type == trial.parent for o in things):
        return trial.parent
    ids = [str(a.get("receptacleObjectId", "")) for a in reversed(trial.actions)]
    meant = next((i for i in ids if i.startswith(f"{trial.parent}|")), "")
    place = numbers_of(meant)
    homes = [
        o for o in things if "receptacle" in o.properties and not o.properties.get("pickupable")
    ]
    if place is None or not homes:
        return trial.parent
    return min(homes, key=lambda o: math.dist(o.position, place)).object_type


def load_alfred(path: Path, instruction: int = 0) -> tuple[Task, ...]:
    """All trials of ALFRED's files as tasks; ``path`` as of ``read_trials``.

    Raises:
        TrialError: If the path holds none, or one is broken.
    """
    tasks = tuple(alfred_task(trial, instruction) for trial in read_trials(path))
    if not tasks:
        raise TrialError(f"{path} holds no trials.")
    return tasks
