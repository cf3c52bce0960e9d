"""Every row differs from the full agent's in what its title says, and in nothing else."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from envs.tasks.suite import Entry, Suite, SuiteSetting
from tests.training.made_up import door_task
from training.evaluation.plan import jobs_of
from training.tables.rows import GROUPS, all_rows, plan_of, rows_of
from training.tables.setting import Setting

SETTING = Setting(ablation=("no-memory=runs/without", "smaller=runs/small"))


def differing(name: str, setting: Setting = SETTING) -> dict:
    rows = {row.name: row for row in all_rows(setting)}
    full, own = (asdict(plan_of(rows[k], setting)) for k in ("full", name))
    return {key: own[key] for key in own if own[key] != full[key]}


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("single", {"rounds": (1,)}),
        ("retries", {"objections": "untold"}),
        ("rules", {"rules": "on", "objections": "written"}),
        ("learned", {"objections": "seen"}),
        ("with-rules", {"rules": "on"}),
        ("helped", {"rules": "on", "skills": "helped"}),
        ("expert", {"policy": "expert"}),
        ("random", {"policy": "random"}),
        ("no-memory", {"policy": "runs/without"}),
        ("smaller", {"policy": "runs/small"}),
        ("rounds-2", {"rounds": (2,), "faults": False}),
        ("rounds-4", {"rounds": (4,), "faults": False}),
        ("feedback-scrambled", {"feedback": "scrambled"}),
        ("feedback-misleading", {"feedback": "misleading"}),
        ("feedback-empty", {"feedback": "empty"}),
        ("blank-frame", {"control": "blank_frame", "faults": False}),
        ("blank-instruction", {"control": "blank_instruction", "faults": False}),
        ("wrong-instruction", {"control": "wrong_instruction", "faults": False}),
        ("noise", {"camera_noise": 10.0, "faults": False}),
    ],
)
def test_a_row_differs_from_the_full_agent_in_one_thing(name, changes):
    assert differing(name) == changes


def test_the_full_agent_is_honest_without_rules_and_hears_everything():
    plan = plan_of(all_rows(SETTING)[0], SETTING)
    assert (plan.skills, plan.rules, plan.objections, plan.rounds) == ("honest", "off", "all", (3,))


def test_an_evaluation_that_two_tables_share_is_played_once_under_its_main_title():
    rows = all_rows(SETTING)
    assert len({row.name for row in rows}) == len(rows)
    assert next(row.title for row in rows if row.name == "single") == "same model, single pass"
    assert [row.name for row in rows_of(SETTING, "rounds")] == [
        "single",
        "rounds-2",
        "full",
        "rounds-4",
    ]
    four = Setting(rounds=4)
    assert [row.name for row in rows_of(four, "rounds")][2:] == ["rounds-3", "full"]


def test_a_policy_that_was_not_given_is_not_trained():
    trained = {row.name: row.trained for row in rows_of(SETTING, "ablations")}
    assert trained == {
        "full": True,
        "no-fusion": False,
        "no-queries": False,
        "no-memory": True,
        "no-learned-memory": False,
        "no-state": False,
        "no-second-phase": False,
        "smaller": True,
    }


def test_without_faults_no_row_plays_any():
    entry = Entry("door-1", door_task("Fridge"), 1, 2, "noop", 1)
    suite = Suite("small", "Doors", SuiteSetting(), (entry,))
    for faults, most in ((False, 1), (True, 2)):
        setting = Setting(faults=faults)
        counts = {len(jobs_of(suite, plan_of(row, setting))) for row in all_rows(setting)}
        assert max(counts) == most and min(counts) == 1


def test_an_unknown_group_is_named():
    with pytest.raises(ValueError, match="'extra': use some of main, "):
        rows_of(SETTING, "extra")
    assert all(rows_of(SETTING, group) for group in GROUPS)
