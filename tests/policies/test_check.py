"""The check of a policy says what it is, or what is wrong with it and how to mend that."""

from __future__ import annotations

import json
import re

from policies.check import REMEDY, main
from tests.tiny_llava import save_chat_model


def test_the_default_policy_is_fine_and_its_size_is_told(capsys):
    assert main([]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["status"] == "ok" and not found["remedy"]
    assert re.fullmatch(r"default: [\d.]+ M parameters; an answer takes \d+ ms", found["detail"])


def test_a_policy_that_cannot_be_loaded_is_broken(capsys, tmp_path):
    main([str(tmp_path)])
    found = json.loads(capsys.readouterr().out)
    assert (found["status"], found["remedy"]) == ("broken", REMEDY)
    assert "holds no model" in found["detail"]


def test_a_chat_model_that_answers_no_action_is_broken(capsys, tmp_path):
    main([str(save_chat_model(tmp_path / "model"))])
    found = json.loads(capsys.readouterr().out)
    assert found["status"] == "broken" and "answers no action" in found["detail"]
