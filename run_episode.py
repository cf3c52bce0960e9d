"""Run the agent in a household scene and keep what it saw, thought, got wrong and mended.

    python run_episode.py --scene kitchen

Writes episode.mp4, report.html, trajectory.jsonl and frames/ into one directory. Exit status: 0 the
episode ran (won or lost), 2 the command cannot be carried out as given, 1 a failure of ours.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from rich.console import Console

    from agent.loop import Episode
    from agent.recording.batch import Result
    from agent.recording.trajectory import EpisodeHeader, EpisodeSummary
    from envs.tasks.base import Task
    from envs.thor_env import ThorEnv

ACTION_LEVELS = ("skill", "primitive")
FEEDBACK_LEVELS = ("none", "binary", "reason")
EXAMPLES = """examples:
  python run_episode.py --scene kitchen                       any kitchen, any task, by --seed
  python run_episode.py --scene FloorPlan28 --task pick_and_place --seed 4
  python run_episode.py --scene bedroom --task examine --policy expert
  python run_episode.py --instruction "put the apple in the fridge" --policy expert
  python run_episode.py --fault noop --policy expert          watch it notice and recover
  python run_episode.py --policy openai:MODEL --base-url http://localhost:8000/v1
  python run_episode.py --policy random --episodes 20 --json | tail -n 1
"""


class _Parser(argparse.ArgumentParser):
    """Reports a bad option in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see --help\n")


def _at_least(least: int) -> Any:
    def number(text: str) -> int:
        if not text.lstrip("-").isdigit() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} up")
        return int(text)

    return number


def make_parser() -> argparse.ArgumentParser:
    """The command line."""
    from envs.tasks.registry import FAMILY_NAMES

    parser = _Parser(
        prog="run_episode.py",
        epilog=EXAMPLES,
        description="Run the agent in a household scene; watch it, keep the record.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "--scene",
        default="kitchen",
        metavar="NAME",
        help="kitchen, living_room, bedroom or bathroom (any of its 30, by --seed), or one room: "
        "FloorPlan1-30, 201-230, 301-330, 401-430; default kitchen",
    )
    add(
        "--task",
        metavar="FAMILY",
        help="one of " + ", ".join(FAMILY_NAMES) + "; default any of "
        "the room's, of the first six in kitchens",
    )
    add(
        "--instruction",
        metavar="TEXT",
        help="what to do, in your own words; judged if it names a goal we know",
    )
    add(
        "--seed",
        type=_at_least(0),
        default=0,
        metavar="N",
        help="same seed, same episode; default 0",
    )
    add(
        "--policy",
        default="default",
        metavar="NAME",
        help="default, expert, random, a Hugging Face id or directory, or openai:MODEL; "
        "default default",
    )
    add(
        "--adapter",
        metavar="NAME",
        help="a peft adapter (LoRA) for a Hugging Face model: its id or directory",
    )
    add(
        "--device",
        default="cpu",
        metavar="NAME",
        help="where a Hugging Face model runs, such as cuda; default cpu",
    )
    add(
        "--rounds",
        type=_at_least(1),
        default=3,
        metavar="N",
        help="most proposals a step; 1 switches self-correction off; default 3",
    )
    add(
        "--action-level",
        default="skill",
        choices=ACTION_LEVELS,
        help="skill: goto X, look around; primitive: 0.25 m moves and turns; default skill",
    )
    add(
        "--feedback",
        default="binary",
        choices=FEEDBACK_LEVELS,
        help="what the environment says after an action: nothing, ok or failed, or why; "
        "default binary",
    )
    add("--fault", metavar="KIND", help="inject a fault, to see whether it is noticed and mended")
    add(
        "--backend",
        default="embedded",
        metavar="NAME",
        help="embedded, unity, or the command of an executable; default embedded",
    )
    add("--out", metavar="DIR", help="where to write; default runs/<scene>-<seed>")
    add(
        "--episodes",
        type=_at_least(1),
        default=1,
        metavar="N",
        help="so many episodes with seeds from --seed on; default 1",
    )
    add(
        "--json",
        action="store_true",
        help="progress goes to stderr; the last line of stdout is one JSON object",
    )
    from policies.chat.endpoint import add_arguments

    add_arguments(parser)
    return parser


def check_options(options: argparse.Namespace) -> None:
    """Refuse what can be seen to be wrong before anything is loaded.

    Raises:
        ValueError: Naming the value, the allowed ones and the remedy.
    """
    from agent.recording.output import check_target
    from envs.tasks.base import ROOMS, room_of, scenes_of
    from envs.tasks.registry import FAMILY_NAMES, families_of

    if options.scene not in ROOMS and options.scene not in scenes_of("all", "any"):
        raise ValueError(
            f"--scene {options.scene!r} is unknown: use {', '.join(ROOMS)}, or one "
            "room of FloorPlan1 ... FloorPlan30 (kitchens), 201-230 (living rooms), "
            "301-330 (bedrooms), 401-430 (bathrooms)"
        )
    if options.task is not None and options.task not in FAMILY_NAMES:
        raise ValueError(
            f"--task {options.task!r} is unknown: use one of {', '.join(FAMILY_NAMES)}"
        )
    room = options.scene if options.scene in ROOMS else room_of(options.scene)
    if options.task is not None and options.task not in families_of(room):
        raise ValueError(
            f"--task {options.task!r} needs things that no {room} has: use one of "
            f"{', '.join(families_of(room))}, or another --scene"
        )
    if options.instruction is not None and not options.instruction.strip():
        raise ValueError("--instruction is empty: say what to do, such as 'open the fridge'")
    if options.instruction is not None and options.task is not None:
        raise ValueError("--instruction and --task exclude each other: leave one out")
    if options.policy == "expert" and options.action_level == "primitive":
        raise ValueError("--policy expert plays skills only: leave out --action-level primitive")
    options.out = Path(options.out or f"runs/{options.scene}-{options.seed}")
    check_target(options.out)


@dataclass
class Run:
    """Everything one call of the command shares between its episodes."""

    options: argparse.Namespace
    env: ThorEnv
    policy: Any
    console: Console

    def episode(self, seed: int, out: Path, directory: Path) -> Result:
        """Play one episode into `directory`, which will stand at `out`.

        Raises:
            ValueError: The episode cannot be set up as asked; nothing was played.
        """
        from agent.assignment import assign
        from agent.display.progress import Progress
        from agent.display.report import write_report
        from agent.display.video import VIDEO_FILE, Video
        from agent.loop import Episode, EpisodeSettings
        from agent.recording.batch import result_of
        from agent.recording.recorder import Recorder
        from envs.actions import Action
        from envs.tasks.sampler import NoTaskError

        began = time.perf_counter()
        asked = self.options
        progress = Progress(self.console)
        task, judged = None, True
        try:
            if asked.instruction is not None:
                task, judged = assign(self.env, self.policy, asked.instruction, asked.scene, seed)
            with Recorder(directory) as recorder, Video(directory / VIDEO_FILE) as video:
                elsewhere = Action("look around") if asked.action_level == "skill" else None
                settings = EpisodeSettings(
                    rounds=asked.rounds, judged=judged, last_resort=elsewhere
                )
                episode = Episode(self.env, self.policy, settings, (progress, recorder, video))
                self.env.on_frame = episode.frame_passed
                summary = play(episode, self.header(seed), seed, task)
        except NoTaskError as error:
            raise ValueError(f"{error}; take another --scene, --task or --seed") from error
        write_report(directory)
        return result_of(directory, out, summary, time.perf_counter() - began)

    def header(self, seed: int) -> EpisodeHeader:
        """What is known of an episode before it begins."""
        from agent.recording.trajectory import EpisodeHeader
        from envs.backends import backend_stamp

        asked = self.options
        return EpisodeHeader(
            scene=asked.scene,
            family=asked.task or "",
            instruction="",
            seed=seed,
            policy=self.policy.name,
            backend=backend_stamp(asked.backend),
            action_level=asked.action_level,
            feedback=asked.feedback,
            rounds=asked.rounds,
            fault=asked.fault or "",
        )


def play(episode: Episode, header: EpisodeHeader, seed: int, task: Task | None) -> EpisodeSummary:
    """Play an episode; a ValueError in it is ours, but for an instruction that is refused."""
    from agent.loop import InstructionRefused

    try:
        return episode.run(header, seed=seed, options={"task": task} if task else None)
    except InstructionRefused:
        raise
    except ValueError as error:
        raise RuntimeError(f"the episode broke off: {error}") from error


def make_environment(options: argparse.Namespace) -> ThorEnv:
    """The environment as asked for.

    Raises:
        ValueError: The fault or the backend is unknown.
    """
    from envs.tasks.base import ROOMS
    from envs.thor_env import ThorEnv

    fault = None
    if options.fault is not None:
        from envs.faults import Fault

        fault = Fault(options.fault, options.seed)
    env = ThorEnv(
        backend=options.backend,
        action_level=options.action_level,
        feedback=options.feedback,
        split="all",
        varied=False,
        fault=fault,
        scene=None if options.scene in ROOMS else options.scene,
        room=options.scene if options.scene in ROOMS else "kitchen",
        families=(options.task,) if options.task else None,
    )
    _ = env.controller  # starts the backend, so that its problems show before anything is played
    return env


def make_policy(options: argparse.Namespace, env: ThorEnv) -> Any:
    """The policy as asked for.

    Raises:
        ValueError: It is none of the built-in names and no loadable model.
    """
    if options.policy == "expert":
        from policies.expert.policy import ExpertPolicy

        return ExpertPolicy(env, search=True)
    if options.policy == "random":
        from policies.baselines import RandomPolicy

        return RandomPolicy(action_level=options.action_level)
    from policies.chat.endpoint import settings_of
    from policies.loading import load_policy

    policy = load_policy(
        options.policy,
        adapter=options.adapter,
        device=options.device,
        action_level=options.action_level,
        endpoint=settings_of(options),
    )
    from policies.cimr.policy import LvlmPolicy

    if isinstance(policy, LvlmPolicy) and "OMP_NUM_THREADS" not in os.environ:
        import torch

        # A network this small is fastest on one thread; on a busy machine more are far slower.
        torch.set_num_threads(1)
    return policy


def play_all(run: Run) -> tuple[dict[str, Any], str]:
    """Play every episode; returns the result as a JSON object and as one line."""
    from agent.display.progress import closing_line
    from agent.recording.batch import combined, single, write_batch
    from agent.recording.output import run_directory
    from envs.backends import backend_stamp

    options = run.options
    backend = backend_stamp(options.backend)
    if options.episodes == 1:
        with run_directory(options.out) as directory:
            result = run.episode(options.seed, options.out, directory)
        line = closing_line(result.summary, result.seconds, str(options.out / "report.html"))
        return single(result, backend, run.policy.name), line
    from envs.supervised.errors import BackendError
    from policies.base import PolicyStopped
    from policies.chat.endpoint import EndpointError

    results: list[Result] = []
    crashed = 0
    with run_directory(options.out) as directory:
        for number in range(options.episodes):
            name = f"episode-{number:03d}"
            try:
                with run_directory(directory / name) as place:
                    results.append(run.episode(options.seed + number, options.out / name, place))
            except KeyboardInterrupt:
                if not results:
                    raise
                run.console.print(f"      interrupted: {number - crashed} episodes are kept")
                break
            except PolicyStopped as error:
                if not results:
                    raise
                run.console.print(f"      stopped after {number} episodes: {error}")
                break
            except (BackendError, EndpointError) as error:
                crashed += 1  # the next reset starts the backend afresh
                run.console.print(f"      crashed, seed {options.seed + number}: {error}")
                if number + 1 == options.episodes and not results:
                    raise
                continue
            last = results[-1]
            run.console.print("      " + closing_line(last.summary, last.seconds, str(last.out)))
        total = combined(results, backend, run.policy.name, options.out)
        total["crashed"] = crashed
        write_batch(directory, results, total)
    return total, (
        f"{100 * total['success']:.1f} % of {len(results)} episodes solved: "
        f"{total['steps']} steps, {total['errors']} errors, {total['recovered']} "
        f"recovered, {total['mean_rounds']:.2f} proposals a step, "
        f"{f'{crashed} crashed, ' if crashed else ''}"
        f"{total['seconds']:.1f} s -> {options.out / 'report.html'}"
    )


def _stop(number: int, frame: object) -> NoReturn:
    raise SystemExit(128 + number)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    options = make_parser().parse_args(arguments)
    from agent.display.progress import make_console
    from envs.supervised.errors import BackendError
    from policies.base import PolicyStopped
    from policies.chat.endpoint import EndpointError

    console = make_console(sys.stderr if options.json else sys.stdout)
    env: ThorEnv | None = None
    previous = signal.signal(signal.SIGTERM, _stop)
    try:
        check_options(options)
        console.print(
            f"Preparing: backend {options.backend}, policy {options.policy} ...", style="dim"
        )
        env = make_environment(options)
        policy = make_policy(options, env)
        run = Run(options, env, policy, console)
        result, line = play_all(run)
    except ValueError as error:
        print(f"run_episode.py: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except BackendError as error:
        print(
            f"run_episode.py: {error} To see what works here: python -m envs.doctor",
            file=sys.stderr,
        )
        return 1 if env is not None else 2
    except (EndpointError, PolicyStopped) as error:
        print(f"run_episode.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("run_episode.py: interrupted; nothing was written", file=sys.stderr)
        return 130
    finally:
        signal.signal(signal.SIGTERM, previous)
        if env is not None:
            env.close()
    console.print(line)
    if options.json:
        print(json.dumps(result), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
