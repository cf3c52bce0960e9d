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
    nodes_of,
)

PRIVILEGED = {"metadata", "state"}
PICKLES = ("pickle", "dill", "cloudpickle", "joblib", "shelve")


def found_in(paths, check):
    """By name of each file that a check finds something in: what it finds."""
    return {name_of(path): lines for path in paths if (lines := list(check(path)))}


def climbing(path):
    """What a file imports that it must not."""
    own = module_of(path)
    for module in imports_of(path):
        if module.startswith("."):
            yield f"relative import {module}"
        elif module.startswith("tests"):
            yield f"imports the tests: {module}"
        elif not may_import(own, module):
            yield f"{entry_of(own)} must not import {module}"


def test_imports_point_one_way():
    assert found_in(LIBRARY, climbing) == {}


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
    refused = [name for name in found if not may_import("envs.simulator.world.bad", name)]
    assert refused == ["envs.actions", "training.sft", "agent.loop"]


def test_a_circle_is_found_even_through_a_third_module():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}
    assert circles(graph) == [["a", "b", "c"]]
    assert circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def privileged_reads(path):
    """Where a file reads what an agent may not see: ``.metadata``, ``["state"]`` and their like."""
    for node in nodes_of(path):
        if isinstance(node, ast.Attribute):
            read = {node.attr} & {"metadata"}
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            read = {node.slice.value} & PRIVILEGED
        elif isinstance(node, ast.Call) and called(node) in ("get", "pop", "getattr"):
            read = {arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)}
            read &= PRIVILEGED
        else:
            continue
        if read:
            yield f"reads {sorted(read)} in line {node.lineno}"


def test_agent_never_reads_privileged_state():
    files = [path for path in LIBRARY if name_of(path).startswith("agent/")]
    assert files and found_in(files, privileged_reads) == {}


def unpickling(path):
    """Where a file reads, or may read, what is pickled."""
    for module in imports_of(path):
        if module.split(".")[0] in PICKLES or module == "torch.load":
            yield f"imports {module}"
    for node in nodes_of(path):
        if isinstance(node, ast.Call):
            if called(node) == "load" and ast.unparse(node.func) == "torch.load":
                yield f"torch.load in line {node.lineno}"
            for keyword in node.keywords:
                value = keyword.value
                never = isinstance(value, ast.Constant) and value.value is False
                if keyword.arg == "allow_pickle" and not never:
                    yield f"allow_pickle in line {node.lineno}"


def test_nothing_is_unpickled():
    assert found_in(SOURCES, unpickling) == {}


def test_a_read_of_state_and_an_unpickling_are_found_in_the_source(tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text(
        "import pickle\n"
        "def f(event, info, path, trusted):\n"
        "    torch.load(path)\n"
        "    np.load(path, allow_pickle=trusted)\n"
        "    np.load(path, allow_pickle=False)\n"
        "    event.metadata\n"
        "    info['state']\n"
        "    info.get('metadata')\n"
    )
    assert [line[-1] for line in privileged_reads(bad)] == ["6", "7", "8"]
    assert [line.split()[0] for line in unpickling(bad)] == [
        "imports",
        "torch.load",
        "allow_pickle",
    ]


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
