"""Published suites, read from their publishers' own files: ``alfred:PATH`` and so on.

``load_published("alfred:data/valid_seen.jsonl.gz")`` gives tasks for ThorEnv:
``env.reset(options={"task": task})``. Their goals judge by the suite's own rules.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from envs.tasks.base import Task
from envs.tasks.published.alfred_suite import load_alfred
from envs.tasks.published.eb_navigation import load_eb_navigation
from envs.tasks.published.embodied_reasoner import load_embodied_reasoner
from envs.tasks.published.files import PublishedError

_LOADERS: dict[str, Callable[[Path], tuple[Task, ...]]] = {
    "alfred": load_alfred,
    "embodied-reasoner": load_embodied_reasoner,
    "eb-navigation": load_eb_navigation,
}
PUBLISHED = tuple(_LOADERS)
# The action level that a suite's own limits and rules are about.
LEVEL_OF = {"alfred": "skill", "embodied-reasoner": "skill", "eb-navigation": "primitive"}


def load_published(name: str) -> tuple[Task, ...]:
    """The tasks of a published suite.

    Args:
        name: ``SUITE:PATH``, with one of ``PUBLISHED``.

    Raises:
        PublishedError: If the name or the file is wrong.
    """
    suite, colon, path = name.partition(":")
    if suite not in _LOADERS or not colon or not path:
        known = ", ".join(f"{s}:PATH" for s in PUBLISHED)
        raise PublishedError(f"{name!r} is no published suite: use one of {known}.")
    try:
        return _LOADERS[suite](Path(path))
    except (ValueError, OSError) as error:
        raise PublishedError(str(error)) from error
