"""A fake kitchen that can be gone back to, its expert, and a tiny policy, for the tests."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from agent.loop import EpisodeSettings
from envs.actions import parse_action
from envs.skill_modes import HELPED
from policies.expert.policy import Label
from tests.fakes import FakeKitchen
from training.ivr_r1.rollouts.desk import Asked, Desk
from training.ivr_r1.rollouts.group import GroupPlayer, GroupSettings
from training.ivr_r1.rollouts.playing import Stage
from training.ivr_r1.rollouts.recorder import RecordingPolicy
from training.ivr_r1.rollouts.screening import RewardWeights


@dataclass(frozen=True)
class FakeTask:
    family: str = "put"
    scene: str = "Fake"


@dataclass(frozen=True, eq=False)
class FakeSnapshot:
    task: FakeTask
    seed: int
    own: dict[str, Any]


class KeptKitchen(FakeKitchen):
    """Counts its resets."""

    skill_mode = HELPED
    resets = 0

    def reset(self, *, seed=None, options=None):
        self.resets, self.seed = self.resets + 1, seed
        return super().reset(seed=seed, options=options)

    def snapshot(self) -> FakeSnapshot:
        own = {k: copy.copy(v) for k, v in vars(self).items() if k not in ("resets", "on_frame")}
        return FakeSnapshot(FakeTask(), self.seed, own)

    def restore(self, kept: FakeSnapshot) -> None:
        vars(self).update({k: copy.copy(v) for k, v in kept.own.items()})

    def close(self) -> None:
        self.place = "Closed"


class KitchenExpert:
    """Knows the way; gives up where the apple is lost."""

    def __init__(self, env: KeptKitchen) -> None:
        self.env = env

    def label(self, last: str = "", outcome: str = "") -> Label:
        env = self.env
        if env.apple not in ("hand", "Fridge"):
            at_it = env.place == env.apple
            text = "pick up Apple" if at_it else f"goto {env.apple}"
        elif env.place != "Fridge":
            text = "goto Fridge"
        else:
            text = "put in Fridge" if env.is_open else "open Fridge"
        return Label(parse_action(text), "as planned")


def asking(desk: Desk, world: int = 0):
    return lambda name, *rest: desk.answer([Asked(world, name, rest)])[0]


def kitchen_stage(ask, env: KeptKitchen | None = None, rounds: int = 1) -> Stage:
    settings = EpisodeSettings(rounds=rounds)
    policy = RecordingPolicy(ask)
    return Stage(env or KeptKitchen(), policy, settings, RewardWeights(), KitchenExpert)


def kitchen_player(ask, most: int = 12, **settings: Any) -> GroupPlayer:
    return GroupPlayer(GroupSettings(**settings), ask, KeptKitchen(max_steps=most), KitchenExpert)


class ScriptedDesk:
    """Answers by scripts, one a seed, with made-up tokens: for what needs no network.

    Args:
        scripts: By seed of ``seed_draws``: action texts, by the number of steps done; the last goes
            on. A list in place of a text: first answer, second answer.
    """

    def __init__(self, scripts, tokens) -> None:
        self.scripts, self.tokens = scripts, tokens
        self.contexts: list[Any] = []
        self.seeds: list[int] = []

    def __call__(self, name: str, *arguments: Any) -> Any:
        if name == "seed_draws":
            self.seeds.append(arguments[0])
        if name in ("act", "write"):
            return self._act(name, *arguments)
        if name == "words":
            return (1, 2)
        return () if name == "sightings" else None

    def _act(self, name, observation, context, ids=(3, 4)):
        from policies.base import Reply

        self.contexts.append(context)
        script = self.scripts(self.seeds[-1], len(self.seeds))
        text = script[min(len(context.history), len(script) - 1)]
        if isinstance(text, (list, tuple)):
            text = text[min(context.round, len(text)) - 1]
        return Reply(parse_action(text), thought="so", text=text), self.tokens(context, ids)
