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
from tests.test_commands import COMMANDS
from tests.ways import EXECUTABLE, ROOT

linux = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in MACHINES,
    reason=f"needs Linux on {' or '.join(MACHINES)}",
)

# Runs as the user's root in a mount namespace of its own: nothing outside changes.
HIDE = r"""
import contextlib, ctypes, glob, importlib, io, itertools, os, subprocess, sys, traceback
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
"""
QUICK = r"""
from envs.simulator.system.syslibs import opencv
from envs.thor_env import ThorEnv
env = ThorEnv(scene="FloorPlan402", families=("open",), width=64, height=64)
seen, _ = env.reset(seed=0)
assert seen["rgb"].std() > 10
env.step("look around")
env.close()
assert opencv().resize(seen["rgb"], (10, 10)).shape == (10, 10, 3)
"""
# All commands in one process, which imports the large libraries once.
COMMANDS_RUN = r"""
bad = []
for module, *arguments in RUNS:
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = importlib.import_module(module).main(arguments)
    except SystemExit as end:
        code = end.code
    except BaseException:
        code = traceback.format_exc()
    if code not in (0, None):
        bad.append(f"{module} {arguments}: {code} {said.getvalue()[-600:]}")
sys.exit("\n".join(bad)) if bad else print("all well")
"""
SERVED = r"""
from ai2thor.controller import Controller
controller = Controller(local_executable_path=EXECUTABLE, x_display="0", scene="FloorPlan1",
                        server_timeout=60)
assert controller.step("RotateRight", renderInstanceSegmentation=True).frame.std() > 10
controller.stop()
"""
# The smallest run of every command that needs nothing but the project. Those left out read what
# others have recorded, or play for hours: their --help imports what they would draw with.
SMALLEST = (
    ("run_episode", "--scene", "FloorPlan402", "--policy", "expert", "--out", "run"),
    ("agent.display.report", "run"),
    ("agent.display.animation", "run", "--out", "run.webp"),
    ("training.data.collect_frames", "--smoke", "--frames", "1", "--out", "views"),
    (
        "training.pretrain_vision",
        "--views",
        "views",
        "--updates",
        "1",
        "--batch",
        "2",
        "--out",
        "v",
    ),
    ("training.data.collect_demonstrations", "--smoke", "--out", "steps"),
    ("training.evaluation.freeze", "--name", "one", "--episodes", "1", "--out", "suites"),
    (
        *("training.evaluate", "--suite", "suites/one.jsonl", "--policy", "random"),
        *("--episodes", "1", "--workers", "0", "--out", "evaluation"),
    ),
    ("training.evaluation.report", "evaluation"),
    ("training.evaluation.compare", "evaluation", "evaluation", "--out", "compared.md"),
    ("training.tables.__main__", "cimr", "--smoke", "--out", "tables"),
    ("envs.simulator.tools.contact_sheet", "--types", "Mug", "--out", "mug.png"),
    ("envs.simulator.tools.room_sheet", "--scenes", "FloorPlan402", "--out", "room.png"),
    ("envs.simulator.tools.twin", "export", "--scene", "FloorPlan402", "--out", "room.json"),
    ("envs.simulator.tools.truth", "--scenes", "FloorPlan402", "--poses", "1"),
    ("envs.simulator.tools.benchmark", "--scene", "FloorPlan402", "--seconds", "0.1"),
    ("envs.simulator.tools.fuzz", "--scenes", "FloorPlan402", "--actions", "10"),
    ("envs.simulator.tools.coverage",),
    ("policies.check",),
)


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


def without_libraries(code: str, folder: Path) -> None:
    """Runs a program where every library of X11 and GL is hidden; it must end by "all well"."""
    try:
        allowed = subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("unshare (util-linux) is not installed")
    if allowed.returncode:
        pytest.skip(f"mount namespaces are not allowed here: {allowed.stderr.decode().strip()}")
    done = subprocess.run(
        ["unshare", "-rm", sys.executable, "-c", f"ROOT = {str(ROOT)!r}\n{HIDE}{code}"],
        cwd=folder,
        env={**os.environ, "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.stdout.endswith("all well\n"), done.stdout + done.stderr


@linux
def test_it_runs_with_every_x_and_gl_library_hidden(tmp_path):
    runs = [("envs.simulator.tools.contact_sheet", "--types", "Mug", "--out", "mug.png")]
    without_libraries(f"{QUICK}RUNS = {runs!r}\n{COMMANDS_RUN}", tmp_path)


@linux
@pytest.mark.slow
def test_every_command_tells_its_help_without_those_libraries(tmp_path):
    runs = [(module, "--help") for module in COMMANDS]
    without_libraries(f"RUNS = {runs!r}\n{COMMANDS_RUN}", tmp_path)


@linux
@pytest.mark.slow
def test_every_command_does_its_smallest_run_without_those_libraries(tmp_path):
    code = f"EXECUTABLE = {EXECUTABLE!r}\nRUNS = {SMALLEST!r}\n{SERVED}{COMMANDS_RUN}"
    without_libraries(code, tmp_path)


# What the smallest runs leave out, with the reason.
LEFT_OUT = {
    "envs.doctor.__main__": "tells what is missing, which is the case here",
    "envs.simulator.__main__": "the runs begin with it",
    "envs.simulator.install": "changes the environment it runs in",
    "envs.simulator.tools.build_assets": "needs a package that is not installed",
    "envs.simulator.tools.build_rooms": "needs a package that is not installed",
    "envs.simulator.tools.recordings": "reads recordings of AI2-THOR",
    "envs.simulator.tools.scene_check": "reads recordings of AI2-THOR",
    "envs.tasks.published.alfred_replay": "reads ALFRED's trials",
    "envs.vector": "measures with several processes",
    "policies.expert.__main__": "plays many episodes",
    "training.ablations.__main__": "trains by training.sft",
    "training.closer_look": "needs a trained policy",
    "training.data.map.__main__": "needs a package that may be left out",
    "training.export.__main__": "needs packages that may be left out",
    "training.ivr_r1.__main__": "its smallest run takes two minutes",
    "training.mmcr.bench": "needs a package that may be left out",
    "training.mmcr.build": "needs a package that may be left out",
    "training.mmcr.planted": "plays what training.mmcr.build plays",
    "training.mmcr.show": "needs a package that may be left out",
    "training.reader": "sees no picture",
    "training.recipe": "runs the others",
    "training.sft": "needs a vision encoder, which one update does not make",
    "training.soak": "plays for hours",
    "training.verifier": "needs a trained policy",
}


def test_no_command_is_left_out_without_a_reason():
    run = {module for module, *_ in SMALLEST}
    assert run | set(LEFT_OUT) == set(COMMANDS) and not run & set(LEFT_OUT)
