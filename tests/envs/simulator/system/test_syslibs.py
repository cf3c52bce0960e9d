"""The simulator needs no X11 or GL library of the system."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from envs.simulator.system.elf import MACHINES, library, undefined_symbols
from envs.simulator.system.syslibs import provide
from tests.ways import EXECUTABLE, ROOT

linux = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in MACHINES,
    reason=f"needs Linux on {' or '.join(MACHINES)}",
)

# Runs as the user's root in a mount namespace of its own: nothing outside changes.
HIDDEN = r"""
import ctypes, glob, itertools, os, subprocess, sys
sys.path.insert(0, ROOT)
folders = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib/*-linux-gnu",
           "/usr/lib/*-linux-gnu")
names = ("libX*", "libGL*", "libEGL*", "libOpenGL*", "libgallium*", "libOSMesa*", "libxcb*",
         "libglib-2.0*", "libgthread-2.0*", "libvulkan*")
found = {os.path.realpath(path) for folder, name in itertools.product(folders, names)
         for path in glob.glob(f"{folder}/{name}.so*")}
for path in sorted(found):
    subprocess.run(["mount", "--bind", "/dev/null", path], check=True)
for name in ("libX11.so.6", "libGL.so.1", "libxcb.so.1", "libglib-2.0.so.0"):
    try:
        ctypes.CDLL(name)
    except OSError:
        continue
    sys.exit(f"{name} is still there")
from envs.thor_env import ThorEnv
env = ThorEnv(scene="FloorPlan1", families=("open",))
seen, _ = env.reset(seed=0)
assert seen["rgb"].std() > 10
env.step("look around")
env.close()
from ai2thor.controller import Controller
controller = Controller(local_executable_path=EXECUTABLE, x_display="0", scene="FloorPlan1",
                        server_timeout=60)
assert controller.step("RotateRight", renderInstanceSegmentation=True).frame.std() > 10
controller.stop()
from training.data.collect_frames import main
assert main(["--smoke", "--frames", "1", "--out", "views"]) == 0
from training.data.view_parts import Views
from pathlib import Path
assert len(Views(Path("views")))
from envs.simulator.system.syslibs import opencv
assert opencv().resize(seen["rgb"], (10, 10)).shape == (10, 10, 3)
print("all well")
"""


@linux
def test_a_written_library_loads_and_does_nothing(tmp_path):
    path = tmp_path / "libnothing.so"
    names = [f"nothing_{i}" for i in range(300)]
    path.write_bytes(library("libnothing.so.1", names, platform.machine()))
    loaded = ctypes.CDLL(str(path))
    assert [getattr(loaded, name)() for name in names] == [0] * 300
    with pytest.raises(AttributeError):
        loaded.something_else()
    assert undefined_symbols(path) == set()


def test_a_library_for_an_unknown_machine_is_refused():
    with pytest.raises(ValueError, match="x86_64, aarch64"):
        library("libnothing.so.1", ["nothing"], "vax")


@linux
def test_what_the_renderer_asks_of_x11_is_read_from_it(tmp_path):
    spec = importlib.util.find_spec("panda3d")
    assert spec is not None and spec.submodule_search_locations
    wanted = undefined_symbols(Path(spec.submodule_search_locations[0], "libp3tinydisplay.so"))
    assert {"XOpenDisplay", "XCreateWindow"} <= wanted
    (tmp_path / "text").write_text("no library at all" * 10)
    assert undefined_symbols(tmp_path / "text") == set()


@linux
def test_nothing_is_replaced_where_the_system_has_it():
    try:
        ctypes.CDLL("libX11.so.6")
    except OSError:
        pytest.skip("this system has no libX11 to be left alone")
    assert provide(["libX11.so.6"], "panda3d", ("libp3tinydisplay.so",)) == []


def test_opencv_is_imported_in_one_place_only():
    """Elsewhere it would miss the libraries that are provided for it."""
    importing = {
        path.relative_to(ROOT).as_posix()
        for folder in ("agent", "envs", "policies", "training")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"^\s*(import|from) cv2\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert importing == {"envs/simulator/system/syslibs.py"}


@linux
def test_it_runs_with_every_x_and_gl_library_hidden(tmp_path):
    try:
        allowed = subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("unshare (util-linux) is not installed")
    if allowed.returncode:
        pytest.skip(f"mount namespaces are not allowed here: {allowed.stderr.decode().strip()}")
    code = f"ROOT = {str(ROOT)!r}\nEXECUTABLE = {EXECUTABLE!r}\n{HIDDEN}"
    done = subprocess.run(
        ["unshare", "-rm", sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.endswith("all well\n"), done.stdout + done.stderr
