"""The page tells every episode that its figures are of, and trusts nobody's text."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import pytest

from envs.tasks.suite import Entry, Suite, SuiteSetting, write_suite
from envs.tasks.suite_sources import open_suite
from tests.training.made_up import door_task
from training.evaluation.evaluate import evaluate
from training.evaluation.folder import EPISODES, episodes_of
from training.evaluation.plan import Plan
from training.evaluation.report import write_report
from training.evaluation.results import save_results


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """A plan of two tasks, what was played of it, and its figures; the second is a stranger's."""
    place = tmp_path_factory.mktemp("played")
    markup = replace(door_task("Fridge"), instruction="open <b>the</b> fridge")
    entries = (Entry("door", door_task("Fridge"), 0, 2), Entry("odd", markup, 1, 2, "noop", 1))
    write_suite(place / "odd.jsonl", Suite("odd", "Markup", SuiteSetting(), entries))
    plan = Plan(suite=str(place / "odd.jsonl"), policy="expert")
    found = evaluate(plan, open_suite(plan.suite), place / "out", workers=0, progress=False)
    save_results(place / "out", found)
    return plan, place / "out", found


@pytest.fixture
def out(played, tmp_path):
    """A copy of what was played."""
    return shutil.copytree(played[1], tmp_path / "out")


def test_an_instruction_beyond_the_policy_is_lost_not_crashed(tmp_path):
    path = tmp_path / "odd.jsonl"
    task = replace(door_task("Fridge"), instruction="12 34")
    write_suite(path, Suite("odd", "No words", SuiteSetting(), (Entry("odd", task, 0, 2),)))
    out = tmp_path / "out"
    plan = Plan(suite=str(path), policy="default")
    found = evaluate(plan, open_suite(str(path)), out, workers=0, progress=False)
    assert (found["refused"], found["crashed"], found["success_rate"]) == (1, 0, 0.0)
    found["suite"] = "odd <img src=x onerror=alert(1)>\n| a |"
    save_results(out, found)
    assert "beyond the policy" in write_report(out).read_text()
    title = (out / "report.md").read_text().splitlines()[0]
    assert title.endswith(" on odd &lt;img src=x onerror=alert(1)&gt; \\| a \\|")


def test_the_page_tells_every_episode_and_escapes_what_strangers_say(out):
    text = write_report(out).read_text()
    assert "open &lt;b&gt;the&lt;/b&gt; fridge" in text and "<b>the</b>" not in text
    assert text.count('class="episode"') == 3
    assert "data:image/webp;base64," in text and "<svg" in text
    assert "http://" not in text.replace("http://www.w3.org", "")


def test_the_page_shows_what_its_figures_are_of(played, out):
    plan = played[0]
    fewer = evaluate(plan, open_suite(plan.suite), out, episodes=1, workers=0, progress=False)
    save_results(out, fewer)
    left = out / EPISODES / ".0000-clean-r3.partial-99999999"
    shutil.copytree(out / EPISODES / "0000-clean-r3", left)
    assert (played[2]["episodes"], fewer["episodes"]) == (2, 1)
    assert [p.name for p in episodes_of(out, fewer)] == ["0000-clean-r3"]
    assert write_report(out).read_text().count('class="episode"') == 1


def test_a_report_without_its_episodes_still_shows_the_figures(out):
    shutil.rmtree(out / EPISODES)
    assert "All figures" in write_report(out).read_text()


def test_on_a_phone_every_value_of_a_table_stands_beside_its_name(out):
    page = write_report(out).read_text()
    narrow = page[page.index("@media (max-width:640px)") : page.index("</style>")]
    assert "td[data-label]::before { content:attr(data-label)" in narrow
    body = page[page.index("All figures") : page.index("<h2>Episodes")]
    cells = re.findall(r"<td([^>]*)>", body)
    assert len(cells) > 30
    # The first cell of a row is its name; every other one is labelled.
    assert cells.count("") == body.count("<tr><td>")
