"""Whatever is sent, an answer comes back, the room stays whole, and the next reset works."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envs.simulator.actions import Actions
from envs.simulator.actions.result import LastAction
from envs.simulator.dispatch.table import action_table
from envs.simulator.events.metadata import agent_metadata
from envs.simulator.server.session import Session
from envs.simulator.tools import fuzz
from envs.simulator.tools.fuzz_player import Player
from envs.simulator.tools.invariants import standing, violations
from envs.simulator.world import snapshot
from envs.simulator.world.overlap import sunk_in
from tests.envs.simulator.room import Room

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
names = st.one_of(st.sampled_from(sorted(action_table(Actions))), st.text(max_size=12), values)
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
    player = Player(session, np.random.default_rng(4))

    def described() -> tuple:
        world = session.world
        row = agent_metadata(world, 0, LastAction())
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


def test_invariants_notice_what_is_in_a_wall_and_what_lost_its_support():
    room = Room("FloorPlan1")
    world = room.world
    stood = standing(world)
    pan, plate = room.first("Pan"), room.first("Plate")
    assert pan.object_id in stood and violations(world, stood=stood) == []
    # On the floor, with its rim in a wall.
    start = np.array([world.agent.x, 0.06, world.agent.z])
    hit = world.collision.ray(start, start + [9.0, 0.0, 0.0])
    assert hit is not None
    world.detach(plate.object_id)
    floor = world.collision.ray(start, start - [0.0, 1.0, 0.0])
    assert floor is not None
    height = floor.point[1] + plate.size[1] / 2 + 0.004
    middle = np.array([hit.point[0] - 0.03, height, hit.point[2]])
    world.move_with_contents(plate, middle, np.zeros(3))
    assert any(f"is in {hit.key} by" in line for line in violations(world))
    assert violations(world, excused={plate.object_id}) == []
    # Whatever is under the pan stops carrying it.
    for key in [*world.objects, *world.fixtures]:
        world.collision.set_solid(key, key == pan.object_id)
    left = violations(world, excused={plate.object_id}, stood=stood)
    assert any(line.startswith(f"{pan.object_id} was left floating") for line in left)


def test_what_is_sunk_is_measured_and_the_way_out_is_known():
    room = Room("FloorPlan402")
    world, bottle = room.world, room.first("SoapBottle")
    for depth in (0.03, 0.06):
        down = np.array([0.0, depth, 0.0])
        found = sunk_in(world, bottle, bottle.center - down, bottle.euler)
        assert found is not None and found[0].startswith("CounterTop")
        assert found[1] == pytest.approx(depth, abs=0.004) and found[2][1] > 0.99
    clear = sunk_in(world, bottle, bottle.center + [0.0, 0.02, 0.0], bottle.euler)
    assert clear is None or clear[1] < 0.01
