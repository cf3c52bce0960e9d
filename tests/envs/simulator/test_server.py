"""The contract by every way in: the session's part always, the whole where it is slow by mark."""

from __future__ import annotations

import pytest

from tests.contract import ControllerContract
from tests.contract_floorplan28 import FloorPlan28Contract
from tests.contract_session import FastEmitContract, SessionContract, WireContract
from tests.ways import open_controller


def _way(name: str):
    @pytest.fixture(scope="class")
    @classmethod
    def controller(cls):
        made = open_controller(name)
        yield made
        made.stop()

    return controller


class TestInProcessSession(SessionContract, FastEmitContract):
    controller = _way("in-process")


class TestInProcessFloorPlan28(FloorPlan28Contract):
    controller = _way("in-process")


class TestFifoWire(WireContract, FastEmitContract):
    controller = _way("fifo")


class TestWsgiWire(WireContract):
    controller = _way("wsgi")


class TestSupervisedWire(WireContract, FastEmitContract):
    controller = _way("supervised")


class TestSupervisedWsgiWire(WireContract):
    controller = _way("supervised-wsgi")


@pytest.mark.slow
class TestFifoSession(SessionContract):
    controller = _way("fifo")


@pytest.mark.slow
class TestWsgiSession(SessionContract):
    controller = _way("wsgi")


@pytest.mark.slow
class TestFifoRooms(ControllerContract):
    controller = _way("fifo")


@pytest.mark.slow
class TestFifoFloorPlan28(FloorPlan28Contract):
    controller = _way("fifo")


@pytest.mark.slow
class TestWsgiRooms(ControllerContract):
    controller = _way("wsgi")


@pytest.mark.slow
class TestSupervisedSession(SessionContract):
    controller = _way("supervised")


@pytest.mark.slow
class TestSupervisedRooms(ControllerContract):
    controller = _way("supervised")


@pytest.mark.slow
class TestSupervisedWsgiSession(SessionContract):
    controller = _way("supervised-wsgi")
