"""Every action by its AI2-THOR name, in groups: a method's name and arguments are the action's.

Defaults are AI2-THOR 5.0.0's. TARGET actions take ``objectId``, or image fractions ``x`` and ``y``
with the origin top left. A new action is one method of a group; a new group is a module with a
subclass of ``ActionGroup`` (``base``), listed here. ``marks`` are what a method says of itself;
``table`` lists all, ``binding`` fits arguments, ``dispatch`` runs messages and answers with a
``result``; ``unsupported`` names what AI2-THOR has and this simulator has not.
"""

from __future__ import annotations

from envs.simulator.actions.cameras import CameraActions
from envs.simulator.actions.display import DisplayActions
from envs.simulator.actions.edit import EditActions
from envs.simulator.actions.hold import HandActions, HoldActions
from envs.simulator.actions.houses import HouseActions
from envs.simulator.actions.locobot import LocobotActions
from envs.simulator.actions.navigation import NavigationActions
from envs.simulator.actions.physics import PhysicsActions
from envs.simulator.actions.place import PlaceActions
from envs.simulator.actions.query import FilterActions, QueryActions
from envs.simulator.actions.randomise import RandomiseActions
from envs.simulator.actions.selftest import SelftestActions
from envs.simulator.actions.session import SessionActions
from envs.simulator.actions.state import StateActions


class Actions(
    SessionActions,
    NavigationActions,
    LocobotActions,
    HoldActions,
    HandActions,
    StateActions,
    PlaceActions,
    EditActions,
    PhysicsActions,
    RandomiseActions,
    HouseActions,
    FilterActions,
    QueryActions,
    CameraActions,
    DisplayActions,
    SelftestActions,
):
    """Every action of one world."""
