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
import os
import sys
import time
from dataclasses import dataclass, replace
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
from policies.expert.policy import ExpertPolicy


@dataclass(frozen=True)
class Settings:
    """How episodes are played.

    Attributes:
        tasks_a_room: Tasks in each arrangement of a room.
        rooms_a_part: Arrangements in each part.
        faulted: Share of episodes with an injected fault.
        perturbed: Share of episodes in which the expert is disturbed.
        disturbance: Chance of a random action at a step of those.
        expert_share: With a learner: chance that a step is taken by the expert nevertheless.
        max_steps: Steps an episode.
        looks_kept: Looks around in a row that are recorded.
        rooms: Kind of room, or any.
        families: Of tasks.
    """

    tasks_a_room: int = 10
    rooms_a_part: int = 5
    faulted: float = 0.25
    perturbed: float = 0.35
    disturbance: float = 0.25
    expert_share: float = 0.15
    max_steps: int = 40
    looks_kept: int = 7
    rooms: str = "any"
    families: tuple[str, ...] = FAMILY_NAMES


def _said_of(task: Task) -> list[Any]:
    """What an instruction is made of: target, receptacle, whether to turn on, tool."""
    return [task.target, task.receptacle, task.turn_on, task.tool]


@dataclass
class Part:
    """Steps gathered so far."""

    frames: list[np.ndarray]
    events: list[np.ndarray]
    steps: list[dict[str, Any]]

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
    settings: Settings,
    learner: Policy | None,
) -> bool:
    """One episode; adds its steps to the part. Returns whether it succeeded."""
    env.fault = None
    if rng.random() < settings.faulted:
        env.fault = Fault(str(rng.choice(KINDS)), int(rng.integers(2**31)))
    clumsy = learner is None and rng.random() < settings.perturbed
    raw, info = env.reset(seed=int(rng.integers(2**31)), options={"task": task})
    expert = ExpertPolicy(env, search=True)
    parser, memory = FeedbackParser(), ContextMemory.begin(task.instruction)
    actor: Policy = learner or expert
    actor.reset(task.instruction, 0)
    last, outcome, looks = "", "", 0
    for step in range(settings.max_steps):
        frame = np.asarray(raw["rgb"])
        context = memory.context()
        known = set(env.skills.seen), env.skills.meant
        label = expert.label(last, outcome)
        looks = looks + 1 if label.action.verb == "look around" else 0
        # A long search in vain teaches little, and would be most of the steps.
        if looks <= settings.looks_kept:
            part.frames.append(shrink(frame))
            part.events.append(codec.event_ids(context).astype(np.int16))
            part.steps.append(
                {
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
                    "fault": env.fault.kind if env.fault else "",
                }
            )
        reply = Reply(label.action, thought=label.thought)
        if learner is not None and rng.random() >= settings.expert_share:
            observation = Observation(frame, task.instruction, str(raw["feedback"]))
            proposed = learner.act(observation, context)
            # A wrong "done" would end the episode where there is most to learn.
            if proposed.action is not None and not (
                proposed.action.verb == "done" and label.action.verb != "done"
            ):
                reply = proposed
                # What the expert knows must not help the learner.
                env.skills.seen, env.skills.meant = known
        elif clumsy and rng.random() < settings.disturbance:
            reply = Reply(random_action(env, rng), thought="")
        assert reply.action is not None
        raw, _, terminated, truncated, info = env.step(reply.action)
        feedback = str(raw["feedback"])
        found = parser.observe(actor, reply, frame, np.asarray(raw["rgb"]), feedback, memory)
        memory = memory.after_step(reply, outcome_of(feedback), found, frame, "")
        last = reply.action.to_text()
        outcome = "ok" if info["action_success"] else "failed"
        if terminated or truncated:
            break
    return bool(info["success"])


def collect(
    out: Path,
    steps: int,
    *,
    seed: int = 0,
    split: str = "train",
    settings: Settings | None = None,
    learner: Policy | None = None,
    first: int = 0,
    minutes: float = 1e9,
) -> int:
    """Adds parts until there are ``steps`` steps from part ``first`` on; returns how many."""
    from policies.cimr.tokenizer import build_tokenizer

    settings = settings or Settings()
    out.mkdir(parents=True, exist_ok=True)
    codec = Codec(build_tokenizer())
    env = ThorEnv(split=split, room=settings.rooms, max_steps=settings.max_steps)
    have, number, begun = 0, first, time.monotonic()
    while have < steps and time.monotonic() - begun < 60 * minutes:
        lines = out / f"steps_{number:03d}.jsonl"
        if lines.exists():
            have += len(lines.read_text().splitlines())
            number += 1
            continue
        part, wins, played = Part([], [], []), 0, 0
        rng = np.random.default_rng([seed, number, 15485863])
        for _ in range(settings.rooms_a_part):
            group = sample_group(
                env.controller,
                int(rng.integers(2**31)),
                settings.tasks_a_room,
                split,
                settings.families,
                settings.rooms,
            )
            for task in group:
                wins += play(env, task, codec, part, rng, settings, learner)
                played += 1
        part.save(out, number)
        have += len(part.steps)
        number += 1
        print(
            f"{have} steps; {wins} of {played} episodes won; "
            f"{have / (time.monotonic() - begun):.1f} steps/s",
            flush=True,
        )
    env.close()
    return have


def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.data.collect_demonstrations",
        description="Collect steps labelled by the searching expert.",
        epilog="example: python -m training.data.collect_demonstrations "
        "--steps 8000 --out runs/episodes",
    )
    parser.add_argument("--steps", type=int, default=8000)
    parser.add_argument("--out", type=Path, default=Path("runs/episodes"))
    parser.add_argument("--policy", help="a learner that acts while the expert labels (DAgger)")
    parser.add_argument("--split", default="train", help="train, val or test")
    parser.add_argument("--rooms", default="any", help=f"{', '.join(ROOMS)} or any")
    parser.add_argument("--tasks", default="all", help="all, or families with commas")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after this long")
    parser.add_argument(
        "--first-part",
        type=int,
        default=0,
        help="number of the first part, to let several processes share the work",
    )
    parser.add_argument("--smoke", action="store_true", help="a few steps, to see that it works")
    options = parser.parse_args(argv)
    families = FAMILY_NAMES if options.tasks == "all" else tuple(options.tasks.split(","))
    settings = Settings(rooms=options.rooms, families=families)
    if options.smoke:
        settings = replace(settings, tasks_a_room=3, rooms_a_part=1)
    try:
        learner = None
        if options.policy:
            import torch

            # One process a core is faster than many threads on frames one by one.
            torch.set_num_threads(1)
            from policies.loading import load_policy

            learner = load_policy(options.policy)
        count = collect(
            options.out,
            10 if options.smoke else options.steps,
            seed=options.seed,
            split=options.split,
            settings=settings,
            learner=learner,
            first=options.first_part,
            minutes=options.minutes,
        )
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"{count} steps: {options.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
