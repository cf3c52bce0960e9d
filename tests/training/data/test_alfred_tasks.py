"""ALFRED's trials as tasks to learn from: only those of the split's rooms, in people's words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from envs.tasks.published.alfred import TrialError, parse_trial
from policies.cimr.language.subgoals import TaskParse, parse_of
from tests.envs.tasks.published.test_alfred import trial
from training.data.alfred_tasks import AlfredTasks
from training.data.wording.human_goals import parse_of_trial

TRAIN = parse_trial(trial())
TEST = replace(TRAIN, scene="FloorPlan28", task_id="trial_2")


def test_trials_of_other_rooms_are_left_out():
    tasks = AlfredTasks([TRAIN, TEST], "train").draw(6, np.random.default_rng(0))
    assert {task.name for task in tasks} == {"trial_1"}
    assert tasks[0].instruction == "put an apple in the fridge"


def test_no_trial_in_the_rooms_is_one_clear_error():
    with pytest.raises(TrialError, match="None of 1 trials is in a room of split 'train'"):
        AlfredTasks([TEST], "train")


def test_a_trials_task_and_its_goal_ask_for_the_same():
    sliced = replace(TRAIN, is_sliced=True)
    task = AlfredTasks([sliced]).draw(1, np.random.default_rng(0))[0]
    said_of = [task.target, task.receptacle, task.turn_on, task.tool]
    asked = parse_of_trial(sliced)
    assert parse_of({"family": task.family, "task": said_of}) == (asked,)
    assert asked == TaskParse("pick_and_place", "Apple", "Fridge", sliced=True)
