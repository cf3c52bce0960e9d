"""Who imports whom, and what nobody imports: checked on the parsed source."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.layers import FLOORS, entry_of, may_import
from tests.sources import (
    LIBRARY,
    PACKAGES,
    ROOT,
    SOURCES,
    called,
    circles,
    imports_of,
    module_graph,
    module_of,
    name_of,
    tree_of,
)

PRIVILEGED = ("metadata", "state")


@pytest.mark.parametrize("path", LIBRARY, ids=name_of)
def test_imports_point_one_way(path):
    own = module_of(path)
    for module in imports_of(path):
        assert not module.startswith("."), f"relative import {module}"
        assert not module.startswith("tests"), f"imports the tests: {module}"
        assert may_import(own, module), f"{entry_of(own)} must not import {module}"


def test_no_modules_import_each_other_in_a_circle():
    assert circles(module_graph(LIBRARY)) == []


def test_the_floors_name_every_package_and_nothing_else():
    packages = {module_of(path) for path in LIBRARY if path.name == "__init__.py"}
    entries = [name for floor in FLOORS for name in (*floor.entries, *floor.parts)]
    assert len(entries) == len(set(entries))
    modules = {module_of(path) for path in LIBRARY}
    assert packages <= set(entries), packages - set(entries)
    assert set(entries) <= modules, set(entries) - modules


def test_run_episode_never_imports_training():
    assert not [m for m in imports_of(ROOT / "run_episode.py") if m.startswith("training")]


@pytest.mark.parametrize(
    ("importer", "imported", "allowed"),
    [
        ("envs.simulator.world.world", "envs.simulator.dispatch.dispatcher", False),
        ("envs.simulator.dispatch.dispatcher", "envs.simulator.world.world", True),
        ("envs.simulator.core.geometry", "envs.simulator.system.elf", False),  # side by side
        ("policies.chat.endpoint", "policies.cimr.policy", False),
        ("policies.base", "agent.memory", False),
        ("agent.recording.recorder", "agent.display.video", False),
        ("envs.thor_env", "training.sft", False),
        ("training.sft", "numpy", True),
    ],
)
def test_the_floors_refuse_what_climbs(importer, imported, allowed):
    assert may_import(importer, imported) is allowed


def test_an_upward_import_is_found_in_the_source(tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text(
        "from envs import actions\nimport importlib\n"
        "def f():\n    import training.sft\n    importlib.import_module('agent.loop')\n"
    )
    found = list(imports_of(bad))
    assert found == ["envs.actions", "importlib", "training.sft", "agent.loop"]
    climbing = [name for name in found if not may_import("envs.simulator.world.bad", name)]
    assert climbing == ["envs.actions", "training.sft", "agent.loop"]


def test_a_circle_is_found_even_through_a_third_module():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}
    assert circles(graph) == [["a", "b", "c"]]
    assert circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


@pytest.mark.parametrize(
    "path", [p for p in LIBRARY if name_of(p).startswith("agent/")], ids=name_of
)
def test_agent_never_reads_privileged_state(path):
    for node in ast.walk(tree_of(path)):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Attribute):
            assert node.attr != "metadata", f"reads .metadata in line {line}"
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            assert node.slice.value not in PRIVILEGED, f"reads {node.slice.value!r} in line {line}"
        elif isinstance(node, ast.Call) and called(node) in ("get", "pop", "getattr"):
            read = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
            assert not set(PRIVILEGED) & set(read), f"reads {read} in line {line}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_nothing_is_unpickled(path):
    for module in imports_of(path):
        assert module.split(".")[0] not in ("pickle", "dill", "cloudpickle", "joblib", "shelve")
        assert module != "torch.load"
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            text = ast.unparse(node.func)
            assert text != "torch.load", f"torch.load in line {node.lineno}"
            pickles = [
                keyword
                for keyword in node.keywords
                if keyword.arg == "allow_pickle"
                and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)
            ]
            assert not pickles, f"allow_pickle in line {node.lineno}"


def test_importing_is_quiet_and_light():
    code = (
        "import sys\n"
        + "".join(f"import {package}\n" for package in (*PACKAGES, "envs.simulator"))
        + ("print([name for name in ('torch', 'transformers', 'panda3d') if name in sys.modules])")
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (done.stdout, done.stderr) == ("[]\n", "")
