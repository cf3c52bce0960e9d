"""A backend's stamp tells its versions apart."""

from __future__ import annotations

import sys

from envs.backends import backend_stamp


def test_the_embedded_backend_and_unity_say_their_version():
    assert backend_stamp("embedded").split()[1][0].isdigit()
    name, build = backend_stamp("unity").split()
    assert name == "unity" and len(build) == 8 and int(build, 16)


def test_an_executables_stamp_changes_with_its_files_only(tmp_path):
    script = tmp_path / "backend.py"
    script.write_text("one")
    command = f"{sys.executable} {script} --port 1"
    first = backend_stamp(command)
    assert first.startswith(command) and first == backend_stamp(command)
    script.write_text("two")
    assert backend_stamp(command) != first
