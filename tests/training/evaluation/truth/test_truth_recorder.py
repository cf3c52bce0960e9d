"""The truth recorder of an episode knows everything, and the agent hears nothing of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from envs.tasks.suite import load_suite
from envs.thor_env import ThorEnv
from tests.training.made_up import door_task
from training.evaluation.truth.truth_recorder import TruthRecorder


@pytest.fixture(scope="module")
def env():
    made = ThorEnv(split="all", room="any", varied=False)
    yield made
    made.close()


def _ajar(env):
    """A search whose object lies in furniture that stands open, behind the agent's back."""
    for task in (e.task for e in load_suite("map-val").entries if e.task.family == "search"):
        env.reset(seed=0, options={"task": task})
        for o in env.controller.last_event.metadata["objects"]:
            inside = o["receptacleObjectIds"] or ()
            if o["openable"] and any(i.startswith(f"{task.target}|") for i in inside):
                return replace(task, before=(*task.before, ("OpenObject", o["objectId"])))
    raise AssertionError("no search task has its object in furniture")


def test_what_the_truth_recorder_knows_the_agent_has_not_seen(env):
    task = _ajar(env)
    seen = []
    for made in (lambda: env, lambda: TruthRecorder(env)):
        watched = made()
        watched.reset(seed=0, options={"task": task})
        watched.step("close the curtain")
        seen.append(set(env.skills.seen))
    assert seen[0] == seen[1]
    assert not any(i.startswith(f"{task.target}|") for i in seen[0])
    assert not env.skills.meant


def test_what_the_task_is_not_about_is_known_from_the_task(env):
    watched = TruthRecorder(env)
    watched.reset(seed=0, options={"task": door_task("Fridge")})
    watched.step("open Cabinet")
    watched.step("open Fridge")
    named = [step.cause or step.astray for step in watched.steps]
    assert named[0] == "understanding"
    assert named[1] != "understanding"
