"""Policies that don't look: the floor under every score."""

from __future__ import annotations

import numpy as np

from envs.actions import WITH_TARGET, Action, verbs_of
from envs.simulator.core.object_types import object_types
from policies.base import Answer, Context, Observation, Question, Reply

KITCHEN_TYPES = tuple(n for n, kind in object_types().items() if "kitchen" in kind.rooms)


class RandomPolicy:
    """Takes random well-formed actions on objects of a kitchen, at random points.

    Args:
        action_level: skill or primitive.
        targets: Object types it names.
    """

    name = "random"

    def __init__(
        self, action_level: str = "skill", targets: tuple[str, ...] = KITCHEN_TYPES
    ) -> None:
        self.verbs = verbs_of(action_level)
        self.targets = targets
        self._rng = np.random.default_rng(0)

    def reset(self, instruction: str, seed: int) -> None:
        self._rng = np.random.default_rng([seed, 31])

    def sample(self, rng: np.random.Generator) -> Action:
        """One random action."""
        verb = str(rng.choice(self.verbs))
        if verb not in WITH_TARGET:
            # An episode that ends itself at once says little: done is drawn more rarely.
            return self.sample(rng) if verb == "done" and rng.random() < 0.7 else Action(verb)
        point = (float(rng.random()), float(rng.random()))
        return Action(verb, str(rng.choice(self.targets)), None if verb == "goto" else point)

    def act(self, observation: Observation, context: Context) -> Reply:
        action = self.sample(self._rng)
        return Reply(action=action, thought="anything", text=action.to_text(), confidence=0.0)

    def ask(self, frame: np.ndarray, question: Question) -> Answer | None:
        return None
