"""Opens a suite by its name on the command line: named, a file, or a publisher's own files."""

from __future__ import annotations

from dataclasses import replace

from envs.tasks.published.suites import LEVEL_OF, PUBLISHED, load_published
from envs.tasks.suite import Entry, Suite, SuiteError, SuiteSetting, load_suite, suite_names

# The action level that a suite is about, unless another is asked for.
OWN_LEVEL = "suite"


def open_suite(name: str, action_level: str = OWN_LEVEL) -> Suite:
    """A suite.

    Args:
        name: A named suite, the path of a suite's ``.jsonl``, or ``SUITE:PATH`` with a publisher's
            own files.
        action_level: skill or primitive, or ``suite``: its publisher's own.

    Raises:
        SuiteError: If there is no such suite.
        ValueError: If a file of it is damaged.
    """
    found = _open(name)
    if action_level == OWN_LEVEL:
        return found
    return replace(found, setting=replace(found.setting, action_level=action_level))


def _open(name: str) -> Suite:
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
