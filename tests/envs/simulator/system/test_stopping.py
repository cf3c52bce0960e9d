"""Signals become one exception, or are noted while something must not be broken off."""

from __future__ import annotations

import os
import signal

import pytest

from envs.simulator.system.stopping import Stopped, stop_noted, stoppable


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
