"""Collects steps labelled by the searching expert: its own, perturbed, faulted, or a learner's.

Several tasks are played in each arrangement of a room. Whoever acts, the expert says at every step
what it would do (DAgger), and the agent's own memory says what the policy would be told. A part::

    frames_000.npy  (N, 224, 224, 3) uint8
    events_000.npy  (N, 12, 3) int16: memory events, see policies.cimr.token_codec
    steps_000.jsonl one line a step: instruction, thought, verb, target, point, family, ...

Example:
    python -m training.data.collect_demonstrations --steps 8000 --out runs/episodes
    python -m training.data.collect_demonstrations --steps 4000 --policy default --out runs/dagger
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from agent.feedback import FeedbackParser, outcome_of
from agent.memory import ContextMemory
from envs.actions import Action
from envs.faults import KINDS, Fault
from envs.tasks.base import ROOMS, Task
from envs.tasks.registry import FAMILY_NAMES
from envs.tasks.sampler import sample_group
from envs.thor_env import ThorEnv
from policies.base import Observation, Policy, Reply
from policies.cimr.preprocess import shrink
from policies.cimr.token_codec import Codec
from policies.expert.policy import ExpertPolicy, Label
from training.data.parts import Goal, collect_parts
from training.options import add_options, option, settings_from

EXAMPLES = """examples:
  python -m training.data.collect_demonstrations --steps 8000 --out runs/episodes
  python -m training.data.collect_demonstrations --steps 4000 --policy default --out runs/dagger
"""


def _families(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


@dataclass(frozen=True)
class DemonstrationConfig:
    """What is collected, and how episodes are played."""

    steps: int = option("steps to collect, those already in the folder included", 8000, least=1)
    out: Path = option("folder to write to", Path("runs/episodes"))
    policy: str | None = option(
        "a learner that acts while the expert labels (DAgger): default, or a policy's folder",
        None,
        metavar="NAME",
    )
    split: str = option("train, val or test: rooms of this split", "train", metavar="SPLIT")
    rooms: str = option(f"{', '.join(ROOMS)} or any: rooms of this kind", "any", metavar="ROOMS")
    tasks: tuple[str, ...] = option(
        "task families with commas, or all",
        ("all",),
        metavar="FAMILY[,FAMILY]",
        parse=_families,
    )
    seed: int = option("of everything random", 0)
    minutes: float = option("begin no episode after so many minutes", 1e9, metavar="M", least=0)
    workers: int = option("processes that collect, each a part at a time", 1, least=1)
    first_part: int = option(
        "number of the first part, to let several machines share the work", 0, least=0
    )
    smoke: bool = option("a few steps, to see that it works", False)
    tasks_a_room: int = option("tasks in each arrangement of a room", 10, least=1)
    rooms_a_part: int = option("arrangements in each part", 5, least=1)
    faulted: float = option("share of episodes with an injected fault", 0.25)
    perturbed: float = option("share of episodes in which the expert is disturbed", 0.35)
    disturbance: float = option("chance of a random action at a step of those", 0.25)
    expert_share: float = option(
        "with a learner, chance that a step is taken by the expert nevertheless", 0.15
    )
    max_steps: int = option("steps an episode", 40, least=1)
    looks_kept: int = option("looks around in a row that are recorded", 7, least=0)

    @property
    def families(self) -> tuple[str, ...]:
        """Of tasks."""
        return FAMILY_NAMES if self.tasks == ("all",) else self.tasks


def _said_of(task: Task) -> list[Any]:
    """What an instruction is made of: target, receptacle, whether to turn on, tool."""
    return [task.target, task.receptacle, task.turn_on, task.tool]


@dataclass
class Part:
    """Steps gathered so far."""

    frames: list[np.ndarray]
    events: list[np.ndarray]
    steps: list[dict[str, Any]]

    def add(self, frame: np.ndarray, events: np.ndarray, step: dict[str, Any]) -> None:
        """Adds a step: its frame (H, W, 3), its memory events (12, 3), its line."""
        self.frames.append(shrink(frame))
        self.events.append(events.astype(np.int16))
        self.steps.append(step)

    def save(self, out: Path, number: int) -> None:
        """Writes the part, the lines last: a part without them does not count."""
        for name, rows in (("frames", self.frames), ("events", self.events)):
            temporary = out / f"{name}_{number:03d}.tmp"
            with temporary.open("wb") as stream:
                np.save(stream, np.stack(rows), allow_pickle=False)
            os.replace(temporary, out / f"{name}_{number:03d}.npy")
        temporary = out / f"steps_{number:03d}.tmp"
        temporary.write_text("".join(json.dumps(step) + "\n" for step in self.steps))
        os.replace(temporary, out / f"steps_{number:03d}.jsonl")


def random_action(env: ThorEnv, rng: np.random.Generator) -> Action:
    """Something a clumsy agent might do."""
    draw = rng.random()
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


def play(
    env: ThorEnv,
    task: Task,
    codec: Codec,
    part: Part,
    rng: np.random.Generator,
    config: DemonstrationConfig,
    learner: Policy | None,
) -> bool:
    """One episode; adds its steps to the part. Returns whether it succeeded."""
    env.fault = None
    if rng.random() < config.faulted:
        env.fault = Fault(str(rng.choice(KINDS)), int(rng.integers(2**31)))
    clumsy = learner is None and rng.random() < config.perturbed
    raw, info = env.reset(seed=int(rng.integers(2**31)), options={"task": task})
    expert = ExpertPolicy(env, search=True)
    parser, memory = FeedbackParser(), ContextMemory.begin(task.instruction)
    actor: Policy = learner or expert
    actor.reset(task.instruction, 0)
    last, outcome, looks = "", "", 0
    for step in range(config.max_steps):
        frame = np.asarray(raw["rgb"])
        context = memory.context()
        known = set(env.skills.seen), env.skills.meant
        label = expert.label(last, outcome)
        looks = looks + 1 if label.action.verb == "look around" else 0
        # A long search in vain teaches little, and would be most of the steps.
        if looks <= config.looks_kept:
            fault = env.fault.kind if env.fault else ""
            part.add(frame, codec.event_ids(context), _record(task, step, label, fault))
        reply, action = Reply(label.action, thought=label.thought), label.action
        if learner is not None and rng.random() >= config.expert_share:
            observation = Observation(frame, task.instruction, str(raw["feedback"]))
            proposed = learner.act(observation, context)
            # A wrong "done" would end the episode where there is most to learn.
            if proposed.action is not None and not (
                proposed.action.verb == "done" and label.action.verb != "done"
            ):
                reply, action = proposed, proposed.action
                # What the expert knows must not help the learner.
                env.skills.seen, env.skills.meant = known
        elif clumsy and rng.random() < config.disturbance:
            action = random_action(env, rng)
            reply = Reply(action, thought="")
        raw, _, terminated, truncated, info = env.step(action)
        feedback = str(raw["feedback"])
        found = parser.observe(actor, reply, frame, np.asarray(raw["rgb"]), feedback, memory)
        memory = memory.after_step(reply, outcome_of(feedback), found, frame, "")
        last = action.to_text()
        outcome = "ok" if info["action_success"] else "failed"
        if terminated or truncated:
            break
    return bool(info["success"])


def _record(task: Task, step: int, label: Label, fault: str) -> dict[str, Any]:
    """A step's line."""
    return {
        "instruction": task.instruction,
        "thought": label.thought,
        "verb": label.action.verb,
        "target": label.action.target,
        "point": label.action.point,
        "family": task.family,
        "task": _said_of(task),
        "parts": [[part.family, *_said_of(part)] for part in task.parts],
        "step": step,
        "scene": task.scene,
        "fault": fault,
    }


class DemonstrationCollector:
    """Writes parts of episodes.

    Args:
        config: What and how; its policy, if any, is loaded.
        learner: Acts while the expert labels, instead.
    """

    def __init__(self, config: DemonstrationConfig, learner: Policy | None = None) -> None:
        from policies.cimr.tokenizer import build_tokenizer

        self.config, self.codec = config, Codec(build_tokenizer())
        self.learner = learner or (_learner(config.policy) if config.policy else None)
        self.env = ThorEnv(split=config.split, room=config.rooms, max_steps=config.max_steps)

    def make(self, number: int, until: float) -> str:
        """Writes a part; after ``until`` no episode is begun in it."""
        config = self.config
        part, won = collect_part(self.env, self.codec, number, config, self.learner, until)
        part.save(config.out, number)
        return f"{sum(won)} of {len(won)} episodes won"

    def close(self) -> None:
        """Ends the simulator."""
        self.env.close()


def _learner(name: str) -> Policy:
    import torch

    # One process a core is faster than many threads on frames one by one.
    torch.set_num_threads(1)
    from policies.loading import load_policy

    return load_policy(name)


def steps_in(folder: Path, number: int) -> int:
    """How many steps a part holds."""
    lines = folder / f"steps_{number:03d}.jsonl"
    return len(lines.read_text().splitlines()) if lines.exists() else 0


def collect(config: DemonstrationConfig, learner: Policy | None = None) -> int:
    """Adds parts until there are the wanted steps from the first part on; returns how many.

    Args:
        config: What and how.
        learner: Acts while the expert labels, instead of the config's policy.
    """
    config.out.mkdir(parents=True, exist_ok=True)
    goal = Goal("steps", config.steps, config.first_part, config.minutes, config.workers)
    return collect_parts(
        partial(DemonstrationCollector, config, learner), partial(steps_in, config.out), goal
    )


def collect_part(
    env: ThorEnv,
    codec: Codec,
    number: int,
    config: DemonstrationConfig,
    learner: Policy | None,
    until: float = math.inf,
) -> tuple[Part, list[bool]]:
    """A part by its number, and which of its episodes were won; short where time is over."""
    part = Part([], [], [])
    won: list[bool] = []
    rng = np.random.default_rng([config.seed, number, 15485863])
    for _ in range(config.rooms_a_part):
        group = sample_group(
            env.controller,
            int(rng.integers(2**31)),
            config.tasks_a_room,
            config.split,
            config.families,
            config.rooms,
        )
        for task in group:
            if won and time.time() > until:
                return part, won
            won.append(play(env, task, codec, part, rng, config, learner))
    return part, won


def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.data.collect_demonstrations",
        description="Collect steps labelled by the searching expert.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(parser, DemonstrationConfig)
    config = settings_from(DemonstrationConfig, parser.parse_args(argv))
    if config.smoke:
        config = replace(config, steps=10, tasks_a_room=3, rooms_a_part=1)
    try:
        count = collect(config)
    except (ValueError, OSError) as error:
        print(f"training.data.collect_demonstrations: {error}", file=sys.stderr)
        return 2
    print(f"{count} steps: {config.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
