"""An episode as it stands, to be gone back to: world, skills, history and fault.

    before = env.snapshot()
    env.step("open Fridge")
    env.restore(before)

The embedded backend puts its world back in about a millisecond. Another one, such as Unity, has no
such thing: there the episode is begun again and its actions are played once more.
"""

from __future__ import annotations

from copy import copy, deepcopy
from dataclasses import dataclass
from typing import Any, Protocol

from envs.actions import Action
from envs.camera_noise import CameraNoise
from envs.tasks.base import Task

_KEPT = ("steps", "said_done", "last_error", "stage", "goal_reached", "history", "max_steps")


class EnvWithEpisodes(Protocol):
    """An environment whose episodes can be gone back to; ``ThorEnv`` is one.

    Attributes:
        task: Of the running episode.
        begun_with: Its seed.
        actions: Taken so far.
        skills: What the skills know.
        fault: The injected one, or None.
        noise: The camera's.
    """

    task: Task | None
    begun_with: int | None
    actions: list[str | Action]
    skills: Any
    fault: Any
    noise: CameraNoise

    @property
    def controller(self) -> Any:
        """The AI2-THOR controller."""

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """Begins an episode."""

    def step(self, action: str | Action) -> Any:
        """Carries out an action."""


@dataclass(frozen=True, eq=False)
class EpisodeSnapshot:
    """What an episode is put back to.

    Attributes:
        task: Of the episode.
        seed: With which it was begun; None: with none.
        actions: Taken so far.
        world: The backend's own snapshot; None where it has none.
        own: The environment's counters.
        skills: What the skills know.
        fault: State of the injected fault; None without one.
        noise: The camera's.
    """

    task: Task
    seed: int | None
    actions: tuple[str | Action, ...]
    world: Any
    own: dict[str, Any]
    skills: tuple[Any, ...]
    fault: dict[str, Any] | None
    noise: CameraNoise


def take(env: EnvWithEpisodes, task: Task) -> EpisodeSnapshot:
    """The running episode of an environment, as it stands."""
    controller = env.controller
    return EpisodeSnapshot(
        task=task,
        seed=env.begun_with,
        actions=tuple(env.actions),
        world=controller.snapshot() if hasattr(controller, "snapshot") else None,
        own={name: copy(getattr(env, name)) for name in _KEPT},
        skills=env.skills.kept(),
        fault=None if env.fault is None else dict(vars(env.fault)),
        noise=deepcopy(env.noise),
    )


def put_back(env: EnvWithEpisodes, kept: EpisodeSnapshot) -> None:
    """Puts an environment back to an episode that was begun in it.

    Raises:
        ValueError: If the world can't be put back: its room was reset since.
    """
    if kept.world is None:
        env.reset(seed=kept.seed, options={"task": kept.task})
        for action in kept.actions:
            env.step(action)
        return
    env.controller.restore(kept.world, renderImage=False)
    env.task, env.actions = kept.task, list(kept.actions)
    for name, value in kept.own.items():
        setattr(env, name, copy(value))
    env.skills.resume(kept.skills)
    env.noise = deepcopy(kept.noise)
    if env.fault is not None and kept.fault is not None:
        vars(env.fault).update(kept.fault)
