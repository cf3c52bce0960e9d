"""Every command says what it does: ``--help`` lists each flag with a sentence, and an example."""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import re

import pytest

from tests.sources import LIBRARY, module_of, tree_of

# Started by other parts of the project only.
NOT_FOR_PEOPLE = {"envs.doctor.probes", "envs.simulator.system.worker"}


def is_command(path) -> bool:
    """Whether a file does something when it is run by ``python -m``."""
    # Few are: the others need no parsing, which takes seconds for all of them.
    return "__main__" in path.read_text(encoding="utf-8") and any(
        isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"
        for node in tree_of(path).body
    )


COMMANDS = sorted(
    module_of(path)
    for path in LIBRARY
    if is_command(path) and module_of(path) not in NOT_FOR_PEOPLE
)


def help_of(module: str, *before: str) -> str:
    """What a command prints with ``--help``, after the name of a part of it if there are any."""
    said = io.StringIO()
    main = importlib.import_module(module).main
    with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        main([*before, "--help"])
    return said.getvalue()


def flags_without_a_word(text: str) -> list[str]:
    """Flags of a help text with nothing beside or below them.

    >>> flags_without_a_word("  --seed N    Of the tasks.\\n  --out DIR\\n  --json\\n      A line.")
    ['--out']
    """
    lines = text.splitlines()
    bare = []
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        flag = re.match(r"  (?:-\w(?: \S+)?, )?(--[\w-]+)", line)
        if flag and not re.search(r"\S {2,}\S", line.strip()) and not re.match(r" {6,}\S", after):
            bare.append(flag[1])
    return bare


@pytest.mark.parametrize("module", COMMANDS)
def test_help_lists_every_flag_with_a_sentence_and_an_example(module):
    text = help_of(module)
    assert text.startswith("usage:"), f"--help prints {text[:60]!r}"
    assert flags_without_a_word(text) == []
    name = module.removesuffix(".__main__")
    assert text.count(name if name != "run_episode" else "run_episode.py") >= 2, "no example"


def test_the_check_finds_a_flag_without_a_word():
    text = "usage: x\n\noptions:\n  -h, --help  show\n  --seed N\n  --out DIR  Where to.\n"
    assert flags_without_a_word(text) == ["--seed"]


# ai2thor's Controller starts it, and ends it in its own way.
STARTED_BY_OTHERS = {"envs.simulator.__main__"}


def ends_in_one_line(path) -> bool:
    """Whether a command's ``main`` is a ``@command``, and is run so that it outlives its reader."""
    mains = [
        node
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef) and node.name == "main"
    ]
    decorated = any(ast.unparse(d).startswith("command(") for m in mains for d in m.decorator_list)
    return decorated and "run_command(main)" in ast.unparse(tree_of(path).body[-1])


@pytest.mark.parametrize(
    "path",
    [p for p in LIBRARY if module_of(p) in set(COMMANDS) - STARTED_BY_OTHERS],
    ids=module_of,
)
def test_whatever_ends_a_command_is_told_in_one_line(path):
    assert ends_in_one_line(path)


def test_the_check_finds_a_command_that_a_signal_ends_with_a_traceback(tmp_path):
    path = tmp_path / "bare.py"
    path.write_text("def main():\n    return 0\n\nif __name__ == '__main__':\n    main()\n")
    assert not ends_in_one_line(path)


def test_commands_are_found():
    assert {"run_episode", "training.evaluate", "envs.simulator.install"} <= set(COMMANDS)
