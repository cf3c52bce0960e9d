"""Controls take away exactly one sense, and feedback controls change only what is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from agent.memory import ContextMemory
from envs.actions import Action
from envs.tasks.base import Task
from envs.tasks.goals import Every, Found
from policies.base import Answer, Context, Observation, Question, Reply, Sighting
from tests.fakes import FakeKitchen
from training.evaluation.controls import FeedbackControl, PolicyControl, other_instructions


class _Listener:
    name = "listener"

    def __init__(self):
        self.heard = []

    def reset(self, instruction, seed):
        self.heard.append(instruction)

    def act(self, observation, context):
        seen = max(shown.std() for shown in (observation.rgb, *context.frames))
        self.heard.append((seen, observation.instruction))
        return Reply(Action("done"))

    def ask(self, frame, question):
        self.heard.append(frame.std())


@pytest.mark.parametrize(
    ("control", "sees", "reads"),
    [
        ("none", True, "open the fridge"),
        ("blank_frame", False, "open the fridge"),
        ("blank_instruction", True, ""),
        ("wrong_instruction", True, "find the cup"),
    ],
)
def test_a_control_takes_away_exactly_one_sense(control, sees, reads):
    inner = _Listener()
    policy = PolicyControl(inner, control, "find the cup")
    frame = np.random.default_rng(0).integers(0, 255, (8, 8, 3), dtype=np.uint8)
    policy.reset("open the fridge", 0)
    policy.act(Observation(frame, "open the fridge"), Context(frames=(frame,)))
    policy.ask(frame, Question("in_view", "Cup"))
    assert all(word == reads for word in inner.heard[:-2])
    assert (inner.heard[-2][0] > 0) == sees and inner.heard[-2][1] == reads
    assert (inner.heard[-1] > 0) == sees


class _Seeing(_Listener):
    def sightings(self, frame):
        return (Sighting("Mug", (0.5, 0.5), 0.9),) if frame.std() else ()


def test_what_a_policy_reports_unasked_is_of_what_it_is_let_see():
    frame = np.random.default_rng(0).integers(0, 255, (8, 8, 3)).astype(np.uint8)
    assert PolicyControl(_Seeing(), "none").sightings(frame)
    assert PolicyControl(_Seeing(), "blank_frame").sightings(frame) == ()
    assert PolicyControl(_Listener(), "none").sightings(frame) == ()


def test_a_policy_begins_anew_without_an_instruction():
    class Drawing(_Listener):
        def reset(self, instruction, seed):
            self.rng = np.random.default_rng(seed)
            raise ValueError("an instruction has at least one word")

    policy = PolicyControl(Drawing(), "blank_instruction")
    drawn = []
    for _ in range(2):
        policy.reset("open the fridge", 7)
        drawn.append(policy.policy.rng.random())
    assert drawn[0] == drawn[1]
    with pytest.raises(ValueError, match="one word"):
        PolicyControl(Drawing(), "none").reset("", 7)


@pytest.mark.parametrize(
    ("control", "names"),
    [
        ("none", True),
        ("blank_frame", True),
        ("blank_instruction", False),
        ("wrong_instruction", False),
    ],
)
def test_the_parser_knows_no_more_of_the_instruction_than_the_policy(control, names):
    class Blind(_Listener):
        def ask(self, frame, question):
            return Answer(False, 1.0)

    memory = replace(ContextMemory.begin("open the fridge"), places=(("Fridge", "here"),))
    parser = PolicyControl(Blind(), control, "find the cup").parser("open the fridge")
    found = parser.check(Blind(), Reply(Action("done")), np.zeros((8, 8, 3), np.uint8), memory, "s")
    assert any(entry.subject == "Fridge" for entry in found) == names


def test_unknown_controls_are_refused():
    with pytest.raises(ValueError, match="blank_frame"):
        PolicyControl(_Listener(), "deaf")
    with pytest.raises(ValueError, match="misleading"):
        FeedbackControl(FakeKitchen(), "loud", 0)


@pytest.mark.parametrize(
    ("feedback", "told"),
    [
        ("real", ["ok", "failed"]),
        ("misleading", ["failed", "ok"]),
        ("empty", ["", ""]),
    ],
)
def test_feedback_is_told_otherwise_but_recorded_as_it_was(feedback, told):
    env = FeedbackControl(FakeKitchen(), feedback, 0)
    env.reset(seed=0)
    steps = [env.step(Action("goto", "Fridge")), env.step(Action("pick up", "Apple"))]
    assert [step[0]["feedback"] for step in steps] == told
    assert [step[4]["action_success"] for step in steps] == [True, False]


def test_scrambled_feedback_does_not_depend_on_what_happened():
    def told(action):
        env = FeedbackControl(FakeKitchen(max_steps=99), "scrambled", 3)
        env.reset(seed=0)
        return [env.step(action)[0]["feedback"] for _ in range(40)]

    works, fails = told(Action("goto", "Fridge")), told(Action("pick up", "Apple"))
    assert works == fails
    assert 0 < works.count("failed") < 20


def _task(target, family="find", receptacle=""):
    return Task(
        family, "FloorPlan1", f"find the {target}", Every((Found(target),)), target, receptacle
    )


def test_the_wrong_instruction_is_is_about_another_object():
    tasks = [_task("Mug"), _task("Mug", "open"), _task("Apple", "open"), _task("Pan", "slice")]
    for task, words in zip(tasks, other_instructions(tasks), strict=True):
        assert words != task.instruction
        assert task.target not in words


@pytest.mark.parametrize("count", [2, 7, 14, 77])
def test_every_task_gets_another_instruction_however_many_there_are(count):
    tasks = [_task(f"Thing{k}") for k in range(count)]
    others = other_instructions(tasks)
    assert all(
        words != task.instruction and words != "done"
        for task, words in zip(tasks, others, strict=True)
    )


class _Drawing(_Listener):
    def redraw(self, observation, context):
        self.heard.append(("drawn", observation.rgb.std()))
        return Reply(Action("look around"))


def test_what_is_drawn_again_sees_no_more_than_the_first_answer():
    frame = np.random.default_rng(0).integers(0, 255, (8, 8, 3), dtype=np.uint8)
    seen, context = Observation(frame, "open the fridge"), Context()
    inner = _Drawing()
    policy = PolicyControl(inner, "blank_frame")
    assert policy.redraw(seen, context).action == Action("look around")
    assert inner.heard == [("drawn", 0.0)]
    assert PolicyControl(_Listener(), "none").redraw(seen, context).action == Action("done")
