"""What is shipped: every file of the packages, by wheel and by source distribution."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("agent", "envs", "policies", "training")
NOT_SHIPPED = ("__pycache__",)


def config() -> configparser.ConfigParser:
    """``setup.cfg``, with the case of its keys kept."""
    parser = configparser.ConfigParser()
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def files_of_packages() -> set[str]:
    """Every file under the packages, seen from the root."""
    return {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and not set(NOT_SHIPPED) & set(path.parts)
    }


def declared_data() -> set[str]:
    """The files that ``setup.cfg`` names as data of the packages."""
    return {
        path.relative_to(ROOT).as_posix()
        for package, patterns in config()["options.package_data"].items()
        for pattern in patterns.replace(",", "\n").split()
        for path in (ROOT / package.replace(".", "/")).glob(pattern)
    }


def test_every_data_file_is_declared():
    data = {name for name in files_of_packages() if not name.endswith(".py")}
    missing = sorted(data - declared_data())
    assert not missing, f"not shipped; add them to [options.package_data] of setup.cfg: {missing}"


def test_every_pattern_finds_a_file():
    for package, patterns in config()["options.package_data"].items():
        for pattern in patterns.replace(",", "\n").split():
            assert list((ROOT / package.replace(".", "/")).glob(pattern)), f"{package}: {pattern}"


def test_every_folder_with_modules_is_a_package():
    for name in files_of_packages():
        if name.endswith(".py"):
            assert (ROOT / name).with_name("__init__.py").exists(), f"{name} is in no package"


def test_every_extra_is_pinned():
    pinned = {
        line.split("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    wanted = config()["options"]["install_requires"].split()
    wanted += [
        one for extra in config()["options.extras_require"].values() for one in extra.split()
    ]
    for requirement in wanted:
        if not requirement.startswith("#"):
            name = requirement.replace("[", ">").replace("=", ">").split(">")[0]
            assert name.lower() in pinned, f"{name} is not in constraints.txt"


def test_the_version_stands_in_the_changelog_and_the_citation():
    version = config()["metadata"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"version: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution of this tree, and the wheel built from that."""
    tree, out = tmp_path_factory.mktemp("tree") / "tree", tmp_path_factory.mktemp("dist")
    ignored = shutil.ignore_patterns(".*_cache", ".git", ".venv", "__pycache__", "*.egg-info")
    skipped = {"build", "dist", "runs", "out", "datasets"}

    def ignore(folder: str, names: list[str]) -> set[str]:
        top = (
            skipped
            if Path(folder) == ROOT
            else {"_build"}
            if Path(folder) == ROOT / "docs"
            else set()
        )
        return ignored(folder, names) | (top & set(names))

    shutil.copytree(ROOT, tree, ignore=ignore)
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out)],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_packages_and_nothing_else(built):
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {n for n in archive.namelist() if ".dist-info/" not in n}
    assert names == files_of_packages() | {"run_episode.py"}


@pytest.mark.slow
def test_the_source_distribution_holds_what_its_tests_and_documentation_need(built):
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        names = {name.split("/", 1)[-1] for name in archive.getnames()}
    assert files_of_packages() <= names
    for place in ("tests", "docs"):
        wanted = {
            path.relative_to(ROOT).as_posix()
            for path in (ROOT / place).rglob("*")
            if path.is_file() and not {"__pycache__", "_build"} & set(path.parts)
        }
        assert wanted <= names, sorted(wanted - names)
    assert {"Makefile", "constraints.txt", "CITATION.cff", "ruff.toml", ".ci/run"} <= names
