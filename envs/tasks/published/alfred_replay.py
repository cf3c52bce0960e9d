"""Replays ALFRED's recorded actions on our scenes and checks ALFRED's goal conditions.

A trial counts when its goal conditions hold after its last action, whatever failed on the way.

Example:
    python -m envs.tasks.published.alfred_replay data/valid_seen.jsonl.gz --trials 200
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from envs.simulator.system.command_line import command
from envs.tasks.published.alfred import Trial, TrialError, read_trials
from envs.tasks.published.alfred_goals import Treated, conditions
from envs.tasks.published.alfred_scene import LOOK_STEP, Names, set_up

if TYPE_CHECKING:
    from ai2thor.controller import Controller
    from ai2thor.server import Event

TARGET_SHARE = 0.69


@dataclass(frozen=True)
class Replay:
    """How a trial went.

    Attributes:
        met: Goal conditions that hold at the end.
        total: Goal conditions.
        failed: Actions that failed.
        first: The first failed action, with its things' types; empty if none failed.
        why: AI2-THOR's message to it.
        step: Its index among the actions, or -1.
    """

    task_id: str
    task_type: str
    scene: str
    met: int
    total: int
    failed: int
    first: str
    why: str
    step: int

    @property
    def success(self) -> bool:
        return self.met == self.total


def replay(
    controller: Controller, trial: Trial, on_step: Callable[[int, Event], None] | None = None
) -> Replay:
    """Plays a trial's recorded actions.

    Args:
        controller: Any backend's; its scene changes.
        trial: The trial.
        on_step: Called with index and event of every action; then pictures are drawn.
    """
    treated, failed, first, why, where = Treated(), 0, "", "", -1
    try:
        names, actions = set_up(controller, trial), trial.actions
    except RuntimeError as error:
        names, actions, failed, first, why = Names(), (), 1, "SetUp", str(error)
    for index, action in enumerate(actions):
        name, arguments = translate(action, names, controller)
        if arguments is None:
            worked, message = False, "nothing of the kind is in the scene"
        else:
            event = controller.step(name, renderImage=on_step is not None, **arguments)
            worked, message = event.metadata["lastActionSuccess"], event.metadata["errorMessage"]
            if on_step is not None:
                on_step(index, event)
            if worked and "objectId" in arguments:
                treated.note(name, str(arguments["objectId"]), event.metadata["objects"])
        if not worked:
            failed += 1
            if where < 0:
                where, first, why = index, described(action), message
    met, total = conditions(trial, controller.last_event.metadata, treated)
    return Replay(
        trial.task_id, trial.task_type, trial.scene, met, total, failed, first, why, where
    )


def translate(
    action: dict[str, Any], names: Names, controller: Controller
) -> tuple[str, dict[str, Any] | None]:
    """Today's action name and arguments of a recorded action; None if its thing is not there."""
    name = str(action["action"])
    if name == "MoveAhead":
        force = bool(action.get("forceAction", False))
        return name, {
            "moveMagnitude": float(action.get("moveMagnitude", 0.25)),
            "forceAction": force,
        }
    if name in ("LookUp", "LookDown"):
        return name, {"degrees": LOOK_STEP}
    if name in ("RotateLeft", "RotateRight"):
        return name, {}
    metadata = controller.last_event.metadata
    hand = metadata["inventoryObjects"]
    old = action["receptacleObjectId" if name == "PutObject" else "objectId"]
    held = hand[0]["objectId"] if hand else None
    found = names.find(str(old), metadata["objects"], held if name == "PutObject" else None)
    if found is None:
        return name, None
    arguments: dict[str, Any] = {"objectId": found}
    if name == "PutObject":
        arguments |= {"forceAction": True, "placeStationary": True}
    return name, arguments


def described(action: dict[str, Any]) -> str:
    """``PutObject Apple -> Fridge``."""
    parts = [str(action["action"])]
    for key in ("objectId", "receptacleObjectId"):
        if key in action:
            bits = str(action[key]).split("|")
            parts.append(bits[4] if len(bits) > 4 else bits[0])
    return " ".join(parts[:2]) + (f" -> {parts[2]}" if len(parts) > 2 else "")


def summary(results: list[Replay]) -> dict[str, Any]:
    """Shares over all trials and over each task type, and what failed first."""
    kinds = sorted({r.task_type for r in results})
    lost = [r for r in results if not r.success]
    return {
        "trials": len(results),
        "success": sum(r.success for r in results) / max(1, len(results)),
        "goal_conditions": sum(r.met for r in results) / max(1, sum(r.total for r in results)),
        "all_actions_worked": sum(not r.failed for r in results) / max(1, len(results)),
        "task_types": {
            k: [
                sum(r.success for r in results if r.task_type == k),
                sum(r.task_type == k for r in results),
            ]
            for k in kinds
        },
        "first_failing_action": Counter(
            (r.first or "no action failed").split(" ")[0] for r in lost
        ).most_common(),
        "first_failures": Counter(
            f"{r.first or 'no action failed'}: {r.why[:70]}" for r in lost
        ).most_common(),
    }


def make_parser() -> argparse.ArgumentParser:
    """Makes the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m envs.tasks.published.alfred_replay",
        description="Replay ALFRED's recorded trials on our scenes and check their goals.",
        epilog="example: python -m envs.tasks.published.alfred_replay "
        "data/valid_seen.jsonl.gz --trials 200",
    )
    add = parser.add_argument
    add("path", type=Path, help="ALFRED's folder, a traj_data.json or a .jsonl.gz")
    add("--trials", type=int, default=0, metavar="N", help="only the first N; default 0: all")
    add("--skip", type=int, default=0, metavar="N", help="leave out the first N; default 0")
    add("--backend", default="embedded", help="as of run_episode.py; default embedded")
    add(
        "--least",
        type=float,
        default=TARGET_SHARE,
        metavar="SHARE",
        help=f"share of trials to be won for exit code 0; default {TARGET_SHARE}",
    )
    add("--json", action="store_true", help="the last line is one JSON object")
    return parser


@command("envs.tasks.published.alfred_replay")
def main(argv: list[str] | None = None) -> int:
    """Runs the command; exit code 0 if enough trials reach their goal, 2 for bad input."""
    from rich.console import Console
    from rich.progress import track

    from envs.backends import make_controller

    options = make_parser().parse_args(argv)
    try:
        trials = list(read_trials(options.path))[options.skip :]
    except (TrialError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    trials = trials[: options.trials or None]
    if not trials:
        print("error: no trials are left; lower --skip", file=sys.stderr)
        return 2
    controller = make_controller(options.backend, scene=trials[0].scene, supervised=True)
    console = Console(stderr=True)
    results = [
        replay(controller, trial)
        for trial in track(trials, description="replaying", console=console)
    ]
    controller.stop()
    found = summary(results)
    _print(found)
    if options.json:
        print(json.dumps({**found, "each": [asdict(r) for r in results]}))
    return 0 if found["success"] >= options.least else 1


def _print(found: dict[str, Any]) -> None:
    """Prints shares, and what failed first."""
    print(
        f"{found['success']:.1%} of {found['trials']} trials reach their goal, "
        f"{found['goal_conditions']:.1%} of goal conditions; "
        f"every action worked in {found['all_actions_worked']:.1%}"
    )
    for task_type, (won, count) in found["task_types"].items():
        print(f"  {task_type:36s} {won:3d} / {count}")
    print("first failing action of trials that do not:")
    for text, count in found["first_failures"]:
        print(f"  {count:3d}  {text}")


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
