"""Flags are what the dataclass says: name, type, default, help."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import pytest

from training.options import add_options, option, settings_from, share


@dataclass(frozen=True)
class _Settings:
    """Of a made-up command."""

    frames: int = option("frames to collect", 20, least=1)
    rate: float = option("highest rate", 0.5)
    out: Path | None = option("folder", None)
    runs: tuple[Path, ...] = option("may be given several times", (), required=True)
    faults: bool = option("leave out faults", True)
    smoke: bool = option("few", False)
    mode: str = option("how", "slow", choices=("slow", "fast"), also=("--pace",))
    kept: str = "no flag"
    kept_share: float = share("share of what is kept", 0.25)


def _parser():
    parser = argparse.ArgumentParser()
    add_options(parser, _Settings)
    return parser


def _read(*arguments):
    return settings_from(_Settings, _parser().parse_args(arguments))


def test_what_is_not_given_is_the_dataclass_own_default():
    assert _read("--runs", "a") == _Settings(runs=(Path("a"),))


def test_what_is_given_has_the_fields_type():
    found = _read(
        *("--frames", "3", "--rate", "2", "--out", "o", "--runs", "a", "--runs", "b"),
        *("--no-faults", "--smoke", "--pace", "fast"),
    )
    runs = (Path("a"), Path("b"))
    assert found == _Settings(3, 2.0, Path("o"), runs, False, True, "fast", "no flag")


@pytest.mark.parametrize(
    "arguments", [[], ["--runs", "a", "--frames", "0"], ["--runs", "a", "--mode", "still"]]
)
def test_what_makes_no_sense_is_refused(arguments, capsys):
    with pytest.raises(SystemExit):
        _read(*arguments)
    assert "error:" in capsys.readouterr().err


def test_every_flag_has_its_sentence_and_its_default():
    text = " ".join(_parser().format_help().split())
    for said in ("frames to collect; default 20", "highest rate; default 0.5", "leave out faults"):
        assert said in text
    assert "no flag" not in text


@pytest.mark.parametrize("given", ["-0.1", "60", "nan", "half"])
def test_a_share_is_from_0_to_1(given, capsys):
    assert _read("--runs", "a", "--kept-share", "1").kept_share == 1.0
    with pytest.raises(SystemExit):
        _read("--runs", "a", "--kept-share", given)
    assert "is not a share from 0 to 1" in capsys.readouterr().err
