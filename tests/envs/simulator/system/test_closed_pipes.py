"""A command whose reader goes away finishes its work in silence."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

from envs.simulator.system.closed_pipes import Unbroken

ROOT = Path(__file__).resolve().parents[4]
PRINTS_AND_WRITES = """
import pathlib, sys
from envs.simulator.system.closed_pipes import run_command
def main():
    for number in range(20000):
        print("line", number, flush=True)
    pathlib.Path(sys.argv[1]).write_text("whole")
    return 0
raise SystemExit(run_command(main))
"""


class _Gone(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_a_stream_without_a_reader_falls_silent() -> None:
    stream = Unbroken(_Gone())
    assert stream.write("five!") == 5 and stream.silent
    stream.flush()


def test_a_command_piped_into_head_does_its_work_to_the_end(tmp_path: Path) -> None:
    out = tmp_path / "record"
    command = [sys.executable, "-c", PRINTS_AND_WRITES, str(out)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == "line 0\n"
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(timeout=60) == 0
    assert out.read_text() == "whole"
