"""How far the rooms are from recordings of the real AI2-THOR 5.0.0, and the sum over rooms.

For each recorded scene: ids, names, positions, rotations, sizes and parent receptacles after a
reset, where the agent starts, and what it sees from there, against what the engine reported. For
each recorded pose of the agent: whether a teleport there is refused, and whether the agent could
leave: a place is a prison if with the recording's steps of 0.1 m it can't get as far as a metre
away, and stuck if no step at all works.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from envs.simulator.actions.result import LastAction
from envs.simulator.core.geometry import euler_matrix
from envs.simulator.dispatch.dispatcher import Dispatcher
from envs.simulator.events.metadata import agent_metadata
from envs.simulator.tools.recorded_scenes import RecordedPose, RecordedScene
from envs.simulator.world.world import World

WORST = 8
PIXELS = 64
# An object is where it was if it is this near, metres and degrees.
NEAR, TURNED = 0.001, 0.1
POSE_GRID = 0.1
# Whoever can't get this far from where they stand is in a prison, metres.
FAR_ENOUGH = 1.0
FACTS = ("ids", "names", "positions", "rotations", "sizes", "parents")


@dataclass
class SceneDistance:
    """One room against its recording.

    Attributes:
        objects: Objects recorded.
        extra: Ids of ours that were not recorded.
        wrong: Ids for which a fact differs, by fact; an id that is missing differs in all.
        start: Whether the agent starts as recorded.
        unseen: Ids that the engine saw from the start and we don't.
        unreal: Ids that we see and the engine did not.
        seen: Number of ids both see; None where the recording does not tell.
    """

    scene: str
    objects: int
    extra: list[str] = field(default_factory=list)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    start: bool = True
    unseen: list[str] = field(default_factory=list)
    unreal: list[str] = field(default_factory=list)
    seen: int | None = None

    @property
    def agreement(self) -> float | None:
        """Intersection over union of the visible sets; None where the recording does not tell."""
        return None if self.seen is None else _share(self.seen, self.unseen, self.unreal)


@dataclass
class PoseDistance:
    """The recorded poses of one room.

    Attributes:
        poses: Poses recorded.
        refused: Places (x, z), metres, to which a teleport is refused.
        prisons: Places from which no place a metre away can be reached.
        stuck: Those of them from which no single step works.
    """

    scene: str
    poses: int
    places: int = 0
    refused: list[tuple[float, float]] = field(default_factory=list)
    prisons: list[tuple[float, float]] = field(default_factory=list)
    stuck: list[tuple[float, float]] = field(default_factory=list)


def _share(both: int, *others: list[str]) -> float:
    total = both + sum(len(other) for other in others)
    return both / total if total else 1.0


def _apart(ours: dict, recorded: dict) -> float:
    return max(abs(float(ours[k]) - float(recorded[k])) for k in "xyz")


def _turned(ours: dict, recorded: dict) -> float:
    """Angle between two Unity rotations, degrees."""
    one, two = (euler_matrix(np.array([float(r[k]) for k in "xyz"])) for r in (ours, recorded))
    return math.degrees(math.acos(min(1.0, max(-1.0, (float(np.trace(one.T @ two)) - 1) / 2))))


def _differs(ours: dict, recorded: dict) -> dict[str, bool]:
    return {
        "ids": False,
        "names": ours["name"] != recorded["name"],
        "positions": _apart(ours["position"], recorded["position"]) > NEAR,
        "rotations": _turned(ours["rotation"], recorded["rotation"]) > TURNED,
        "sizes": _apart(ours["axisAlignedBoundingBox"]["size"], recorded["size"]) > NEAR,
        "parents": set(ours["parentReceptacles"] or ()) != set(recorded["parentReceptacles"] or ()),
    }


def compare_scene(recorded: RecordedScene) -> SceneDistance:
    """Resets a room and compares it with its recording.

    Raises:
        ValueError: If there is no such room.
    """
    world = World(PIXELS, PIXELS)
    world.load(recorded.name)
    dispatcher = Dispatcher(world)
    dispatcher.act({"action": "Initialize", "fieldOfView": recorded.fov})
    shown = agent_metadata(world, world.active, LastAction())
    ours = {o["objectId"]: o for o in shown["objects"]}
    theirs = {o["objectId"]: o for o in recorded.objects}
    wrong: dict[str, list[str]] = {fact: [] for fact in FACTS}
    for key, obj in theirs.items():
        differs = _differs(ours[key], obj) if key in ours else dict.fromkeys(FACTS, True)
        for fact in FACTS:
            if differs[fact]:
                wrong[fact].append(key)
    found = SceneDistance(
        recorded.name,
        len(theirs),
        extra=sorted(ours.keys() - theirs.keys()),
        wrong=wrong,
        start=_starts_there(shown["agent"], recorded),
    )
    if recorded.saw:
        mine = _seen_from_start(world, dispatcher, recorded)
        real = {o["objectId"] for o in recorded.objects if o["visible"]}
        found.seen = len(mine & real)
        found.unseen, found.unreal = sorted(real - mine), sorted(mine - real)
    world.close()
    return found


def _starts_there(agent: dict, recorded: RecordedScene) -> bool:
    place = dict(zip("xyz", recorded.start, strict=False))
    turn = abs((agent["rotation"]["y"] - recorded.start[3] + 180) % 360 - 180)
    return (
        _apart(agent["position"], place) <= NEAR
        and turn <= TURNED
        and abs(agent["cameraHorizon"] - recorded.horizon) <= TURNED
    )


def _seen_from_start(world: World, dispatcher: Dispatcher, recorded: RecordedScene) -> set[str]:
    """Ids of what is visible here from the recorded start."""
    x, y, z, yaw = recorded.start
    dispatcher.act(
        {
            "action": "TeleportFull",
            "position": {"x": x, "y": y, "z": z},
            "rotation": {"x": 0.0, "y": yaw, "z": 0.0},
            "horizon": recorded.horizon,
            "standing": True,
            "forceAction": True,
        }
    )
    shown = agent_metadata(world, world.active, LastAction())
    return {o["objectId"] for o in shown["objects"] if o["visible"]}


def compare_poses(scene: str, poses: Iterable[RecordedPose]) -> PoseDistance:
    """Teleports the agent to each recorded place of a room and looks whether it can leave.

    Raises:
        ValueError: If there is no such room.
    """
    world = World(PIXELS, PIXELS)
    world.load(scene)
    dispatcher = Dispatcher(world)
    dispatcher.act({"action": "Initialize", "gridSize": POSE_GRID})
    poses = list(poses)
    places = sorted({(round(p.x, 4), round(p.y, 4), round(p.z, 4)) for p in poses})
    found = PoseDistance(scene, len(poses), len(places))
    walked: dict[tuple[float, float], np.ndarray] = {}
    for x, y, z in places:
        pose = {
            "action": "TeleportFull",
            "position": {"x": x, "y": y, "z": z},
            "rotation": {"x": 0.0, "y": 0.0, "z": 0.0},
            "horizon": 0.0,
            "standing": True,
        }
        if not dispatcher.act(pose).success:
            found.refused.append((x, z))
            dispatcher.act({**pose, "forceAction": True})
        if (x, z) not in walked:
            answer = dispatcher.act({"action": "GetReachablePositions"}).result
            reached = answer if isinstance(answer, list) else []
            floor = np.array([(p["x"], p["z"]) for p in reached]).reshape(-1, 2)
            # Who gets from here to there gets from there to here.
            walked.update({(round(a, 4), round(b, 4)): floor for a, b in floor.tolist()})
            walked.setdefault((x, z), floor)
        away = np.linalg.norm(walked[x, z] - (x, z), axis=1)
        if away.max(initial=0.0) < FAR_ENOUGH:
            found.prisons.append((x, z))
            if len(away) <= 1:
                found.stuck.append((x, z))
    world.close()
    return found


@dataclass(frozen=True)
class Summary:
    """The whole table: numbers of objects that agree, out of how many."""

    scenes: int
    objects: int
    extra: int
    agree: dict[str, int]
    starts: int
    looked: int
    seen: int
    unseen: int
    unreal: int
    worst_views: list[tuple[str, float]]
    poses: int
    places: int
    refused: int
    prisons: int
    stuck: int
    worst_floors: list[tuple[str, int]]

    @property
    def agreement(self) -> float:
        """Intersection over union of all visible sets together."""
        return self.seen / max(self.seen + self.unseen + self.unreal, 1)


def summary(scenes: list[SceneDistance], floors: list[PoseDistance]) -> Summary:
    """Adds the rooms up."""
    objects = sum(s.objects for s in scenes)
    views = [(s.scene, s.agreement) for s in scenes if s.agreement is not None]
    bad = [(f.scene, len({*f.refused, *f.prisons})) for f in floors]
    return Summary(
        scenes=len(scenes),
        objects=objects,
        extra=sum(len(s.extra) for s in scenes),
        agree={fact: objects - sum(len(s.wrong[fact]) for s in scenes) for fact in FACTS},
        starts=sum(s.start for s in scenes),
        looked=len(views),
        seen=sum(s.seen or 0 for s in scenes),
        unseen=sum(len(s.unseen) for s in scenes),
        unreal=sum(len(s.unreal) for s in scenes),
        worst_views=sorted(views, key=lambda v: v[1])[:WORST],
        poses=sum(f.poses for f in floors),
        places=sum(f.places for f in floors),
        refused=sum(len(f.refused) for f in floors),
        prisons=sum(len(f.prisons) for f in floors),
        stuck=sum(len(f.stuck) for f in floors),
        worst_floors=sorted((b for b in bad if b[1]), key=lambda b: -b[1])[:WORST],
    )
