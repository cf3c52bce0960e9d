"""Measures a policy on seeded tasks in unseen rooms, beside its blind controls.

Success with a score interval, by family; how often the policy points at what it names; and the
same with a blank frame, a blank instruction, or another task's instruction: what is left then was
never seen or read. The agent loop is the same as in run_episode.py.

Example:
    python -m training.evaluate --policy default --episodes 200 --split test --rounds 1
    python -m training.evaluate --policy default --episodes 200 --control blank_frame
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from agent.feedback import FeedbackParser, outcome_of
from agent.memory import ContextMemory
from agent.refine import refine
from agent.trajectory import frame_hash
from envs.actions import Action
from envs.thor_env import ThorEnv
from policies.base import Answer, Context, Observation, Policy, Question, Reply

CONTROLS = ("none", "blank_frame", "blank_instruction", "wrong_instruction")


class Controlled:
    """A policy that is kept from seeing or reading.

    Args:
        policy: Whose.
        control: One of ``CONTROLS``.
        other: The instruction given instead, for ``wrong_instruction``.
    """

    def __init__(self, policy: Policy, control: str) -> None:
        self.policy, self.control, self.other = policy, control, ""
        self.name = policy.name if control == "none" else f"{policy.name} ({control})"

    def _frame(self, frame: np.ndarray) -> np.ndarray:
        return np.full_like(frame, 127) if self.control == "blank_frame" else frame

    def _instruction(self, instruction: str) -> str:
        if self.control == "blank_instruction":
            return ""
        return self.other if self.control == "wrong_instruction" else instruction

    def reset(self, instruction: str, seed: int) -> None:
        if self.control != "blank_instruction":
            self.policy.reset(self._instruction(instruction), seed)

    def act(self, observation: Observation, context: Context) -> Reply:
        return self.policy.act(
            replace(observation, rgb=self._frame(observation.rgb),
                    instruction=self._instruction(observation.instruction)), context)

    def ask(self, frame: np.ndarray, question: Question) -> Answer | None:
        return self.policy.ask(self._frame(frame), question)


@dataclass
class Tally:
    """What came of the episodes.

    Attributes:
        episodes: One dict each.
        pointed: Points given to things in view.
        hit: Those that hit.
    """

    episodes: list[dict[str, Any]] = field(default_factory=list)
    pointed: int = 0
    hit: int = 0

    def summary(self) -> dict[str, Any]:
        """Numbers for a table; success with its 95 % Wilson interval."""
        wins = sum(e["success"] for e in self.episodes)
        families = sorted({e["family"] for e in self.episodes})
        low, high = wilson(wins, len(self.episodes))
        return {
            "episodes": len(self.episodes), "success": wins / max(1, len(self.episodes)),
            "low": low, "high": high,
            "steps": float(np.mean([e["steps"] for e in self.episodes])),
            "families": {
                f: [sum(e["success"] for e in self.episodes if e["family"] == f),
                    sum(e["family"] == f for e in self.episodes)] for f in families},
            "pointing": self.hit / self.pointed if self.pointed else None,
            "points": self.pointed,
            "step_ms": float(np.mean([e["ms"] for e in self.episodes])),
        }


def wilson(wins: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % score interval of a share.

    >>> [round(v, 2) for v in wilson(50, 100)]
    [0.4, 0.6]
    """
    if not count:
        return 0.0, 1.0
    share, extra = wins / count, z * z / count
    middle = (share + extra / 2) / (1 + extra)
    half = z / (1 + extra) * math.sqrt(share * (1 - share) / count + extra / 4 / count)
    return middle - half, middle + half


def play(env: ThorEnv, policy: Controlled, seed: int, rounds: int, other: str, tally: Tally,
         options: dict[str, Any] | None = None) -> None:
    """One episode, with the agent's memory and refinement; adds to the tally."""
    raw, info = env.reset(seed=seed, options=options)
    assert env.task is not None
    policy.other = other
    instruction = str(raw["instruction"])
    policy.reset(instruction, seed)
    parser, memory = FeedbackParser(), ContextMemory.begin(instruction)
    spent, steps, log = 0.0, 0, []
    over = bool(info["success"])
    while not over:
        frame = np.asarray(raw["rgb"])
        state = frame_hash(frame)
        begun = time.perf_counter()
        observation = Observation(frame, instruction, str(raw["feedback"]))
        decision = refine(policy, parser, memory, observation, state, rounds,
                          Action("look around"))
        spent += time.perf_counter() - begun
        reply = decision.reply
        _score_point(env, reply, tally)
        raw, _, terminated, truncated, info = env.step(reply.action or reply.text)
        feedback, after = str(raw["feedback"]), np.asarray(raw["rgb"])
        found = parser.observe(policy, reply, frame, after, feedback, decision.memory)
        memory = decision.memory.after_step(reply, outcome_of(feedback), found, frame, state)
        steps += 1
        log.append(f"{reply.action.to_text() if reply.action else reply.text}: {feedback}")
        over = terminated or truncated
    tally.episodes.append({
        "seed": seed, "scene": env.task.scene, "family": env.task.family,
        "instruction": instruction, "success": bool(info["success"]), "steps": steps,
        "ms": 1000 * spent / max(1, steps), "log": log,
    })


def _score_point(env: ThorEnv, reply: Reply, tally: Tally) -> None:
    """Does the point lie on the named thing, within half a cell of the policy's map?"""
    from envs.tasks.goals import types_of

    action = reply.action
    if action is None or action.point is None or action.target is None:
        return
    view = env.skills.view
    if view.of_types(types_of(action.target)):
        tally.pointed += 1
        radius = view.index.shape[1] / 56
        tally.hit += view.near(action.point, types_of(action.target), radius) is not None


def other_instructions(env: ThorEnv, seeds: list[int]) -> list[str]:
    """For each seed the instruction of another task, of another thing."""
    own = []
    for seed in seeds:
        env.reset(seed=seed)
        assert env.task is not None
        own.append((env.task.target, env.task.receptacle, env.task.family, env.task.instruction))
    chosen = []
    for k, (target, receptacle, family, said) in enumerate(own):
        for step in range(1, len(own)):
            t, r, f, words = own[(k + step * 7) % len(own)]
            if t != target and (f, r) != (family, receptacle) and words != said:
                chosen.append(words)
                break
        else:
            chosen.append("done")
    return chosen


def evaluate(policy: Policy, seeds: list[int], *, split: str = "test", control: str = "none",
             rounds: int = 1, max_steps: int | None = None, progress: bool = True) -> Tally:
    """Plays all seeds.

    Raises:
        ValueError: If the control is unknown.
    """
    if control not in CONTROLS:
        raise ValueError(f"Unknown control {control!r}: use one of {', '.join(CONTROLS)}.")
    from rich.progress import track

    env = ThorEnv(split=split, max_steps=max_steps)
    words = other_instructions(env, seeds) if control == "wrong_instruction" else [""] * len(seeds)
    tally, tested = Tally(), Controlled(policy, control)
    for seed, other in zip(track(seeds, description=tested.name, disable=not progress), words,
                           strict=True):
        play(env, tested, seed, rounds, other, tally)
    env.close()
    return tally


def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluate", description=(__doc__ or "").splitlines()[0],
        epilog="example: python -m training.evaluate --policy default --episodes 200 --split test",
    )
    parser.add_argument("--policy", default="default", help="as of run_episode.py")
    parser.add_argument("--episodes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="first seed")
    parser.add_argument("--split", default="test", help="rooms: train, val or test")
    parser.add_argument("--control", default="none", help=", ".join(CONTROLS))
    parser.add_argument("--rounds", type=int, default=1, help="proposals a step")
    parser.add_argument("--max-steps", type=int, default=None)
    parser.add_argument("--threads", type=int, default=1,
                        help="of the processor; one process a core is faster than many threads")
    parser.add_argument("--out", type=Path, help="write everything here as JSON")
    options = parser.parse_args(argv)
    try:
        import torch

        torch.set_num_threads(max(1, options.threads))
        if options.policy == "random":
            from policies.baselines import RandomPolicy

            policy: Policy = RandomPolicy()
        else:
            from policies.loading import load_policy

            policy = load_policy(options.policy)
        seeds = list(range(options.seed, options.seed + options.episodes))
        tally = evaluate(policy, seeds, split=options.split, control=options.control,
                         rounds=options.rounds, max_steps=options.max_steps)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    summary = {"policy": options.policy, "control": options.control, "split": options.split,
               "rounds": options.rounds, "backend": "embedded", **tally.summary()}
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        temporary = options.out.with_suffix(".tmp")
        temporary.write_text(json.dumps({**summary, "each": tally.episodes}, indent=1))
        os.replace(temporary, options.out)
    print(json.dumps(summary))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
