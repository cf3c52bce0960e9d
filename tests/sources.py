"""The project's own source, parsed: for tests of its rules."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("agent", "envs", "policies", "training")


def files_below(*folders: str) -> list[Path]:
    """Python files below some folders of the root, in order."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


LIBRARY = [*files_below(*PACKAGES), ROOT / "run_episode.py"]
SOURCES = [*LIBRARY, *files_below("tests")]


def name_of(path: Path) -> str:
    """Path as shown in a test's id, relative to the root."""
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    """Dotted name of a source file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@functools.cache
def tree_of(path: Path) -> ast.Module:
    """Parsed source of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@functools.cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a parsed file, which many rules go through."""
    return tuple(ast.walk(tree_of(path)))


def called(node: ast.Call) -> str:
    """Last part of the name of what a call calls, "" where it has none."""
    target = node.func
    if isinstance(target, ast.Attribute):
        return target.attr
    return target.id if isinstance(target, ast.Name) else ""


def imports_of(path: Path) -> Iterator[str]:
    """Dotted names a file imports anywhere, functions and ``import_module("...")`` included."""
    for node in nodes_of(path):
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


def module_graph(paths: list[Path]) -> dict[str, set[str]]:
    """Of each module the other modules among ``paths`` that it imports, wherever it does so."""
    known = {module_of(path) for path in paths}
    graph: dict[str, set[str]] = {}
    for path in paths:
        own = module_of(path)
        graph[own] = set()
        for name in imports_of(path):
            while name and name not in known:
                name = name.rpartition(".")[0]
            if name and name != own:
                graph[own].add(name)
    return graph


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that reach each other: strongly connected components of two or more.

    >>> circles({"a": {"b"}, "b": {"c"}, "c": {"b"}})
    [['b', 'c']]
    """
    reach: dict[str, set[str]] = {}
    for start in graph:
        seen: set[str] = set()
        todo = [start]
        while todo:
            for name in graph.get(todo.pop(), ()):
                if name not in seen:
                    seen.add(name)
                    todo.append(name)
        reach[start] = seen
    groups = {
        frozenset({a, *(b for b in reach[a] if a in reach[b])}) for a in graph if a in reach[a]
    }
    return sorted(sorted(group) for group in groups)
