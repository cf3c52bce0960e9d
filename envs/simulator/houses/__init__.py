"""Houses of several rooms from ProcTHOR's JSON: read, checked, and built as a scene.

``schema`` reads the JSON (by ``fields``) into a ``house``; ``build`` makes a ``house_scene`` of it:
``house_walls``, ``house_doors``, floors (``polygons``), ``object_records`` of ``assets``, colours
(``house_materials``, ``lighting``) and ``free_points`` to stand on. ``twin_file`` reads scenes that
were exported from any AI2-THOR.
"""

from __future__ import annotations

from envs.simulator.houses.build import build_house
from envs.simulator.houses.fields import HouseError
from envs.simulator.houses.house import House
from envs.simulator.houses.house_scene import HouseScene, empty_house
from envs.simulator.houses.schema import read_house

__all__ = ["House", "HouseError", "HouseScene", "build_house", "empty_house", "read_house"]
