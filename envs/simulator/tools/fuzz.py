"""Plays random and nonsensical actions over all rooms and checks what must stay true.

Example:
    python -m envs.simulator.tools.fuzz --actions 10000

Half of the actions are sensible ones, in sensible states or not; the other half have made-up names,
missing, additional and absurd arguments. After each the room's invariants are checked, after each
room that a reset works. The last line is one JSON object; the exit code is 1 if anything was wrong.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np

from envs.simulator.server.session import Answer, Session
from envs.simulator.system.command_line import Parser, command, whole_from
from envs.simulator.tools.fuzz_player import Player
from envs.simulator.tools.invariants import standing, violations
from envs.simulator.tools.room_names import named_rooms

CODES = frozenset({"InvalidAction", "MissingArguments", "AmbiguousAction", "InvalidArgument"})
SHOWN = 20


@dataclass
class Report:
    """What happened."""

    actions: int = 0
    scenes: int = 0
    succeeded: int = 0
    invalid: int = 0
    errors: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        """Whether nothing was wrong."""
        return not self.errors and not self.violations


def ill_formed(answer: Answer) -> str:
    """What is wrong with an answer; empty if nothing is."""
    for row in answer.metadata["agents"]:
        if not isinstance(row["lastActionSuccess"], bool):
            return "lastActionSuccess is not a boolean"
        if not row["lastActionSuccess"] and not row["errorMessage"]:
            return "a failure without a message"
        if row["lastActionSuccess"] and (row["errorMessage"] or row["errorCode"]):
            return "a success with an error"
        if row["errorCode"] is not None and row["errorCode"] not in CODES:
            return f"error code {row['errorCode']}"
    # The self-tests give back what they are given, NaN included.
    echo = any(str(row["lastAction"]).startswith("Test") for row in answer.metadata["agents"])
    try:
        json.dumps(answer.metadata, allow_nan=echo)
    except (TypeError, ValueError) as error:
        return f"metadata cannot be sent: {error}"
    return ""


def _lost(before: set[str], world_ids: set[str]) -> list[str]:
    gone = before - world_ids
    # What is cut or cracked lives on in its pieces.
    return sorted(g for g in gone if not any(i.startswith(f"{g}|") for i in world_ids))


def play(
    session: Session,
    scene: str,
    count: int,
    seed: int,
    report: Report,
    told: Callable[[], None] = lambda: None,
) -> None:
    """Plays ``count`` actions in one scene; ``told`` is called after each."""
    rng = np.random.default_rng([seed, *scene.encode()])
    player = Player(session, rng)
    world = session.world
    session.answer({"action": "Reset", "sceneName": scene})
    session.answer({"action": "Initialize"})
    report.scenes += 1
    stood, excused = standing(world), set[str]()
    for step in range(count):
        sane = bool(rng.random() < 0.5)
        message = player.sensible() if sane else player.nonsense()
        message.setdefault("renderImage", bool(rng.random() < 0.02))
        ids, marks = set(world.objects), session.dispatcher.marks(message.get("action"))
        poses = {key: (obj.center, obj.euler) for key, obj in world.objects.items()}
        answer = session.answer(dict(message))
        report.actions += 1
        told()
        last = answer.metadata["agents"][answer.metadata["activeAgentId"]]
        report.succeeded += bool(last["lastActionSuccess"])
        report.invalid += last["errorCode"] is not None
        where = f"{scene} step {step} {_brief(message)}"
        if ". trace: " in str(last["errorMessage"]):
            report.errors.append(f"{where}: {last['errorMessage']}")
        problem = ill_formed(answer)
        if problem:
            report.errors.append(f"{where}: {problem}")
        # What was put somewhere by force may be anywhere, until something else moves it.
        moved = {
            key
            for key, obj in world.objects.items()
            if key not in poses
            or (obj.center is not poses[key][0] or obj.euler is not poses[key][1])
        }
        excused = excused | moved if marks.puts_anywhere else excused - moved
        found = violations(world, excused=excused, stood=stood)
        if not marks.removes:
            found += [f"{i} is lost" for i in _lost(ids, set(world.objects))]
        if found:
            report.violations += [f"{where}: {line}" for line in found[:3]]
            session.answer({"action": "Reset", "sceneName": scene})
            session.answer({"action": "Initialize"})
            excused = set()
    ended = session.answer({"action": "Reset", "sceneName": scene}).metadata["agents"][0]
    if not ended["lastActionSuccess"] or violations(world):
        report.errors.append(f"{scene}: the reset after {count} actions failed")


def _brief(message: dict) -> str:
    text = json.dumps(message, default=str)
    return text if len(text) < 240 else f"{text[:240]}..."


@command("envs.simulator.tools.fuzz")
def main(arguments: Sequence[str] | None = None) -> int:
    """Plays, prints what was wrong, and a JSON line."""
    from rich.console import Console
    from rich.progress import Progress

    parser = Parser(
        prog="python -m envs.simulator.tools.fuzz",
        description="Play random and nonsensical actions and check what must stay true.",
        epilog="example: python -m envs.simulator.tools.fuzz --actions 10000 --seed 3",
    )
    parser.add_argument(
        "--actions",
        type=whole_from(1),
        default=10000,
        metavar="N",
        help="how many actions to play, over all rooms together (%(default)s)",
    )
    parser.add_argument(
        "--scenes", nargs="*", metavar="ROOM", help="rooms to play in (default: all)"
    )
    parser.add_argument(
        "--seed", type=whole_from(0), default=0, help="where the choices begin (%(default)s)"
    )
    options = parser.parse_args(arguments)
    try:
        scenes = named_rooms(options.scenes)
    except ValueError as error:
        parser.error(str(error))
    report, session = Report(), Session(64, 64)
    begun = time.perf_counter()
    shares = [options.actions // len(scenes)] * len(scenes)
    for index in range(options.actions % len(scenes)):
        shares[index] += 1
    rows = list(zip(scenes, shares, strict=True))
    with Progress(*Progress.get_default_columns(), console=Console(stderr=True)) as bar:
        shown = bar.add_task("actions", total=options.actions)
        for scene, count in rows:
            if count:
                bar.update(shown, description=scene)
                play(session, scene, count, options.seed, report, lambda: bar.advance(shown))
    session.world.close()
    report.seconds = round(time.perf_counter() - begun, 1)
    for line in [*report.errors, *report.violations][:SHOWN]:
        print(line, file=sys.stderr)
    print(json.dumps(asdict(report)))
    return 0 if report.clean else 1


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
