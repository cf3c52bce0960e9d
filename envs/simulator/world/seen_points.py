"""The points of all objects together, kept from step to step while nothing moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from envs.simulator.core.geometry import from_vector
from envs.simulator.world.objects import SimObject


@dataclass(frozen=True, eq=False)
class SeenPoints:
    """What is asked of every object at each step.

    Attributes:
        version: The ``draw_version`` of the world that it is of.
        objects: Every object, K of them.
        points: Points (N, 3) of all of them, one object's after the other's, metres.
        owners: Which object each point is of, (N,).
        begins: Where each object's points begin, (K,).
        low: Lowest corners of their boxes, (K, 3) metres.
        high: Highest corners of their boxes, (K, 3) metres.
        positions: Their positions in the metadata, (K, 3) metres.
    """

    version: int
    objects: list[SimObject]
    points: np.ndarray
    owners: np.ndarray
    begins: np.ndarray
    low: np.ndarray
    high: np.ndarray
    positions: np.ndarray


def collect(version: int, found: Iterable[SimObject]) -> SeenPoints:
    """The points of some objects, which have at least one each."""
    objects = list(found)
    counts = [len(t.world_points) for t in objects]
    return SeenPoints(
        version=version,
        objects=objects,
        points=np.concatenate([np.zeros((0, 3)), *(t.world_points for t in objects)]),
        owners=np.repeat(np.arange(len(objects)), counts),
        begins=np.cumsum([0, *counts])[:-1],
        low=np.array([t.low for t in objects]).reshape(-1, 3),
        high=np.array([t.high for t in objects]).reshape(-1, 3),
        positions=np.array([from_vector(t.metadata["position"]) for t in objects]).reshape(-1, 3),
    )
