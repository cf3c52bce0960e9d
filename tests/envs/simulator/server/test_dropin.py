"""Plain ai2thor programs on the embedded simulator, as their users meet it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import sysconfig
import time
import venv
import warnings

import pytest
from ai2thor.controller import Controller
from ai2thor.exceptions import RestartError

from envs.simulator import install, patch, unpatch
from envs.simulator.server.dropin import is_patched
from tests.ways import EXECUTABLE, ROOT, open_controller

# Without DISPLAY, and where a GPU is named, ai2thor itself would give up before anything starts.
HOSTILE = {"CUDA_VISIBLE_DEVICES": "0"}
PROGRAM = """
from ai2thor.controller import Controller
from ai2thor.platform import CloudRendering
small = {"scene": "FloorPlan402"}
for options in ({}, {"platform": CloudRendering, **small}, {"gpu_device": 0, **small}):
    controller = Controller(server_timeout=60, **options)
    event = controller.step("RotateRight")
    assert event and event.frame.shape == (300, 300, 3) and event.frame.std() > 10, options
    controller.stop()
controller = Controller(headless=True, scene="FloorPlan402", server_timeout=60)
assert controller.step("Pass").frame is None
controller.stop()
print(type(controller.server).__name__)
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """A Python environment of its own, with the packages of this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True, with_pip=False)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "packages.pth").write_text(f"{ROOT}\n{sysconfig.get_path('purelib')}\n")
    return folder / "bin" / "python"


def run(python, code: str, cwd, *argv: str, **environ: str) -> subprocess.CompletedProcess:
    clean = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "PYTHONPATH")}
    clean |= {"HOME": str(cwd), "THOR_EMBEDDED_QUIET": "1", **HOSTILE, **environ}
    return subprocess.run(
        [str(python), *(argv or ("-W", "ignore", "-c", code))],
        cwd=cwd,
        env=clean,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_one_command_serves_plain_programs_and_one_takes_it_back(python, tmp_path):
    before = sorted(p.name for p in python.parents[1].rglob("*"))
    installer = ("-m", "envs.simulator.install")
    assert run(python, "", tmp_path, *installer, "--status").stdout.count("not installed") == 1
    assert run(python, "", tmp_path, *installer).stdout.startswith("Active")
    assert run(python, "", tmp_path, *installer).stdout.startswith("Already active")
    status = run(python, "", tmp_path, *installer, "--status").stdout
    assert "drop-in      active" in status and "ai2thor      5.0.0" in status
    done = run(python, PROGRAM, tmp_path)
    assert done.returncode == 0 and done.stdout == "InProcessServer\n", done.stderr
    told = run(
        python,
        "from ai2thor.controller import Controller; Controller(scene='FloorPlan402')",
        tmp_path,
        THOR_EMBEDDED_QUIET="",
    )
    assert "not on Unity" in told.stderr
    untouched = run(python, "import sys; print('ai2thor' in sys.modules)", tmp_path)
    assert (untouched.stdout, untouched.stderr) == ("False\n", "")
    assert run(python, "", tmp_path, *installer, "--undo").stdout.startswith("Undone")
    assert run(python, "", tmp_path, *installer, "uninstall").stdout.startswith("Nothing to undo")
    assert sorted(p.name for p in python.parents[1].rglob("*")) == before
    plain = "from ai2thor.controller import Controller; print(Controller.find_build.__module__)"
    assert run(python, plain, tmp_path).stdout == "ai2thor.controller\n"


@pytest.mark.slow
def test_a_program_with_its_own_envs_package_keeps_it(python, tmp_path):
    (tmp_path / "envs").mkdir()
    (tmp_path / "envs" / "__init__.py").write_text("MINE = True\n")
    site = next(python.parents[1].glob("lib/python*/site-packages"))
    install.install(site)
    try:
        done = run(python, f"{PROGRAM}\nimport envs; assert envs.MINE", tmp_path)
    finally:
        install.uninstall(site)
    assert done.returncode == 0 and done.stdout == "FifoServer\n", done.stderr


@pytest.mark.slow
def test_a_hook_whose_simulator_is_gone_leaves_ai2thor_alone(python, tmp_path):
    site = next(python.parents[1].glob("lib/python*/site-packages"))
    install.install(site)
    try:
        hook, _ = install.files(site)
        hook.write_text(hook.read_text().replace(repr(str(ROOT)), repr(str(tmp_path / "gone"))))
        code = "from ai2thor.controller import Controller; print(Controller.find_build.__module__)"
        done = run(python, code, tmp_path)
    finally:
        install.uninstall(site)
    assert done.stdout == "ai2thor.controller\n" and "thor-embedded: not active" in done.stderr


def test_an_environment_that_cannot_be_written_is_said_so(tmp_path, capsys):
    assert install.main(["--site-packages", str(tmp_path / "none")]) == 2
    assert "is no folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    "mode", ["in-process", pytest.param("separate-process", marks=pytest.mark.slow)]
)
def test_one_call_serves_one_program(mode):
    with pytest.raises(ValueError, match="in-process, separate-process"):
        patch("elsewhere")
    before = Controller.find_build
    patch(mode)
    patch(mode)
    try:
        assert is_patched()
        controller = Controller(scene="FloorPlan1", width=64, height=48, server_timeout=60)
        assert controller.step("RotateRight").frame.shape == (48, 64, 3)
        assert (type(controller.server).__name__ == "FifoServer") == (mode == "separate-process")
        controller.stop()
    finally:
        unpatch()
        unpatch()
    assert Controller.find_build is before and not is_patched()


@pytest.mark.slow
def test_a_named_executable_stays_what_was_asked_for():
    patch()
    try:
        controller = open_controller("fifo", width=64, height=48)
        assert type(controller.server).__name__ == "FifoServer"
        controller.stop()
    finally:
        unpatch()


def test_a_killed_backend_is_an_error_and_not_a_hang():
    controller = open_controller("fifo")
    controller.server.timeout = 2.0
    os.kill(controller.unity_pid, signal.SIGKILL)
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        controller.step("RotateRight")
    assert time.monotonic() - begun < 10


@pytest.mark.slow
def test_a_crashed_backend_is_restarted_by_the_client():
    controller = open_controller("fifo", server_timeout=None)
    os.kill(controller.unity_pid, signal.SIGSEGV)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(RestartError):
            controller.step("RotateRight")
    assert controller.step("RotateRight").frame.std() > 10
    controller.stop()


@pytest.mark.slow
def test_a_working_directory_and_headless_make_no_difference(tmp_path):
    code = (
        "from ai2thor.controller import Controller\n"
        f"c = Controller(local_executable_path={EXECUTABLE!r}, x_display='0', headless=True,"
        " scene='FloorPlan1', server_timeout=60)\n"
        "print(c.last_event.frame, bool(c.step('RotateRight')))\nc.stop()"
    )
    done = run(sys.executable, code, tmp_path, CUDA_VISIBLE_DEVICES="")
    assert done.stdout == "None True\n", done.stderr
