"""Exported datasets are read back by the libraries they are for, with everything in its place."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from agent.loop import Episode, EpisodeSettings
from agent.recording.recorder import Recorder
from agent.recording.trajectory import EpisodeHeader
from envs.actions import VERBS
from tests.fakes import FakeKitchen, ScriptedPolicy
from training.export.__main__ import main
from training.export.lerobot import (
    CAMERA,
    VIDEO_BYTES,
    action_vector,
    export_lerobot,
    targets,
)
from training.export.recorded import load_all


def _has(*names):
    return all(importlib.util.find_spec(name) for name in names)


needs_minari = pytest.mark.skipif(
    not _has("minari", "h5py"), reason="Minari is not installed (the extra export)"
)
needs_pyarrow = pytest.mark.skipif(
    not _has("pyarrow"), reason="pyarrow is not installed (the extra export)"
)
# LeRobot's releases want an older torch than this project: another interpreter reads it back.
LEROBOT = os.environ.get("LEROBOT_PYTHON") or (sys.executable if _has("lerobot") else "")
SCRIPT = (
    "goto CounterTop",
    "pick up Apple",
    "gibberish",
    "goto Fridge",
    "open Fridge",
    "open Fridge",
    "put in Fridge at (0.50, 0.25)",
)


def _record(place, script=SCRIPT, seed=0):
    place.mkdir(parents=True)
    header = EpisodeHeader(
        "FloorPlan1", "pick_and_place", "", seed, "scripted", "fake 1.0", "skill", "binary", 1
    )
    with Recorder(place) as recorder:
        Episode(
            FakeKitchen(broken=("open Fridge",)),
            ScriptedPolicy(script),
            EpisodeSettings(rounds=1),
            [recorder],
        ).run(header, seed=seed)
    return place


@pytest.fixture
def runs(tmp_path):
    """One run of a won episode, one of an evaluation with a lost one."""
    _record(tmp_path / "evaluation" / "episodes" / "0000-clean-r1", ("goto Fridge", "done"), 5)
    return [_record(tmp_path / "run"), tmp_path / "evaluation"]


@needs_minari
@pytest.mark.parametrize("lossless", [True, False])
def test_minari_reads_back_what_was_recorded(runs, tmp_path, capsys, lossless):
    import minari

    root = tmp_path / "datasets"
    given = ["minari", *map(str, runs), "--name", "kitchen/fake-v0", "--root", str(root)]
    assert main(given + ["--lossless"] * lossless) == 0
    said = capsys.readouterr()
    assert "2 episodes, 9 steps" in said.out and not said.err
    dataset = minari.MinariDataset(root / "kitchen" / "fake-v0" / "data")
    assert (dataset.total_episodes, dataset.total_steps) == (2, 9)
    for read, episode in zip(dataset.iterate_episodes(), load_all(runs), strict=True):
        frames = np.stack(list(episode.frames()))
        assert read.observations["rgb"].shape == frames.shape == (len(read.actions) + 1, 64, 64, 3)
        gap = np.abs(read.observations["rgb"].astype(int) - frames).mean()
        assert gap == 0 if lossless else gap < 4
        assert read.observations["feedback"] == episode.feedback
        assert read.observations["instruction"][0] == FakeKitchen.INSTRUCTION
        assert read.actions == [step.action for step in episode.steps]
        assert read.rewards.tolist() == [step.reward for step in episode.steps]
        assert bool(read.terminations[-1]) and not read.terminations[:-1].any()
        assert read.infos["is_error"][1:].tolist() == [step.is_error for step in episode.steps]
    first, second = dataset.storage.get_episode_metadata([0, 1])
    assert (bool(first["success"]), bool(second["success"])) == (True, False)
    assert (first["scene"], second["seed"]) == ("FloorPlan1", 5)
    assert main(given) == 2
    assert "is there already" in capsys.readouterr().err


READ = """
import json, sys
from lerobot.datasets.lerobot_dataset import LeRobotDataset

whole = LeRobotDataset("local/made", root=sys.argv[1], video_backend="pyav")
rows = []
for row in whole:
    picture = row.pop(sys.argv[2])
    rows.append({k: v.tolist() if hasattr(v, "tolist") else v for k, v in row.items()})
    rows[-1]["picture"] = (255 * picture.permute(1, 2, 0)).round().int().tolist()
second = LeRobotDataset("local/made", root=sys.argv[1], episodes=[1], video_backend="pyav")
print(json.dumps({"rows": rows, "episodes": whole.num_episodes, "second": len(second),
                  "mean": whole.meta.stats["action"]["mean"].tolist(),
                  "light": whole.meta.stats[sys.argv[2]]["mean"].ravel().tolist()}))
"""


@needs_pyarrow
@pytest.mark.skipif(not LEROBOT, reason="LEROBOT_PYTHON names no interpreter with LeRobot")
@pytest.mark.parametrize("video_bytes", [VIDEO_BYTES, 1])
def test_lerobot_reads_back_what_was_recorded(runs, tmp_path, video_bytes):
    out = tmp_path / "dataset"
    export_lerobot(load_all(runs), out, 2, video_bytes)
    assert len(list(out.glob("videos/*/*/*.mp4"))) == (1 if video_bytes == VIDEO_BYTES else 2)
    done = subprocess.run(
        [LEROBOT, "-c", READ, str(out), CAMERA],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf")},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.strip().splitlines()[-1])
    episodes = load_all(runs)
    steps = [
        (e, step, frame) for e in episodes for step, frame in zip(e.steps, e.frames(), strict=False)
    ]
    assert (found["episodes"], found["second"], len(found["rows"])) == (2, 2, len(steps))
    things = {name: k for k, name in enumerate(targets())}
    for row, (_, step, frame) in zip(found["rows"], steps, strict=True):
        assert row["action.text"] == step.action and row["task"] == FakeKitchen.INSTRUCTION
        assert row["action"] == pytest.approx(action_vector(step.action, things))
        assert row["observation.feedback"] == step.feedback
        assert row["is_error"] == step.is_error and row["next.reward"] == step.reward
        assert row["timestamp"] == step.index / 2
        assert np.abs(np.array(row["picture"]) - frame).mean() < 6
    assert [row["next.success"] for row in found["rows"]] == [False] * 6 + [True] + [False] * 2
    light = np.mean([frame.mean((0, 1)) for *_, frame in steps], axis=0) / 255
    assert found["light"] == pytest.approx(light, abs=1e-6)
    assert found["mean"][0] == pytest.approx(np.mean([row["action"][0] for row in found["rows"]]))


@needs_pyarrow
def test_a_lerobot_dataset_has_the_files_of_its_format(runs, tmp_path):
    import av
    import pyarrow.parquet as pq

    out = tmp_path / "dataset"
    assert main(["lerobot", *map(str, runs), "--out", str(out), "--won"]) == 0
    info = json.loads((out / "meta" / "info.json").read_text())
    assert (info["codebase_version"], info["total_episodes"], info["total_frames"]) == (
        "v3.0",
        1,
        7,
    )
    table = pq.read_table(out / info["data_path"].format(chunk_index=0, file_index=0))
    videos = [k for k, column in info["features"].items() if column["dtype"] == "video"]
    assert videos == [CAMERA]
    assert sorted([*table.column_names, CAMERA]) == sorted(info["features"])
    assert table["index"].to_pylist() == list(range(7))
    known = json.loads((out / "meta" / "vocabulary.json").read_text())
    verb, thing, x, y = table["action"].to_pylist()[-1]
    assert (known["verbs"][int(verb)], known["things"][int(thing)], x, y) == (
        "put in",
        "Fridge",
        0.5,
        0.25,
    )
    assert tuple(known["verbs"]) == VERBS
    assert table["action"].to_pylist()[2] == [-1.0] * 4
    path = info["video_path"].format(video_key=CAMERA, chunk_index=0, file_index=0)
    with av.open(str(out / path)) as film:
        assert sum(1 for _ in film.decode(video=0)) == 7
    row = pq.read_table(out / "meta/episodes/chunk-000/file-000.parquet").to_pylist()[0]
    assert (row["length"], row["dataset_to_index"], row[f"videos/{CAMERA}/to_timestamp"]) == (
        7,
        7,
        7.0,
    )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["dataset", "evaluation", "run"]


def _cut(run):
    path = run / "trajectory.jsonl"
    path.write_text(path.read_text().rpartition('{"record": "summary"')[0])


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda run: shutil.rmtree(run / "frames"), "--keep frames"),
        (lambda run: (run / "trajectory.jsonl").unlink(), "no recorded episode"),
        (_cut, "breaks off"),
    ],
)
def test_what_can_not_be_exported_is_one_line_and_leaves_nothing(
    runs, tmp_path, capsys, spoil, said
):
    spoil(runs[0])
    assert main(["lerobot", str(runs[0]), "--out", str(tmp_path / "dataset")]) == 2
    error = capsys.readouterr().err.strip()
    assert said in error and "\n" not in error
    assert not (tmp_path / "dataset").exists()


@needs_pyarrow
def test_many_short_episodes_stand_one_after_the_other(tmp_path):
    import av
    import pyarrow.parquet as pq

    runs = [_record(tmp_path / f"run-{seed}", ("done",), seed) for seed in range(12)]
    out = export_lerobot(load_all(runs), tmp_path / "dataset")
    rows = pq.read_table(out / "meta/episodes/chunk-000/file-000.parquet").to_pylist()
    assert [row[f"videos/{CAMERA}/from_timestamp"] for row in rows] == list(range(12))
    with av.open(str(out / "videos" / CAMERA / "chunk-000/file-000.mp4")) as film:
        assert [frame.time for frame in film.decode(video=0)] == list(range(12))


@needs_pyarrow
def test_a_missing_picture_leaves_no_half_dataset(runs, tmp_path, capsys):
    (runs[0] / "frames" / "0003.png").unlink()
    assert main(["lerobot", str(runs[0]), "--out", str(tmp_path / "dataset")]) == 2
    assert "0003.png" in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["evaluation", "run"]


@needs_minari
def test_misuse_is_one_line(runs, tmp_path, capsys):
    root = ["--root", str(tmp_path / "datasets")]
    assert main(["minari", str(runs[0]), "--name", "no version", *root]) == 2
    assert "kitchen/expert-v0" in capsys.readouterr().err
    (runs[0] / "frames" / "0003.png").unlink()
    assert main(["minari", str(runs[0]), "--name", "made/up-v0", *root]) == 2
    assert "0003.png" in capsys.readouterr().err
    assert not (tmp_path / "datasets" / "made" / "up-v0").exists()


@pytest.mark.skipif(_has("minari", "h5py"), reason="Minari is installed")
def test_without_minari_the_error_names_the_extra(runs, capsys):
    assert main(["minari", str(runs[0]), "--name", "made/up-v0"]) == 2
    assert "pip install 'cimr-thor[export]'" in capsys.readouterr().err


@pytest.mark.skipif(_has("pyarrow"), reason="pyarrow is installed")
def test_without_pyarrow_the_error_names_the_extra(runs, tmp_path, capsys):
    assert main(["lerobot", str(runs[0]), "--out", str(tmp_path / "o")]) == 2
    assert "pip install 'cimr-thor[export]'" in capsys.readouterr().err
