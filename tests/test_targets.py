"""Every command refuses a target that it can't, or must not, write: in one line, before it works.

Commands are found in the source, those with a target by their flags: one that is missing in the
table below fails a test, and so can't be forgotten.
"""

from __future__ import annotations

import contextlib
import importlib
import re
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sources import LIBRARY, called, module_of, tree_of
from tests.test_commands import COMMANDS, help_of

# Serves others, and is ended by them.
NO_COMMAND_LINE = {"envs.simulator.__main__"}
FLAGS = ("--out", "--root", "--transcript", "--tensorboard")


@dataclass(frozen=True)
class Target:
    """A flag of a command that names what it writes.

    Attributes:
        module: The command.
        kind: file; added (a folder that files are added to); replaced; any (a folder that may hold
            anything).
        before: Its other arguments, enough for a run; OUT is a free folder.
        flag: The flag.
        name: Below the folder that is tried.
    """

    module: str
    kind: str
    before: tuple[str, ...] = ()
    flag: str = "--out"
    name: str = "made"


SERVER = ("--policy", "openai:none", "--base-url", "http://127.0.0.1:9/v1", "--out", "OUT")
WRITER = ("--smoke", "--writer", *SERVER[1:])
TRAINED = (
    ("training.sft", ("--episodes", "nowhere")),
    ("training.pretrain_vision", ("--views", "nowhere")),
    ("training.verifier", ("--policy", "nowhere", "--episodes", "nowhere")),
)
TARGETS = (
    Target("agent.display.animation", "file", ("nowhere",), name="made.webp"),
    Target("envs.simulator.tools.build_assets", "file", ("--procthor", "nowhere")),
    Target(
        "envs.simulator.tools.build_rooms",
        "file",
        ("--procthor", "nowhere", "--alfworld", "nowhere"),
    ),
    Target("envs.simulator.tools.contact_sheet", "file", ("--types", "Mug"), name="made.png"),
    Target("envs.simulator.tools.room_sheet", "file", ("--scenes", "FloorPlan1"), name="a.png"),
    Target("envs.simulator.tools.room_sheet", "any", ("--scenes", "FloorPlan1")),
    Target(
        "envs.simulator.tools.twin", "file", ("export", "--scene", "FloorPlan1"), name="made.json"
    ),
    Target("training.evaluation.compare", "file", ("nowhere", "neither"), name="made.md"),
    Target("training.evaluation.freeze", "any", ("--name", "new", "--episodes", "1")),
    Target("training.data.collect_frames", "added", ("--smoke",)),
    Target("training.data.collect_demonstrations", "added", ("--smoke",)),
    Target("training.recipe", "added", ("default", "--smoke")),
    Target("training.ablations.__main__", "added", ("--episodes", "nowhere")),
    Target("training.evaluate", "added", ("--suite", "map-val", "--policy", "random")),
    Target("training.tables.__main__", "added", ("cimr", "--smoke")),
    Target("training.data.map.__main__", "added", ("build", "--smoke")),
    Target("training.mmcr.build", "added", ("--smoke",)),
    Target("training.mmcr.build", "file", WRITER, "--transcript"),
    Target("training.mmcr.bench", "added", ("--policy", "echo")),
    Target("training.mmcr.bench", "file", SERVER, "--transcript"),
    Target("training.mmcr.show", "file", ("nowhere",), name="made.html"),
    Target("training.export.__main__", "replaced", ("lerobot", "nowhere")),
    Target("training.export.__main__", "any", ("minari", "x", "--name", "a/b-v0"), "--root"),
    Target("training.reader", "replaced", ("--smoke",)),
    *(Target(module, "replaced", before) for module, before in TRAINED),
    *(Target(m, "any", (*before, "--out", "OUT"), "--tensorboard") for m, before in TRAINED),
    Target("training.ivr_r1.__main__", "added", ("--policy", "nowhere")),
    Target(
        "training.ivr_r1.__main__", "any", ("--policy", "nowhere", "--out", "OUT"), "--tensorboard"
    ),
    Target("run_episode", "replaced", ("--scene", "FloorPlan1")),
    Target("run_episode", "file", ("--scene", "FloorPlan1", *SERVER), "--transcript"),
    Target("training.evaluate", "file", ("--suite", "map-val", *SERVER), "--transcript"),
)
PARTS = {
    "training.export.__main__": ("lerobot", "minari"),
    "envs.simulator.tools.twin": ("export",),
    "training.data.map.__main__": ("build", "show"),
}
FILES = [target for target in TARGETS if target.kind == "file"]
FOLDERS = [target for target in TARGETS if target.kind != "file"]
# Their inputs are missing: they end as soon as the target was looked at, and its folder made.
LACKING = [t for t in TARGETS if "nowhere" in t.before and t.flag == "--out"]


def name_of(target: Target) -> str:
    return f"{target.module}{target.flag}-{target.kind}"


def source_of(module: str) -> Path:
    return next(path for path in LIBRARY if module_of(path) == module)


def test_every_command_ends_in_one_line_whatever_ends_it():
    bare = {m for m in COMMANDS if "@command(" not in source_of(m).read_text(encoding="utf-8")}
    assert bare == NO_COMMAND_LINE


def test_whatever_is_made_a_command_can_be_run_by_its_name():
    made = {
        module_of(path)
        for path in LIBRARY
        for node in tree_of(path).body
        for decorator in getattr(node, "decorator_list", ())
        if getattr(decorator, "func", None) is not None and called(decorator) == "command"
    }
    assert made and made <= set(COMMANDS)


@pytest.mark.parametrize("module", COMMANDS)
def test_every_flag_that_names_a_target_is_in_the_table(module):
    parts = {
        "training.export.__main__": ("lerobot", "minari"),
        "envs.simulator.tools.twin": ("export",),
        "training.data.map.__main__": ("build", "show"),
    }
    text = help_of(module) + "".join(help_of(module, part) for part in parts.get(module, ()))
    named = {flag for flag in FLAGS if re.search(rf"^ +{flag}\b", text, re.MULTILINE)}
    assert named == {target.flag for target in TARGETS if target.module == module}


def refusal(target: Target, place: Path, folder: Path, capsys) -> str:
    """What a command says of a target, in one line; no work is done before."""
    main = importlib.import_module(target.module).main
    before = [text.replace("OUT", str(folder / "out")) for text in target.before]
    begun = time.process_time()
    status = None
    with contextlib.suppress(SystemExit):
        status = main([*before, target.flag, str(place)])
    assert time.process_time() - begun < 20.0, "it worked first"
    said = capsys.readouterr().err.strip()
    assert status == 2 and "Traceback" not in said
    assert len(said.splitlines()) == 1 and len(said) < 800
    return said


@pytest.fixture
def folder(tmp_path):
    """A user's folder, with a file in it that stays as it was."""
    (tmp_path / "file").write_text("a user's")
    yield tmp_path
    assert (tmp_path / "file").read_text() == "a user's"


@pytest.mark.parametrize("target", TARGETS, ids=name_of)
def test_a_target_below_a_file_is_refused_before_any_work(target, folder, capsys):
    assert "file" in refusal(target, folder / "file" / target.name, folder, capsys)


@pytest.mark.parametrize("target", TARGETS, ids=name_of)
def test_a_name_that_is_too_long_is_refused_before_any_work(target, folder, capsys):
    said = refusal(target, folder / ("n" * 300 + Path(target.name).suffix), folder, capsys)
    assert "too long" in said
    assert not [path.name for path in folder.iterdir() if path.name.startswith("n")]


@pytest.mark.parametrize("target", FOLDERS, ids=name_of)
def test_a_file_where_a_folder_is_due_is_refused_before_any_work(target, folder, capsys):
    assert "file" in refusal(target, folder / "file", folder, capsys)


@pytest.mark.parametrize("target", FILES, ids=name_of)
def test_a_folder_where_a_file_is_due_is_refused_before_any_work(target, folder, capsys):
    (folder / target.name).mkdir()
    assert "is a directory" in refusal(target, folder / target.name, folder, capsys)


@pytest.mark.parametrize("target", [t for t in FOLDERS if t.kind != "any"], ids=name_of)
def test_a_folder_of_other_things_is_refused_and_stays(target, folder, capsys):
    (folder / "thesis").mkdir()
    (folder / "thesis" / "chapter.tex").write_text("years of work")
    said = refusal(target, folder / "thesis", folder, capsys)
    assert "thesis" in said and re.search(r"new or empty|a new folder", said)
    assert (folder / "thesis" / "chapter.tex").read_text() == "years of work"
    assert [path.name for path in (folder / "thesis").iterdir()] == ["chapter.tex"]


@pytest.mark.parametrize("target", LACKING, ids=name_of)
def test_a_missing_parent_is_made_and_a_missing_input_told_in_one_line(target, folder, capsys):
    said = refusal(target, folder / "new" / "deep" / target.name, folder, capsys)
    assert "nowhere" in said
