"""The default policy's grammar, prompt and questions, with an untrained network."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from agent.wording import kinds_in
from envs.actions import Action, parse_action
from policies.base import Context, Observation, Question
from policies.cimr.language.tokenizer import build_tokenizer
from policies.cimr.policy import LvlmPolicy
from training.sft import new_model


@pytest.fixture(scope="module")
def policy():
    torch.manual_seed(0)
    tokenizer = build_tokenizer()
    return LvlmPolicy(new_model(tokenizer), tokenizer)


def _frame(seed=0):
    return np.random.default_rng(seed).integers(0, 255, (300, 300, 3), dtype=np.uint8)


@pytest.mark.parametrize("seed", range(3))
def test_even_an_untrained_policy_answers_with_an_action(policy, seed):
    reply = policy.act(Observation(_frame(seed), "open the fridge"), Context())
    assert reply.action is not None
    assert parse_action(reply.action.to_text()).verb == reply.action.verb
    assert 0 < reply.confidence <= 1
    if reply.attention is not None:
        assert reply.attention.shape == (36, 36) and reply.attention.sum() <= 1 + 1e-4


def test_the_same_question_gets_the_same_answer(policy):
    first, again = (policy.act(Observation(_frame(), "open the fridge"), Context()) for _ in "ab")
    assert (first.text, first.confidence) == (again.text, again.confidence)


def test_what_was_refused_is_forbidden_by_rule_only(policy):
    seen = Observation(_frame(), "open the fridge")
    first = policy.act(seen, Context())
    refused = Context(rejected=(first.action.to_text(),), round=2)
    other = policy.act(seen, refused).action
    assert (other.verb, other.target) != (first.action.verb, first.action.target)
    policy.forbids = False
    try:
        told = policy.act(seen, refused).action
    finally:
        policy.forbids = True
    assert told is not None, "it may insist or not"


def test_it_reports_loose_objects_that_it_is_sure_of(policy):
    before = policy.sighted
    try:
        policy.sighted = 0.0
        everything = policy.sightings(_frame())
        policy.sighted = 1.1
        assert policy.sightings(_frame()) == ()
    finally:
        policy.sighted = before
    kinds = [entry.kind for entry in everything]
    assert "Mug" in kinds and "Fridge" not in kinds and len(kinds) == len(set(kinds))
    mug = next(entry for entry in everything if entry.kind == "Mug")
    assert all(0.0 <= v <= 1.0 for v in mug.point)
    asked = policy.ask(_frame(), Question("in_view", "Mug"))
    chance = asked.confidence if asked.yes else 1 - asked.confidence
    assert abs(mug.confidence - chance) < 1e-4


@pytest.mark.parametrize(
    "said",
    [
        "open the zeppelin",
        "你好",
        "hello",
        "put " * 500,
        "mettez la pomme dans le frigo",
        "a" * 400,
    ],
)
def test_any_words_are_read(policy, said):
    policy.reset(said, 0)
    assert policy.act(Observation(_frame(), said), Context()).action is not None


@pytest.mark.parametrize("said", ["", "  ", "?!", "12 34"])
def test_what_has_no_words_is_refused(policy, said):
    with pytest.raises(ValueError, match="has no words; say what to do"):
        policy.reset(said, 0)


def test_answers_survive_the_codec(policy):
    for action in (Action("goto", "CoffeeMachine"), Action("look around"), Action("done")):
        ids = policy.codec.answer_ids("looking for apple", action)
        assert policy.codec.read_answer(ids) == ("looking for apple", action)


def test_an_answer_without_its_thing_is_malformed(policy):
    ids = policy.codec.answer_ids("", Action("goto", "Fridge"))[:1]
    with pytest.raises(ValueError, match="no complete action"):
        policy.codec.read_answer(ids)


def test_what_was_refused_for_the_thing_thought_of_is_not_done_to_another(policy):
    tried = 0
    for seed in range(4):
        seen = Observation(_frame(seed), "open the fridge")
        first = policy.act(seen, Context())
        for kind in kinds_in(first.thought):
            again = policy.act(seen, Context(rejected=(Action(first.action.verb, kind).to_text(),)))
            tried += 1
            if kind in kinds_in(again.thought):
                assert again.action.verb != first.action.verb
    assert tried


def test_questions_about_a_frame(policy):
    for question in (Question("in_view", "Apple"), Question("holding", "Cup")):
        answer = policy.ask(_frame(), question)
        assert answer is not None and 0.5 <= answer.confidence <= 1
    assert policy.ask(_frame(), Question("in_view", "Zeppelin")) is None


def test_what_is_drawn_differs_and_depends_on_the_seed_alone(policy):
    seen = Observation(_frame(), "open the fridge")

    def drawn(seed):
        policy.reset("open the fridge", seed)
        return [policy.redraw(seen, Context()).text for _ in range(4)]

    first = drawn(1)
    assert len(set(first)) > 1, "an untrained network is sure of nothing"
    assert drawn(1) == first and drawn(2) != first
    policy.reset("open the fridge", 1)
    again = [policy.act(seen, Context()).text for _ in "ab"]
    assert again[0] == again[1]
