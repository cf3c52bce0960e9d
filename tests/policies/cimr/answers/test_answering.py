"""Answers drawn together are what each is alone; what may stand where; going back in an episode."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from envs.actions import Action
from policies.base import Context, Observation, PastStep
from policies.cimr.answers.answering import answer, finds, restricted_logps
from policies.cimr.policy import LvlmPolicy
from tests.policies.tiny_policy import tiny_policy

TASKS = ("open the fridge", "put the apple in the fridge and then close the microwave", "find it")


@pytest.fixture(scope="module")
def policy() -> LvlmPolicy:
    return tiny_policy()


def frame(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (64, 64, 3), dtype=np.uint8)


def questions(policy):
    asked = []
    for k, task in enumerate(TASKS):
        policy.reset(task, k)
        rejected = (Action("open", "Fridge").to_text(),) if k == 2 else ()
        context = Context(rejected=rejected, round=1 + bool(rejected))
        asked.append(policy.question(Observation(frame(k), task), context)[0])
    return asked


def draws(count: int) -> list[torch.Generator]:
    return [torch.Generator().manual_seed(seed) for seed in range(count)]


@pytest.mark.parametrize("temperature", [1.0, 0.7])
def test_answers_drawn_together_are_those_drawn_alone(policy, temperature):
    asked = questions(policy)
    together = answer(
        policy.model, policy.grammar, asked, draws(3), temperature=temperature, keeps=True
    )
    for k, generator in enumerate(draws(3)):
        alone = answer(
            policy.model,
            policy.grammar,
            asked[k : k + 1],
            [generator],
            temperature=temperature,
            keeps=True,
        )[0]
        assert together[k].ids == alone.ids
        assert np.allclose(together[k].logps, alone.logps, atol=1e-5, rtol=0)
        assert torch.allclose(together[k].found, alone.found, atol=1e-5)
    assert len({len(drawn.ids) for drawn in together}) > 1, "all of one length: nothing is padded"


def test_what_is_kept_covers_every_token_of_prompt_and_answer(policy):
    for asked, drawn in zip(
        questions(policy),
        answer(policy.model, policy.grammar, questions(policy), draws(3), keeps=True),
        strict=True,
    ):
        assert len(drawn.found) == len(asked.prompt) + len(drawn.ids)
        expected = finds(policy.model, [*asked.prompt, *drawn.ids], asked.patches)
        assert torch.allclose(drawn.found, expected, atol=1e-5)


def test_every_drawn_token_was_allowed_and_its_chances_sum_to_one(policy):
    grammar = policy.grammar
    for seed in range(5):
        generator = torch.Generator().manual_seed(seed)
        drawn = answer(policy.model, grammar, questions(policy)[2:], [generator])[0]
        refused = frozenset({("open", "Fridge")})
        for k, token in enumerate(drawn.ids):
            options = grammar.allowed(drawn.ids[:k], refused)
            assert token in options and len(set(options)) == len(options)
        assert grammar.ends(drawn.ids) and not grammar.ends(drawn.ids[:-1])
    logps = restricted_logps(torch.arange(9.0), (2, 5, 7), 2.0)
    assert logps.exp().sum().item() == pytest.approx(1.0)
    assert (logps[2] - logps[0]).item() == pytest.approx(2.5)


def test_an_episode_of_the_policy_is_kept_and_gone_back_to(policy):
    def ask(step: int) -> torch.Tensor:
        history = tuple(PastStep("goto Fridge", "ok") for _ in range(step))
        asked = Observation(frame(step), TASKS[0])
        return policy.question(asked, Context(history=history))[0].memory

    policy.reset(TASKS[0], 0)
    ask(0)
    second = ask(1)
    kept = policy.kept()
    third = ask(2)
    assert not torch.equal(second, third) and policy.took_in
    policy.reset(TASKS[1], 1)
    ask(0)
    assert not policy.took_in
    policy.resume(kept)
    assert torch.equal(ask(2), third)
