"""From a name to a policy: ``default``, a folder, a Hugging Face id, or ``openai:MODEL``.

Weights are read from safetensors only. Every problem is one clear ValueError.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from envs.simulator.system.whole import recover

if TYPE_CHECKING:
    from policies.base import Policy
    from policies.chat.endpoint import EndpointSettings
    from policies.cimr.policy import LvlmPolicy

DEFAULT = Path(__file__).resolve().with_name("checkpoints") / "default"
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


def load_policy(
    name: str = "default",
    *,
    adapter: str | None = None,
    action_level: str = "skill",
    device: str = "cpu",
    endpoint: EndpointSettings | None = None,
) -> Policy:
    """A policy by name.

    Args:
        name: ``default`` (comes with the project), a folder with a policy of this project or with
            any Hugging Face chat model that takes images, a Hugging Face id, or ``openai:MODEL``.
        adapter: Folder or id of a peft adapter for a chat model.
        action_level: skill or primitive: which verbs it may answer with.
        device: Of chat models, for example ``cuda``.
        endpoint: How ``openai:MODEL`` is asked; by default as the environment says.

    Raises:
        ValueError: If there is no such policy, or its files can't be read.
    """
    from policies.chat.endpoint import is_endpoint

    if is_endpoint(name):
        _refuse_adapter(adapter, f"models loaded here; {name!r} runs elsewhere")
        from policies.chat.openai_server import OpenAIServerBackend
        from policies.chat.policy import ChatPolicy

        return ChatPolicy(OpenAIServerBackend.from_name(name, endpoint), action_level)
    folder = _folder_of(name)
    if folder is not None and (folder / "policy.json").is_file():
        _refuse_adapter(adapter, f"chat models; {name!r} is a policy of this project")
        return load_default(folder, action_level, "default" if name == "default" else name)
    from policies.chat.hugging_face import HuggingFaceBackend
    from policies.chat.policy import ChatPolicy

    backend = HuggingFaceBackend.from_pretrained(
        name if folder is None else str(folder), adapter=adapter, device=device
    )
    return ChatPolicy(backend, action_level)


def is_own(name: str) -> bool:
    """Whether a name is that of a policy of this project: ``default``, or a folder of its kind."""
    return name == "default" or (Path(name).expanduser() / "policy.json").is_file()


def levels_of(name: str) -> tuple[str, ...]:
    """The action levels that a policy of this project was trained on, as its record says.

    A record that can't be read names none but skills: what is wrong with it is told by loading.

    Args:
        name: Of which ``is_own`` holds.
    """
    from policies.cimr.checkpoint import read_record

    folder = DEFAULT if name == "default" else Path(name).expanduser()
    recover(folder)
    try:
        return tuple(read_record(folder)["levels"])
    except (ValueError, OSError):
        return ("skill",)


def _refuse_adapter(adapter: str | None, why: str) -> None:
    if adapter is not None:
        raise ValueError(f"An adapter ({adapter}) is for {why}. Leave it out.")


def _folder_of(name: str) -> Path | None:
    """The folder a policy is in; None for a Hugging Face id.

    Raises:
        ValueError: If the folder holds no model, or the name is neither.
    """
    folder = DEFAULT if name == "default" else Path(name).expanduser()
    recover(folder)
    if folder.is_dir():
        if not any((folder / file).is_file() for file in ("policy.json", "config.json")):
            raise ValueError(
                f"The folder {name!r} holds no model: expected config.json with safetensors, as "
                "written by training.sft or by save_pretrained."
            )
        return folder
    if name == "default":
        raise ValueError(
            f"The default policy's folder {folder} is missing: restore it from the repository, or "
            "train one with training.sft and give its folder."
        )
    if name.startswith((".", "/", "~")) or not _REPOSITORY.fullmatch(name):
        raise ValueError(
            f"Unknown policy {name!r}: use 'default', a folder that exists, a Hugging Face id "
            "such as 'llava-hf/llava-1.5-7b-hf', or 'openai:MODEL'."
        )
    return None


def load_default(folder: Path, action_level: str = "skill", name: str = "default") -> Policy:
    """A policy of this project from its folder.

    Raises:
        ValueError: If a file is missing, damaged, or of a newer format.
    """
    from policies.cimr.checkpoint import read_network, read_tokenizer
    from policies.cimr.language.reader_files import load_reader
    from policies.cimr.language.tokenizer import IMAGE
    from policies.cimr.policy import LvlmPolicy
    from policies.weight_files import CheckpointError, one_line

    remedy = "Restore it from the repository or train it again with training.sft."
    try:
        # What costs least comes first: a policy's weights are read when all else is in order.
        tokenizer = read_tokenizer(folder)
        reader = load_reader(folder, tokenizer)
        model = read_network(folder)
    except CheckpointError as error:
        raise ValueError(f"The policy in {folder} can't be loaded: {error}. {remedy}") from error
    size = model.config.text_config.vocab_size
    image = tokenizer.convert_tokens_to_ids(IMAGE)
    if len(tokenizer) != size or model.config.image_token_id != image:
        raise ValueError(
            f"The policy in {folder} has a tokenizer of {len(tokenizer)} words for a network of "
            f"{size}. {remedy}"
        )
    try:
        _try_out(LvlmPolicy(model, tokenizer, action_level))
    except Exception as error:
        raise ValueError(
            f"The policy in {folder} can't answer: {one_line(error)}. {remedy}"
        ) from error
    return LvlmPolicy(model, tokenizer, action_level, name, reader=reader)


def _try_out(policy: LvlmPolicy) -> None:
    """One answer to a grey picture."""
    import numpy as np

    from policies.base import Context, Observation

    grey = np.full((8, 8, 3), 128, np.uint8)
    policy.act(Observation(grey, "open the fridge"), Context())
