"""A device that is not here is refused with what there is instead."""

from __future__ import annotations

import pytest
import torch

from policies.devices import check_device, note_on_device
from policies.make_policy import PolicyOptions, make_policy


@pytest.mark.parametrize("name", ["gpu", "", "cuda:x", "CPU", "cuda:123456"])
def test_an_unknown_device_is_refused_with_those_there_are(name):
    with pytest.raises(ValueError, match="cpu, cuda, cuda:0"):
        check_device(name)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_a_gpu_that_is_not_here_is_said_in_a_line():
    for ask in (lambda: check_device("cuda"), lambda: make_policy(PolicyOptions(device="cuda:1"))):
        with pytest.raises(ValueError, match=r"torch finds no GPU here.*leave --device out"):
            ask()


def test_a_device_that_a_policy_makes_no_use_of_is_told():
    assert note_on_device("default", "cpu") == ""
    assert "on the processor" in note_on_device("default", "cuda")
    assert "on its server" in note_on_device("openai:some-model", "cuda")
    assert note_on_device("llava-hf/llava-1.5-7b-hf", "cuda") == ""
