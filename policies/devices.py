"""Where a model of somebody else runs: the names of devices, and whether this machine has them."""

from __future__ import annotations

import re

KNOWN = "cpu, cuda, cuda:0 (the first GPU) or mps"
_DEVICE = re.compile(r"cpu|mps|cuda(?::(\d{1,4}))?")


def check_device(name: str) -> None:
    """Refuses a device that is unknown or not here; torch is only loaded where it has to say.

    Args:
        name: As torch calls it.

    Raises:
        ValueError: Naming what there is instead.
    """
    form = _DEVICE.fullmatch(name)
    if form is None:
        raise ValueError(f"--device {name!r} is unknown: use {KNOWN}.")
    if name == "cpu":
        return
    import torch

    if name == "mps":
        if not torch.backends.mps.is_available():
            raise ValueError("--device mps: this is no Apple GPU that torch can use; use cpu.")
        return
    if not torch.cuda.is_available():
        built = "" if torch.backends.cuda.is_built() else " (it was built for the processor only)"
        raise ValueError(
            f"--device {name}: torch finds no GPU here{built}; leave --device out, which means cpu."
        )
    count = torch.cuda.device_count()
    if form[1] is not None and int(form[1]) >= count:
        raise ValueError(f"--device {name}: there are {count} GPUs here, counted from 0.")


def note_on_device(name: str, device: str) -> str:
    """What to tell where a device is asked for that the policy makes no use of; else empty.

    >>> note_on_device("random", "cuda")
    '--device cuda is for Hugging Face models: the policy random runs on the processor'
    """
    from policies.chat.endpoint import is_endpoint
    from policies.loading import is_own

    if device == "cpu":
        return ""
    told = f"--device {device} is for Hugging Face models: the policy {name} runs "
    if is_endpoint(name):
        return told + "on its server"
    if is_own(name) or name in ("expert", "expert-search", "random"):
        return told + "on the processor"
    return ""
