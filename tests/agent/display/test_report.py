"""The report is one page for one who was not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.display.report import main, write_report
from tests.recorded import record


def test_the_report_is_one_page_without_references_to_elsewhere(tmp_path: Path) -> None:
    page = write_report(record(tmp_path / "a")).read_text()
    assert "http://" not in page and "https://" not in page and "<script" not in page
    assert page.count("data:image/jpeg;base64,") == 7
    assert "SUCCESS" in page and "no effect" in page


def test_the_report_escapes_what_strangers_wrote(tmp_path: Path) -> None:
    path = record(tmp_path / "a") / "trajectory.jsonl"
    path.write_text(path.read_text().replace("put the apple", "<script>alert(1)</script>"))
    assert "<script" not in write_report(tmp_path / "a").read_text()


def test_the_report_command_names_a_directory_without_a_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_the_report_tells_what_was_proposed_first_and_what_was_injected(tmp_path: Path) -> None:
    page = write_report(record(tmp_path / "a")).read_text()
    assert "thought again: 2 proposals" in page
    assert "injected here, unknown to the agent: no effect" in page


def test_the_report_says_what_was_understood(tmp_path: Path) -> None:
    path = record(tmp_path / "a") / "trajectory.jsonl"
    told = path.read_text().replace(
        '"instruction"', '"understood": "understood: put <Apple> in Fridge", "instruction"', 1
    )
    path.write_text(told)
    page = write_report(tmp_path / "a").read_text()
    assert "understood: put &lt;Apple&gt; in Fridge" in page


def test_a_step_that_the_environment_called_a_success_is_not_shown_as_failed(
    tmp_path: Path,
) -> None:
    page = write_report(record(tmp_path / "a", doubting=True)).read_text()
    # Of the two openings the first did nothing, so that doubt was right; the second was vain.
    step = page[page.index('id="step-5"') : page.index('id="step-6"')]
    assert '<span class="tag ok">worked</span>' in step and "tag failed" not in step
    assert "the agent takes it for failed" in step and "false alarm" in step
    assert "<b>1</b><span>false alarm</span>" in page


def test_on_a_phone_a_problem_has_the_width_of_the_page_for_itself(tmp_path: Path) -> None:
    page = write_report(record(tmp_path / "a")).read_text()
    narrow = page[page.index("@media (max-width:680px)") : page.index("</style>")]
    assert ".glance .problems { grid-column:2 / -1 }" in narrow
    assert '<td class="problems">' in page
