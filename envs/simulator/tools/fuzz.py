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
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np

from envs.simulator.actions import Actions
from envs.simulator.actions.binding import signature_of
from envs.simulator.actions.table import action_table
from envs.simulator.server.session import Answer, Session
from envs.simulator.system.command_line import Parser, whole_from
from envs.simulator.tools.invariants import standing, violations
from envs.simulator.tools.room_names import named_rooms

CODES = frozenset({"InvalidAction", "MissingArguments", "AmbiguousAction", "InvalidArgument"})
SHOWN = 20
_WORDS = ("", "Apple", "x" * 5000, "Fridge|1|2|3", "\x00", "é☃", "NaN", "water", "-1")
_NUMBERS = (0, -1, 1, 0.5, 1e-9, 1e308, -1e308, 10**30, 2**31, 90, float("nan"), float("inf"))


# A message, and how often it shall be chosen among others.
Weighted = tuple[float, dict]


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


class Player:
    """Chooses actions for one room.

    Args:
        session: What answers them.
        rng: The only source of choices.
    """

    def __init__(self, session: Session, rng: np.random.Generator) -> None:
        self.session, self.world, self.rng = session, session.world, rng

    def one_of(self, values: Iterable) -> object:
        """A random element."""
        rows = list(values)
        return rows[int(self.rng.integers(len(rows)))]

    def _id(self, ability: str | None = None) -> str:
        things = [
            t.object_id for t in self.world.objects.values() if ability is None or t.is_(ability)
        ]
        return str(self.one_of(things)) if things else "Nothing|0|0|0"

    def _near(self) -> dict:
        middle = self.world.agent.position + self.rng.normal(0, 1.0, 3)
        return {"x": float(middle[0]), "y": float(abs(middle[1])), "z": float(middle[2])}

    def sensible(self) -> dict:
        """An action such as programs send."""
        reach = {"forceAction": bool(self.rng.random() < 0.7)}
        # Every choice is drawn before one is taken.
        choices = [
            *self._walking(),
            *self._holding(reach),
            *self._changing(reach),
            *self._moving(reach),
            *self._asking(),
            *self._rebuilding(),
            (2, {"action": "Teleport", "position": self._spot()}),
        ]
        weights = np.array([weight for weight, _ in choices])
        return choices[int(self.rng.choice(len(choices), p=weights / weights.sum()))][1]

    def _on(self, action: str, ability: str, **more: object) -> dict:
        return {"action": action, "objectId": self._id(ability), **more}

    def _walking(self) -> list[Weighted]:
        return [
            (6, {"action": self.one_of(("MoveAhead", "MoveBack", "MoveLeft", "MoveRight"))}),
            (4, {"action": self.one_of(("RotateLeft", "RotateRight", "LookUp", "LookDown"))}),
            (1, {"action": self.one_of(("Crouch", "Stand", "Pass", "Done"))}),
        ]

    def _holding(self, reach: dict) -> list[Weighted]:
        return [
            (6, self._on("PickupObject", "pickupable", **reach)),
            (6, self._on("PutObject", "receptacle", **reach)),
            (2, {"action": "DropHandObject", **reach}),
            (1, {"action": "ThrowObject", "moveMagnitude": float(self.rng.uniform(1, 150))}),
        ]

    def _changing(self, reach: dict) -> list[Weighted]:
        liquids = ("water", "coffee", "wine")
        return [
            (4, self._on("OpenObject", "openable", **reach)),
            (2, self._on("CloseObject", "openable", **reach)),
            (2, self._on("ToggleObjectOn", "toggleable", **reach)),
            (1, self._on("ToggleObjectOff", "toggleable", **reach)),
            (1, self._on("SliceObject", "sliceable", **reach)),
            (1, self._on("BreakObject", "breakable", **reach)),
            (1, self._on("CookObject", "cookable", **reach)),
            (1, self._on("DirtyObject", "dirtyable", **reach)),
            (
                1,
                {
                    **self._on("FillObjectWithLiquid", "canFillWithLiquid", **reach),
                    "fillLiquid": self.one_of(liquids),
                },
            ),
        ]

    def _moving(self, reach: dict) -> list[Weighted]:
        rng = self.rng
        return [
            (
                2,
                {
                    "action": self.one_of(("PushObject", "PullObject")),
                    "objectId": self._id(str(self.one_of(("pickupable", "moveable")))),
                    "moveMagnitude": float(rng.uniform(1, 120)),
                    **reach,
                },
            ),
            (
                2,
                {
                    "action": "MoveHeldObject",
                    "ahead": float(rng.normal(0, 0.2)),
                    "right": float(rng.normal(0, 0.2)),
                    "up": float(rng.normal(0, 0.2)),
                },
            ),
            (1, {"action": "RotateHeldObject", "roll": float(rng.uniform(-180, 180))}),
            (1, {**self._on("TeleportObject", "pickupable"), "position": self._near()}),
            (1, {**self._on("PlaceObjectAtPoint", "pickupable"), "position": self._near()}),
        ]

    def _asking(self) -> list[Weighted]:
        return [
            (1, {"action": "GetReachablePositions"}),
            (1, {"action": "GetShortestPath", "objectId": self._id()}),
            (1, {"action": "GetInteractablePoses", "objectId": self._id(), "maxPoses": 3}),
        ]

    def _rebuilding(self) -> list[Weighted]:
        rng = self.rng
        return [
            (0.3, {"action": "InitialRandomSpawn", "randomSeed": int(rng.integers(1000))}),
            (0.5, self._on("RemoveFromScene", "pickupable")),
            (0.5, {**self._on("ScaleObject", "pickupable"), "scale": float(rng.uniform(0.5, 1.3))}),
            (0.3, {"action": self.one_of(("RandomizeMaterials", "RandomizeLighting"))}),
            (0.3, {"action": "CreateObject", "objectType": self.one_of(("Plate", "Apple", "Mug"))}),
        ]

    def _spot(self) -> dict:
        points = self.world.grid_points
        if not len(points):
            return self._near()
        x, z = points[int(self.rng.integers(len(points)))]
        return {"x": float(x), "y": self.world.standing_y, "z": float(z)}

    def nonsense(self) -> dict:
        """A message no program should send."""
        rng = self.rng
        name = str(self.one_of(tuple(action_table(Actions))))
        if rng.random() < 0.1:
            name = str(self.one_of((*_WORDS, name.lower(), f"_{name}", "__init__", "world")))
        message: dict = {"action": name}
        method = action_table(Actions)[name].method if name in action_table(Actions) else None
        parameters = list(signature_of(method).parameters) if method else []
        for parameter in parameters:
            if rng.random() < 0.7:
                message[parameter] = self._argument(parameter)
        for _ in range(int(rng.integers(3)) if rng.random() < 0.3 else 0):
            message[str(self.one_of(("z", "foo", "objectId", "", "agentId", "renderImage")))] = (
                self.junk()
            )
        if rng.random() < 0.02:
            message["action"] = self.junk()
        return message

    def _argument(self, name: str) -> object:
        if self.rng.random() < 0.5:
            return self.junk()
        if name.lower().endswith("id"):
            return self._id()
        if name in ("position", "target", "origin", "destination"):
            return self._near()
        if name == "rotation":
            return {"x": 0, "y": float(self.rng.integers(4) * 90), "z": 0}
        if name == "objectType":
            return self._id().split("|")[0]
        if name.startswith(("force", "allow", "render")):
            return False
        return float(self.rng.random())

    def junk(self, depth: int = 0) -> object:
        """Any JSON value."""
        kind = int(self.rng.integers(7 if depth < 4 else 4))
        if kind == 0:
            return self.one_of((None, True, False))
        if kind == 1:
            return self.one_of(_NUMBERS)
        if kind == 2:
            return self.one_of(_WORDS)
        if kind == 3:
            return {axis: self.one_of(_NUMBERS) for axis in "xyz"[: int(self.rng.integers(4))]}
        if kind == 4:
            return [self.junk(depth + 1) for _ in range(int(self.rng.integers(5)))]
        if kind == 5:
            return {str(self.one_of(_WORDS)): self.junk(depth + 1), "x": self.junk(depth + 1)}
        deep: object = 0
        for _ in range(int(self.rng.integers(1, 60))):
            deep = [deep]
        return deep


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


def play(session: Session, scene: str, count: int, seed: int, report: Report) -> None:
    """Plays ``count`` actions in one scene."""
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
        poses = {key: (thing.center, thing.euler) for key, thing in world.objects.items()}
        answer = session.answer(dict(message))
        report.actions += 1
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
            for key, thing in world.objects.items()
            if key not in poses
            or (thing.center is not poses[key][0] or thing.euler is not poses[key][1])
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Plays, prints what was wrong, and a JSON line."""
    from rich.console import Console
    from rich.progress import track

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
    for scene, count in track(rows, "actions", console=Console(stderr=True)):
        if count:
            play(session, scene, count, options.seed, report)
    session.world.close()
    report.seconds = round(time.perf_counter() - begun, 1)
    for line in [*report.errors, *report.violations][:SHOWN]:
        print(line, file=sys.stderr)
    print(json.dumps(asdict(report)))
    return 0 if report.clean else 1


if __name__ == "__main__":
    sys.exit(main())
