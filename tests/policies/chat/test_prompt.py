"""What a chat model is told."""

from __future__ import annotations

import pytest

from policies.base import Context, Observation, PastStep, Question
from policies.chat.prompt import QUESTIONS, question_messages, render_text
from tests.policies.chat.chat_server import FRAME


def test_only_what_there_is_to_say_is_said():
    assert render_text(Observation(FRAME, "open the fridge"), Context()) == "Goal: open the fridge"


def test_every_part_of_the_memory_is_told_in_a_line_of_its_own():
    context = Context(
        history=(PastStep("goto Fridge", "ok"), PastStep("open Fridge", "failed")),
        subgoals=("open Fridge",),
        places=(("Fridge", "here"),),
        rejected=("goto Mug",),
    )
    assert render_text(Observation(FRAME, "open the fridge", "failed"), context).split("\n") == [
        "Goal: open the fridge",
        "Plan so far: open Fridge",
        "Known places: Fridge: here",
        "Done: goto Fridge (ok); open Fridge (failed)",
        "The environment says: failed",
        "Already rejected, propose another: goto Mug",
    ]


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_question_shows_the_frame_and_names_the_object_as_people_do(kind):
    (message,) = question_messages(FRAME, Question(kind, "CoffeeMachine", "on"))
    picture, words = message["content"]
    assert picture["image"] is FRAME
    assert "coffee machine" in words["text"] and words["text"].endswith("Answer yes or no.")


def test_a_question_without_words_is_not_asked():
    assert question_messages(FRAME, Question("smell", "Fridge")) is None
