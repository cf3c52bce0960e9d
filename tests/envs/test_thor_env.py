"""The environment keeps Gymnasium's contract, and its episodes are exact."""

from __future__ import annotations

import gc
import weakref

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import envs
from envs.faults import KINDS, Fault
from envs.tasks.sampler import sample_task
from envs.thor_env import ThorEnv
from policies.expert.policy import ExpertPolicy, run_episode


@pytest.fixture(scope="module")
def env():
    made = ThorEnv(split="all")
    yield made
    made.close()


def test_gymnasium_finds_nothing_wrong():
    made = ThorEnv(split="val", families=("open", "toggle"))
    check_env(made, skip_render_check=True)
    made.close()


def test_every_id_is_registered():
    for name in envs.ENVIRONMENTS:
        assert gymnasium.spec(name).entry_point == "envs.thor_env:ThorEnv"


@pytest.mark.parametrize("name", ["ThorKitchen", "ThorKitchenSlice", "ThorHousehold"])
def test_an_id_whose_seeds_meant_other_tasks_names_the_new_one(name):
    with pytest.raises(gymnasium.error.Error, match=f"{name}-v1"):
        gymnasium.make(f"{name}-v0")


def test_same_seed_gives_the_same_first_frame(env):
    first, _ = env.reset(seed=4)
    env.reset(seed=5)
    again, _ = env.reset(seed=4)
    assert (first["rgb"] == again["rgb"]).all()
    assert first["instruction"] == again["instruction"]


def test_a_noisy_camera_is_seeded(env):
    clean, _ = env.reset(seed=4)
    noisy = ThorEnv(split="all", camera_noise=10.0)
    first, _ = noisy.reset(seed=4)
    moved = noisy.step("look around")[0]["rgb"]
    again, _ = noisy.reset(seed=4)
    assert (first["rgb"] == again["rgb"]).all()
    assert (moved == noisy.step("look around")[0]["rgb"]).all()
    assert 3 < np.abs(first["rgb"].astype(int) - clean["rgb"]).mean() < 10
    noisy.close()


def test_what_an_episode_held_goes_as_soon_as_the_next_begins(env):
    env.reset(seed=4)
    env.step("goto Fridge")
    held = weakref.ref(env.skills)
    gc.disable()
    try:
        env.reset(seed=5)
        assert held() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("text", ["sing", "pick up", "goto Unicorn", "pick up Apple at (0.9, 0.1)"])
def test_bad_actions_are_failed_steps(env, text):
    env.reset(seed=4)
    observation, reward, terminated, _, info = env.step(text)
    assert observation["feedback"] == "failed"
    assert not info["action_success"] and info["error"]
    assert reward == 0.0 and not terminated


@pytest.mark.parametrize("action", ["goto Fridge", "goto Sink", "look around", "goto Unicorn"])
def test_what_an_action_ends_with_is_what_the_agent_is_shown(env, action):
    env.reset(seed=4)
    shown = env.step(action)[0]["rgb"].copy()
    seen = set(env.skills.seen)
    event = env.controller.step("Pass")
    assert (shown == event.frame).all()
    env.skills.observe(event)
    assert env.skills.seen == seen


def test_an_unseen_loose_object_cannot_be_gone_to(env):
    env.reset(seed=4)
    hidden = next(
        o
        for o in env.controller.last_event.metadata["objects"]
        if o["pickupable"]
        and o["objectId"] not in env.skills.seen
        and not any(s.startswith(o["objectType"] + "|") for s in env.skills.seen)
    )
    *_, info = env.step(f"goto {hidden['objectType']}")
    assert "has been seen" in info["error"]


def test_a_step_before_the_first_reset_says_what_to_do():
    with pytest.raises(RuntimeError, match="reset"):
        ThorEnv().step("look around")


def test_privileged_state_is_in_info_only(env):
    observation, info = env.reset(seed=4)
    assert set(observation) == {"rgb", "instruction", "feedback"}
    assert "objects" in info["state"]


@pytest.mark.parametrize("search", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_the_expert_succeeds(env, seed, search):
    success, steps, family, log = run_episode(env, seed, search)
    assert success, (family, log)
    assert steps <= env.max_steps


def test_episode_ends_when_steps_run_out():
    made = ThorEnv(split="val", max_steps=2)
    made.reset(seed=1)
    made.step("look around")
    *_, terminated, truncated, _ = made.step("look around")
    made.close()
    assert truncated and not terminated


@pytest.mark.parametrize("kind", ["noop", "dropped"])
def test_the_expert_recovers_from_faults(env, kind):
    task = sample_task(env.controller, 21, "train", family="pick_and_place")
    env.fault = Fault(kind, 3)
    try:
        env.reset(seed=0, options={"task": task})
        expert, last, outcome, struck = ExpertPolicy(env, search=True), "", "", ""
        for _ in range(env.max_steps):
            label = expert.label(last, outcome)
            *_, terminated, truncated, info = env.step(label.action)
            last, outcome = label.action.to_text(), "ok" if info["action_success"] else "failed"
            struck = info["fault"] or struck
            if terminated or truncated:
                break
        assert struck == kind
        assert info["success"]
    finally:
        env.fault = None


def test_unknown_fault_names_the_allowed_ones():
    with pytest.raises(ValueError, match=KINDS[0]):
        Fault("earthquake", 0)


def test_frames_inside_skills_are_shown_to_a_watcher():
    frames: list[np.ndarray] = []
    made = ThorEnv(split="val", on_frame=frames.append)
    made.reset(seed=2)
    for kind in ("Fridge", "Sink", "Toaster"):
        made.step(f"goto {kind}")
    made.close()
    assert len(frames) > 6
    assert frames[0].shape == (300, 300, 3)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"feedback": "loud"}, "binary"),
        ({"action_level": "dream"}, "skill"),
        ({"render_mode": "ascii"}, "rgb_array"),
        ({"room": "attic"}, "kitchen, living_room"),
        ({"families": ("juggle",)}, "pick_and_place"),
        ({"families": "find"}, "a list"),
        ({"families": []}, "at least one"),
        ({"width": 10**6}, "1 to 4096"),
        ({"width": 100_000, "height": 64}, "100000x64"),
        ({"height": 0}, "1 to 4096"),
        ({"height": 64.0}, "whole"),
        ({"width": True}, "whole"),
        ({"width": "300"}, "whole"),
        ({"width": 10**400}, "many digits"),
        ({"max_steps": -1}, "max_steps -1 must be a whole number from 1"),
        ({"max_steps": 0}, "from 1"),
        ({"max_steps": 3.5}, "whole"),
        ({"max_steps": 10**400}, "whole"),
        ({"move": float("nan")}, "move nan"),
        ({"move": "far"}, "move 'far'"),
        ({"move": 10**400}, "to 5"),
        ({"camera_noise": "much"}, "0 to 255"),
        ({"camera_noise": float("nan")}, "0 to 255"),
        ({"camera_noise": True}, "0 to 255"),
        ({"split": ["val"]}, "split must be a name"),
        ({"room": 5}, "room must be a name"),
        ({"action_level": None}, "action_level must be a name"),
        ({"scene": 5}, "scene must be"),
        ({"backend": None}, "backend must be"),
        ({"varied": "yes"}, "varied 'yes'"),
        ({"template_split": "later"}, "None, 'train', 'test'"),
        ({"fault": "noop"}, "a Fault or None"),
        ({"on_frame": 5}, "a function"),
        ({"skills": 5}, "honest"),
    ],
)
def test_bad_options_name_the_allowed_ones(options, says):
    with pytest.raises(ValueError, match=says):
        ThorEnv(**options)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"seed": -1}, "seed -1"),
        ({"seed": 1.5}, "seed 1.5"),
        ({"seed": "0"}, "seed '0'"),
        ({"seed": 10**400}, "whole number"),
        ({"options": ["task"]}, "a dict"),
        ({"options": {"task": "find a mug"}}, "a Task or None"),
        ({"options": {"tusk": None}}, "must be one of 'task'"),
    ],
)
def test_a_reset_refuses_what_is_no_seed_and_no_option(arguments, says):
    made = ThorEnv()
    with pytest.raises(ValueError, match=says):
        made.reset(**arguments)


def test_a_closed_environment_takes_no_step_until_it_is_reset():
    made = ThorEnv(scene="FloorPlan401", families=("find",), width=32, height=32)
    made.reset(seed=0)
    with pytest.raises(ValueError, match="a text such as"):
        made.step(5)
    made.close()
    with pytest.raises(RuntimeError, match=r"call reset\(\)"):
        made.step("look around")
    made.close()
    assert made.reset(seed=0)[1]["steps"] == 0
    with pytest.raises(ValueError):
        made.reset(seed=-1)
    made.close()


def test_moves_are_counted_whether_or_not_somebody_watches():
    frames, counted = [], []
    for watcher in (frames.append, None):
        made = ThorEnv(split="val", on_frame=watcher)
        info = made.reset(seed=3)[1]
        assert info["moves"] == 0
        frames.clear()
        for action in ("look around", "goto Fridge", "fly"):
            before = len(frames)
            info = made.step(action)[4]
            counted.append(info["moves"])
            assert watcher is None or info["moves"] == len(frames) - before
        made.close()
    assert counted[:3] == counted[3:] and counted[0] > 0 and counted[2] == 0
