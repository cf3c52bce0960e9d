"""The Gymnasium environment of household tasks.

Observation: ``{"rgb": (H, W, 3) uint8, "instruction": text, "feedback": text}``. Action: text, as
in ``envs.actions``. ``info`` carries success and goal counts; the simulator's privileged state is
in ``info["state"]`` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import gymnasium
import numpy as np

from envs import arguments
from envs.actions import (
    MAX_TEXT,
    PRIMITIVE_MOVES,
    Action,
    ActionFormatError,
    parse_action,
    verbs_of,
)
from envs.backends import make_controller, quality_options
from envs.camera_noise import CameraNoise
from envs.episode_snapshot import EpisodeSnapshot, put_back, take
from envs.faults import Fault
from envs.observations import CHARSET, MAX_FEEDBACK, observation_space
from envs.simulator.core.picture_size import check_size
from envs.simulator.system.typed_records import shown
from envs.skill_modes import HELPED, check_mode
from envs.skills import SkillFailed, Skills, in_view_within_reach
from envs.tasks.base import Task, is_ithor, room_of, scenes_of
from envs.tasks.family import Family
from envs.tasks.goals import State
from envs.tasks.history import History
from envs.tasks.preparation import forget, prepare
from envs.tasks.registry import default_families, family_named, is_short
from envs.tasks.sampler import sample_task

if TYPE_CHECKING:
    from ai2thor.server import Event

FEEDBACK_LEVELS = ("none", "binary", "reason")
MOST_STEPS = 10_000_000
MIN_MOVE = 1e-4
MAX_STEPS = {"skill": 30, "primitive": 100}
# For the longer families, and for rooms larger than kitchens.
MORE_STEPS = {"skill": 60, "primitive": 240}
_THOR_MOVES = {verb: "".join(w.capitalize() for w in verb.split()) for verb in PRIMITIVE_MOVES}


class ThorEnv(gymnasium.Env):
    """One household task an episode.

    Args:
        backend: As of ``envs.backends.make_controller``.
        action_level: ``"skill"`` or ``"primitive"``.
        feedback: ``"none"``, ``"binary"`` (ok or failed) or ``"reason"``.
        split: Rooms: train, val, test or all.
        families: Task families to sample from, by name or as a ``Family`` of your own; by default
            the kind of room's.
        scene: One room instead of the split's.
        template_split: Instruction templates; by default those of the split.
        varied: Randomise the rooms' appearances; by default in training rooms only.
        room: Kind of room: kitchen, living_room, bedroom, bathroom or any.
        width: Pixels, at most ``envs.simulator.core.picture_size.MAX_SIDE``.
        height: Pixels, likewise.
        max_steps: Agent steps before truncation; by default 30 skills or 100 primitive actions,
            of the longer families and in other rooms than kitchens 60 or 240.
        fault: Injected into every episode, or None.
        move: Metres of a primitive move, at most 5.
        on_frame: Called with the frame (H, W, 3) of every primitive move inside a skill.
        skills: ``"helped"`` or ``"honest"``: how much the skills know, and whether the episode
            ends by itself at the goal or only when the agent says it is done; see
            ``envs.skill_modes``.
        camera_noise: Standard deviation of Gaussian noise on the observation's frames, in levels
            of 255, by the seed of the episode.
        render_quality: ``"standard"`` or ``"high"``: finer pictures, for models that know
            photographs; of the embedded simulator alone.
        render_mode: None or ``"rgb_array"``.

    Raises:
        ValueError: If an argument is none of the allowed ones.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 4}
    observation_space: gymnasium.spaces.Dict
    _controller: Any = None
    _pictures: dict[str, Any]

    def __init__(
        self,
        backend: str = "embedded",
        action_level: str = "skill",
        feedback: str = "binary",
        split: str = "train",
        families: Sequence[str | Family] | None = None,
        scene: str | None = None,
        template_split: str | None = None,
        varied: bool | None = None,
        room: str = "kitchen",
        width: int = 300,
        height: int = 300,
        max_steps: int | None = None,
        fault: Fault | None = None,
        on_frame: Callable[[np.ndarray], None] | None = None,
        render_mode: str | None = None,
        move: float = 0.25,
        skills: str = HELPED,
        camera_noise: float = 0.0,
        render_quality: str = "standard",
    ) -> None:
        self.skill_mode, self.noise = check_mode(skills), CameraNoise(camera_noise)
        _check_kinds(locals())
        if max_steps is not None:
            max_steps = arguments.whole("max_steps", max_steps, 1, MOST_STEPS)
        width, height = check_size(width, height)
        self.move = arguments.number("move", move, MIN_MOVE, 5)
        self.verbs = frozenset(verbs_of(action_level))
        self.backend, self.action_level, self.feedback = backend, action_level, feedback
        scenes_of(split, room)
        self.split, self.room, self.scene = split, room, scene
        kind = room_of(scene) if scene and is_ithor(scene) else room
        asked = default_families(kind) if families is None else families
        if isinstance(asked, str) or not isinstance(asked, Sequence) or not asked:
            raise ValueError(
                f"families must be a list with at least one name or Family, not {shown(asked)}."
            )
        self.families = tuple(map(family_named, asked))
        self.template_split, self.varied = template_split, varied
        self._most_steps = max_steps
        self.max_steps = max_steps or MAX_STEPS[action_level]
        self.fault, self.render_mode, self.on_frame = fault, render_mode, on_frame
        self.observation_space = observation_space(width, height)
        self.action_space = gymnasium.spaces.Text(MAX_TEXT, charset=CHARSET)
        self._pictures = {"width": width, "height": height}
        self._pictures |= quality_options(render_quality, backend)
        self.task: Task | None = None
        self.skills: Skills
        self.begun_with: int | None = None
        self.actions: list[str | Action] = []

    @property
    def controller(self) -> Any:
        """The AI2-THOR controller, made on first use (privileged)."""
        if self._controller is None:
            self._controller = make_controller(
                self.backend,
                scene=self.scene or scenes_of("all", self.room)[0],
                supervised=True,
                renderInstanceSegmentation=True,
                **self._pictures,
            )
        return self._controller

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict, dict]:
        """Begins an episode; ``options={"task": Task}`` gives the task instead of sampling one.

        Raises:
            ValueError: If the seed is no whole number from 0 up, or an option none of these.
        """
        if seed is not None:
            seed = arguments.seed_of(seed)
        task = arguments.options_of(options, ("task",)).get("task")
        arguments.kind("The task", task, (Task, type(None)), "a Task or None")
        # What fails below leaves no episode that only looks begun.
        self.task = None
        super().reset(seed=seed)
        if task is None:
            task_seed = seed if seed is not None else int(self.np_random.integers(0, 2**31))
            task = sample_task(
                self.controller,
                task_seed,
                self.split,
                families=self.families,
                scene=self.scene,
                template_split=self.template_split,
                varied=self.varied,
                room=self.room,
            )
        self.task, self.begun_with, self.actions = task, seed, []
        if self.noise.sigma:
            self.noise.begin(int(self.np_random.integers(2**31)) if seed is None else seed)
        if self._most_steps is None:
            short = is_short(task.family, task.scene)
            usual = (MAX_STEPS if short else MORE_STEPS)[self.action_level]
            self.max_steps = dict(task.max_steps).get(self.action_level, usual)
        if task.scenario is not None:
            forget(self.controller)
            task.scenario.set_up(self.controller)
        else:
            self._begin(task)
        self.skills = Skills(self.controller, self._watch if self.on_frame else None)
        self.skills.mode = self.skill_mode
        self.skills.force_put, self.skills.nearness = task.force_put, task.goal.nearness
        self.skills.begin(walks=self.action_level == "skill")
        self.skills.moves = 0
        self.steps, self.said_done, self.last_error = 0, False, ""
        self.history, self.stage, self.goal_reached = History(), 0, False
        self.history.note(self.controller.last_event.metadata["objects"])
        if self.fault is not None:
            self.fault.begin(self)
        return self._observation(self.controller.last_event, ""), self._info(True)

    def _begin(self, task: Task) -> None:
        """Makes a seeded task's start."""
        prepare(self.controller, task.scene, task.appearance_seed, task.spawn_seed, task.shut_away)
        for name, object_id in task.before:
            self.controller.step(name, objectId=object_id, forceAction=True, renderImage=False)
        if task.setup:
            self.controller.step(
                "OpenObject", objectId=task.setup, forceAction=True, renderImage=False
            )
        x, z, yaw, horizon = task.start
        # Rooms' floors are at different heights.
        standing = self.controller.last_event.metadata["agent"]["position"]["y"]
        self.controller.step(
            "TeleportFull",
            position={"x": x, "y": standing, "z": z},
            rotation={"x": 0.0, "y": yaw, "z": 0.0},
            horizon=horizon,
            standing=True,
            renderImage=False,
        )

    def _watch(self, event: Event) -> None:
        if self.on_frame is not None and event.frame is not None:
            self.on_frame(np.ascontiguousarray(event.frame))

    def step(self, action: str | Action) -> tuple[dict, float, bool, bool, dict]:
        """Carries out one action; a malformed or impossible one is a failed step.

        Raises:
            RuntimeError: If there was no reset yet, or none since it was closed.
            ValueError: If the action is neither text nor an ``Action``.
        """
        task = self._current()
        arguments.kind("An action", action, (str, Action), "a text such as 'goto Fridge'")
        self.steps += 1
        self.actions.append(action)
        self.skills.moves, self.skills.looked = 0, None
        error = ""
        try:
            done = action if isinstance(action, Action) else parse_action(action)
            if done.verb not in self.verbs:
                raise ActionFormatError(
                    f"{done.verb!r} is no action of level {self.action_level!r}."
                )
            swallowed = self.fault is not None and self.fault.swallow(self, done)
            if not swallowed:
                really = done if self.fault is None else self.fault.divert(self, done)
                self._run(really, diverted=really is not done)
                self.history.did(really.verb, really.target)
        except (ActionFormatError, SkillFailed) as failure:
            error = str(failure)
        if self.fault is not None:
            self.fault.after(self)
        event = self.controller.last_event
        if event is not self.skills.looked:
            event = self.controller.step("Pass")
        self.history.note(event.metadata["objects"])
        self.skills.observe(event)
        self.stage = task.goal.advance(self.state())
        if self.fault is not None:
            shown = self.fault.show(self, event)
            if shown is not event:
                self.skills.views.show_again()
            event = shown
        self.last_error = error
        observation = self._observation(event, self._feedback(error))
        info = self._info(not error)
        # Honest, success is said, but for a publisher's own rule; helped, it ends the episode.
        terminated = bool(info["success"] or self.said_done)
        truncated = not terminated and self.steps >= self.max_steps
        return observation, float(info["success"]), terminated, truncated, info

    def snapshot(self) -> EpisodeSnapshot:
        """The running episode as it stands, for ``restore``."""
        return take(self, self._current())

    def restore(self, kept: EpisodeSnapshot) -> None:
        """Puts the episode back to where it stood; see ``envs.episode_snapshot``."""
        put_back(self, kept)

    def _current(self) -> Task:
        """Returns the task.

        Raises:
            RuntimeError: If there was no reset yet, or none since it was closed.
        """
        if self.task is None:
            raise RuntimeError("There is no task yet: call reset() before step().")
        return self.task

    def _run(self, action: Action, diverted: bool = False) -> None:
        if action.verb == "done":
            self.said_done = True
        elif action.verb in _THOR_MOVES:
            far = {"moveMagnitude": self.move} if action.verb.startswith("move") else {}
            event = self.controller.step(_THOR_MOVES[action.verb], **far)
            self.skills.moves += 1
            if self.on_frame:
                self._watch(event)
            if not event.metadata["lastActionSuccess"]:
                raise SkillFailed(event.metadata["errorMessage"])
        elif self.action_level == "primitive" or diverted:
            self.skills.interact(action, nearest=diverted)
        else:
            self.skills.run(action)

    def _feedback(self, error: str) -> str:
        if self.feedback == "none":
            return ""
        if not error:
            return "ok"
        return "failed" if self.feedback == "binary" else f"failed: {error}"[:MAX_FEEDBACK]

    def _observation(self, event: Event, feedback: str) -> dict:
        return {
            "rgb": self.noise.on(np.ascontiguousarray(event.frame)),
            "instruction": self._current().instruction,
            "feedback": "".join(c for c in feedback if c in CHARSET),
        }

    def state(self) -> State:
        """What goals are verified against (privileged)."""
        event = self.controller.last_event
        return State(
            tuple(event.metadata["objects"]),
            in_view_within_reach(event, self.skills.view),
            self.said_done,
            (event.metadata["agent"]["position"]["x"], event.metadata["agent"]["position"]["z"]),
            self.history.treated,
            self.stage,
            self.history.acts,
        )

    def _info(self, worked: bool) -> dict:
        task, state = self._current(), self.state()
        met, total = task.goal.count(state), len(task.goal.conditions)
        self.goal_reached = self.goal_reached or met == total
        by_itself = self.skill_mode == HELPED or task.goal.at_once
        return {
            "success": met == total and (by_itself or self.said_done),
            "goal_reached": self.goal_reached,
            "goal_conditions_met": met,
            "goal_conditions": total,
            "action_success": worked,
            "error": self.last_error if not worked else "",
            "steps": self.steps,
            "moves": self.skills.moves,
            "family": task.family,
            "scene": task.scene,
            "fault": self.fault.report() if self.fault is not None else "",
            "state": self.controller.last_event.metadata,
        }

    def render(self) -> np.ndarray | None:
        """The current frame (H, W, 3) in mode ``"rgb_array"``."""
        if self.render_mode is None or self._controller is None:
            return None
        return np.ascontiguousarray(self.controller.last_event.frame)

    def close(self) -> None:
        """Stops the backend; only a reset begins anew."""
        self.task = None
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


def _check_kinds(given: Mapping[str, Any]) -> None:
    """Refuses options of ``ThorEnv`` that are of another kind than they have to be.

    Raises:
        ValueError: Naming the option, its value and what it may be.
    """
    arguments.one_of("feedback", given["feedback"], FEEDBACK_LEVELS)
    arguments.one_of("render_mode", given["render_mode"], (None, "rgb_array"))
    arguments.one_of("template_split", given["template_split"], (None, "train", "test"))
    arguments.one_of("varied", given["varied"], (None, True, False))
    backends = "embedded, unity or the command of an executable"
    arguments.kind("backend", given["backend"], str, backends)
    for name in ("split", "room", "action_level"):
        arguments.kind(name, given[name], str, "a name")
    arguments.kind("scene", given["scene"], (str, type(None)), "an AI2-THOR scene's name or None")
    fault, on_frame = given["fault"], given["on_frame"]
    if fault is not None and not callable(getattr(fault, "begin", None)):
        raise ValueError(f"fault must be a Fault or None, not {shown(fault)}.")
    if on_frame is not None and not callable(on_frame):
        raise ValueError(f"on_frame must be a function of a frame or None, not {on_frame!r}.")
