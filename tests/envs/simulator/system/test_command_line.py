"""A mistake on a command line is one line that names the flag, the value and what may be given."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from envs.simulator.system.command_line import Parser, command, number_within, whole_from
from envs.simulator.system.stopping import Stopped
from tests.sources import ROOT


@pytest.fixture()
def parser():
    made = Parser(prog="draw", epilog="example: draw --size 3")
    made.add_argument("--size", type=whole_from(1, 64), help="edge, pixels")
    made.add_argument("--open", type=number_within(0, 1), help="how far it stands open")
    made.add_argument("--seconds", type=number_within(0.1), help="how long")
    return made


def test_good_values_are_taken(parser):
    options = parser.parse_args(["--size", "64", "--open", "1", "--seconds", "2.5"])
    assert (options.size, options.open, options.seconds) == (64, 1.0, 2.5)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--size", "0"], "argument --size: '0' is not a whole number from 1 to 64"),
        (["--size", "many"], "'many' is not a whole number"),
        (["--size", "65"], "from 1 to 64"),
        (["--open", "1.5"], "'1.5' is not a number from 0 to 1"),
        (["--open", "nan"], "'nan' is not a number"),
        (["--seconds", "inf"], "'inf' is not a number from 0.1 ("),
        (["--speed", "3"], "unrecognized arguments: --speed 3"),
    ],
)
def test_a_mistake_is_one_line(parser, capsys, arguments, says):
    with pytest.raises(SystemExit) as left:
        parser.parse_args(arguments)
    said = capsys.readouterr().err
    assert left.value.code == 2
    assert said.startswith("draw: error: ") and says in said and said.count("\n") == 1


def test_the_example_keeps_its_lines(parser):
    assert "example: draw --size 3" in parser.format_help()


@command("draw", "nothing was drawn")
def draw(what: str) -> int:
    """Ends as it is told."""
    if what == "told":
        raise Stopped(signal.SIGTERM, "one half is in x.png")
    if what in ("SIGINT", "SIGTERM", "SIGHUP"):
        os.kill(os.getpid(), signal.Signals[what])
    if what == "full":
        raise OSError(28, "No space left on device", "x.png")
    print("drawn " * 20_000)
    return 0


@pytest.mark.parametrize(
    ("what", "code", "said"),
    [
        ("SIGINT", 130, "draw: interrupted; nothing was drawn"),
        ("SIGTERM", 143, "draw: ended by SIGTERM; nothing was drawn"),
        ("SIGHUP", 129, "draw: ended by SIGHUP; nothing was drawn"),
        ("told", 143, "draw: ended by SIGTERM; one half is in x.png"),
        ("full", 2, "draw: x.png: No space left on device"),
    ],
)
def test_whatever_ends_a_command_is_one_line(capsys, what, code, said):
    assert draw(what) == code
    assert capsys.readouterr().err == said + "\n"


@pytest.mark.parametrize(
    ("to", "code", "said"),
    [
        (">/dev/full", 2, "draw: No space left on device\n"),
        ("| head -c 1", 141, ""),
    ],
)
def test_output_that_nobody_takes_is_no_traceback(to, code, said):
    program = "from tests.envs.simulator.system.test_command_line import draw"
    run = f"{sys.executable} -c '{program}; raise SystemExit(draw(str()))' {to}"
    done = subprocess.run(
        ["bash", "-c", f"{run}; exit ${{PIPESTATUS[0]}}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (code, said)
