"""A method is an action by being written; a fault of ours fails it and is logged."""
# ruff: noqa: N802

from __future__ import annotations

import logging
from dataclasses import fields

import pytest

from envs.simulator.actions import Actions
from envs.simulator.actions.base import ActionGroup
from envs.simulator.actions.marks import Marks, marked
from envs.simulator.core.errors import INVALID_ACTION, INVALID_ARGUMENT, MISSING_ARGUMENTS
from envs.simulator.core.settings import RoomSettings
from envs.simulator.dispatch.binding import signature_of
from envs.simulator.dispatch.dispatcher import Dispatcher
from envs.simulator.dispatch.table import action_table
from envs.simulator.tools.coverage import EXTRA, table
from envs.simulator.world.world import World


class ToyActions(ActionGroup):
    """A group that AI2-THOR has not."""

    group = "toys"

    def Whistle(self, tune: str, loud: bool = False) -> str:
        """Whistles a tune."""
        return tune.upper() if loud else tune

    @marked(query=True, timeless=True, lenient=True)
    def GuessTheHour(self) -> int:
        """Guesses."""
        return 7

    def Stumble(self) -> None:
        """Runs into a fault of ours."""
        raise ZeroDivisionError("one step too far")


class WithToys(Actions, ToyActions):
    """All actions and the toys."""


@pytest.fixture()
def dispatcher():
    world = World(32, 32)
    world.load("FloorPlan1")
    return Dispatcher(world, WithToys)


def test_a_new_method_is_an_action_with_arguments_of_its_own(dispatcher):
    answer = dispatcher.act({"action": "Whistle", "tune": "reveille", "loud": True})
    assert (answer.success, answer.result) == (True, "REVEILLE")
    assert dispatcher.act({"action": "Whistle"}).code == MISSING_ARGUMENTS
    assert dispatcher.act({"action": "Whistle", "tune": 3}).code == INVALID_ARGUMENT
    assert dispatcher.act({"action": "Whistle", "tune": "x", "off": 1}).code == INVALID_ARGUMENT


def test_marks_are_read_where_the_action_is_defined(dispatcher):
    assert dispatcher.marks("GuessTheHour").query and not dispatcher.marks("Whistle").query
    assert dispatcher.act({"action": "GuessTheHour", "whatever": 1}).result == 7
    assert action_table(WithToys)["GuessTheHour"].marks == Marks(True, True, True)
    assert action_table(WithToys)["Whistle"].marks == Marks()


def test_every_action_that_gets_something_is_a_query():
    known = action_table(Actions)
    assert {
        name for name in known if name.startswith("Get") and not known[name].marks.query
    } == set()


def test_initialize_has_the_defaults_of_the_settings():
    taken = signature_of(action_table(Actions)["Initialize"].method).parameters
    for setting in fields(RoomSettings):
        assert taken[setting.name].default == setting.default, setting.name


def test_a_new_action_is_in_the_coverage_table(dispatcher):
    rows = {row.action: row for row in table(WithToys)}
    assert (rows["Whistle"].group, rows["Whistle"].status) == ("toys", EXTRA)
    assert rows["Whistle"].arguments == "tune, [loud]" and rows["Whistle"].note
    assert "GuessTheHour~" in rows and "Whistle" not in {row.action for row in table()}


def test_a_fault_of_ours_fails_the_action_and_is_logged(dispatcher, caplog):
    with caplog.at_level(logging.ERROR):
        answer = dispatcher.act({"action": "Stumble"})
    assert not answer.success and answer.code is None
    assert "ZeroDivisionError: one step too far" in answer.message
    (record,) = caplog.records
    assert record.exc_info and "Stumble" in record.getMessage()
    assert dispatcher.act({"action": "RotateRight"}).success


@pytest.mark.parametrize("name", ["whistle", "act", "", None, 7, ["Whistle"]])
def test_what_is_no_action_is_invalid(dispatcher, name):
    answer = dispatcher.act({"action": name})
    assert not answer.success and answer.code == INVALID_ACTION
    assert not dispatcher.marks(name).query


def test_time_passes_but_where_nothing_is_done():
    marks = {name: action.marks for name, action in action_table(Actions).items()}
    timeless = {name for name, mark in marks.items() if mark.timeless}
    assert {"GetReachablePositions", "Initialize", "AddThirdPartyCamera"} <= timeless
    assert not timeless & {"Pass", "Done", "MoveAhead", "OpenObject"}
    lenient = {name for name, mark in marks.items() if mark.lenient}
    assert "MoveAhead" in lenient and "PickupObject" not in lenient
    assert {name for name, mark in marks.items() if mark.keeps_motion} == {
        "Reset",
        "AdvancePhysicsStep",
        "PausePhysicsAutoSim",
    }
