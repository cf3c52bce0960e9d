"""The session that all ways in share: no message breaks it, and its bytes are those of msgpack."""

from __future__ import annotations

import gc
import weakref

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envs.simulator.actions import Actions
from envs.simulator.dispatch.table import action_table
from envs.simulator.server.packing import Packer, pack
from envs.simulator.server.session import Session
from envs.simulator.world.snapshot import restore, take

# Slow by nature with absurd arguments, or covered by tests of their own.
COSTLY = {"CreateHouse", "InitialRandomSpawn", "GetInteractablePoses", "ChangeResolution", "Reset"}
CHEAP = sorted(set(action_table(Actions)) - COSTLY)

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(width=32)
    | st.text(max_size=8)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=8,
)
NAMES = [
    "action",
    "agentId",
    "sequenceId",
    "renderImage",
    "renderDepthImage",
    "position",
    "rotation",
    "objectId",
    "degrees",
    "moveMagnitude",
    "agentCount",
    "fieldOfView",
    "thirdPartyCameraId",
    "skyboxColor",
    "rvalue",
]
messages = values | st.fixed_dictionaries(
    {"action": st.sampled_from(CHEAP)},
    optional={name: values for name in NAMES if name != "action"},
)


@pytest.fixture(scope="module")
def session():
    made = Session(32, 24)
    yield made
    made.close()


@pytest.fixture()
def room(session):
    assert session.answer({"action": "Reset", "sceneName": "FloorPlan1_physics", "sequenceId": 0})
    session.answer({"action": "Initialize"})
    return session


@settings(max_examples=80)
@given(message=messages)
def test_any_message_has_an_answer_that_can_be_sent(session, message):
    if session.world.scene is None or len(session.world.agents) > 3:
        session.answer({"action": "Reset", "sceneName": "FloorPlan1_physics", "sequenceId": 0})
    answer = session.answer(message)
    (agent, *_) = answer.metadata["agents"]
    assert isinstance(agent["lastActionSuccess"], bool)
    if isinstance(message, dict) and type(message.get("sequenceId")) is int:
        assert answer.metadata["sequenceId"] == message["sequenceId"]
    for buffers in answer.images.values():
        assert all(isinstance(b, bytes) and len(b) % (32 * 24) == 0 for b in buffers)
    assert session.answer({"action": "Pass"}).metadata["agents"][0]["lastActionSuccess"]


def test_packed_pieces_are_what_msgpack_makes_of_the_whole(room):
    packer = Packer()
    steps = ("RotateRight", "MoveBack", "LookDown", "Pass")
    apple = next(o for o in room.world.objects if o.startswith("Apple"))
    for message in (
        *({"action": name} for name in steps),
        {"action": "PickupObject", "objectId": apple, "forceAction": True},
        {"action": "SliceObject", "objectId": apple, "forceAction": True},
        {"action": "DropHandObject", "forceAction": True},
        {"action": "Initialize", "agentCount": 2},
        {"action": "MoveBack", "agentId": 1},
    ):
        metadata = room.answer({**message, "renderImage": False}).metadata
        assert packer.pack(metadata) == pack(metadata)
        assert msgpack.loads(packer.pack(metadata)) == msgpack.loads(pack(metadata))


def test_only_what_changes_nothing_is_a_query():
    queries = {name for name, action in action_table(Actions).items() if action.marks.query}
    assert {"GetReachablePositions", "GetScenesInBuild", "TestFastEmit"} <= queries
    assert not queries & {"MoveAhead", "Pass", "SetObjectFilter", "ResetObjectFilter", "Reset"}


def test_every_query_leaves_the_world_as_it_was(room):
    before = room.answer({"action": "Pass", "renderImage": False}).metadata["agents"][0]
    for name, action in action_table(Actions).items():
        if action.marks.query:
            room.answer({"action": name})
    after = room.answer({"action": "Pass", "renderImage": False}).metadata["agents"][0]
    assert {**after, "currentTime": 0} == {**before, "currentTime": 0}


def test_a_session_without_pictures_makes_none():
    headless = Session(32, 24, headless=True)
    for more in ({}, {"renderDepthImage": True}, {"agentId": 9}):
        assert headless.answer({"action": "Pass", **more}).images == {}
    assert not headless.world.drawing.started
    headless.close()


def test_the_client_can_ask_for_scenes_before_any_is_loaded():
    fresh = Session(32, 24)
    answer = fresh.answer({"action": "GetScenesInBuild"})
    assert "FloorPlan1_physics" in answer.metadata["agents"][0]["actionReturn"]
    assert fresh.world.scene is None
    fresh.close()


@pytest.mark.parametrize("number", [1, -1, True, "0", 1.0])
def test_an_agent_that_there_is_not_is_named(room, number):
    (agent,) = room.answer({"action": "Pass", "agentId": number}).metadata["agents"]
    assert not agent["lastActionSuccess"] and f"agentId {number!r}" in agent["errorMessage"]


def test_an_action_before_any_reset_finds_a_room():
    fresh = Session(32, 24)
    assert fresh.start().metadata["agents"][0]["objects"] == []
    answer = fresh.answer({"action": "RotateRight", "renderImage": False})
    assert answer.metadata["agents"][0]["sceneName"] == "FloorPlan1_physics"
    assert answer.metadata["agents"][0]["lastActionSuccess"]
    fresh.close()


def test_snapshots_hold_every_agent_and_camera(room):
    room.answer({"action": "Initialize", "agentCount": 2})
    room.answer(
        {
            "action": "AddThirdPartyCamera",
            "position": {"x": 0, "y": 1, "z": 0},
            "rotation": {"x": 0, "y": 0, "z": 0},
        }
    )
    apple = next(o for o in room.world.objects if o.startswith("Apple"))
    state, before = take(room.world), room.answer({"action": "Pass"})
    room.answer({"action": "PickupObject", "objectId": apple, "forceAction": True, "agentId": 1})
    room.answer({"action": "RotateRight", "agentId": 0})
    room.answer({"action": "UpdateThirdPartyCamera", "fieldOfView": 40})
    restore(room.world, state)
    after = room.answer({"action": "Pass"})
    for old, new in zip(before.metadata["agents"], after.metadata["agents"], strict=True):
        assert (old["agent"], old["inventoryObjects"]) == (new["agent"], new["inventoryObjects"])
        assert old["objects"] == new["objects"]
    assert before.metadata["thirdPartyCameras"] == after.metadata["thirdPartyCameras"]
    assert before.images == after.images


@pytest.mark.slow
def test_memory_stays_flat_over_resets_steps_and_controllers():
    from envs.backends import make_controller
    from envs.simulator.system.process_memory import resident_mb

    def life() -> None:
        controller = make_controller("embedded", scene="FloorPlan1", width=200, height=200)
        for action in ("RotateRight", "MoveBack", "LookDown", "RotateLeft", "LookUp") * 4:
            controller.step(action, renderDepthImage=True)
        controller.reset("FloorPlan1")
        controller.stop()

    for _ in range(2):
        life()
    before = resident_mb()
    for _ in range(5):
        life()
    # One controller that stays behind is 5 MiB, one buffer that does 0.6.
    assert resident_mb() - before < 5


@pytest.mark.parametrize("agents", [1, 2])
def test_an_event_goes_as_soon_as_nobody_has_it(agents):
    from envs.backends import make_controller

    controller = make_controller("embedded", scene="FloorPlan401", width=32, height=32)
    kept = controller.reset("FloorPlan401", agentCount=agents)
    assert len(kept.events) == agents
    assert all(event.events == [event] for event in kept.events)
    gc.disable()  # nobody looks for rings
    try:
        left = [weakref.ref(event) for event in controller.step("RotateRight").events]
        assert all(event() is not None for event in left)
        controller.step("RotateRight")
        assert [event() for event in left] == [None] * agents
    finally:
        gc.enable()
    controller.stop()
