"""EB-Navigation's tasks, read from its publisher's files.

    {"tasks": [{"targetObjectType": "Toaster", "targetObjectIds": "Toaster|-01.84|+00.90|+00.13",
      "target_position": {"x": -1.84, "y": 0.9, "z": 0.13}, "scene": "FloorPlan1",
      "agentPose": {"position": {"x": 1.5, "y": 0.9, "z": 0.5}, "rotation": 90, "horizon": 30},
      "object_to_hide": [], "instruction": "navigate to the Toaster ..."}]}

Played and scored as by its program (EmbodiedBench, ``EBNavEnv.py``): a task is won as soon as the
agent's middle is within a metre of the target's, on the floor plan, with nothing said, in at most
20 actions of 0.25 m, 90 degrees or 30 degrees of tilt. That is action level ``primitive``. The
agent's places are on a grid of 0.1 m, so that a move is 0.2 or 0.3 m long: on one of 0.25 m some
targets have no place so near. As in its program, ``object_to_hide`` hides nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from envs.tasks.base import Task, room_of
from envs.tasks.goals import Every, State
from envs.tasks.published.files import PublishedError, begin_room, part, read_json, words

if TYPE_CHECKING:
    from ai2thor.controller import Controller

SUITE = "eb-navigation"
DISTANCE = 1.0
MAX_STEPS = 20
GRID = 0.1


@dataclass(frozen=True)
class NavigationScenario:
    """A room as it is, with its agent put somewhere: x, z in metres, yaw, horizon in degrees."""

    scene: str
    start: tuple[float, float, float, float]

    def set_up(self, controller: Controller) -> None:
        """Resets the controller to the task's start.

        Raises:
            RuntimeError: If the room refuses the start.
        """
        fresh = begin_room(controller, self.scene, GRID)
        x, z, yaw, horizon = self.start
        pose: dict[str, Any] = {
            "position": {"x": x, "y": fresh.metadata["agent"]["position"]["y"], "z": z},
            "rotation": {"x": 0.0, "y": yaw, "z": 0.0},
            "horizon": horizon,
            "standing": True,
        }
        event = controller.step("TeleportFull", renderImage=False, **pose)
        if not event.metadata["lastActionSuccess"]:
            # Their tilts and places are not all ours.
            event = controller.step("TeleportFull", renderImage=False, forceAction=True, **pose)
        if not event.metadata["lastActionSuccess"]:
            raise RuntimeError(f"{self.scene} refuses the start: {event.metadata['errorMessage']}")


@dataclass(frozen=True)
class Within:
    """The agent's middle is within a distance of a place, x and z in metres.

    Attributes:
        target: Object type that stands there.
        place: x and z.
        distance: Metres.
        at_once: The episode ends as soon as this holds; nothing need be said.
        nearness: Metres that a walk to something has to end within.
    """

    target: str
    place: tuple[float, float]
    distance: float = DISTANCE

    at_once: ClassVar[bool] = True

    @property
    def nearness(self) -> float:
        return self.distance

    def text(self) -> str:
        return f"{self.target} is within {self.distance:g} m"

    def verify(self, state: State) -> bool:
        return math.dist(state.agent, self.place) <= self.distance


def load_eb_navigation(path: Path) -> tuple[Task, ...]:
    """The tasks of a file, or of every ``.json`` in a folder.

    Raises:
        PublishedError: If a file is none of EB-Navigation's, naming the field.
    """
    if path.is_dir():
        files = sorted(path.glob("*.json"))
        if not files:
            raise PublishedError(f"{path} holds no .json file.")
        return tuple(task for file in files for task in load_eb_navigation(file))
    tasks = part(read_json(path), "tasks", list, str(path))
    if not tasks:
        raise PublishedError(f"{path}: tasks is empty.")
    return tuple(
        _task(raw, f"{path}: task {index}", f"{path.stem}/{index}")
        for index, raw in enumerate(tasks)
    )


def _task(raw: Any, where: str, name: str) -> Task:
    scene = part(raw, "scene", str, where)
    try:
        room_of(scene)
    except ValueError as error:
        raise PublishedError(f"{where}: scene: {error}") from error
    target = part(raw, "targetObjectType", str, where)
    at = part(raw, "target_position", dict, where)
    x = part(at, "x", float, f"{where}: target_position")
    z = part(at, "z", float, f"{where}: target_position")
    pose = part(raw, "agentPose", dict, where)
    position = part(pose, "position", dict, f"{where}: agentPose")
    start = (
        part(position, "x", float, f"{where}: agentPose.position"),
        part(position, "z", float, f"{where}: agentPose.position"),
        part(pose, "rotation", float, f"{where}: agentPose"),
        part(pose, "horizon", float, f"{where}: agentPose"),
    )
    return Task(
        family="navigate",
        scene=scene,
        instruction=words(part(raw, "instruction", str, where)),
        goal=Every((Within(target, (x, z)),)),
        target=target,
        start=start,
        template_split="published",
        suite=SUITE,
        name=name,
        scenario=NavigationScenario(scene, start),
        max_steps=(("skill", MAX_STEPS), ("primitive", MAX_STEPS)),
    )
