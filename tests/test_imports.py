"""The rules of the tree, checked on the parsed source: who imports whom, what nobody does."""

from __future__ import annotations

import ast
import functools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAX_LINES = 400
OURS = ("training", "agent", "policies", "envs", "envs.simulator")  # each imports only later ones
PRIVILEGED = ("metadata", "state")
SOURCES = sorted(
    path
    for folder in ("agent", "envs", "policies", "training", "tests")
    for path in (ROOT / folder).rglob("*.py")
) + [path for path in [ROOT / "run_episode.py"] if path.exists()]
LIBRARY = [path for path in SOURCES if path.relative_to(ROOT).parts[0] != "tests"]


def name_of(path: Path) -> str:
    """Path as shown in a test's id, relative to the root."""
    return path.relative_to(ROOT).as_posix()


@functools.cache
def tree_of(path: Path) -> ast.Module:
    """Parsed source of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports_of(path: Path) -> Iterator[str]:
    """Dotted names a file imports anywhere, functions and `import_module("...")` included."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from (f"{module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and called(node) in ("import_module", "__import__"):
            yield from (
                argument.value
                for argument in node.args[:1]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            )


def called(node: ast.Call) -> str:
    """Last part of the name of what a call calls, "" where it has none."""
    target = node.func
    if isinstance(target, ast.Attribute):
        return target.attr
    return target.id if isinstance(target, ast.Name) else ""


def layer_of(module: str) -> str | None:
    """Which of our packages a dotted name belongs to; None for foreign ones."""
    inside = [ours for ours in OURS if module == ours or module.startswith(ours + ".")]
    return max(inside, key=len, default=None)


@pytest.mark.parametrize("path", LIBRARY, ids=name_of)
def test_imports_point_one_way(path):
    own = layer_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
    allowed = OURS[OURS.index(own) :] if own else OURS[1:]  # run_episode.py: all but training
    for module in imports_of(path):
        assert not module.startswith("."), f"relative import {module}"
        assert not module.startswith("tests"), f"imports the tests: {module}"
        layer = layer_of(module)
        assert layer is None or layer in allowed, f"{own or path.name} must not import {module}"


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


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_files_stay_short(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MAX_LINES, f"{lines} lines: split it, one idea a file"


def test_importing_is_quiet_and_light():
    packages = [layer for layer in OURS if (ROOT / layer.replace(".", "/")).is_dir()]
    code = (
        "import sys\n"
        + "".join(f"import {package}\n" for package in packages)
        + ("print([name for name in ('torch', 'transformers', 'panda3d') if name in sys.modules])")
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_the_rules_can_fail(tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text(
        "from envs import actions\nimport importlib\n"
        "def f():\n    import training.sft\n    importlib.import_module('agent.loop')\n"
    )
    assert list(imports_of(bad)) == ["envs.actions", "importlib", "training.sft", "agent.loop"]
    assert [
        layer_of(name) for name in ("envs.simulator.world.world", "envs.actions", "environs")
    ] == [
        "envs.simulator",
        "envs",
        None,
    ]
