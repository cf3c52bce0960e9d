"""House rules that can be counted: sizes of files, folders and functions; where tests lie."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from statistics import median

from tests.sources import LIBRARY, ROOT, SOURCES, files_below, module_of, name_of, nodes_of

MOST_LINES, MEDIAN_LINES, MOST_FILES, LONG_FUNCTION = 400, 200, 20, 60
# Functions that read better in one piece, each with the reason.
LONG_FUNCTIONS: dict[str, str] = {
    "run_episode:make_parser": "one entry a flag, with its help",
}
# Tests of what is no module of the library: of the tree, and of programs that others wrote.
PROGRAMS = "tests/envs/simulator/programs/"
ABOUT_THE_TREE = {
    f"tests/test_{name}.py"
    for name in ("house", "hostile", "imports", "commands", "packaging", "targets")
}


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_files_stay_short():
    long = {name_of(path): n for path in SOURCES if (n := lines_of(path)) > MOST_LINES}
    assert long == {}, "split it, one idea a file"


def test_half_of_all_files_are_shorter_still():
    assert median(map(lines_of, LIBRARY)) <= MEDIAN_LINES


def test_no_folder_is_crowded():
    count = Counter(name_of(path.parent) for path in SOURCES)
    assert {folder: n for folder, n in count.items() if n > MOST_FILES} == {}


def long_functions(path: Path) -> list[str]:
    """Names of functions of more than ``LONG_FUNCTION`` lines, as ``module:function``."""
    return [
        f"{module_of(path)}:{node.name}"
        for node in nodes_of(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > LONG_FUNCTION
    ]


def test_long_functions_are_listed_with_a_reason():
    found = {name for path in LIBRARY for name in long_functions(path)}
    assert found == set(LONG_FUNCTIONS)
    assert all(LONG_FUNCTIONS.values())


def renames(path):
    """Lines of a file that put one file in another's place: ``os.replace``, ``Path.rename`` ..."""
    for node in nodes_of(path):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, count = node.func.attr, len(node.args)
        module = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
        moves = (module, name) in {("os", "replace"), ("os", "rename"), ("shutil", "move")}
        # Text has replace, too, of two arguments.
        if moves or (name in ("rename", "replace") and count == 1 and not node.keywords):
            yield node.lineno


def test_only_one_module_puts_files_in_the_place_of_others():
    found = {name_of(path) for path in LIBRARY if any(renames(path))}
    assert found == {"envs/simulator/system/whole.py"}, "write by whole_file or whole_folder"


def test_no_assert_stands_outside_tests():
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in LIBRARY
        for node in nodes_of(path)
        if isinstance(node, ast.Assert)
    ]
    assert found == []


def mirrored(path: Path) -> bool:
    """Whether ``tests/a/test_b.py`` tests a module ``a/b.py`` or a package ``a/b/``."""
    tested = path.relative_to(ROOT / "tests").with_name(path.name.removeprefix("test_"))
    return (ROOT / tested).is_file() or (ROOT / tested).with_suffix("").is_dir()


def test_tests_mirror_modules():
    tests = [path for path in files_below("tests") if path.name.startswith("test_")]
    assert [
        name_of(path)
        for path in tests
        if name_of(path) not in ABOUT_THE_TREE
        and not name_of(path).startswith(PROGRAMS)
        and not mirrored(path)
    ] == []
    assert not mirrored(ROOT / "tests" / "envs" / "test_nothing.py")
