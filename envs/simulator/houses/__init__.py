"""Houses of several rooms from ProcTHOR's JSON: read, checked, and built as a scene."""

from __future__ import annotations

from envs.simulator.houses.build import build_house
from envs.simulator.houses.fields import HouseError
from envs.simulator.houses.house import House
from envs.simulator.houses.house_scene import HouseScene, empty_house
from envs.simulator.houses.schema import read_house

__all__ = ["House", "HouseError", "HouseScene", "build_house", "empty_house", "read_house"]
