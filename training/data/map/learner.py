"""A learned policy that acts in an episode, so that what it does wrong can be put right.

It is asked at every step, with the frame and the memory that it would have by itself. Where it
would do something else than the expert, that is its own failure, of one of the kinds ``FAILURES``.
"""

from __future__ import annotations

from dataclasses import dataclass

from agent.sightings import Sightings
from envs.actions import Action
from envs.thor_env import ThorEnv
from policies.base import Context, Observation, Policy, Reply, Sighting
from policies.expert.parts import Label
from policies.make_policy import EXPERTS, PolicyOptions, make_policy
from training.data.map.columns import MapError

CAME_TO_NOTHING = "came_to_nothing"
FAILURES = {
    "malformed": "its reply was no action",
    "done": "it said that all is done",
    "other_object": "the right verb, on something else",
    "other_verb": "the right object, but something else with it",
    "other": "another verb on something else",
    CAME_TO_NOTHING: "the right action, where it pointed in vain",
}


@dataclass(frozen=True)
class Known:
    """What skills know of the room; what the expert adds to it must not help who acts."""

    seen: frozenset[str] = frozenset()
    meant: str = ""

    @classmethod
    def now(cls, env: ThorEnv) -> Known:
        """As it is."""
        return cls(frozenset(env.skills.seen), env.skills.meant)

    def put_back(self, env: ThorEnv) -> None:
        """As it was."""
        env.skills.seen, env.skills.meant = set(self.seen), self.meant


class Learner:
    """Asks a policy, and keeps for it where it saw what, as the agent's memory does.

    Args:
        policy: Which.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._sightings, self._steps = Sightings(), 0

    def reset(self, instruction: str, seed: int) -> None:
        """Begins an episode.

        Raises:
            ValueError: If it can make nothing of the instruction.
        """
        self.policy.reset(instruction, seed)
        self._sightings, self._steps = Sightings(), 0

    def saw(self, found: tuple[Sighting, ...], held: str) -> None:
        """Takes note of loose objects in view; ``held`` is an object type or empty."""
        self._sightings = self._sightings.after_view(found, self._steps, held=held or None)

    def came_of_it(self, action: Action | None, worked: bool) -> None:
        """Is told of a step, whoever took it."""
        self._sightings = self._sightings.after_action(action, "ok" if worked else "failed")
        self._steps += 1

    def propose(self, observation: Observation, context: Context) -> Reply:
        """What it would do; a walk to what it saw says where."""
        return self._sightings.completed(self.policy.act(observation, context))


def failure_of(reply: Reply, label: Label) -> str:
    """The kind of a proposal's failure, by what would be right; empty where it is the same.

    >>> failure_of(Reply(Action("open", "Fridge")), Label(Action("close", "Fridge"), ""))
    'other_verb'
    >>> failure_of(Reply(Action("open", "Fridge", (0.4, 0.5))), Label(Action("open", "Fridge"), ""))
    ''
    """
    action, right = reply.action, label.action
    if action is None:
        return "malformed"
    if (action.verb, action.target) == (right.verb, right.target):
        return ""
    if action.verb == "done":
        return "done"
    if action.verb == right.verb:
        return "other_object"
    return "other_verb" if action.target and action.target == right.target else "other"


def load_learner(name: str) -> Policy:
    """A policy that may act, by its name.

    Raises:
        MapError: If it is the expert, who says what is right.
        ValueError: As of ``policies.make_policy.make_policy``.
    """
    if name in EXPERTS:
        raise MapError(f"--policy {name}: the expert says what is right; give one that learned.")
    # One process a core; what it answers is to be its own word, without rules.
    return make_policy(PolicyOptions(name, threads=1, rules=False))
