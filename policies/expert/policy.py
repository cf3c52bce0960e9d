"""The scripted expert: knows the simulator's state, and solves every task.

With ``search`` it acts only on what can be seen: it looks around until what it needs is in
view, goes to it, and acts on it where it sees it. That makes its decisions a function of the
frame and of what happened, so that a policy can learn them. Without ``search`` it goes straight to
objects, wherever they are.
"""

from __future__ import annotations

import numpy as np

from envs.actions import Action
from envs.tasks.base import Task
from envs.thor_env import ThorEnv
from policies.base import Answer, Context, Observation, Question, Reply, Sighting
from policies.expert.parts import NOTICED_PIXELS, Label, Parts
from policies.expert.plans import plan
from policies.expert.truth import SkillRecord, Truth
from policies.expert.walk_record import WalkRecord

# An episode is given up when the same has failed, or changed nothing, so often in a row.
HOPELESS = 30


class ExpertPolicy:
    """Privileged: it is given the environment itself.

    Args:
        env: The environment it acts in, reset before the first question.
        search: Act only on what has come into view.
    """

    name = "expert"

    def __init__(self, env: Truth, search: bool = False) -> None:
        self.env = env
        self.search = search
        self._walk: tuple[SkillRecord, WalkRecord] | None = None

    def reset(self, instruction: str, seed: int) -> None:
        """Forgets the last episode's walk; all else follows from the state and the last step."""
        self._walk = None

    def act(self, observation: Observation, context: Context) -> Reply:
        last = context.history[-1] if context.history else None
        label = self.label(last.action if last else "", last.outcome if last else "")
        return Reply(
            action=label.action,
            thought=label.thought,
            plan=(label.action.to_text(),),
            text=f"{label.thought}: {label.action.to_text()}",
        )

    def ask(self, frame: np.ndarray, question: Question) -> Answer | None:
        return None

    def sightings(self, frame: np.ndarray) -> tuple[Sighting, ...]:
        """The loose objects plainly in view now, whatever frame is given; of a type the largest."""
        view = self.env.skills.view
        found: dict[str, str] = {}
        for item in self.env.controller.last_event.metadata["objects"]:
            pixels = view.pixels(item["objectId"])
            if item["pickupable"] and not item["isPickedUp"] and pixels >= NOTICED_PIXELS:
                rival = found.get(item["objectType"])
                if rival is None or pixels > view.pixels(rival):
                    found[item["objectType"]] = item["objectId"]
        return tuple(Sighting(kind, view.interior(i), 1.0) for kind, i in found.items())

    def label(self, last_action: str = "", outcome: str = "") -> Label:
        """Returns the right next action in the environment's present state.

        Args:
            last_action: Text of the last action, by whomever.
            outcome: How it ended: ok or failed.

        Raises:
            RuntimeError: If the environment was never reset.
            ValueError: If no plan fits the task.
        """
        task = self.env.task
        if task is None:
            raise RuntimeError("There is no task yet: reset the environment before asking.")
        honest = self.env.skills.honest
        if honest and task.goal.verify(self.env.state()):
            return Label(Action("done"), "all done")
        if honest:
            self.env.skills.meant = ""
        if task.parts:
            task = self._part(task)
        parts = Parts(self.env, self.search, last_action, outcome == "ok", self._record())
        label = plan(parts, task)
        if honest and label.action.verb == "goto" and label.action.point is None:
            # It knows which one it goes to; other agents have to say where they saw it.
            skills = self.env.skills
            skills.meant = skills.meant or skills.expected(label.action.target or "")
        return label

    def _record(self) -> WalkRecord | None:
        """This episode's walk; None where it is the skills that walk."""
        if self.env.action_level == "skill":
            return None
        # An environment has new skills in every episode.
        if self._walk is None or self._walk[0] is not self.env.skills:
            self._walk = self.env.skills, WalkRecord(self.env.controller, self.env.move)
        return self._walk[1]

    def _part(self, task: Task) -> Task:
        """Returns the part of a composite task to be done now: one that was undone, or the next."""
        state = self.env.state()
        for part in task.parts[: self.env.stage]:
            if not part.goal.verify(state):
                return part
        return task.parts[min(self.env.stage, len(task.parts) - 1)]


def run_episode(
    env: ThorEnv, seed: int, search: bool, task: Task | None = None
) -> tuple[bool, int, str, list[str]]:
    """Plays one expert episode, seeded or of a task.

    Returns:
        Whether it was won, its steps, the task's family, and a line for each action.
    """
    env.reset(seed=seed, options=None if task is None else {"task": task})
    expert = ExpertPolicy(env, search)
    last, outcome, log = "", "", []
    while True:
        label = expert.label(last, outcome)
        _, _, terminated, truncated, info = env.step(label.action)
        last, outcome = label.action.to_text(), "ok" if info["action_success"] else "failed"
        log.append(f"{last} {outcome} {info['error']}")
        stuck = log[-HOPELESS:].count(log[-1]) == HOPELESS
        if terminated or truncated or stuck:
            return bool(info["success"]), env.steps, info["family"], log
