"""Two evaluations are compared pair by pair, and only where they can be."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from envs.tasks.base import Task
from envs.tasks.goals import Every, Openness
from envs.tasks.suite import Entry, Suite, SuiteSetting
from training.evaluation.compare import compare, load_run, main
from training.evaluation.folder import EPISODES, begin, stamp
from training.evaluation.plan import Job, Plan
from training.evaluation.results import results, save_results
from training.evaluation.verdicts import EpisodeResult, save_result, unplayed


def _suite(count, name="made-up"):
    entries = []
    for k in range(count):
        task = Task(
            "open" if k % 2 else "toggle",
            f"FloorPlan{k + 1}",
            f"open door {k}",
            Every((Openness("Fridge", True),)),
            "Fridge",
        )
        entries.append(Entry(f"task-{k}", task, k, 2, "noop" if k < 3 else "", k))
    return Suite(name, "Made up", SuiteSetting(), tuple(entries))


def _folder(out, won, struck=(), rounds=3, count=10, steps=4, name="made-up", **plan):
    """An evaluation's folder in which the named tasks are won, clean and with their fault."""
    suite, asked = _suite(count, name), Plan(suite=name, policy="random", rounds=(rounds,), **plan)
    begin(out, stamp(suite, asked))
    played = {}
    for index, entry in enumerate(suite.entries):
        for fault in ("", entry.fault) if entry.fault else ("",):
            job = Job(index, rounds, fault)
            success = index in (struck if fault else won)
            verdict = replace(
                unplayed(entry, job),
                success=success,
                conditions_met=int(success),
                steps=steps,
                struck=bool(fault),
                proposals=steps,
            )
            place = out / EPISODES / job.name
            place.mkdir(parents=True, exist_ok=True)
            played[job] = EpisodeResult.now(verdict, 1.0)
            save_result(place, played[job])
    save_results(out, results(out, suite, asked, played))
    return out


def test_differences_are_of_pairs(tmp_path):
    a = _folder(tmp_path / "a", {0, 1, 2, 3}, struck={0}, steps=6)
    b = _folder(tmp_path / "b", {1, 2, 3, 4, 5, 6}, struck={0, 1, 2}, steps=4)
    found = compare(load_run(a), load_run(b))
    clean = found["clean"]
    assert (clean["success"]["a"], clean["success"]["b"]) == (0.4, 0.6)
    assert clean["success"]["difference"] == pytest.approx(0.2)
    low, high = clean["success"]["interval"]
    assert -0.3 <= low < 0.2 < high <= 0.7
    assert (clean["only_a"], clean["only_b"], clean["mcnemar_p"]) == (1, 3, 0.625)
    assert clean["steps"] == {"a": 6, "b": 4, "difference": -2, "interval": None, "pairs": 3}
    assert found["faulted"]["success"]["pairs"] == 3 and found["faulted"]["only_b"] == 2
    assert [row["key"] for row in found["only_a"]] == ["task-0"]
    assert [(row["key"], row["fault"]) for row in found["only_b"]] == [
        ("task-1", "noop"),
        ("task-2", "noop"),
        ("task-4", ""),
        ("task-5", ""),
        ("task-6", ""),
    ]
    assert sum(part["success"]["pairs"] for part in found["families"].values()) == 10
    assert list(found["faults"]) == ["noop"]
    assert found["retry_err"] is None


def test_only_shared_episodes_count(tmp_path):
    a = _folder(tmp_path / "a", {0, 1}, count=10)
    b = _folder(tmp_path / "b", {0, 1}, count=10)
    for index in (7, 8, 9):
        for file in (b / EPISODES / Job(index, 3).name).iterdir():
            file.unlink()
    found = compare(load_run(a), load_run(b))
    assert found["clean"]["success"]["pairs"] == 7
    assert (found["a"]["unpaired"], found["b"]["unpaired"]) == (3, 0)


def test_one_proposal_against_three_gives_retry_err(tmp_path):
    a = _folder(tmp_path / "a", {0, 1}, rounds=1)
    b = _folder(tmp_path / "b", {0, 1, 2, 3, 4, 5})
    assert compare(load_run(a), load_run(b))["retry_err"] == 0.5
    assert compare(load_run(b), load_run(a))["retry_err"] is None
    blind = _folder(tmp_path / "c", {0, 1}, rounds=1, control="blank_frame")
    assert compare(load_run(blind), load_run(b))["retry_err"] is None


def test_the_command_writes_tables_and_json(tmp_path, capsys):
    a, b = _folder(tmp_path / "a", {0}), _folder(tmp_path / "b", {0, 1})
    table = tmp_path / "new" / "compared.md"
    assert main([str(a), str(b), "--out", str(table), "--json"]) == 0
    said = capsys.readouterr().out
    assert json.loads(said.strip().splitlines()[-1])["clean"]["only_b"] == 1
    text = table.read_text()
    assert "| clean: success | 10.0 % | 20.0 % | +10.0 [" in text and "Won by B alone" in text
    assert text.strip() in said


def test_what_can_not_be_compared_is_one_line_that_names_both(tmp_path, capsys):
    a = _folder(tmp_path / "a", {0})
    other = _folder(tmp_path / "b", {0}, name="another", count=4)
    assert main([str(a), str(other)]) == 2
    error = capsys.readouterr().err.strip()
    assert "made-up" in error and "another" in error and "\n" not in error
    assert main([str(a), str(tmp_path / "nowhere")]) == 2
    assert "holds no results.json" in capsys.readouterr().err
    elsewhere = _folder(tmp_path / "c", {0}, backend="unity")
    assert main([str(a), str(elsewhere)]) == 2
    error = capsys.readouterr().err
    assert "unity" in error and "embedded" in error
