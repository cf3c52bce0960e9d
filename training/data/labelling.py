"""An episode of the agent's own loop in which the expert says at every decision what it would do.

Whoever acts, the loop is the one of ``agent.loop``, with refinement and memory as in earnest: what
is collected is what the policy will be asked. After an objection the expert is heard again on the
same frame: its word stands, so that an objection that is right teaches another answer and one that
is false teaches to insist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from envs.actions import Action
from envs.observations import object_type_of
from envs.tasks.base import Task
from envs.tasks.object_names import is_furniture
from envs.thor_env import ThorEnv
from policies.base import (
    Answer,
    Context,
    Observation,
    Policy,
    Question,
    Reply,
    SeeingPolicy,
    Sighting,
    VerifierTrust,
    verifying,
)
from policies.cimr.token_codec import Codec
from policies.expert.policy import ExpertPolicy, Label
from policies.expert.strides import SIDES
from training.data.step_part import StepPart

# Of a 300 x 300 frame: what shows so much of itself is noticed by whoever looks.
_NOTICED_PIXELS, _NOTICED = 45, 0.9
# What somebody clumsy does where the actions are moves, and how often it is the camera's.
_STRAY_MOVES = (*SIDES, "move ahead", "rotate left", "rotate right")
_STRAY_TILTS, _TILTED = ("look up", "look down"), 0.1


@dataclass(frozen=True)
class Acting:
    """Who acts, and how often otherwise than meant.

    Attributes:
        learner: Acts; None: the expert does.
        expert_share: With a learner, chance that a step is the expert's nevertheless.
        disturbance: Without one, chance that a step is a random action instead.
        looks_kept: Looks around in a row that are recorded: a long search in vain teaches little.
    """

    learner: Policy | None = None
    expert_share: float = 0.0
    disturbance: float = 0.0
    looks_kept: int = 7


def random_action(env: ThorEnv, rng: np.random.Generator) -> Action:
    """Something a clumsy agent might do, at the environment's action level."""
    draw = rng.random()
    if env.action_level == "primitive":
        moves = _STRAY_TILTS if draw < _TILTED else _STRAY_MOVES
        return Action(moves[int(rng.integers(len(moves)))])
    if draw < 0.3:
        return Action("look around")
    objects = env.controller.last_event.metadata["objects"]
    if draw < 0.65:
        furniture = sorted({o["objectType"] for o in objects if not o["pickupable"]})
        return Action("goto", str(rng.choice(furniture)))
    if draw < 0.7:
        return Action("drop")
    shown = [o["objectType"] for o in objects if o["visible"]]
    kind = str(rng.choice(shown)) if shown else "Fridge"
    verbs = ("goto", "pick up", "open", "close", "toggle on", "toggle off", "put in")
    return Action(str(rng.choice(verbs)), kind)


class LabellingPolicy:
    """Acts in the loop, and writes down every decision with the expert's label.

    Args:
        env: Played in; reset to the task before the first decision.
        acting: Who acts.
        codec: Writes the memory.
        part: Where decisions go.
        rng: Decides who acts in a step, and wrongly how.
    """

    def __init__(
        self,
        env: ThorEnv,
        acting: Acting,
        codec: Codec,
        part: StepPart,
        rng: np.random.Generator,
    ) -> None:
        self.name = "labelling"
        self.env, self.acting, self.codec, self.part, self.rng = env, acting, codec, part, rng
        self.expert = ExpertPolicy(env, search=True)
        self._here: list[dict[str, Any]] = []

    def reset(self, instruction: str, seed: int) -> None:
        """Begins an episode."""
        if self.acting.learner is not None:
            self.acting.learner.reset(instruction, seed)
        self._looks = self._index = 0
        self._episode = len(self.part.steps)
        self._label: Label | None = None
        self._own: Reply | None = None

    def act(self, observation: Observation, context: Context) -> Reply:
        """Writes down the decision; answers as the learner, the expert, or somebody clumsy."""
        if context.round == 1:
            self._begin_step(observation.rgb, context)
        label = self._label
        if label is None:
            raise RuntimeError("A second proposal was asked for before the first.")
        line = self._note(label, context)
        meant = Reply(label.action, thought=label.thought, text=label.action.to_text())
        if self._own is not None:
            return self._own
        learner = self.acting.learner
        if learner is None or self._expert_acts:
            return meant
        self.env.skills.seen, self.env.skills.meant = set(self._known[0]), self._known[1]
        proposed = learner.act(observation, context)
        if line is not None and proposed.action is not None:
            line["proposed"] = [proposed.action.verb, proposed.action.target]
        # A wrong "done" would end the episode where there is most to learn.
        if proposed.action is None or (
            proposed.action.verb == "done" and label.action.verb != "done"
        ):
            return meant
        return proposed

    def _begin_step(self, frame: np.ndarray, context: Context) -> None:
        last = context.history[-1] if context.history else None
        # What the expert knows must not help the learner.
        self._known = set(self.env.skills.seen), self.env.skills.meant
        self._label = self.expert.label(
            last.action if last else "", "ok" if last and self._worked else "failed"
        )
        looks = self._label.action.verb == "look around"
        self._looks = self._looks + 1 if looks else 0
        self._index += bool(context.history)
        self._expert_acts = self.rng.random() < self.acting.expert_share
        self._own = None
        if self.acting.learner is None and self.rng.random() < self.acting.disturbance:
            action = random_action(self.env, self.rng)
            self._own = Reply(action, thought="", text=action.to_text())
        self._here = []
        kept = self._looks <= self.acting.looks_kept
        self._frame = self.part.see(frame) if kept else None

    _worked = True

    def _note(self, label: Label, context: Context) -> dict[str, Any] | None:
        """Adds the decision's line, unless it is one of too many looks."""
        if self._frame is None:
            return None
        task = self.env.task
        if task is None:
            raise RuntimeError("There is no task: reset the environment first.")
        hand = self.env.controller.last_event.metadata["inventoryObjects"]
        line = self.part.add(
            self.codec.event_ids(context),
            {
                "instruction": task.instruction,
                "level": self.env.action_level,
                "thought": label.thought,
                "verb": label.action.verb,
                "target": label.action.target,
                "point": label.action.point,
                "family": task.family,
                "task": said_of(task),
                "parts": [[part.family, *said_of(part)] for part in task.parts],
                "scene": task.scene,
                "fault": self.env.fault.kind if self.env.fault else "",
                "episode": self._episode,
                "step": self._index,
                "round": context.round,
                "frame": self._frame,
                "held": hand[0]["objectType"] if hand else "",
                "visible": self._visible(),
            },
        )
        self._here.append(line)
        return line

    def _visible(self) -> list[str]:
        objects = self.env.controller.last_event.metadata["objects"]
        return sorted({o["objectType"] for o in objects if o["visible"]})

    def done(self, action: Action | None, info: Mapping[str, Any], struck: str) -> None:
        """Adds to the step's lines what was done and whether that had its effect.

        Args:
            action: Carried out; None: none.
            info: The environment's.
            struck: Kind of the fault that struck in this step, or empty.
        """
        worked = bool(info["action_success"]) and struck not in ("noop", "wrong_object")
        self._worked = bool(info["action_success"])
        acted = None if action is None else [action.verb, action.target, action.point]
        for line in self._here:
            line.update(acted=acted, worked=worked, struck=struck)

    def ask(self, frame: np.ndarray, question: Question) -> Answer | None:
        """The learner's answer; without one, none."""
        learner = self.acting.learner
        return None if learner is None else learner.ask(frame, question)

    @property
    def verifier_trust(self) -> VerifierTrust | None:
        """As of the learner's verifier; None without one."""
        verifier = verifying(self.acting.learner)
        return None if verifier is None else verifier.verifier_trust

    def judge(self, before: np.ndarray, after: np.ndarray, action: Action) -> Answer | None:
        """The learner's verifier's word; without one, none."""
        verifier = verifying(self.acting.learner)
        return None if verifier is None else verifier.judge(before, after, action)

    def foresee(self, frame: np.ndarray, action: Action) -> Answer | None:
        """The learner's verifier's word; without one, none."""
        verifier = verifying(self.acting.learner)
        return None if verifier is None else verifier.foresee(frame, action)

    def held(self, frame: np.ndarray) -> tuple[str | None, float] | None:
        """What the learner's verifier sees in the hand; without one, nothing is said."""
        verifier = verifying(self.acting.learner)
        return None if verifier is None else verifier.held(frame)

    def sightings(self, frame: np.ndarray) -> tuple[Sighting, ...]:
        """What the learner sees; without one, the loose objects that anybody would notice."""
        learner = self.acting.learner
        if isinstance(learner, SeeingPolicy):
            return learner.sightings(frame)
        view = self.env.skills.view
        best: dict[str, tuple[int, str]] = {}
        for object_id, count in zip(view.ids, view.counts, strict=True):
            kind = object_type_of(object_id) if object_id else ""
            if kind and count >= _NOTICED_PIXELS and not is_furniture(kind):
                best[kind] = max(best.get(kind, (0, "")), (int(count), object_id))
        return tuple(
            Sighting(kind, view.interior(object_id), _NOTICED)
            for kind, (_, object_id) in sorted(best.items())
        )


def said_of(task: Task) -> list[Any]:
    """What an instruction is made of: target, receptacle, whether to turn on, tool."""
    return [task.target, task.receptacle, task.turn_on, task.tool]


class WatchedEnv:
    """The environment as the loop sees it; tells the labelling policy what came of each step.

    Args:
        env: Played in.
        policy: Is told.
    """

    def __init__(self, env: ThorEnv, policy: LabellingPolicy) -> None:
        self.env, self.policy = env, policy
        self.won = False
        self._fault = ""

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Mapping[str, Any], dict[str, Any]]:
        """Begins an episode."""
        raw, info = self.env.reset(seed=seed, options=options)
        self._fault, self.won = str(info.get("fault") or ""), bool(info["success"])
        return raw, info

    def step(self, action: Any) -> tuple[Mapping[str, Any], Any, bool, bool, dict[str, Any]]:
        """Carries out an action, and tells of it."""
        raw, reward, terminated, truncated, info = self.env.step(action)
        fault = str(info.get("fault") or "")
        struck = fault if fault != self._fault else ""
        self._fault, self.won = fault, bool(info["success"])
        self.policy.done(action if isinstance(action, Action) else None, info, struck)
        return raw, reward, terminated, truncated, info
