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
    return any(
        isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"
        for node in tree_of(path).body
    )


COMMANDS = sorted(
    module_of(path)
    for path in LIBRARY
    if is_command(path) and module_of(path) not in NOT_FOR_PEOPLE
)


def help_of(module: str) -> str:
    """What a command prints with ``--help``."""
    said = io.StringIO()
    main = importlib.import_module(module).main
    with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        main(["--help"])
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


def test_commands_are_found():
    assert {"run_episode", "training.evaluate", "envs.simulator.install"} <= set(COMMANDS)


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("training.evaluation.freeze", ["--name", "new", "--episodes", "1", "--out", "DIR"]),
        ("training.data.collect_frames", ["--smoke", "--out", "DIR"]),
        ("training.data.collect_demonstrations", ["--smoke", "--out", "DIR"]),
        ("training.data.map.__main__", ["build", "--smoke", "--out", "DIR"]),
        ("envs.simulator.tools.contact_sheet", ["--types", "Mug", "--out", "DIR/a.png"]),
        ("envs.simulator.tools.room_sheet", ["--scenes", "FloorPlan1", "--out", "DIR"]),
        ("envs.simulator.tools.twin", ["export", "--scene", "FloorPlan1", "--out", "DIR/a.json"]),
        ("run_episode", ["--scene", "FloorPlan1", "--out", "DIR"]),
    ],
)
def test_a_target_that_can_not_be_written_is_refused_before_any_work(
    module, arguments, tmp_path, capsys
):
    (tmp_path / "file").write_text("a user's")
    given = [text.replace("DIR", str(tmp_path / "file" / "below")) for text in arguments]
    main = importlib.import_module(module).main
    with contextlib.suppress(SystemExit):
        assert main(given) == 2
    said = capsys.readouterr().err
    assert "file" in said and "Traceback" not in said
    assert len(said.strip().splitlines()) == 1
    assert (tmp_path / "file").read_text() == "a user's"
