"""What is sent back before an episode begins: sentences that ask for nothing."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from agent.assignment import check_words
from policies.cimr.language.subgoals import TaskParse
from policies.cimr.language.understanding import Understanding


@dataclass
class Reading:
    """A policy that understands what it is told to."""

    found: tuple[TaskParse, ...] = ()
    sure: float = 0.97
    name: str = "reading"
    understanding: Understanding | None = None

    def reset(self, instruction: str, seed: int) -> None:
        self.understanding = Understanding(instruction, self.found, {"family": self.sure})


def test_talk_is_sent_back_with_how_to_ask():
    with pytest.raises(ValueError, match="found no task in 'hello'; say what to do"):
        check_words("hello", Reading(), understood=False, seed=0)


@pytest.mark.parametrize(
    ("said", "policy"),
    [
        ("put it away", Reading(sure=0.6)),
        ("oh dear, the apple", Reading()),
        ("fetch it", Reading(found=(TaskParse("find", "Apple"),))),
    ],
)
def test_what_may_be_a_task_is_gone_on_with(said, policy):
    check_words(said, policy, understood=False, seed=0)


def test_what_the_templates_understand_is_gone_on_with():
    check_words("anything", Reading(), understood=True, seed=0)
