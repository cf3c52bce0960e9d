"""Plain retries: as many answers as refinement asks for, and not a word of why."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from agent.feedback import FeedbackParser
from agent.loop import Episode, EpisodeSettings
from agent.memory import ContextMemory
from agent.recording.trajectory import EpisodeHeader
from agent.refine import Decision, plain_retries, refine
from envs.actions import parse_action
from policies.base import Answer, Context, Observation, Question, Reply
from tests.fakes import FakeKitchen

FRAME = np.zeros((8, 8, 3), dtype=np.uint8)
EMPTY_HANDED = "put in Fridge"  # nothing is held: every parser objects


@dataclass
class Answers:
    """Gives some answers in turn, and keeps what it was told."""

    texts: tuple[str, ...]
    name: str = "answers"
    told: list[Context] = field(default_factory=list)

    def reset(self, instruction: str, seed: int) -> None:
        self.told.clear()

    def act(self, observation: Observation, context: Context) -> Reply:
        self.told.append(context)
        return Reply(parse_action(self.texts[min(len(self.told), len(self.texts)) - 1]))

    def ask(self, frame: np.ndarray, question: Question) -> Answer | None:
        return None


class Drawing(Answers):
    """Says the same again unless it is asked to draw."""

    def act(self, observation: Observation, context: Context) -> Reply:
        self.told.append(context)
        return Reply(parse_action(self.texts[0]))

    def redraw(self, observation: Observation, context: Context) -> Reply:
        return super().act(observation, context)


def decided(policy: Answers, rounds: int = 3) -> Decision:
    memory = ContextMemory.begin("put the apple in the fridge")
    seen = Observation(FRAME, memory.instruction)
    return plain_retries(policy, FeedbackParser(), memory, seen, "a", rounds)


def test_a_retry_is_told_nothing_of_what_was_found() -> None:
    policy = Answers((EMPTY_HANDED, EMPTY_HANDED, "open Fridge"))
    decision = decided(policy)
    assert decision.reply.action == parse_action("open Fridge")
    assert [context.round for context in policy.told] == [1, 1, 1]
    assert not any(c.rejected or c.objections or c.discrepancies for c in policy.told)
    told = Answers(policy.texts)
    memory = ContextMemory.begin("put the apple in the fridge")
    refine(told, FeedbackParser(), memory, Observation(FRAME, ""), "a", 3, rules=False)
    assert told.told[-1].rejected, "refinement does tell"


def test_a_retry_is_drawn_where_the_policy_can_draw() -> None:
    decision = decided(Drawing((EMPTY_HANDED, "open Fridge")))
    assert decision.reply.action == parse_action("open Fridge")
    assert len(decision.rounds) == 2


def test_where_no_answer_stands_the_first_counts_after_all_were_asked_for() -> None:
    decision = decided(Answers((EMPTY_HANDED, "drop", "put in Sink")))
    assert decision.reply.action == parse_action(EMPTY_HANDED)
    assert len(decision.rounds) == 3


def test_the_same_answer_again_is_no_insisting() -> None:
    assert len(decided(Answers((EMPTY_HANDED,)), rounds=4).rounds) == 4


def test_one_round_checks_nothing() -> None:
    decision = decided(Answers((EMPTY_HANDED,)), rounds=1)
    assert [entry.found for entry in decision.rounds] == [()]
    with pytest.raises(ValueError, match="rounds is 0"):
        decided(Answers((EMPTY_HANDED,)), rounds=0)


def test_an_episode_can_be_played_so() -> None:
    policy = Answers((EMPTY_HANDED, "goto Fridge"))
    settings = EpisodeSettings(rounds=3, max_steps=1, rules=False, tells=False)
    episode = Episode(FakeKitchen(), policy, settings)
    header = EpisodeHeader("Fake", "put", "", 0, "p", "fake", "skill", "binary", 3)
    (step,) = episode.steps(header, seed=0)
    assert (step.action, len(step.rounds)) == ("goto Fridge", 2)
    assert not policy.told[-1].rejected
