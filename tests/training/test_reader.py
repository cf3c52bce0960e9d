"""Training the reader: seeds give the same weights, files load, wrong input is one clear line."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pytest
import torch

from policies.cimr.language.reader_files import load_reader
from policies.cimr.language.subgoals import TaskParse
from policies.cimr.language.tokenizer import build_tokenizer
from training.data.wording.human_goals import HumanGoals
from training.data.wording.random_parses import random_parses, sentences_without_a_task
from training.reader import ReaderTraining, Sentences, main, train
from training.reports.reader_scores import score_pairs

MUG = TaskParse("pick_and_place", "Mug", "CoffeeMachine")


def _weights(tokenizer, seed=0):
    from policies.cimr.language.reader import new_network

    torch.manual_seed(seed)
    network = new_network(tokenizer)
    goals = HumanGoals([(MUG, "put a mug in the coffee maker")])
    sentences = Sentences(tokenizer, goals, np.random.default_rng(seed))
    config = ReaderTraining(updates=2, batch=8, seed=seed)
    train(network, sentences, config, torch.device("cpu"))
    return network.state_dict()


@pytest.fixture(scope="module")
def tokenizer():
    return build_tokenizer()


def test_equal_seeds_give_equal_weights(tokenizer):
    first, again = _weights(tokenizer), _weights(tokenizer)
    assert all(torch.equal(first[name], again[name]) for name in first)


def test_batches_hold_people_grammar_and_talk(tokenizer):
    goals = HumanGoals([(MUG, "put a mug in the coffee maker")])
    sentences = Sentences(tokenizer, goals, np.random.default_rng(0))
    families = torch.cat([sentences.draw(64)[2].family[:, 0] for _ in range(6)])
    assert (families == 0).any() and len(families.unique()) > 8


def test_the_command_writes_a_reader_that_loads(tokenizer, tmp_path, capsys):
    assert main(["--smoke", "--out", str(tmp_path)]) == 0
    reader = load_reader(tmp_path, tokenizer)
    assert reader is not None and "grammar, held-out phrases: exact" in capsys.readouterr().out
    record = json.loads((tmp_path / "reader.json").read_text())
    assert record["updates"] == 3 and record["scores"]


def test_goals_that_are_none_are_one_clear_line(tmp_path, capsys):
    path = tmp_path / "train.jsonl.gz"
    with gzip.open(path, "wt") as stream:
        stream.write('{"task_id": "x"}\n')
    assert main(["--smoke", "--goals", str(path), "--out", str(tmp_path / "out")]) == 2
    assert "train.jsonl.gz" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_scores_count_fields_and_wholes():
    class Reads:
        def parse(self, said):
            return [(MUG,) for _ in said]

    wrong = TaskParse("pick_and_place", "Cup", "CoffeeMachine")
    scores = score_pairs(Reads(), [("a", (MUG,)), ("b", (wrong,)), ("c", ())])
    assert scores.exact == pytest.approx(1 / 3)
    assert scores.fields["target"] == 0.5 and scores.fields["receptacle"] == 1.0


def test_every_task_that_is_drawn_could_be_asked_for():
    rng = np.random.default_rng(0)
    for _ in range(500):
        for parse in random_parses(rng):
            assert parse.target and parse.steps()
            assert parse.target != parse.receptacle


def test_talk_of_the_tests_is_not_trained_on():
    assert not set(sentences_without_a_task()) & set(sentences_without_a_task("test"))
