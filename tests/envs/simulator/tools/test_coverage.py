"""The coverage table says what the dispatcher does."""

from __future__ import annotations

import json

import pytest

from envs.simulator.actions import Actions
from envs.simulator.actions.base import ActionGroup
from envs.simulator.dispatch.table import action_table
from envs.simulator.dispatch.unsupported import UNSUPPORTED
from envs.simulator.tools.coverage import known_actions, main, markdown, table
from tests.sources import ROOT

PAGE = ROOT / "docs" / "simulator-actions.md"


def test_every_action_is_listed_once():
    names = [row.action.removesuffix("~") for row in table()]
    assert len(names) == len(set(names))
    assert set(action_table(Actions)) <= set(names)
    assert {name for rows in known_actions().values() for name in rows} <= set(names)


def test_no_supported_action_is_called_unsupported():
    assert not set(UNSUPPORTED) & set(action_table(Actions))


def test_an_argument_the_method_lacks_makes_it_partial():
    known = known_actions()
    for row in table():
        wanted = known.get(row.group, {}).get(row.action.removesuffix("~"), ())
        if row.status == "full":
            for name in wanted:
                assert (
                    name
                    in row.arguments.replace("[", " ")
                    .replace("]", " ")
                    .replace(",", " ")
                    .replace("*", "")
                    .split()
                ), (row.action, name)


@pytest.mark.parametrize("flag", ["--markdown", "--json"])
def test_it_prints_every_action(capsys, flag):
    main([flag])
    printed = capsys.readouterr().out
    for name in action_table(Actions):
        assert f"`{name}`" in printed or f'"{name}' in printed
    if flag == "--json":
        assert len([json.loads(line) for line in printed.splitlines()]) == len(table())


def test_no_two_groups_share_the_name_of_a_method():
    owners: dict[str, str] = {}
    for group in Actions.__mro__:
        for name, value in vars(group).items():
            if callable(value) and not name.startswith("__") and group is not ActionGroup:
                assert name not in owners, f"{name} is in {owners[name]} and {group.__name__}"
                owners[name] = group.__name__


def test_the_page_of_the_documentation_is_what_the_command_prints():
    command = "python -m envs.simulator.tools.coverage --markdown > docs/simulator-actions.md"
    written = PAGE.read_text(encoding="utf-8")
    assert written == markdown(), f"the page is out of date; write it anew by: {command}"
