"""Where the policy has a learned verifier, its word replaces comparing frames and questions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from agent.feedback import FeedbackParser
from agent.memory import ContextMemory
from envs.actions import Action, parse_action
from policies.base import Answer, Context, Observation, Question, Reply, VerifierTrust

BEFORE, AFTER = np.zeros((8, 8, 3), np.uint8), np.full((8, 8, 3), 200, np.uint8)


@dataclass
class Verifier:
    """A policy that only verifies."""

    works: Answer | None = None
    hand_before: tuple[str | None, float] | None = None
    hand_after: tuple[str | None, float] | None = None
    in_view: Answer | None = None
    trust: VerifierTrust | None = VerifierTrust()
    name: str = "verifier"

    @property
    def verifier_trust(self) -> VerifierTrust | None:
        return self.trust

    def reset(self, instruction: str, seed: int) -> None:
        """Nothing to forget."""

    def act(self, observation: Observation, context: Context) -> Reply:
        raise AssertionError("only questions are asked here")

    def ask(self, frame: np.ndarray, question: Question) -> Answer | None:
        return self.in_view if question.kind == "in_view" else None

    def judge(self, before: np.ndarray, after: np.ndarray, action: Action) -> Answer | None:
        return self.works

    def foresee(self, frame: np.ndarray, action: Action) -> Answer | None:
        return self.works

    def held(self, frame: np.ndarray) -> tuple[str | None, float] | None:
        return self.hand_before if np.array_equal(frame, BEFORE) else self.hand_after


def _memory(**known: Any) -> ContextMemory:
    return replace(ContextMemory.begin("put the apple in the fridge"), **known)


def _kinds(
    verifier: Verifier,
    text: str = "open Fridge",
    feedback: str = "",
    after: np.ndarray = AFTER,
    **known: Any,
) -> list[str]:
    reply = Reply(parse_action(text))
    found = FeedbackParser().observe(verifier, reply, BEFORE, after, feedback, _memory(**known))
    return [entry.kind for entry in found]


@pytest.mark.parametrize(
    ("feedback", "kinds"), [("", ["action_failed"]), ("ok", ["effect_missing"])]
)
def test_what_did_not_work_is_said_by_what_was_told(feedback, kinds):
    assert _kinds(Verifier(Answer(False, 0.95)), feedback=feedback) == kinds


def test_an_unsure_verdict_is_no_evidence():
    assert _kinds(Verifier(Answer(False, 0.7))) == []
    assert _kinds(Verifier(Answer(True, 0.99))) == []


def test_equal_frames_are_no_evidence_against_a_verifier():
    assert _kinds(Verifier(Answer(True, 0.9)), after=BEFORE) == []


def test_of_what_it_says_nothing_the_frames_are_compared():
    assert _kinds(Verifier(None), after=BEFORE) == ["no_progress"]
    assert _kinds(Verifier(Answer(True, 0.9), trust=None), after=BEFORE) == ["no_progress"]


def test_what_was_walked_to_and_is_not_there_is_missing():
    lost = Verifier(Answer(False, 0.95), in_view=Answer(False, 0.95))
    assert _kinds(lost, "goto Apple") == ["object_missing"]


def test_another_object_in_the_hand_is_the_wrong_one():
    other = Verifier(Answer(False, 0.95), hand_after=("Tomato", 0.9))
    assert _kinds(other, "pick up Apple", "ok") == ["wrong_object"]
    same = Verifier(Answer(True, 0.95), hand_after=("AppleSliced", 0.9))
    assert _kinds(same, "pick up Apple", "ok") == []


def test_what_left_the_hand_is_missed_if_it_was_seen_there():
    fell = Verifier(Answer(True, 0.9), ("Apple", 0.9), (None, 0.9))
    assert _kinds(fell, holding="Apple") == ["unexpected_state"]
    assert _kinds(replace(fell, hand_before=(None, 0.9)), holding="Apple") == []
    assert _kinds(replace(fell, hand_after=(None, 0.6)), holding="Apple") == []


def test_a_proposal_that_would_fail_is_objected_to():
    reply = Reply(Action("open", "Fridge"))
    parser = FeedbackParser()
    said = parser.check(Verifier(Answer(False, 0.95)), reply, BEFORE, _memory(), "s")
    assert [entry.kind for entry in said] == ["action_failed"]
    assert parser.check(Verifier(Answer(False, 0.85)), reply, BEFORE, _memory(), "s") == ()
    blind = FeedbackParser(visual=False)
    assert blind.check(Verifier(Answer(False, 0.95)), reply, BEFORE, _memory(), "s") == ()
