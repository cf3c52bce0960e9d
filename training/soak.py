"""Plays episodes while the backend is killed under them: every episode must end with a verdict.

The backend is a process of its own; a timer kills it in the middle of about one agent step in
``--every``. Exit status 0 if no episode was lost and no process was left behind, else 1.

Example:
    python -m training.soak --episodes 200 --every 20 --families find open toggle
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from typing import Any

import numpy as np

from envs.simulator.system.command_line import command
from envs.supervised.errors import BackendError
from envs.tasks.registry import default_families
from envs.thor_env import ThorEnv
from policies.expert.policy import ExpertPolicy

BACKEND = f"{sys.executable} -m envs.simulator"
DELAY = 0.3  # most seconds from the beginning of a step to the kill


class Killer:
    """Kills the backend of an environment now and then.

    Args:
        env: Whose.
        every: Agent steps between two kills, on average.
        rng: When.
    """

    def __init__(self, env: ThorEnv, every: float, rng: np.random.Generator) -> None:
        self.env, self.chance, self.rng = env, 1.0 / every, rng
        self.kills = 0
        self._timers: list[threading.Timer] = []

    def step(self) -> None:
        """Called before every step and reset."""
        self._timers = [timer for timer in self._timers if timer.is_alive()]
        if self.rng.random() < self.chance:
            timer = threading.Timer(float(self.rng.uniform(0.0, DELAY)), self._kill)
            timer.daemon = True
            timer.start()
            self._timers.append(timer)

    def _kill(self) -> None:
        pid = self.env.controller.unity_pid
        if pid is not None:  # None while it is started again
            try:
                os.kill(pid, signal.SIGKILL)
                self.kills += 1
            except ProcessLookupError:
                return

    def stop(self) -> None:
        """Waits for what is under way."""
        for timer in self._timers:
            timer.join()


def play(env: ThorEnv, killer: Killer, seed: int) -> tuple[str, int]:
    """One episode by the expert; returns its verdict (won, lost or crashed) and its steps."""
    steps = 0
    try:
        killer.step()
        observation, info = env.reset(seed=seed)
        expert = ExpertPolicy(env, search=True)
        expert.reset(observation["instruction"], seed)
        over, last, outcome = bool(info["success"]), "", ""
        while not over:
            killer.step()
            action = expert.label(last, outcome).action
            _, _, terminated, truncated, info = env.step(action)
            steps += 1
            last, outcome = action.to_text(), "ok" if info["action_success"] else "failed"
            over = terminated or truncated
    except BackendError as error:
        print(f"seed {seed}: {error}", file=sys.stderr, flush=True)
        return "crashed", steps
    return ("won" if info["success"] else "lost"), steps


def soak(
    episodes: int,
    every: float,
    *,
    seed: int = 0,
    backend: str = BACKEND,
    split: str = "val",
    families: tuple[str, ...] | None = None,
) -> dict[str, Any]:
    """Plays, and counts what came of it.

    Returns:
        episodes, won, lost, crashed, steps, kills, recovered (restarts that brought an episode
        back), mend_seconds (mean of those), strays (processes left behind), seconds.
    """
    import psutil

    begun = time.monotonic()
    env = ThorEnv(backend=backend, split=split, families=families)
    killer = Killer(env, every, np.random.default_rng([seed, 7919]))
    verdicts: Counter[str] = Counter()
    steps = 0
    try:
        recoveries = env.controller.recoveries
        for number in range(episodes):
            verdict, count = play(env, killer, seed + number)
            verdicts[verdict] += 1
            steps += count
            if (number + 1) % 10 == 0 or number + 1 == episodes:
                print(
                    f"{number + 1}/{episodes} episodes, {killer.kills} kills, "
                    f"{verdicts['crashed']} crashed, {time.monotonic() - begun:.0f} s",
                    file=sys.stderr,
                    flush=True,
                )
        killer.stop()
    finally:
        env.close()
    strays = [
        p.pid
        for p in psutil.Process().children(recursive=True)
        if p.status() != psutil.STATUS_ZOMBIE
    ]
    return {
        "episodes": sum(verdicts.values()),
        **{name: verdicts[name] for name in ("won", "lost", "crashed")},
        "steps": steps,
        "kills": killer.kills,
        "recovered": len(recoveries),
        "mend_seconds": round(float(np.mean([r.seconds for r in recoveries])), 2)
        if recoveries
        else None,
        "strays": len(strays),
        "seconds": round(time.monotonic() - begun, 1),
    }


@command("training.soak")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.soak",
        description="Play episodes while the backend is killed under them.",
        epilog="example: python -m training.soak --episodes 200 --every 20",
    )
    parser.add_argument("--episodes", type=int, default=200, help="to play; default 200")
    parser.add_argument(
        "--every", type=float, default=20.0, help="agent steps between two kills; default 20"
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="of the first episode and of the kills; default 0"
    )
    parser.add_argument(
        "--split", default="val", help="train, val or test: rooms of this split; default val"
    )
    parser.add_argument(
        "--families", nargs="+", choices=default_families("kitchen"), help="of tasks; default all"
    )
    parser.add_argument("--backend", default=BACKEND, help="unity or a command; default ours")
    options = parser.parse_args(argv)
    if options.episodes < 1 or options.every < 1:
        parser.error("--episodes and --every must be at least 1")
    if options.backend == "embedded":
        parser.error("the embedded backend is in this process and can't be killed")
    try:
        result = soak(
            options.episodes,
            options.every,
            seed=options.seed,
            split=options.split,
            backend=options.backend,
            families=tuple(options.families) if options.families else None,
        )
    except (ValueError, BackendError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(json.dumps(result))
    return 0 if result["episodes"] == options.episodes and not result["strays"] else 1


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
