"""What runs in a worker of ``envs.vector``: one household environment, told in arrays.

Texts are told as bytes, so that a whole observation fits into shared memory; the simulator's
metadata stays where it is, for it is larger than a frame.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import gymnasium
import numpy as np

from envs.thor_env import ThorEnv


def encoded(text: str, length: int) -> np.ndarray:
    """A text of ``envs.observations.CHARSET`` as (length,) uint8, zeros after its end."""
    made = np.zeros(length, np.uint8)
    letters = np.frombuffer(text.encode("ascii")[:length], np.uint8)
    made[: len(letters)] = letters
    return made


def decoded(row: np.ndarray) -> str:
    """The text of (length,) uint8."""
    return row.tobytes().rstrip(b"\0").decode("ascii")


def shared_space(space: gymnasium.spaces.Dict) -> gymnasium.spaces.Dict:
    """An observation space with every text as bytes."""
    return gymnasium.spaces.Dict(
        {
            name: gymnasium.spaces.Box(0, 127, (part.max_length,), np.uint8)
            if isinstance(part, gymnasium.spaces.Text)
            else part
            for name, part in space.spaces.items()
        }
    )


class SharedThorEnv(gymnasium.Wrapper):
    """A ``ThorEnv`` with texts as bytes and without ``info["state"]``.

    Of the reset option ``tasks``, a list, it takes the task with its own number.
    """

    def __init__(self, env: ThorEnv, index: int) -> None:
        super().__init__(env)
        self.index = index
        space: gymnasium.spaces.Dict = env.observation_space
        self.observation_space = shared_space(space)
        parts = space.spaces.items()
        self._lengths = {
            name: part.max_length for name, part in parts if isinstance(part, gymnasium.spaces.Text)
        }

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict, dict]:
        """Begins an episode."""
        options = dict(options or {})
        tasks = options.pop("tasks", None)
        if tasks is not None:
            options["task"] = tasks[self.index]
        observation, info = self.env.reset(seed=seed, options=options)
        return self._told(observation), self._public(info)

    def step(self, action: Any) -> tuple[dict, float, bool, bool, dict]:
        """Carries out one action."""
        observation, reward, terminated, truncated, info = self.env.step(action)
        return self._told(observation), float(reward), terminated, truncated, self._public(info)

    def _told(self, observation: dict) -> dict:
        return {
            name: encoded(part, self._lengths[name]) if isinstance(part, str) else part
            for name, part in observation.items()
        }

    def _public(self, info: dict) -> dict:
        return {name: value for name, value in info.items() if name != "state"}


class Maker:
    """Makes an environment; in another process than the one it comes from, it is that worker's.

    Args:
        index: Number of the environment.
        options: Arguments of ``ThorEnv``.
    """

    def __init__(self, index: int, options: dict[str, Any]) -> None:
        self.index, self.options, self.owner = index, options, os.getpid()

    def __call__(self) -> SharedThorEnv:
        if os.getpid() != self.owner:
            # Ctrl-C reaches the whole group: whoever owns the workers ends them, with SIGTERM.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        return SharedThorEnv(ThorEnv(**self.options), self.index)
