"""Opens a suite by its name on the command line: named, a file, or a publisher's own files."""

from __future__ import annotations

from envs.tasks.suites import Suite, SuiteError, load_suite, suite_names

PUBLISHED: tuple[str, ...] = ()


def open_suite(name: str) -> Suite:
    """A suite.

    Args:
        name: A named suite, or the path of a suite's ``.jsonl``.

    Raises:
        SuiteError: If there is no such suite, or a file of it is damaged.
    """
    kind, colon, _ = name.partition(":")
    if colon and kind.isidentifier():
        raise SuiteError(f"Unknown kind of suite {kind!r}: use one of {', '.join(suite_names())}.")
    return load_suite(name)
