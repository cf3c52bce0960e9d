"""A model of transformers, run here, as a chat policy's backend."""

from __future__ import annotations

import pytest

from policies.base import Context, Question
from policies.chat.backend import Purpose
from policies.chat.hugging_face import MOST_TOKENS, HuggingFaceBackend
from policies.chat.prompt import action_messages
from policies.loading import load_policy
from tests.policies.chat.chat_server import FRAME, SEEN
from tests.tiny_llava import save_chat_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_chat_model(tmp_path_factory.mktemp("chat") / "model")


def test_a_folder_of_a_chat_model_makes_a_policy_that_always_says_the_same(folder):
    agent = load_policy(str(folder))
    agent.reset("open the fridge", 3)
    first = agent.act(SEEN, Context())
    agent.reset("open the fridge", 4)
    again = agent.act(SEEN, Context())
    assert agent.name == str(folder) and first.text and first.text == again.text
    assert first.confidence == pytest.approx(again.confidence, rel=0.01)
    assert first.action is None and first.error  # it is untrained
    assert agent.ask(FRAME, Question("in_view", "Fridge")) is None


def test_picture_and_words_both_reach_the_model(folder):
    backend = HuggingFaceBackend.from_pretrained(str(folder))
    shown = backend.complete(action_messages(SEEN, Context(), "skill"), Purpose.ACT, 0)
    messages = action_messages(SEEN, Context(rejected=("goto Mug",)), "skill")
    told = backend.complete(messages, Purpose.ACT, 0)
    messages[1]["content"][0]["image"] = 255 - FRAME
    other = backend.complete(messages, Purpose.ACT, 0)
    assert told.tokens_in > shown.tokens_in
    assert told.confidence != shown.confidence and other.confidence != told.confidence


@pytest.mark.parametrize("purpose", Purpose)
def test_an_answer_is_as_long_as_its_purpose_allows(folder, purpose):
    backend = HuggingFaceBackend.from_pretrained(str(folder))
    made = backend.complete(action_messages(SEEN, Context(), "skill"), purpose, 0)
    assert 0 < made.tokens_out <= MOST_TOKENS[purpose]


def test_a_model_that_is_not_made_for_chat_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no chat template"):
        load_policy(str(save_chat_model(tmp_path / "model", chat_template=None)))


def test_a_folder_without_weights_is_refused(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ValueError, match="can't be loaded.*image-text-to-text"):
        load_policy(str(tmp_path))


def test_an_adapter_that_is_not_there_is_refused(folder, tmp_path):
    with pytest.raises(ValueError, match="adapter .* can't be loaded"):
        load_policy(str(folder), adapter=str(tmp_path / "none"))
