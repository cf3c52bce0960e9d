"""pick_two: two objects of a type are to be brought to the one receptacle of its type."""

from __future__ import annotations

from functools import partial

from envs.actions import types_of
from envs.tasks.base import ROOMS
from envs.tasks.family import Draft, Family, Wording
from envs.tasks.goals import Contained, Every, Together
from envs.tasks.room_probe import RoomProbe
from envs.tasks.trials.carrying import pairs

# Poses from which the two are put down.
_POSES = 4


def drafts(probe: RoomProbe) -> list[Draft]:
    """Proposes types there are two of, with single receptacles that may take them."""
    return [
        Draft(
            target,
            Every((Contained(target, place), Together(target, place))),
            receptacle=place,
            possible=partial(_two_fit, target=target, place=place),
        )
        for target, place in pairs(probe)
        if len(probe.of(target)) >= 2 and _single(probe, place)
    ]


def _single(probe: RoomProbe, place: str) -> bool:
    """Whether there is one receptacle of a type; a sink and its basin are one."""
    items = probe.of(place)
    return sum(o["receptacle"] for o in items) in (1, 2) and len(items) <= len(types_of(place))


def _two_fit(probe: RoomProbe, target: str, place: str) -> bool:
    if not probe.can_be_taken(target):
        return False
    receptacle = next(o for o in probe.of(place) if o["receptacle"])["objectId"]
    first, second = (o["objectId"] for o in probe.of(target)[:2])
    poses = probe.some_poses(receptacle, _POSES)
    for k, pose in enumerate(poses):
        # From wherever each is put, both must find room.
        other = poses[(k + 1) % len(poses)]
        worked = probe.put(first, receptacle, pose) and probe.put(second, receptacle, other)
        probe.restore()
        if not worked:
            return False
    return bool(poses)


FAMILY = Family(
    name="pick_two",
    rooms=ROOMS,
    wordings=(
        Wording(
            train=(
                "put two {xs} in the {r}",
                "place both {xs} on the {r}",
                "move two {xs} to the {r}",
                "find two {xs} and put both in the {r}",
            ),
            test=(
                "place two {xs} in the {r}",
                "move both {xs} to the {r}",
                "find both {xs} and place two on the {r}",
            ),
        ),
    ),
    drafts=drafts,
    long=True,
)
