"""The feedback parser finds what is wrong, and only that, from frames and words alone."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import agent
from agent.feedback import FeedbackParser
from agent.memory import ContextMemory
from envs.actions import parse_action
from policies.base import Answer, Context, Deeds, Observation, Question, Reply

BEFORE = np.zeros((8, 8, 3), np.uint8)
AFTER = np.full((8, 8, 3), 90, np.uint8)
PARSER = FeedbackParser()


class Eyes:
    """A policy that only answers questions, by a table; the rest it cannot tell.

    An entry that begins with ``before_`` is of the frame before an action.
    """

    name = "eyes"

    def __init__(self, **answers: bool) -> None:
        self.answers, self.confidence = answers, 0.95

    def reset(self, instruction: str, seed: int) -> None:
        """Nothing to forget."""

    def act(self, observation: Observation, context: Context) -> Reply:
        raise AssertionError("only questions are asked here")

    def ask(self, frame: np.ndarray, question: Question) -> Answer | None:
        key = "_".join(part for part in (question.kind, question.subject, question.state) if part)
        if np.array_equal(frame, BEFORE) and f"before_{key}" in self.answers:
            key = f"before_{key}"
        return Answer(self.answers[key], self.confidence) if key in self.answers else None


def reply(text: str, plan: tuple[str, ...] = ()) -> Reply:
    return Reply(
        action=parse_action(text), thought="", plan=plan, text=text, confidence=1.0, attention=None
    )


def memory(**known: object) -> ContextMemory:
    return replace(ContextMemory.begin("put the apple in the fridge"), **known)


def checked(text: str, eyes: Eyes | None = None, known: ContextMemory | None = None) -> list[str]:
    found = PARSER.check(eyes or Eyes(), reply(text), BEFORE, known or memory(), "s")
    return [entry.kind for entry in found]


def observed(
    text: str,
    eyes: Eyes | None = None,
    known: ContextMemory | None = None,
    feedback: str = "ok",
    after: np.ndarray = AFTER,
) -> list[str]:
    found = PARSER.observe(eyes or Eyes(), reply(text), BEFORE, after, feedback, known or memory())
    return [entry.kind for entry in found]


def thinking(thought: str, text: str, eyes: Eyes, known: ContextMemory | None = None) -> list[str]:
    proposal = replace(reply(text), thought=thought)
    found = PARSER.check(eyes, proposal, BEFORE, known or memory(), "s")
    return [entry.kind for entry in found]


def unsure(confidence: float, **answers: bool) -> Eyes:
    eyes = Eyes(**answers)
    eyes.confidence = confidence
    return eyes


def looked(times: int, **known: object) -> ContextMemory:
    found = memory(**known)
    for number in range(times):
        found = found.after_step(reply("look around"), "ok", (), BEFORE, str(number))
    return found


def test_what_is_said_to_be_elsewhere_but_is_before_the_eye_is_overlooked() -> None:
    seen = Eyes(in_view_ButterKnife=True)
    assert thinking("butter knife not here", "look around", seen) == ["unexpected_state"]
    assert thinking("butter knife not here", "look around", Eyes(in_view_ButterKnife=False)) == []
    assert thinking("butter knife next", "look around", seen) == []


def test_the_longer_a_search_the_fainter_a_trace_is_enough() -> None:
    faint = unsure(0.7, in_view_Apple=True)
    assert thinking("apple not here", "look around", faint, looked(2)) == []
    assert thinking("apple not here", "look around", faint, looked(6)) == ["unexpected_state"]
    found = looked(6).after_step(reply("pick up Knife"), "ok", (), BEFORE, "k")
    assert thinking("apple not here", "look around", faint, found) == []
    assert (
        thinking("apple not here", "look around", unsure(0.6, in_view_Apple=True), looked(60)) == []
    )


def test_what_could_not_be_reached_from_here_is_looked_for_elsewhere() -> None:
    known = memory().after_step(reply("goto Apple"), "failed", (), BEFORE, "s")
    assert thinking("apple not here", "look around", Eyes(in_view_Apple=True), known) == []


@pytest.mark.parametrize(
    ("text", "eyes", "kinds"),
    [
        ("pick up Apple", Eyes(in_view_Apple=False), ["object_missing"]),
        ("pick up Apple", Eyes(in_view_Apple=True), []),
        ("pick up Apple", Eyes(), []),
        ("goto Apple", Eyes(in_view_Apple=False), []),  # one may go to what is not in view
        ("open Fridge", Eyes(in_view_Fridge=True, state_Fridge_open=True), ["unexpected_state"]),
        ("open Fridge", Eyes(in_view_Fridge=True, state_Fridge_open=False), []),
        ("toggle on Faucet", Eyes(state_Faucet_on=True), ["unexpected_state"]),
        ("put in Fridge", Eyes(), ["unexpected_state"]),  # nothing in hand
        ("slice Bread", Eyes(), ["unexpected_state"]),
        ("drop", Eyes(), ["unexpected_state"]),
    ],
)
def test_a_proposal_is_held_against_the_view(text: str, eyes: Eyes, kinds: list[str]) -> None:
    assert checked(text, eyes) == kinds


def test_a_full_hand_picks_up_nothing_but_may_put() -> None:
    full = memory(holding="Knife")
    assert checked("pick up Apple", known=full) == ["unexpected_state"]
    assert checked("put in Fridge", known=full) == []
    assert checked("slice Bread", known=full) == []


def test_an_unsure_answer_is_no_evidence() -> None:
    eyes = Eyes(in_view_Apple=False)
    eyes.confidence = 0.6
    assert checked("pick up Apple", eyes) == []


def test_an_action_that_slipped_may_be_tried_once_more() -> None:
    known = memory()
    for kinds in ([], ["no_progress"]):
        found = PARSER.observe(Eyes(), reply("open Fridge"), BEFORE, BEFORE, "ok", known)
        known = known.after_step(reply("open Fridge"), "ok", found, BEFORE, "s")
        assert known.attempts[-1].slipped
        assert checked("open Fridge", known=known) == kinds


@pytest.mark.parametrize(
    ("text", "eyes", "kinds"),
    [
        ("open Fridge", Eyes(state_Fridge_open=False), ["effect_missing"]),
        ("open Fridge", Eyes(state_Fridge_open=True), []),
        ("close Fridge", Eyes(state_Fridge_closed=False), ["effect_missing"]),
        ("toggle on Faucet", Eyes(state_Faucet_on=False), ["effect_missing"]),
        ("pick up Apple", Eyes(holding_Apple=False), ["effect_missing"]),
        ("pick up Apple", Eyes(holding_Apple=True), []),
        ("goto Fridge", Eyes(in_view_Fridge=False), ["object_missing"]),
        ("look around", Eyes(), []),
    ],
)
def test_an_outcome_is_held_against_what_should_have_come(
    text: str, eyes: Eyes, kinds: list[str]
) -> None:
    assert observed(text, eyes) == kinds


def test_the_environments_word_is_enough() -> None:
    assert observed("open Fridge", feedback="failed: Fridge is not in view") == ["action_failed"]
    assert observed("open Fridge", feedback="") == []


def test_a_frame_that_did_not_change_says_nothing_happened() -> None:
    assert observed("open Fridge", after=BEFORE) == ["no_progress"]
    assert observed("done", after=BEFORE) == []
    assert observed("toggle on Toaster", after=BEFORE) == []
    assert observed("toggle on Lamp", Eyes(state_Lamp_on=False), after=BEFORE) == ["effect_missing"]


def test_a_wrong_thing_in_the_hand_is_told_from_an_empty_hand() -> None:
    known = memory(places=(("Tomato", "here"),))
    eyes = Eyes(holding_Apple=False, holding_Tomato=True)
    assert observed("pick up Apple", eyes, known) == ["wrong_object"]


def test_what_was_held_or_opened_is_missed_when_it_changes_by_itself() -> None:
    held = memory(holding="Apple")
    eyes = Eyes(before_holding_Apple=True, holding_Apple=False)
    assert observed("goto Fridge", eyes, held) == ["unexpected_state"]
    too_thin_to_see = Eyes(before_holding_Apple=False, holding_Apple=False)
    assert observed("goto Fridge", too_thin_to_see, held) == []
    left_open = memory(deeds=Deeds(states=(("Fridge", "open"),)))
    eyes = Eyes(in_view_Fridge=True, state_Fridge_open=False)
    assert observed("look around", eyes, left_open) == ["unexpected_state"]
    assert observed("close Fridge", eyes, left_open) == []


def test_the_memory_follows_what_is_done_and_forgets_what_is_denied() -> None:
    known = memory()
    for text in ("goto CounterTop", "pick up Apple", "goto Fridge", "open Fridge"):
        known = known.after_step(reply(text), "ok", (), BEFORE, text)
    assert known.holding == "Apple" and ("Fridge", "open") in known.states
    assert dict(known.places) == {
        "CounterTop": "seen earlier",
        "Apple": "in hand",
        "Fridge": "here",
    }
    eyes = Eyes(before_holding_Apple=True, holding_Apple=False)
    lost = PARSER.observe(eyes, reply("look around"), BEFORE, AFTER, "ok", known)
    dropped = known.after_step(reply("look around"), "ok", lost, BEFORE, "x")
    assert dropped.holding is None
    put = known.after_step(reply("put in Fridge"), "ok", (), BEFORE, "y")
    assert put.holding is None and dict(put.places)["Apple"] == "in fridge"


def test_the_memory_is_bounded() -> None:
    known = ContextMemory.begin("x", history_length=4, frames_kept=2, attempts_kept=10)
    for number in range(50):
        known = known.after_step(
            reply(f"goto Type{'abcdefghij'[number % 10]}"), "ok", (), BEFORE, str(number)
        )
    context = known.context()
    assert len(context.history) == 4 and len(context.frames) == 2
    assert len(known.attempts) == 10 and len(known.places) <= known.places_kept


# They ask the policy whether something is open or on.
MACHINE = "envs.simulator.system"
ASKS_OF_STATES = ("proposal_checks.py", "outcome_checks.py")


def test_nothing_in_the_agent_reads_simulator_state() -> None:
    for path in Path(agent.__file__).parent.rglob("*.py"):
        if path.name == "assignment.py":
            continue  # sets up an episode before it begins
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            named = node.attr if isinstance(node, ast.Attribute) else None
            assert named not in ("metadata", "last_event", "controller"), path
            if isinstance(node, ast.Constant):
                assert node.value != "state" or path.name in ASKS_OF_STATES, path
        imported = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        # ``system`` is files and processes of the machine; there is no room in it to read.
        assert not {
            module
            for module in imported
            if module.startswith("envs.simulator") and not module.startswith(MACHINE)
        }, path


def _refused(memory: ContextMemory, text: str, times: int) -> ContextMemory:
    reply = Reply(parse_action(text), text=text)
    for k in range(times):
        memory = memory.after_step(reply, "failed", (), BEFORE, f"state {k}")
    return memory


def test_a_thing_taken_to_be_held_may_be_picked_up_where_it_is_seen() -> None:
    memory = ContextMemory.begin("bring the mug").after_step(
        Reply(parse_action("pick up Mug"), text="pick up Mug"), "ok", (), BEFORE, "a"
    )
    assert memory.holding == "Mug"
    again = Reply(parse_action("pick up Mug"), text="pick up Mug")
    unsure = PARSER.check(Eyes(), again, AFTER, memory, "b")
    sure = PARSER.check(Eyes(holding_Mug=True, in_view_Mug=True), again, AFTER, memory, "b")
    assert [d.subject for d in unsure] == [d.subject for d in sure] == ["hand"]
    assert unsure[0].confidence < 0.7 <= sure[0].confidence


def test_objections_of_memory_and_words_can_be_left_out() -> None:
    eyes = Eyes(in_view_Fridge=False)
    parser = FeedbackParser(consistency=False)
    for text, kinds in (("put in Fridge", ["object_missing"]), ("drop", [])):
        found = parser.check(eyes, reply(text), BEFORE, memory(), "a")
        assert [entry.kind for entry in found] == kinds
        assert "unexpected_state" in checked(text, eyes)
