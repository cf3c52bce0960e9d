"""What a run leaves on disk: whole or not at all, the same for the same seed, readable back."""

from __future__ import annotations

import filecmp
import json
from pathlib import Path

import av
import numpy as np
import pytest

from agent.display.panel import SIZE
from agent.display.report import main as report_main
from agent.display.report import write_report
from agent.display.video import Video, VideoWriter
from agent.loop import Episode, EpisodeSettings
from agent.recording.output import check_target, run_directory
from agent.recording.recorder import Recorder
from agent.recording.trajectory import EpisodeHeader, frame_hash, read_trajectory
from envs.simulator.system.process_memory import resident_mb
from tests.fakes import FakeKitchen, ScriptedPolicy

HEADER = EpisodeHeader(
    scene="Fake",
    family="pick_and_place",
    instruction="",
    seed=0,
    policy="scripted",
    backend="fake 1.0",
    action_level="skill",
    feedback="binary",
    rounds=3,
)
SCRIPT = (
    "pick up Apple",
    "pick up Apple",
    "goto Fridge",
    "open Fridge",
    "open Fridge",
    "put in Fridge",
)
INSTEAD = {"pick up Apple": "goto CounterTop"}


def record(directory: Path, seed: int = 0, video: bool = False) -> Path:
    directory.mkdir(exist_ok=True)
    env, policy = FakeKitchen(broken=("open Fridge",)), ScriptedPolicy(SCRIPT, INSTEAD)
    with Recorder(directory) as recorder:
        if video:
            with Video(directory / "episode.mp4") as film:
                episode = Episode(env, policy, EpisodeSettings(), [recorder, film])
                env.on_frame = episode.frame_passed
                episode.run(HEADER, seed=seed)
        else:
            Episode(env, policy, EpisodeSettings(), [recorder]).run(HEADER, seed=seed)
    return directory


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    first, second = record(tmp_path / "a"), record(tmp_path / "b")
    assert filecmp.cmp(first / "trajectory.jsonl", second / "trajectory.jsonl", shallow=False)
    assert read_trajectory(first).digest() == read_trajectory(second).digest()
    names = sorted(path.name for path in (first / "frames").iterdir())
    assert names == sorted(path.name for path in (second / "frames").iterdir())
    _, different, broken = filecmp.cmpfiles(first / "frames", second / "frames", names, False)
    assert not different and not broken


def test_another_seed_writes_another_digest(tmp_path: Path) -> None:
    assert (
        read_trajectory(record(tmp_path / "a")).digest()
        != read_trajectory(record(tmp_path / "b", seed=1)).digest()
    )


def test_the_clock_stays_out_of_the_trajectory(tmp_path: Path) -> None:
    record(tmp_path / "a")
    trajectory = read_trajectory(tmp_path / "a")
    assert len(trajectory.timing) == len(trajectory.steps)
    (tmp_path / "a" / "timing.jsonl").write_text("damaged")
    assert read_trajectory(tmp_path / "a") == trajectory


def test_a_trajectory_reads_back_whole_and_its_frames_have_their_hashes(tmp_path: Path) -> None:
    from PIL import Image

    directory = record(tmp_path / "a")
    trajectory = read_trajectory(directory)
    assert trajectory.header.instruction == FakeKitchen.INSTRUCTION
    assert trajectory.summary is not None and trajectory.summary.success
    for step in trajectory.steps:
        assert frame_hash(np.asarray(Image.open(directory / step.frame))) == step.frame_hash
    first = trajectory.steps[0]
    assert len(first.rounds) == 2 and first.rounds[0].discrepancies[0].kind == "object_missing"


@pytest.mark.parametrize(
    "line", ["not json", "[]", "{}", '{"record": "song"}', '{"record": "step", "index": 0}']
)
def test_a_damaged_trajectory_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    path = record(tmp_path / "a") / "trajectory.jsonl"
    lines = path.read_text().split("\n")
    path.write_text("\n".join([lines[0], line, *lines[1:]]))
    with pytest.raises(ValueError, match=r"trajectory\.jsonl, line 2"):
        read_trajectory(tmp_path / "a")


def test_a_run_that_was_cut_short_still_reads(tmp_path: Path) -> None:
    path = record(tmp_path / "a") / "trajectory.jsonl"
    path.write_text("".join(line + "\n" for line in path.read_text().split("\n")[:3]))
    trajectory = read_trajectory(tmp_path / "a")
    assert trajectory.summary is None and len(trajectory.steps) == 2
    assert "CUT SHORT" in write_report(tmp_path / "a").read_text()


def test_the_video_holds_every_move_and_has_even_size(tmp_path: Path) -> None:
    directory = record(tmp_path / "a", video=True)
    with av.open(str(directory / "episode.mp4")) as container:
        stream = container.streams.video[0]
        pictures = sum(1 for _ in container.decode(stream))
        assert (stream.width, stream.height) == SIZE and not SIZE[0] % 2 and not SIZE[1] % 2
    assert pictures > 40


def test_a_closed_video_keeps_nothing_of_its_encoder(tmp_path: Path) -> None:
    picture = np.zeros((*SIZE[::-1], 3), np.uint8)

    def write(number: int) -> VideoWriter:
        writer = VideoWriter(tmp_path / f"{number}.mp4", SIZE)
        writer.add(picture, 20)
        writer.close()
        return writer

    closed = [write(0)]
    before = resident_mb()
    closed += [write(number) for number in range(1, 6)]
    # An encoder that stays behind is some 50 MiB.
    assert resident_mb() - before < 100


def test_an_odd_video_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="even"):
        VideoWriter(tmp_path / "a.mp4", (301, 300))


def test_the_report_is_one_page_without_references_to_elsewhere(tmp_path: Path) -> None:
    page = write_report(record(tmp_path / "a")).read_text()
    assert "http://" not in page and "https://" not in page and "<script" not in page
    assert page.count("data:image/jpeg;base64,") == 7
    assert "SUCCESS" in page and "no effect" in page


def test_the_report_escapes_what_strangers_wrote(tmp_path: Path) -> None:
    path = record(tmp_path / "a") / "trajectory.jsonl"
    path.write_text(path.read_text().replace("put the apple", "<script>alert(1)</script>"))
    assert "<script" not in write_report(tmp_path / "a").read_text()


def test_the_report_command_names_a_directory_without_a_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report_main([str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_a_finished_run_replaces_an_earlier_one(tmp_path: Path) -> None:
    for text in ("one", "two"):
        with run_directory(tmp_path / "runs" / "x") as partial:
            (partial / "trajectory.jsonl").write_text(text)
            (partial / f"episode-00{len(text)}").mkdir()
            (partial / ("report.html" if text == "one" else "episode.mp4")).write_text(text)
    assert (tmp_path / "runs" / "x" / "trajectory.jsonl").read_text() == "two"
    assert not (tmp_path / "runs" / "x" / "report.html").exists()
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["x"]


def test_a_broken_run_leaves_nothing_and_keeps_the_earlier_one(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), run_directory(tmp_path / "new" / "deep") as partial:
        (partial / "trajectory.jsonl").write_text("half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
    with run_directory(tmp_path / "x") as partial:
        (partial / "trajectory.jsonl").write_text("old")
    with pytest.raises(RuntimeError), run_directory(tmp_path / "x"):
        raise RuntimeError
    assert (tmp_path / "x" / "trajectory.jsonl").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_what_others_put_there_is_never_deleted(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"notes\.txt"), run_directory(tmp_path / "x") as partial:
        (partial / "trajectory.jsonl").write_text("new")
        (tmp_path / "x").mkdir()
        (tmp_path / "x" / "trajectory.jsonl").write_text("old")
        (tmp_path / "x" / "notes.txt").write_text("mine")
    assert (tmp_path / "x" / "notes.txt").read_text() == "mine"
    assert (tmp_path / "x" / "trajectory.jsonl").read_text() == "old"


def test_targets_that_are_not_ours_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.tex").write_text("")
    for target in (
        tmp_path / "file",
        tmp_path / "full",
        tmp_path / "file" / "below",
        Path("/proc/nowhere/run"),
    ):
        with pytest.raises(ValueError, match="--out"), run_directory(target):
            pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "full"]
    (tmp_path / "empty").mkdir()
    check_target(tmp_path / "empty")


def test_every_line_is_plain_json(tmp_path: Path) -> None:
    lines = (record(tmp_path / "a") / "trajectory.jsonl").read_text().split("\n")
    kinds = [json.loads(line)["record"] for line in lines if line]
    assert kinds == ["episode", *["step"] * 6, "summary"]
