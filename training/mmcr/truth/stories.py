"""Episodes as they really went: frames, deeds, and what was true all the while.

By the searching expert with faults and slips, as MAP plays it, or by any policy of the agent's own
loop, with what the expert held for right at every step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from agent.loop import Episode, EpisodeSettings
from agent.recording.observer import Observer
from agent.recording.trajectory import EpisodeHeader, StepRecord, Timing
from envs.actions import Action, ActionFormatError, parse_action
from envs.tasks.base import Task, room_of
from envs.tasks.object_names import OBJECT_NAMES
from envs.thor_env import ThorEnv
from policies.base import Policy
from policies.expert.parts import Label
from policies.expert.policy import ExpertPolicy
from training.data.collect_demonstrations import task_header
from training.data.map.frame_truth import FrameTruth
from training.data.map.play import PlayedStep
from training.mmcr.truth.seeing import UNNAMED, shot_of
from training.mmcr.truth.world import Deed, Shot, World

# A dialogue is told of so many steps at most; longer episodes are left out from there on.
MOST_DEEDS = 14


@dataclass(frozen=True, eq=False)
class Story:
    """An episode.

    Attributes:
        task: That was given.
        player: Who acted.
        frames: (H, W, 3) uint8 each, before every step.
        shots: What they plainly show.
        deeds: What was done in them.
        inventory: Types that there are in the room.
    """

    task: Task
    player: str
    frames: tuple[np.ndarray, ...]
    shots: tuple[Shot, ...]
    deeds: tuple[Deed, ...]
    inventory: tuple[str, ...]

    def world(self, chosen: Sequence[int]) -> World:
        """What a dialogue about some frames may speak of.

        Args:
            chosen: Indices of frames, in order.
        """
        task, last = self.task, chosen[-1]
        parts = task.parts or (task,)
        needed = {k for part in parts for k in (part.target, part.receptacle, part.tool) if k}
        right = self.deeds[last].right
        return World(
            room=room_of(task.scene),
            instruction=task.instruction,
            target=task.target if not task.parts and task.target in OBJECT_NAMES else "",
            receptacle=task.receptacle if not task.parts else "",
            needed=frozenset(needed),
            shots=tuple(self.shots[k] for k in chosen),
            deeds=self.deeds[:last],
            next=right if right[1] in OBJECT_NAMES or not right[1] else ("", ""),
            inventory=self.inventory,
        )


def story_of(task: Task, player: str, steps: Sequence[PlayedStep], env: ThorEnv) -> Story:
    """An episode that was played; ``env`` is still in its room."""
    kept = steps[: MOST_DEEDS + 1]
    kinds = {o["objectType"] for o in env.controller.last_event.metadata["objects"]}
    return Story(
        task,
        player,
        tuple(step.frame for step in kept),
        tuple(shot_of(step.truth, k) for k, step in enumerate(kept)),
        tuple(map(_deed, kept)),
        tuple(sorted((kinds & set(OBJECT_NAMES)) - UNNAMED)),
    )


def _deed(step: PlayedStep) -> Deed:
    record, right = step.record, step.label.action
    verb, target = _read(record.action)
    return Deed(
        verb,
        target,
        step.truth.held,
        not record.is_error,
        record.told,
        (right.verb, right.target or ""),
    )


def _read(text: str) -> tuple[str, str]:
    """Verb and target of an action's text; empty if it is none, or of what has no name."""
    try:
        action = parse_action(text)
    except ActionFormatError:
        return "", ""
    if action.target is not None and action.target not in OBJECT_NAMES:
        return "", ""
    return action.verb, action.target or ""


class _Watched:
    """The environment as the loop sees it; keeps what was true and right before each step."""

    def __init__(self, env: ThorEnv) -> None:
        self.env = env
        self.expert = ExpertPolicy(env, search=True)
        self.truth: FrameTruth
        self.label = Label(Action("done"), "")
        self._last = ("", "")

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Mapping[str, Any], dict[str, Any]]:
        """Begins an episode."""
        raw, info = self.env.reset(seed=seed, options=options)
        self.expert.reset(str(raw["instruction"]), seed or 0)
        self._last = ("", "")
        self._look()
        return raw, info

    def step(self, action: Any) -> tuple[Mapping[str, Any], Any, bool, bool, dict[str, Any]]:
        """Carries out an action."""
        raw, reward, terminated, truncated, info = self.env.step(action)
        text = action.to_text() if isinstance(action, Action) else str(action)
        self._last = text, "ok" if info["action_success"] else "failed"
        if not (terminated or truncated):
            self._look()
        return raw, reward, terminated, truncated, info

    def _look(self) -> None:
        self.truth = FrameTruth.now(self.env)
        self.label = self.expert.label(*self._last)
        self.env.skills.meant = ""  # which one the expert means is not the policy's to know


class _Steps(Observer):
    """Keeps steps with their frames."""

    def __init__(self, env: _Watched) -> None:
        self.env, self.steps = env, list[PlayedStep]()
        self._before: tuple[np.ndarray, FrameTruth, Label]

    def started(self, header: EpisodeHeader, frame: np.ndarray) -> None:
        """The first view."""
        self._before = frame.copy(), self.env.truth, self.env.label

    def stepped(self, record: StepRecord, frame: np.ndarray, timing: Timing) -> None:
        """A step is over."""
        seen, truth, label = self._before
        self.steps.append(PlayedStep(record, label, "", seen, truth))
        self._before = frame.copy(), self.env.truth, self.env.label


def play_policy(
    env: ThorEnv, task: Task, policy: Policy, rng: np.random.Generator, max_steps: int
) -> tuple[PlayedStep, ...]:
    """The steps of an episode in which a policy acts, won or lost.

    Args:
        env: In skills, told honestly; its fault, if any, is its own.
        task: What is to be done.
        policy: Who acts.
        rng: Of the episode's seed.
        max_steps: Given up after so many.
    """
    watched = _Watched(env)
    notes = _Steps(watched)
    settings = EpisodeSettings(max_steps=max_steps, frames_kept=0, rules=False)
    header = task_header(env, task, policy.name, settings.rounds)
    Episode(watched, policy, settings, [notes]).run(
        header, seed=int(rng.integers(2**31)), options={"task": task}
    )
    return tuple(notes.steps)
