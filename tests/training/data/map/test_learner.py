"""A learned policy's own failures: which they are, and that it plays by what it sees itself."""

from __future__ import annotations

import numpy as np
import pytest

from envs.actions import Action
from policies.base import Context, Observation, Reply, Sighting
from policies.expert.parts import Label
from tests.fakes import ScriptedPolicy
from training.data.map.__main__ import main
from training.data.map.build import MapConfig
from training.data.map.learner import FAILURES, Learner, failure_of
from training.data.map.reader import read_triples

SEEN = Observation(np.zeros((4, 4, 3), np.uint8), "bring the mug")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (None, "malformed"),
        (Action("done"), "done"),
        (Action("open", "Cabinet"), "other_object"),
        (Action("close", "Fridge"), "other_verb"),
        (Action("goto", "Cabinet"), "other"),
        (Action("look around"), "other"),
        (Action("open", "Fridge"), ""),
        (Action("open", "Fridge", (0.2, 0.3)), ""),
    ],
)
def test_what_differs_from_what_is_right_has_a_kind(said, kind):
    assert failure_of(Reply(said), Label(Action("open", "Fridge"), "")) == kind
    assert kind in (*FAILURES, "")


def test_done_where_all_is_done_is_no_failure():
    assert failure_of(Reply(Action("done")), Label(Action("done"), "")) == ""


def test_a_walk_to_what_it_saw_says_in_which_view_until_that_was_in_vain():
    learner = Learner(ScriptedPolicy(["goto Mug"]))
    learner.reset("bring the mug", 0)
    learner.saw((Sighting("Mug", (0.25, 0.5), 0.9),), "")
    learner.came_of_it(Action("look around"), True)
    learner.saw((), "")
    action = learner.propose(SEEN, Context()).action
    assert (action.point, action.view) == ((0.25, 0.5), 0)
    learner.came_of_it(action, False)
    assert learner.propose(SEEN, Context()).action.point is None
    learner.saw((Sighting("Mug", (0.5, 0.5), 0.9),), "Mug")
    assert learner.propose(SEEN, Context()).action.point is None, "it lies nowhere: it is held"


def test_an_episode_begins_with_nothing_seen():
    learner = Learner(ScriptedPolicy(["goto Mug"]))
    for _ in range(2):
        learner.reset("bring the mug", 0)
        assert learner.propose(SEEN, Context()).action.point is None
        learner.saw((Sighting("Mug", (0.25, 0.5), 0.9),), "")


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--policy", "expert"], "the expert says what is right"),
        (["--policy", "expert-search"], "the expert says what is right"),
        (["--policy", "random", "--policy-share", "1.5"], "--policy-share is 1.5: give a share"),
    ],
)
def test_who_can_not_act_is_told_in_a_line_and_nothing_is_written(tmp_path, capsys, flags, said):
    assert main(["build", "--out", str(tmp_path / "map"), *flags]) == 2
    told = capsys.readouterr().err
    assert said in told and len(told.splitlines()) == 1
    assert not (tmp_path / "map").exists()


def test_a_data_set_without_a_policy_is_begun_as_ever_and_one_with_it_names_its_weights(tmp_path):
    plain = MapConfig(out=tmp_path).deciding()
    assert not [name for name in plain if "policy" in name]
    own = MapConfig(out=tmp_path, policy="default", policy_share=0.3).deciding()
    assert own["policy"] == "default" and own["policy_share"] == 0.3
    assert len(own["policy_sha256"]) == 64


@pytest.mark.slow
def test_what_a_policy_does_wrong_is_put_right_and_equal_seeds_give_equal_files(tmp_path):
    flags = ["--policy", "random", "--policy-share", "1", "--false-objections", "0", "--seed", "2"]
    for name in ("one", "other"):
        assert main(["build", "--smoke", *flags, "--out", str(tmp_path / name)]) == 0
    part = "triples/train-00000.parquet"
    assert (tmp_path / "one" / part).read_bytes() == (tmp_path / "other" / part).read_bytes()
    triples = list(read_triples(tmp_path / "one"))
    assert {triple.cause for triple in triples} <= {"policy", "own", "none"}
    own = [triple for triple in triples if triple.cause == "policy"]
    assert own and all(triple.detail in FAILURES and triple.holds for triple in own)
    assert any(triple.proposal.text != triple.correction.text for triple in own)
    card = (tmp_path / "one" / "README.md").read_text()
    assert f"| policy | {len(own)} | the learned policy that acted failed by itself |" in card
