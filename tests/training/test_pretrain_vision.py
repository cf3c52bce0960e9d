"""Stage 0 on frames of noise: it is repeatable, goes on where it was, and scores what it saw."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from policies.cimr.language.lexicon import type_names
from training.checkpoint import vision_record, vision_weights
from training.pretrain_vision import VisionConfig, main, train


@pytest.fixture
def views(tmp_path):
    rng, folder = np.random.default_rng(0), tmp_path / "views"
    folder.mkdir()
    np.save(folder / "frames_000.npy", rng.integers(0, 255, (4, 288, 288, 3), dtype=np.uint8))
    np.save(folder / "labels_000.npy", rng.integers(0, 3, (4, 36, 36, 3), dtype=np.uint8))
    pixels = rng.integers(0, 300, (4, len(type_names()) + 1), dtype=np.uint16)
    np.save(folder / "pixels_000.npy", pixels * rng.integers(0, 2, pixels.shape, dtype=np.uint16))
    return folder


@pytest.mark.slow
def test_updates_give_the_same_weights_and_a_second_run_goes_on(views, tmp_path):
    config = VisionConfig(views=views, out=tmp_path / "a", updates=1, batch=1, threads=1)
    first = train(config)
    train(replace(config, out=tmp_path / "b"))
    weights = [load_file(vision_weights(tmp_path / name)) for name in "ab"]
    assert all(torch.equal(value, weights[1][name]) for name, value in weights[0].items())
    again = train(config)
    assert (first["frames"], again["frames"]) == (1, 2) and vision_record(config.out) == again


def test_a_folder_without_views_is_one_line(tmp_path, capsys):
    assert main(["--views", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err.strip()
    assert "training.data.collect_frames" in error and "\n" not in error


@pytest.mark.slow
def test_a_check_calibrates_and_writes_a_report(views, tmp_path, capsys):
    config = VisionConfig(views=views, check=views, out=tmp_path / "a", updates=1, batch=1)
    record = train(config)
    assert "expected calibration error" in capsys.readouterr().out
    assert (config.out / "reliability.png").stat().st_size > 1000
    assert 0 <= record["scores"]["ece"] <= 1 and 0 <= record["scores"]["called"] <= 1


def test_frames_without_pixel_counts_are_one_line(views, tmp_path, capsys):
    (views / "pixels_000.npy").unlink()
    argv = ["--views", str(views), "--check", str(views), "--out", str(tmp_path / "out")]
    assert main([*argv, "--minutes", "0"]) == 2
    error = capsys.readouterr().err.strip()
    assert "pixels_000.npy" in error and "\n" not in error
