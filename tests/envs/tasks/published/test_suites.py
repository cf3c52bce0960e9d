"""Published suites become tasks of ThorEnv, judged by their own rules; bad files say why."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from envs.tasks.goals import State
from envs.tasks.history import History
from envs.tasks.published.alfred import parse_trial
from envs.tasks.published.alfred_suite import alfred_task
from envs.tasks.published.embodied_reasoner import Ended
from envs.tasks.published.files import PublishedError
from envs.tasks.published.suites import load_published
from envs.thor_env import ThorEnv
from policies.expert.check import check
from policies.expert.policy import run_episode

NEAR = Path(__file__).parents[3] / "data" / "eb_navigation_near.json"
OWN = Path(__file__).parents[3] / "data" / "eb_navigation_own.json"


@pytest.fixture(scope="module")
def env() -> Iterator[ThorEnv]:
    made = ThorEnv(split="all", room="any")
    yield made
    made.close()


def trial(kind: str, target: str, parent: str, **more: object) -> dict:
    """A made-up trial in FloorPlan1, with things where the room has them."""
    goal = {
        "object_target": target,
        "parent_target": parent,
        "mrecep_target": "",
        "toggle_target": "",
        "object_sliced": False,
    }
    return {
        "task_id": "trial_made_up",
        "task_type": kind,
        "pddl_params": {**goal, **more},
        "scene": {
            "floor_plan": "FloorPlan1",
            "init_action": {"x": -0.75, "y": 0.9, "z": 1.0, "rotation": 270, "horizon": 30},
            "object_poses": [],
            "object_toggles": [],
            "dirty_and_empty": False,
        },
        "instructions": [{"task_desc": "first words"}, {"task_desc": "second words"}],
        "low": [],
    }


def reasoner(**changes: object) -> dict:
    """A made-up task of Embodied-Reasoner's form: an egg out of the fridge into the can."""
    egg, fridge = "Egg|-02.04|+00.81|+01.24", "Fridge|-02.10|+00.00|+01.07"
    can = "GarbageCan|-01.94|00.00|+02.03"
    steps = [
        ("navigate to", fridge),
        ("open", fridge),
        ("pickup", egg),
        ("close", fridge),
        ("navigate to", can),
        ("put", can),
        ("end", ""),
    ]
    made = {
        "scene": "FloorPlan1",
        "tasktype": "pickup_from_closerep_and_put",
        "taskname": "put the Egg in the GarbageCan",
        "taskquery": "Please put the egg in the bin.",
        "identity": 7,
        "related_objects": [egg],
        "task_metadata": {"actions": [{"action": a, "objectId": i} for a, i in steps]},
    }
    return {**made, **changes}


def written(folder: Path, content: object) -> Path:
    path = folder / "tasks.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_alfred_task_takes_one_annotators_words_and_its_rules() -> None:
    task = alfred_task(parse_trial(trial("pick_cool_then_place_in_recep", "Apple", "SinkBasin")), 1)
    assert task.instruction == "second words" and task.suite == "alfred"
    assert [c.text() for c in task.goal.conditions] == [
        "Apple is in SinkBasin",
        "Apple was cooled",
        "the Apple that was cooled is in SinkBasin",
    ]
    assert not task.goal.verify(State(()))


def test_expert_cools_by_alfreds_rule_which_wants_the_fridge_shut(env: ThorEnv) -> None:
    raw = trial("pick_cool_then_place_in_recep", "Apple", "SinkBasin")
    success, _, family, log = run_episode(env, 0, False, alfred_task(parse_trial(raw)))
    assert success and family == "cool"
    assert any(line.startswith("close Fridge") for line in log)


def test_expert_slices_first_where_a_slice_is_meant(env: ThorEnv) -> None:
    raw = trial("pick_and_place_simple", "Tomato", "Fridge", object_sliced=True)
    success, _, _, log = run_episode(env, 0, False, alfred_task(parse_trial(raw)))
    assert success
    assert any(line.startswith("slice Tomato") for line in log)


def test_seeded_episode_after_a_published_one_is_as_before(env: ThorEnv) -> None:
    env.reset(seed=3)
    before = env.controller.last_event.metadata["objects"]
    raw = trial("pick_and_place_simple", "Apple", "Fridge")
    env.reset(options={"task": alfred_task(parse_trial(raw))})
    env.reset(seed=3)
    after = env.controller.last_event.metadata["objects"]
    assert [(o["objectId"], o["position"]) for o in before] == [
        (o["objectId"], o["position"]) for o in after
    ]


def test_what_stood_open_at_the_start_is_nobodys_act() -> None:
    def fridge(is_open: bool) -> dict:
        return {
            "objectId": "Fridge|1",
            "objectType": "Fridge",
            "isOpen": is_open,
            "temperature": "RoomTemp",
            "receptacleObjectIds": ["Apple|1"],
        }

    history = History()
    history.note([fridge(False)])
    assert not history.treated["chilled"]
    history.note([fridge(True)])
    assert not history.treated["chilled"]
    history.note([fridge(False)])
    assert history.treated["chilled"] == {"Apple|1"}


def test_expert_follows_embodied_reasoners_key_actions(env: ThorEnv, tmp_path: Path) -> None:
    (task,) = load_published(f"embodied-reasoner:{written(tmp_path, [reasoner()])}")
    assert dict(task.max_steps)["skill"] == 30
    success, _, _, log = run_episode(env, 0, False, task)
    assert success, log


def test_key_actions_count_in_any_order_but_none_may_lack(tmp_path: Path) -> None:
    (task,) = load_published(f"embodied-reasoner:{written(tmp_path, [reasoner()])}")
    acts = (("close", "Fridge"), ("put in", "GarbageCan"), ("pick up", "Egg"), ("open", "Fridge"))
    assert task.goal.verify(State((), done=True, acts=acts))
    assert not task.goal.verify(State((), done=False, acts=acts))
    assert task.goal.count(State((), done=True, acts=acts[:-1])) == len(acts)
    assert not task.goal.verify(State((), done=True, acts=acts[:-1]))


def test_search_ends_in_view_of_the_thing_or_at_its_place() -> None:
    ended = Ended(("Lettuce",), "CounterTop")
    lettuce = ({"objectId": "Lettuce|1", "objectType": "Lettuce"},)
    seen = State(lettuce, frozenset({"Lettuce|1"}), done=True)
    assert ended.verify(seen) and not ended.verify(replace(seen, done=False))
    unseen = replace(seen, in_view=frozenset())
    assert not ended.verify(unseen)
    assert ended.verify(replace(unseen, acts=(("goto", "CounterTop"), ("done", ""))))
    assert not ended.verify(replace(unseen, acts=(("goto", "Fridge"), ("done", ""))))


@pytest.mark.slow
@pytest.mark.parametrize("skills", ["honest", "helped"])
def test_expert_comes_near_enough_where_the_usual_grid_has_no_place_so_near(skills: str) -> None:
    # A metre from FloorPlan320's bin, as EBNavEnv.measure_success wants it, is no place of 0.25 m.
    tasks = load_published(f"eb-navigation:{NEAR}")
    walker = ThorEnv(action_level="primitive", split="all", room="any", skills=skills)
    won = [run_episode(walker, 0, False, task)[0] for task in tasks]
    assert walker.controller.initialization_parameters["gridSize"] == 0.1
    walker.close()
    assert won == [True, True]


@pytest.mark.slow
def test_expert_walks_every_navigation_task_of_ours() -> None:
    tasks = load_published(f"eb-navigation:{OWN}")[:5]
    walker = ThorEnv(action_level="primitive", split="all", room="any")
    found = check(walker, range(len(tasks)), False, tasks=tasks)
    walker.close()
    assert found["success"] == 1.0 and found["steps"] <= 20


@pytest.mark.parametrize(
    ("suite", "content", "said"),
    [
        ("eb-navigation", [], "'tasks'"),
        ("eb-navigation", {"tasks": []}, "empty"),
        ("eb-navigation", {"tasks": [{"scene": "FloorPlan999"}]}, "scene"),
        ("eb-navigation", {"tasks": [{"scene": "FloorPlan1"}]}, "targetObjectType"),
        ("embodied-reasoner", {}, "list of tasks"),
        ("embodied-reasoner", [reasoner(task_metadata={})], "actions"),
        ("embodied-reasoner", [reasoner(task_metadata={"actions": [{"action": "fly"}]})], "'fly'"),
        ("embodied-reasoner", [reasoner(scene=3)], "scene"),
        ("embodied-reasoner", [reasoner(related_objects=None)], "related_objects"),
    ],
)
def test_broken_file_names_the_field(
    tmp_path: Path, suite: str, content: object, said: str
) -> None:
    with pytest.raises(PublishedError, match=said):
        load_published(f"{suite}:{written(tmp_path, content)}")


def test_position_that_is_no_number_is_named(tmp_path: Path) -> None:
    raw = json.loads(OWN.read_text(encoding="utf-8"))
    raw["tasks"][2]["agentPose"]["position"]["x"] = "east"
    with pytest.raises(PublishedError, match=r"task 2: agentPose.position: x must be a number"):
        load_published(f"eb-navigation:{written(tmp_path, raw)}")


@pytest.mark.parametrize("name", ["alfred", "alfred:", "nothing:x", "eb-navigation:/no/such/file"])
def test_wrong_name_is_one_error(name: str) -> None:
    with pytest.raises(PublishedError):
        load_published(name)


@pytest.mark.slow
def test_expert_reaches_the_published_shares(env: ThorEnv) -> None:
    folder = os.environ.get("THOR_TASK_DATA")
    if not folder:
        pytest.skip("THOR_TASK_DATA names no folder with the publishers' files")
    alfred = load_published(f"alfred:{folder}/alfred/valid_seen.jsonl.gz")[:200]
    assert check(env, range(len(alfred)), False, 0, alfred)["success"] >= 0.85
    tasks = load_published(f"embodied-reasoner:{folder}/embodied_reasoner/sample.json")
    assert check(env, range(len(tasks)), False, 0, tasks)["success"] >= 0.95
