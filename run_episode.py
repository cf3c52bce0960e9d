"""Run the agent in a household scene and keep what it saw, thought, got wrong and mended.

    python run_episode.py --scene kitchen

Writes episode.mp4, report.html, trajectory.jsonl and frames/ into one directory. Exit status: 0 the
episode ran (won or lost), 2 the command cannot be carried out as given, 1 a failure of ours.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from envs.simulator.system.command_line import command
from envs.simulator.system.whole import no_room

if TYPE_CHECKING:
    from envs.thor_env import ThorEnv
    from policies.make_policy import PolicyOptions

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


def _levels(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 255.0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of levels from 0 to 255")
    return value


def make_parser() -> argparse.ArgumentParser:
    """The command line."""
    from envs.simulator.core.quality import QUALITIES, STANDARD
    from envs.skill_modes import DEFAULT_SKILLS, SKILL_MODES
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
    add(
        "--skills",
        default=DEFAULT_SKILLS,
        choices=SKILL_MODES,
        help="helped: they know what has been in view, and the goal ends the episode; honest: the "
        f"agent says where it saw things, and when it is done; default {DEFAULT_SKILLS}",
    )
    add(
        "--rules",
        action=argparse.BooleanOptionalAction,
        help="hand-written rules choose, repair and forbid proposals; default: with helped skills",
    )
    add(
        "--camera-noise",
        type=_levels,
        default=0.0,
        metavar="SIGMA",
        help="Gaussian noise on what the agent sees, in levels of 255; default 0",
    )
    add(
        "--frame",
        type=_at_least(1),
        default=300,
        metavar="PIXELS",
        help="width and height of what the agent sees; a policy that was taught to look twice does "
        "so from 375 on; default 300",
    )
    add(
        "--render-quality",
        default=STANDARD,
        choices=QUALITIES,
        help="high: finer textures, soft shadows, drawn twice as wide and high, for models that "
        "know photographs; default standard",
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
    from envs.skill_modes import rules_by_default
    from envs.tasks.base import ROOMS, room_of, scenes_of
    from envs.tasks.registry import FAMILY_NAMES, families_of
    from policies.devices import check_device
    from policies.make_policy import check_level

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
    check_level(options.policy, options.action_level, walks=_walks(options))
    check_device(options.device)
    if options.rules is None:
        options.rules = rules_by_default(options.skills)
    options.out = Path(options.out or f"runs/{options.scene}-{options.seed}")
    check_target(options.out)


def _walks(options: argparse.Namespace) -> bool:
    """Whether nothing but walking is asked for, as far as that can be told."""
    from envs.tasks.instructions import understand
    from policies.make_policy import EXPERTS

    if options.instruction is None:
        return bool(options.task == "navigate")
    # What is understood is something else; an expert does only what is understood.
    return options.policy not in EXPERTS and understand(options.instruction) is None


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
        skills=options.skills,
        camera_noise=options.camera_noise,
        render_quality=options.render_quality,
        width=options.frame,
        height=options.frame,
    )
    _ = env.controller  # starts the backend, so that its problems show before anything is played
    return env


def policy_options(options: argparse.Namespace) -> PolicyOptions:
    """What is asked of the policy; the expert of this command searches, as an agent must."""
    from policies.chat.endpoint import settings_of
    from policies.make_policy import EXPERT, SEARCHING_EXPERT, PolicyOptions

    return PolicyOptions(
        name=SEARCHING_EXPERT if options.policy == EXPERT else options.policy,
        adapter=options.adapter,
        device=options.device,
        action_level=options.action_level,
        endpoint=settings_of(options),
        rules=options.rules,
    )


@command("run_episode.py", "nothing was written")
def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    options = make_parser().parse_args(arguments)
    from agent.display.progress import make_console
    from agent.run import Run
    from envs.supervised.errors import BackendError
    from policies.base import PolicyStopped
    from policies.chat.endpoint import EndpointError
    from policies.devices import note_on_device
    from policies.make_policy import make_policy

    console = make_console(sys.stderr if options.json else sys.stdout)
    env: ThorEnv | None = None
    try:
        check_options(options)
        console.print(
            f"Preparing: backend {options.backend}, policy {options.policy} ...", style="dim"
        )
        note = note_on_device(options.policy, options.device)
        if note:
            console.print(note, style="yellow")
        env = make_environment(options)
        policy = make_policy(policy_options(options), env)
        result, line = Run(options, env, policy, console).play_all()
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
    except Exception as error:
        full = no_room(error)
        if full is None:
            raise
        print(
            f"run_episode.py: {options.out} can't be written ({full.strerror}); nothing was kept: "
            "make room, or name another --out",
            file=sys.stderr,
        )
        return 2
    finally:
        if env is not None:
            env.close()
    console.print(line)
    if options.json:
        print(json.dumps(result), flush=True)
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
