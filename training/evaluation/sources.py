"""Opens a suite by its name on the command line: named, a file, or a publisher's own files."""

from __future__ import annotations

from envs.tasks.published.suites import LEVEL_OF, PUBLISHED, load_published
from envs.tasks.suite import Entry, Suite, SuiteError, SuiteSetting, load_suite, suite_names


def open_suite(name: str) -> Suite:
    """A suite.

    Args:
        name: A named suite, the path of a suite's ``.jsonl``, or ``SUITE:PATH`` with a publisher's
            own files.

    Raises:
        SuiteError: If there is no such suite.
        ValueError: If a file of it is damaged.
    """
    kind, colon, path = name.partition(":")
    if not colon or not kind.replace("-", "").isalpha():
        return load_suite(name)
    if kind not in PUBLISHED:
        raise SuiteError(
            f"Unknown suite {name!r}: use one of {', '.join(suite_names())}, a suite's .jsonl, or "
            f"{', '.join(f'{known}:PATH' for known in PUBLISHED)}."
        )
    tasks = load_published(name)
    entries = tuple(Entry(f"{k:04d}-{task.name}", task, k) for k, task in enumerate(tasks))
    title = f"{kind}'s tasks, judged by its own rules on the embedded simulator's rooms"
    return Suite(
        kind, title, SuiteSetting(LEVEL_OF[kind]), entries, f"its publisher's files, {path}"
    )
