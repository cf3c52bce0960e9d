"""What the tests of signals and files have in common."""

from __future__ import annotations

import signal

import pytest


@pytest.fixture(autouse=True)
def signals_are_heard():
    """As of a process in the foreground: a job in the background may be deaf to two of them."""
    usual = {
        signal.SIGINT: signal.default_int_handler,
        signal.SIGHUP: signal.SIG_DFL,
        signal.SIGTERM: signal.SIG_DFL,
    }
    before = {number: signal.signal(number, handler) for number, handler in usual.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
