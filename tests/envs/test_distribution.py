"""What the installed project says of itself."""

from __future__ import annotations

import configparser

from envs.distribution import (
    MODULES,
    NAME,
    ROOT,
    install_command,
    is_checkout,
    restore_command,
)


def test_the_name_is_the_one_that_setup_cfg_gives():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    assert config["metadata"]["name"] == NAME


def test_every_module_of_ours_is_there():
    for name in MODULES:
        assert (ROOT / name / "__init__.py").exists() or (ROOT / f"{name}.py").exists(), name


def test_a_checkout_is_mended_with_git_and_from_its_own_constraints():
    assert is_checkout()
    assert restore_command("policies/x") == "git checkout -- policies/x"
    assert "--editable" in install_command() and "constraints.txt" in install_command()
