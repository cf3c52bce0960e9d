"""Whatever is sent, an answer comes back, the room stays whole, and the next reset works."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envs.simulator import fuzz, snapshot
from envs.simulator.dispatch import action_names
from envs.simulator.invariants import violations
from envs.simulator.metadata import LastAction, agent_metadata
from envs.simulator.session import Session
from tests.simulator.room import Room

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=-(10**40), max_value=10**40),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=20),
    st.just("x" * 20000),
    st.just("Fridge|-00.31|+00.00|-00.65"),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["x", "y", "z", "objectType", "count"]), inner, max_size=4),
    ),
    max_leaves=12,
)
names = st.one_of(st.sampled_from(action_names()), st.text(max_size=12), values)
arguments = st.dictionaries(
    st.sampled_from(
        [
            "objectId",
            "x",
            "y",
            "z",
            "position",
            "rotation",
            "forceAction",
            "objectType",
            "openness",
            "moveMagnitude",
            "horizon",
            "standing",
            "gridSize",
            "objectPoses",
            "agentId",
            "sequenceId",
            "house",
            "renderDepthImage",
        ]
    ),
    values,
    max_size=5,
)


@pytest.fixture(scope="module")
def session():
    made = Session(32, 32)
    yield made
    made.world.close()


@settings(max_examples=80)
@given(action=names, given_arguments=arguments)
def test_any_message_is_answered_and_the_next_reset_works(session, action, given_arguments):
    session.answer({"action": "Reset", "sceneName": "FloorPlan28"})
    answer = session.answer({"action": action, "renderImage": False, **given_arguments})
    assert fuzz.ill_formed(answer) == ""
    last = answer.metadata["agents"][0]
    assert ". trace: " not in last["errorMessage"], last["errorMessage"]
    assert violations(session.world, resting=False) == []
    again = session.answer({"action": "Reset", "sceneName": "FloorPlan28"})
    assert again.metadata["agents"][0]["lastActionSuccess"]


def test_a_deep_message_is_an_ordinary_failure(session):
    deep: object = 0
    for _ in range(2000):
        deep = {"x": deep}
    answer = session.answer({"action": "Teleport", "position": deep})
    assert not answer.metadata["agents"][0]["lastActionSuccess"]


def test_playing_a_room_finds_nothing_wrong(session):
    report = fuzz.Report()
    for scene in ("FloorPlan2", "FloorPlan202", "FloorPlan302", "FloorPlan402"):
        fuzz.play(session, scene, 40, 7, report)
    assert report.clean, [*report.errors, *report.violations]
    assert report.actions == 160 and report.succeeded > 25 and report.invalid > 15


def test_a_snapshot_undoes_whatever_was_played(session):
    session.answer({"action": "Reset", "sceneName": "FloorPlan28"})
    player = fuzz.Player(session, np.random.default_rng(4))

    def described() -> tuple:
        world = session.world
        row = agent_metadata(world, LastAction())
        solid = [world.collision.is_solid(key) for key in world.objects]
        return row["objects"], row["agent"], row["inventoryObjects"], solid, world.rules

    for _ in range(4):
        state, before = snapshot.take(session.world), described()
        for _ in range(12):
            session.answer({**player.sensible(), "renderImage": False})
        snapshot.restore(session.world, state)
        assert described() == before
        for _ in range(6):
            session.answer({**player.sensible(), "renderImage": False})


def test_the_command_ends_with_a_json_line(capsys):
    assert fuzz.main(["--actions", "10", "--scenes", "FloorPlan3"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["actions"] == 10
    with pytest.raises(SystemExit):
        fuzz.main(["--scenes", "FloorPlan9999"])


def test_invariants_notice_what_is_broken():
    room = Room("FloorPlan1")
    apple, mug = room.first("Apple"), room.first("Mug")
    assert violations(room.world) == []
    room.world.detach(apple.object_id)
    apple.place(apple.center + [0.0, 0.5, 0.0], apple.euler)
    room.world.update(apple)
    assert any("floats" in line for line in violations(room.world))
    apple.place(np.array([50.0, 1.0, 0.0]), apple.euler)
    room.world.update(apple)
    assert any("outside" in line for line in violations(room.world))
    apple.metadata["parentReceptacles"] = [mug.object_id]
    assert any("listed by" in line for line in violations(room.world))
    room.reset("FloorPlan1")
    held = room.take("Apple")
    room.world.agent = replace(room.world.agent, x=room.world.agent.x + 1.0)
    assert any(held.object_id in line for line in violations(room.world))
    apple = room.first("Bread")
    apple.center = np.array([np.nan, 0.0, 0.0])
    assert any("finite" in line for line in violations(room.world))
