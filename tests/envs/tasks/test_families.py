"""The families beyond the kitchens' six: their goals, words, sampling, and the expert on them."""

from __future__ import annotations

import re

import pytest

from envs.backends import make_controller
from envs.tasks.base import (
    ALL_FAMILIES,
    FAMILIES,
    ROOM_FAMILIES,
    ROOMS,
    default_families,
    room_of,
    scenes_of,
)
from envs.tasks.goals import (
    Contained,
    Every,
    Held,
    InOrder,
    Lit,
    Near,
    Stacked,
    State,
    Together,
    Toggled,
    Treated,
    TreatedContained,
)
from envs.tasks.history import History
from envs.tasks.phrases import JOINED, MORE_TEMPLATES, say, with_articles
from envs.tasks.sampler import sample_task
from envs.tasks.templates import NAMES, TEMPLATES, type_named
from envs.tasks.words import MORE_NAMES, plural
from envs.thor_env import ThorEnv
from policies.expert.policy import ExpertPolicy


def thing(kind, object_id, **facts):
    base = {
        "objectType": kind,
        "objectId": object_id,
        "parentReceptacles": None,
        "receptacleObjectIds": None,
        "isToggled": False,
        "isPickedUp": False,
        "visible": True,
        "temperature": "RoomTemp",
        "axisAlignedBoundingBox": {
            "center": {"x": 0.0, "y": 0.5, "z": 0.0},
            "size": {"x": 0.2, "y": 0.2, "z": 0.2},
        },
    }
    return {**base, **facts}


def in_(kind, object_id, *parents):
    return thing(kind, object_id, parentReceptacles=list(parents))


BOWL_ON_TABLE = (thing("DiningTable", "t"), in_("Bowl", "b", "t"))


@pytest.mark.parametrize(
    ("condition", "holds", "fails"),
    [
        (
            Near("Bed"),
            State((thing("Bed", "b"),), done=True, agent=(0.0, 1.3)),
            State((thing("Bed", "b"),), done=True, agent=(0.0, 1.4)),
        ),
        (
            Near("Bed"),
            State((thing("Bed", "b"),), done=True),
            State((thing("Bed", "b"),), done=False),
        ),
        (
            Held("Book"),
            State((thing("Book", "b", isPickedUp=True),)),
            State((thing("Book", "b"),)),
        ),
        (
            Lit("DeskLamp"),
            State((thing("DeskLamp", "l", isToggled=True),)),
            State((thing("DeskLamp", "l", isToggled=True, visible=False),)),
        ),
        (
            Treated("Mug", "heated"),
            State((thing("Mug", "m"),), treated={"heated": frozenset({"m"})}),
            State((thing("Mug", "m"),), treated={"cooled": frozenset({"m"})}),
        ),
        (
            TreatedContained("Mug", "heated", "Sink"),
            State((in_("Mug", "m", "s"), thing("Sink", "s")), treated={"heated": frozenset({"m"})}),
            State(
                (in_("Mug", "m", "s"), thing("Mug", "n"), thing("Sink", "s")),
                treated={"heated": frozenset({"n"})},
            ),
        ),
        (
            Together("CD", "Safe"),
            State((thing("Safe", "s"), in_("CD", "a", "s"), in_("CD", "b", "s"))),
            State(
                (thing("Safe", "s"), thing("Safe", "q"), in_("CD", "a", "s"), in_("CD", "b", "q"))
            ),
        ),
        (
            Stacked("Egg", "Bowl", "DiningTable"),
            State((*BOWL_ON_TABLE, in_("Egg", "e", "b"))),
            State((*BOWL_ON_TABLE, in_("Egg", "e", "t"))),
        ),
    ],
)
def test_conditions_hold_exactly_when_they_should(condition, holds, fails):
    assert condition.verify(holds)
    assert not condition.verify(fails)
    assert condition.text()


def test_a_goal_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        Every(())
    with pytest.raises(ValueError, match="at least one"):
        InOrder(())


def test_conditions_in_order_count_only_in_turn():
    goal = InOrder((Toggled("Faucet", True), Contained("Mug", "Sink")))
    done_second = (thing("Faucet", "f"), in_("Mug", "m", "s"), thing("Sink", "s"))
    state = State(done_second)
    assert goal.advance(state) == 0 and goal.count(state) == 0
    both = State((thing("Faucet", "f", isToggled=True), *done_second[1:]))
    assert goal.advance(both) == 2
    assert goal.verify(State(both.objects, stage=2))
    assert not goal.verify(State(done_second, stage=2)), "what is undone no longer counts"


def test_history_remembers_heat_cold_and_water():
    basin = thing("SinkBasin", "s", receptacleObjectIds=["m"])
    history = History()
    history.note([thing("Egg", "e", temperature="Hot"), basin, thing("Faucet", "f")])
    assert history.treated["heated"] == {"e"} and not history.treated["cleaned"]
    before = history.treated
    history.note([thing("Egg", "e"), basin, thing("Faucet", "f", isToggled=True)])
    assert history.treated["heated"] == {"e"} and history.treated["cleaned"] == {"m"}
    assert not before["cleaned"], "earlier states stay as they were"


def test_rooms_split_as_in_ai2thor():
    assert scenes_of("train", "bathroom")[-1] == "FloorPlan420"
    assert len(scenes_of("all", "any")) == 120
    for room in ROOMS:
        for scene in scenes_of("test", room):
            assert room_of(scene) == room
            assert int(scene[-2:]) > 25
    with pytest.raises(ValueError, match="bedroom"):
        scenes_of("all", "attic")
    with pytest.raises(ValueError, match="301-330"):
        room_of("FloorPlan500")


def test_new_families_are_opt_in_for_kitchens():
    assert default_families("kitchen") == FAMILIES
    assert set().union(*ROOM_FAMILIES.values()) == set(ALL_FAMILIES)


def test_test_templates_differ_from_training_ones_but_use_their_words():
    tables = {**MORE_TEMPLATES, "joined": JOINED}
    for key, splits in tables.items():
        assert not set(splits["train"]) & set(splits["test"]), key

    def words(split):
        texts = [t for splits in (*tables.values(), *TEMPLATES.values()) for t in splits[split]]
        return {w for t in texts for w in re.findall(r"[a-z]+", re.sub(r"\{.*?\}", "", t))}

    assert words("test") <= words("train")


def test_names_of_all_rooms_mean_one_thing():
    assert not set(NAMES) & set(MORE_NAMES)
    for kind, names in MORE_NAMES.items():
        for name in names:
            assert type_named(name) == kind


def test_several_and_some_are_said_rightly():
    assert plural("remote control") == "remote controls"
    assert plural("shelf") == "shelves"
    assert with_articles("a alarm clock and a keys") == "an alarm clock and some keys"


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize("key", sorted(MORE_TEMPLATES))
def test_instructions_name_what_they_are_about(key, split):
    import numpy as np

    for seed in range(8):
        rng = np.random.default_rng(seed)
        text = say(key, split, rng, "TeddyBear", "Sofa", "DeskLamp")
        assert "teddy" in text and "{" not in text


@pytest.fixture(scope="module")
def env():
    made = ThorEnv(split="all", room="any", families=ALL_FAMILIES)
    yield made
    made.close()


def play(env, task, search=True):
    env.reset(seed=0, options={"task": task})
    expert, last, outcome, log = ExpertPolicy(env, search=search), "", "", []
    for _ in range(env.max_steps):
        label = expert.label(last, outcome)
        *_, terminated, truncated, info = env.step(label.action)
        last, outcome = label.action.to_text(), "ok" if info["action_success"] else "failed"
        log.append(f"{last} {outcome} {info['error']}")
        if terminated or truncated:
            break
    return info, log


@pytest.mark.parametrize(
    ("family", "room"),
    [
        ("search", "bedroom"),
        ("stack", "living_room"),
        ("pick_two", "bathroom"),
        ("examine", "bedroom"),
        ("clean", "kitchen"),
        ("heat", "kitchen"),
        ("cool", "kitchen"),
        ("navigate", "living_room"),
        ("composite", "bedroom"),
    ],
)
def test_sampled_tasks_begin_undone_and_the_expert_does_them(env, family, room):
    task = sample_task(env.controller, 5, "test", family=family, room=room)
    assert task.family == family and room_of(task.scene) == room
    assert task.scene in scenes_of("test", room)
    _, info = env.reset(seed=0, options={"task": task})
    assert not info["success"]
    info, log = play(env, task, search=False)
    assert info["success"], (task.instruction, log)
    assert info["goal_conditions_met"] == info["goal_conditions"]


@pytest.mark.slow
@pytest.mark.parametrize("room", ["living_room", "bedroom", "bathroom"])
@pytest.mark.parametrize("seed", range(4))
def test_the_searching_expert_succeeds_in_other_rooms(env, room, seed):
    task = sample_task(
        env.controller, seed, "all", families=default_families(room), room=room, varied=False
    )
    info, log = play(env, task)
    assert info["success"], (task.instruction, log)


def test_same_seed_gives_the_same_task():
    controller = make_controller("embedded", scene="FloorPlan301", renderInstanceSegmentation=True)
    first = sample_task(controller, 7, "train", family="pick_and_place", room="bedroom")
    sample_task(controller, 8, "train", family="find", room="bathroom")
    assert sample_task(controller, 7, "train", family="pick_and_place", room="bedroom") == first
    controller.stop()


def test_families_without_their_things_are_refused(env):
    with pytest.raises(ValueError, match="no heat tasks in bathroom"):
        sample_task(env.controller, 0, "all", family="heat", room="bathroom")
    with pytest.raises(ValueError, match="kitchen, living_room"):
        ThorEnv(room="attic")
