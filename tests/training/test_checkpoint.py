"""What training saves is whole wherever it is killed, and replaces nothing but its own kind."""

from __future__ import annotations

import json

import pytest
import torch
from safetensors import safe_open

from policies.cimr.language.reader import new_network
from policies.cimr.language.reader_files import RECORD, WEIGHTS, load_reader, save_reader
from policies.cimr.language.tokenizer import build_tokenizer
from policies.cimr.model import small_model
from tests.kills import killed_everywhere
from training.checkpoint import save_policy, save_vision, vision_record, vision_weights


@pytest.fixture(scope="module")
def tokenizer():
    return build_tokenizer()


@pytest.fixture(scope="module")
def model(tokenizer):
    return small_model(tokenizer)


def first_value(path) -> float:
    """The first number of a file's last tensor."""
    with safe_open(path, "pt") as file:
        return float(file.get_tensor(max(file.keys())).flatten()[0])


def filled(model, value: float):
    """The model, with one number throughout."""
    torch.set_num_threads(1)  # a forked process has none of its parent's
    with torch.no_grad():
        for part in (*model.parameters(), *model.buffers()):
            part.fill_(value)
    return model


@pytest.mark.slow
def test_a_killed_policy_is_the_old_one_or_the_new_one(model, tokenizer, tmp_path):
    def write(place, value):
        save_policy(
            place / "policy", filled(model, value), tokenizer, known_words=[f"{value}"], half=False
        )

    def begin(place):
        write(place, 1.0)
        (place / "policy" / "README.md").write_text("mine")
        (place / "policy.old").mkdir()
        (place / "policy.new").write_text("mine too")

    found = []
    for place in killed_everywhere(begin, lambda p: write(p, 2.0), tmp_path):
        folder = place / "policy"
        (word,) = json.loads((folder / "policy.json").read_text())["known_words"]
        index = json.loads((folder / "model.safetensors.index.json").read_text())["weight_map"]
        assert {first_value(folder / name) for name in index.values()} == {float(word)}
        assert (folder / "README.md").read_text() == "mine"
        assert (place / "policy.old").is_dir() and (place / "policy.new").read_text() == "mine too"
        found.append(word)
    assert found[0] == "1.0" and found[-1] == "2.0" and len(found) > 15


@pytest.mark.slow
def test_a_killed_vision_encoder_has_weights_and_record_of_one_moment(model, tmp_path):
    def write(place, value):
        record = {"minutes": value, "frames": 1, "scores": {}}
        save_vision(
            place / "vision",
            filled(model, value),
            record,
            lambda fresh: (fresh / "report.txt").write_text(str(value)),
        )

    for place in killed_everywhere(lambda p: write(p, 1.0), lambda p: write(p, 2.0), tmp_path):
        minutes = vision_record(place / "vision")["minutes"]
        assert first_value(vision_weights(place / "vision")) == minutes
        assert (place / "vision" / "report.txt").read_text() == str(minutes)


@pytest.mark.slow
def test_a_killed_reader_has_weights_and_record_of_one_moment(tokenizer, tmp_path):
    network = new_network(tokenizer)

    def write(place, value):
        save_reader(place, filled(network, value), tokenizer, {"minutes": value})

    def begin(place):
        (place / "policy").mkdir()
        (place / "policy" / "policy.json").write_text("{}")
        write(place / "policy", 1.0)

    for place in killed_everywhere(begin, lambda p: write(p / "policy", 2.0), tmp_path):
        folder = place / "policy"
        assert first_value(folder / WEIGHTS) == json.loads((folder / RECORD).read_text())["minutes"]
        assert (folder / "policy.json").read_text() == "{}"
    assert load_reader(folder, tokenizer) is not None


@pytest.mark.parametrize("stranger", ["thesis.tex", "config.json", "notes/a.txt"])
def test_a_users_folder_is_never_replaced(model, tokenizer, tmp_path, stranger):
    path = tmp_path / "x" / stranger
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    for save in (
        lambda: save_policy(tmp_path / "x", model, tokenizer, known_words=[]),
        lambda: save_vision(tmp_path / "x", model, {}),
        lambda: save_reader(tmp_path / "x", new_network(tokenizer), tokenizer),
    ):
        with pytest.raises(ValueError, match=stranger):
            save()
    assert path.read_text() == "mine" and list(tmp_path.iterdir()) == [tmp_path / "x"]
