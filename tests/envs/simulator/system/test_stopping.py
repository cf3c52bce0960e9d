"""Signals become one exception, or are noted while something must not be broken off."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from envs.simulator.system.stopping import Stopped, stop_noted, stoppable
from tests.sources import ROOT


def test_sigterm_is_an_exception_and_afterwards_what_it_was():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Stopped) as stop, stoppable():
        os.kill(os.getpid(), signal.SIGTERM)
    assert stop.value.number == signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_noted_and_the_second_one_raised(number):
    with stop_noted() as stopped:
        assert stopped() == 0
        os.kill(os.getpid(), number)
        assert stopped() == number
        with pytest.raises(Stopped):
            os.kill(os.getpid(), signal.SIGTERM)


def test_a_signal_that_is_ignored_stays_so():
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with stoppable(), stop_noted() as stopped:
            os.kill(os.getpid(), signal.SIGTERM)
            assert stopped() == 0
    finally:
        signal.signal(signal.SIGTERM, before)


_PARENT = """
import os, signal, subprocess, sys
from envs.simulator.system.stopping import stop_with_parent
child = subprocess.Popen(
    [sys.executable, "-c", CHILD], start_new_session=True, stdout=sys.stdout,
    preexec_fn=stop_with_parent,
)
sys.stdin.readline()
os.kill(os.getpid(), signal.SIGKILL)
"""
_CHILD = """
import signal
print("ready", flush=True)
signal.sigwait([signal.SIGTERM])
print("told to end", flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs prctl")
def test_a_process_is_told_to_end_when_its_parent_is_killed_outright():
    code = f"CHILD = {('import signal; signal.pthread_sigmask(0, [15])' + _CHILD)!r}\n{_PARENT}"
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None and parent.stdin is not None
        assert parent.stdout.readline() == "ready\n"
        parent.stdin.write("now\n")
        parent.stdin.flush()
        assert parent.stdout.readline() == "told to end\n"
    assert parent.returncode == -signal.SIGKILL
