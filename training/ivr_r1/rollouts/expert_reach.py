"""How far the goal is from any step of a rollout: the searching expert plays on from there.

Nothing of it stays: the world is put back by whoever plays next. It costs the expert's steps in the
simulator, which are counted; what was found for a step is remembered.
"""

from __future__ import annotations

from policies.expert.policy import Label
from training.ivr_r1.rollouts.playing import Place, Played, Stage


def expert_steps(
    stage: Stage, place: Place, most: int, last: str = "", outcome: str = ""
) -> int | None:
    """Plays the expert from a place; returns its steps, None where it does not get there.

    Args:
        stage: Where.
        place: Of the stage's task.
        most: Steps it may take.
        last: What was done before, as text.
        outcome: How that ended: ok or failed.
    """
    if place.moment.state.over:
        return None
    env = stage.env
    env.restore(place.world)
    expert = stage.expert(env)
    for count in range(1, most + 1):
        try:
            label = expert.label(last, outcome)
        except ValueError:  # no plan fits the task
            return None
        _, _, terminated, truncated, info = env.step(label.action)
        stage.env_steps += 1
        last, outcome = label.action.to_text(), "ok" if info["action_success"] else "failed"
        if info["success"]:
            return count
        if terminated or truncated:
            return None
    return None


class ExpertReach:
    """Steps to go, by the expert, from the steps of one rollout.

    Args:
        stage: Where it was played.
        played: The rollout.
        most: Steps that the expert may take from a step.
    """

    def __init__(self, stage: Stage, played: Played, most: int) -> None:
        self.stage, self.played, self.most = stage, played, most
        self._known: dict[int, int | None] = {}

    def steps_to_go(self, step: int) -> int | None:
        """The expert's steps from before a step; None where it doesn't get there in ``most``."""
        if step not in self._known:
            place = self.played.before[step]
            self._known[step] = expert_steps(self.stage, place, self.most, *self._last(step))
        return self._known[step]

    def _last(self, step: int) -> tuple[str, str]:
        """What was done before a step, and how it ended."""
        if step == 0:
            return "", ""
        before = self.played.of_step(step - 1)[-1]
        return before.action, "ok" if before.worked else "failed"

    def label(self, step: int) -> Label | None:
        """What the expert would do at a step; None where it knows nothing for the task."""
        env = self.stage.env
        env.restore(self.played.before[step].world)
        try:
            return self.stage.expert(env).label(*self._last(step))
        except ValueError:
            return None
