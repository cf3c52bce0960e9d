"""The page tells every episode that its figures are of, and trusts nobody's text."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

from envs.tasks.suite import Entry, Suite, SuiteSetting, write_suite
from envs.tasks.suite_sources import open_suite
from tests.training.made_up import door_task
from training.evaluation.evaluate import evaluate
from training.evaluation.folder import EPISODES, episodes_of
from training.evaluation.plan import Plan
from training.evaluation.report import write_report
from training.evaluation.results import save_results


def run(path, out, **options):
    plan = Plan(suite=str(path), policy="expert", **options)
    return evaluate(plan, open_suite(str(path)), out, workers=0, progress=False)


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


def test_the_page_tells_every_episode_and_escapes_what_strangers_say(suite, tmp_path):
    tasks = [replace(door_task("Fridge"), instruction="open <b>the</b> fridge")]
    path = tmp_path / "odd.jsonl"
    write_suite(
        path, Suite("odd", "Markup", SuiteSetting(), (Entry("odd", tasks[0], 0, 2, "noop", 1),))
    )
    found = run(path, tmp_path / "out")
    save_results(tmp_path / "out", found)
    text = write_report(tmp_path / "out").read_text()
    assert "open &lt;b&gt;the&lt;/b&gt; fridge" in text and "<b>the</b>" not in text
    assert text.count('class="episode"') == 2
    assert "data:image/webp;base64," in text and "<svg" in text
    assert "http://" not in text.replace("http://www.w3.org", "")


def test_the_page_shows_what_its_figures_are_of(suite, tmp_path):
    plan, out = Plan(suite=str(suite), policy="expert"), tmp_path / "out"
    opened = open_suite(str(suite))
    evaluate(plan, opened, out, workers=0, progress=False)
    fewer = evaluate(plan, opened, out, episodes=1, workers=0, progress=False)
    save_results(out, fewer)
    left = out / EPISODES / ".0000-clean-r3.partial-99999999"
    shutil.copytree(out / EPISODES / "0000-clean-r3", left)
    assert fewer["episodes"] == 1
    assert [p.name for p in episodes_of(out, fewer)] == ["0000-clean-r3"]
    assert write_report(out).read_text().count('class="episode"') == 1


def test_a_report_without_its_episodes_still_shows_the_figures(suite, tmp_path):
    out = tmp_path / "out"
    save_results(out, run(suite, out))
    shutil.rmtree(out / EPISODES)
    assert "All figures" in write_report(out).read_text()


def test_on_a_phone_every_value_of_a_table_stands_beside_its_name(suite, tmp_path):
    out = tmp_path / "out"
    save_results(out, run(suite, out))
    page = write_report(out).read_text()
    narrow = page[page.index("@media (max-width:640px)") : page.index("</style>")]
    assert "td[data-label]::before { content:attr(data-label)" in narrow
    body = page[page.index("All figures") : page.index("<h2>Episodes")]
    cells = re.findall(r"<td([^>]*)>", body)
    assert len(cells) > 30
    # The first cell of a row is its name; every other one is labelled.
    assert cells.count("") == body.count("<tr><td>")
