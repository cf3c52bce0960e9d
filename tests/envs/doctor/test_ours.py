"""The probe of names: another package of the same name is told, wherever it comes from."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from envs.distribution import ROOT


def names(cwd: Path, *places: Path) -> dict[str, str]:
    """What the probe finds from a folder, with ``PYTHONPATH`` naming places before ours."""
    path = os.pathsep.join(str(place) for place in (*places, ROOT))
    done = subprocess.run(
        [sys.executable, "-m", "envs.doctor.probes", "names"],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path},
        timeout=60,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A folder that holds a package of the name ``agent``."""
    folder = tmp_path / "other"
    (folder / "agent").mkdir(parents=True)
    (folder / "agent" / "__init__.py").touch()
    return folder


def test_our_own_names_are_fine(tmp_path):
    found = names(tmp_path)
    assert found["status"] == "ok" and str(ROOT) in found["detail"]


def test_a_package_of_the_same_name_ahead_on_the_path_is_told(tmp_path, other):
    found = names(tmp_path, other)
    assert found["status"] == "broken" and f"agent is {other / 'agent'}" in found["detail"]
    assert found["remedy"] == "unset PYTHONPATH"


def test_a_package_of_the_same_name_in_the_working_directory_is_told(other):
    found = names(other)
    assert found["status"] == "broken" and f"agent is {other / 'agent'}" in found["detail"]
    assert found["remedy"].startswith("cd ")


def test_a_folder_without_init_shadows_nothing(tmp_path):
    (tmp_path / "agent").mkdir()
    assert names(tmp_path)["status"] == "ok"


def test_another_distribution_with_the_name_is_told(tmp_path):
    record = tmp_path / "site" / "Robo_Agents-1.2.dist-info"
    record.mkdir(parents=True)
    record.joinpath("METADATA").write_text(
        "Metadata-Version: 2.1\nName: Robo_Agents\nVersion: 1.2\n"
    )
    record.joinpath("top_level.txt").write_text("agent\nrobo\n")
    found = names(tmp_path, tmp_path / "site")
    assert found["status"] == "broken" and "Robo_Agents has a package agent" in found["detail"]
    assert found["remedy"] == "pip uninstall Robo_Agents"


def test_the_doctor_asks_in_the_user_s_own_environment(tmp_path, other):
    path = os.pathsep.join([str(other), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-m", "envs.doctor", "--only", "names"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        timeout=60,
        check=False,
    )
    assert done.returncode == 1 and "Not ready: names." in done.stdout, done.stdout + done.stderr
