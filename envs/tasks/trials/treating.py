"""Treating: what is cleaned, heated or cooled before it is put away."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from envs.actions import types_of
from envs.simulator.core.object_types import object_type
from envs.tasks.family import Draft
from envs.tasks.goals import Contained, Every, Treated, TreatedContained
from envs.tasks.history import runs_into
from envs.tasks.room_probe import RoomProbe
from envs.tasks.trials.carrying import pairs


@dataclass(frozen=True)
class Treatment:
    """How objects are treated.

    Attributes:
        how: What is done: ``"cleaned"``, ``"heated"`` or ``"cooled"``.
        appliance: Where, an object type.
        targets: To what, object types.
    """

    how: str
    appliance: str
    targets: tuple[str, ...]


def treat(probe: RoomProbe, treatment: Treatment) -> list[Draft]:
    """Proposes objects that the appliance takes, and where they may go afterwards."""
    appliance = set(types_of(treatment.appliance))
    if not appliance & probe.types():
        return []
    drafts = []
    for target, receptacle in pairs(probe):
        if target not in treatment.targets or receptacle == treatment.appliance:
            continue
        if not appliance & set(object_type(target).allowed_receptacles):
            continue
        if any(o["temperature"] != "RoomTemp" for o in probe.of(target)):
            continue
        goal = Every(
            (
                Contained(target, receptacle),
                Treated(target, treatment.how),
                TreatedContained(target, treatment.how, receptacle),
            )
        )
        tried = partial(_can_be_treated, target=target, place=receptacle, treatment=treatment)
        drafts.append(Draft(target, goal, receptacle, treatment.appliance, possible=tried))
    return drafts


def _can_be_treated(probe: RoomProbe, target: str, place: str, treatment: Treatment) -> bool:
    if not probe.can_be_taken(target):
        return False
    if treatment.how == "cleaned" and not _has_water(probe):
        return False
    item = probe.of(target)[0]
    return probe.fits(item, treatment.appliance, visibly=True) and probe.fits(item, place)


def _has_water(probe: RoomProbe) -> bool:
    """Whether every basin has a tap in reach, so that it does not matter which is used."""
    taps = [o for o in probe.of("Faucet") if probe.pose(o["objectId"])]
    basins = probe.of("SinkBasin")
    return bool(basins) and all(any(runs_into(t, b) for t in taps) for b in basins)
