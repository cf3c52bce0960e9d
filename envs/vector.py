"""Several household environments at once, each in a process of its own.

Gymnasium's ``AsyncVectorEnv`` with what it lacks here: texts that are told anew after every step,
a task for each environment, and one clear error, with no process left, when a worker fails.

Example (in a file: workers are started anew, so that a main program needs its usual guard):
    >>> from envs.vector import ThorVectorEnv
    >>> if __name__ == "__main__":                                          # doctest: +SKIP
    ...     with ThorVectorEnv(2, room="kitchen", split="train") as envs:
    ...         observations, infos = envs.reset(seed=7)    # seeds 7 and 8
    ...         observations["rgb"].shape, observations["instruction"]
    ...         observations, rewards, terminated, truncated, infos = envs.step(
    ...             ["look around", "goto Fridge"]
    ...         )
    ((2, 300, 300, 3), ('go and switch the toaster on', 'i need the toaster on'))

``python -m envs.vector`` measures how much faster several workers are than one.
"""

from __future__ import annotations

import argparse
import json
import queue
import sys
import textwrap
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import TimeoutError as NoAnswer
from typing import Any, Self

import numpy as np
from gymnasium.vector import AsyncVectorEnv, AutoresetMode
from gymnasium.vector.utils import batch_space

from envs import arguments
from envs.actions import Action
from envs.simulator.system.command_line import command
from envs.simulator.system.typed_records import shown
from envs.tasks.base import Task
from envs.vector_worker import Maker, decoded

_CLOSING_SECONDS = 10.0
_LONGEST_MESSAGE = 300
_TEXTS = ("instruction", "feedback")


class WorkerError(RuntimeError):
    """A worker failed, died or did not answer; all are closed."""


class ThorVectorEnv(AsyncVectorEnv):
    """Several ``ThorEnv``, stepped together; frames come through shared memory.

    Observations are ``{"rgb": (N, H, W, 3) uint8, "instruction": N texts, "feedback": N texts}``;
    actions are N texts or ``Action``s. ``info`` is Gymnasium's for vectors, without ``"state"``;
    ``call("state")`` asks every environment for it.

    Args:
        num_envs: How many.
        each: Arguments of ``ThorEnv`` by environment, over those common to all: for example
            ``[{"room": "kitchen"}, {"room": "bedroom"}]``.
        timeout: Seconds within which all have to answer; None waits for ever.
        copy: Give copies of the frames; without, the next step overwrites them.
        autoreset_mode: What follows the end of an episode: by default the next ``step`` begins
            another one, whatever the action.
        **options: Arguments of ``ThorEnv``, common to all.

    Raises:
        ValueError: If an argument is none of the allowed ones.
        WorkerError: If a worker does not start.
    """

    def __init__(
        self,
        num_envs: int = 2,
        *,
        each: Sequence[dict[str, Any]] | None = None,
        timeout: float | None = 300.0,
        copy: bool = True,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        **options: Any,
    ) -> None:
        if isinstance(num_envs, bool) or not isinstance(num_envs, int) or num_envs < 1:
            raise ValueError(f"num_envs must be a whole number of at least 1, not {num_envs!r}.")
        if each is not None and isinstance(each, str | dict | bytes | int | float):
            raise ValueError(f"each must be a list of dicts of arguments, not {shown(each)}.")
        own = [{} for _ in range(num_envs)] if each is None else list(each)
        for mine in own:
            arguments.kind("What each holds", mine, dict, "a dict of arguments of ThorEnv")
        if timeout is not None:
            timeout = arguments.number("timeout", timeout, 0.001)
        if len(own) != num_envs:
            raise ValueError(
                f"each has arguments for {len(own)} environments, but num_envs is {num_envs}; "
                "give one dict for each environment."
            )
        makers = [Maker(index, {**options, **mine}) for index, mine in enumerate(own)]
        # Nothing is simulated before the first reset, so that this is cheap, and says what is
        # wrong before there are any processes.
        made = [maker() for maker in makers]
        sizes = [env.unwrapped.observation_space["rgb"].shape for env in made]  # type: ignore[index]
        if len(set(sizes)) > 1:
            raise ValueError(f"All frames must have one size (H, W, 3), not {sizes}.")
        self.timeout = timeout
        self.processes = []
        try:
            with self._told("start"):
                super().__init__(
                    makers,
                    shared_memory=True,
                    copy=copy,
                    # A forked worker would share the locks and threads of whatever runs here.
                    context="spawn",
                    autoreset_mode=autoreset_mode,
                )
        except BaseException:
            self.close(terminate=True)
            raise
        self.single_observation_space = made[0].unwrapped.observation_space
        self.observation_space = batch_space(self.single_observation_space, num_envs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close(terminate=kind is not None)

    # ---- Gymnasium's calls ----
    def reset_async(
        self,
        seed: int | list[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> None:
        """Begins an episode everywhere.

        Args:
            seed: Of the first; the others have the next ones. Or a list of one each.
            options: ``{"task": task}`` gives all the same task, ``{"tasks": [...]}`` each its own
                or None; ``reset_mask`` as in Gymnasium.

        Raises:
            ValueError: If there are not as many seeds or tasks as environments, or one is none.
        """
        given = arguments.options_of(options, ("task", "tasks", "reset_mask"))
        tasks = given.get("tasks")
        if tasks is not None:
            arguments.kind("tasks", tasks, (list, tuple), "a list with a Task or None for each")
            if len(tasks) != self.num_envs:
                raise ValueError(
                    f"{len(tasks)} tasks for {self.num_envs} environments: give one each."
                )
        for task in (given.get("task"), *(tasks or ())):
            arguments.kind("The task", task, (Task, type(None)), "a Task or None")
        if isinstance(seed, list | tuple):
            if len(seed) != self.num_envs:
                raise ValueError(
                    f"{len(seed)} seeds for {self.num_envs} environments: give one each."
                )
            seed = [None if one is None else arguments.seed_of(one) for one in seed]
        elif seed is not None:
            seed = arguments.seed_of(seed)
        with self._told("reset"):
            super().reset_async(seed=seed, options=options)

    def reset_wait(self, timeout: float | None = None) -> tuple[Any, dict[str, Any]]:
        """The observations and infos of the resets begun before."""
        with self._told("reset"):
            observations, infos = super().reset_wait(timeout or self.timeout)
        return _read(observations), infos

    def step_async(self, actions: Any) -> None:
        """Begins one action in each environment.

        Raises:
            ValueError: If there are not as many actions as environments.
        """
        several = isinstance(actions, Sequence | np.ndarray) and not isinstance(
            actions, str | bytes
        )
        if not several or len(actions) != self.num_envs:
            given = f"{len(actions)} actions" if several else shown(actions)
            raise ValueError(f"Give a list of {self.num_envs} actions, one each, not {given}.")
        for action in actions:
            arguments.kind("An action", action, (str, Action), "a text such as 'goto Fridge'")
        with self._told("step"):
            super().step_async(tuple(actions))

    def step_wait(self, timeout: float | None = None) -> Any:
        """Observations, rewards, terminated, truncated and infos of the steps begun before."""
        with self._told("step"):
            observations, *rest, infos = super().step_wait(timeout or self.timeout)
        if "final_obs" in infos:
            found = [None if o is None else _read(o) for o in infos["final_obs"]]
            for index, observation in enumerate(found):
                infos["final_obs"][index] = observation
        return (_read(observations), *rest, infos)

    def call_async(self, name: str, /, *args: object, **kwargs: object) -> None:
        """Asks every environment for an attribute, or calls its method."""
        with self._told(name):
            super().call_async(name, *args, **kwargs)

    def call_wait(self, timeout: float | None = None) -> tuple[Any, ...]:
        """The answers to the calls begun before."""
        with self._told("call"):
            return super().call_wait(timeout or self.timeout)

    def set_attr(self, name: str, values: Any) -> None:
        """Sets an attribute of every environment: a list has one value each."""
        with self._told(f"set {name}"):
            super().set_attr(name, values)

    def close_extras(self, timeout: float | None = None, terminate: bool = False) -> None:
        """Ends every worker, by force where it does not end by itself within the time."""
        until = time.monotonic() + (_CLOSING_SECONDS if timeout is None else timeout)
        if not terminate:
            for pipe in self.parent_pipes:
                try:
                    pipe.send(("close", None))
                except OSError:
                    continue
            for process in self.processes:
                process.join(max(0.0, until - time.monotonic()))
        for end in ("terminate", "kill"):
            left = [process for process in self.processes if process.is_alive()]
            for process in left:
                getattr(process, end)()
            for process in left:
                process.join(_CLOSING_SECONDS)
        for pipe in getattr(self, "parent_pipes", ()):
            pipe.close()
        if hasattr(self, "error_queue"):
            self.error_queue.close()

    # ---- failures ----
    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Closes everything and says which worker it was, when one is lost."""
        try:
            yield
        except NoAnswer:
            silent = [i for i, pipe in enumerate(self.parent_pipes) if not pipe.poll()]
            self._fail(
                f"{what}: environments {silent} did not answer within {self.timeout} seconds."
            )
        except (EOFError, OSError):
            time.sleep(0.1)  # a process that has closed its pipe is about to have an exit code
            dead = {i: p.exitcode for i, p in enumerate(self.processes) if not p.is_alive()}
            codes = ", ".join(f"{i} with exit code {code}" for i, code in dead.items())
            self._fail(f"{what}: worker {codes or 'unknown'} is gone (negative: by that signal).")

    def _raise_if_errors(self, successes: Iterable[bool]) -> None:
        told = list(successes)
        if all(told):
            return
        traces = []
        try:
            index, kind, value, trace = self.error_queue.get(timeout=_CLOSING_SECONDS)
            traces.append(trace)
            said = textwrap.shorten(f"{kind.__name__}: {value}", _LONGEST_MESSAGE)
            text = f"environment {index} failed: {said}"
        except queue.Empty:
            text = f"environments {[i for i, good in enumerate(told) if not good]} failed."
        self._fail(text, traces)

    def _fail(self, text: str, traces: Sequence[str] = ()) -> None:
        self.close(terminate=True)
        error = WorkerError(f"{text} All environments were closed; make a new ThorVectorEnv.")
        for trace in traces:
            error.add_note(f"In the worker:\n{trace}")
        raise error from None


def _read(observation: dict[str, Any]) -> dict[str, Any]:
    """An observation, of one or of all environments, with its texts as texts."""
    made = dict(observation)
    for name in _TEXTS:
        rows = np.asarray(made[name])
        made[name] = decoded(rows) if rows.ndim == 1 else tuple(decoded(row) for row in rows)
    return made


def measure(num_envs: int, steps: int, room: str = "kitchen") -> float:
    """Environment steps per second of so many workers that walk about, all together."""
    walk = ("rotate right", "move ahead", "look down", "rotate left", "move back", "look up")
    with ThorVectorEnv(num_envs, room=room, action_level="primitive", max_steps=1_000_000) as envs:
        envs.reset(seed=0)
        for action in walk:
            envs.step([action] * num_envs)
        begun = time.perf_counter()
        for count in range(steps):
            envs.step([walk[count % len(walk)]] * num_envs)
        return steps * num_envs / (time.perf_counter() - begun)


@command("envs.vector")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m envs.vector",
        description="Measure environment steps per second of several workers against one.",
        epilog="example: python -m envs.vector --num-envs 4 --steps 300 --json",
    )
    parser.add_argument(
        "--num-envs", type=int, default=2, metavar="N", help="how many workers; default 2"
    )
    parser.add_argument(
        "--steps",
        type=int,
        default=200,
        metavar="N",
        help="so many steps of each environment; default 200",
    )
    parser.add_argument("--room", default="kitchen", help="kind of room; default kitchen")
    parser.add_argument("--json", action="store_true", help="the last line is one JSON object")
    options = parser.parse_args(argv)
    try:
        together = measure(options.num_envs, options.steps, options.room)
        alone = measure(1, options.steps, options.room)
    except (ValueError, WorkerError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    ratio = together / alone
    if options.json:
        rates = {"one_steps_per_s": round(alone, 1), "all_steps_per_s": round(together, 1)}
        print(json.dumps({"num_envs": options.num_envs, **rates, "ratio": round(ratio, 2)}))
        return 0
    print(f"  1 environment  {alone:8.1f} steps/s")
    print(f"{options.num_envs:3d} environments {together:8.1f} steps/s, {ratio:.2f} times")
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
