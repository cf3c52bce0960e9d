"""A Hugging Face model that takes pictures and chats, run in this process.

Its answers are the most likely ones. Large models want a GPU; a peft adapter may be put on top.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from policies.base import PolicyStopped
from policies.chat.backend import Completion, Message, Purpose, with_pictures
from policies.chat.model_files import (
    ADAPTER,
    ADAPTER_WEIGHTS,
    SMALL_FILES,
    WEIGHT_FILES,
    check_adapter,
    check_network,
    check_report,
    check_small_files,
)
from policies.weight_files import CheckpointError, in_one_line

MOST_TOKENS = {Purpose.ACT: 160, Purpose.ASK: 4}


class HuggingFaceBackend:
    """Completes conversations with a model of transformers.

    Args:
        model: An image-text-to-text model.
        processor: Its processor, with a chat template.
        name: Shown in reports.
    """

    answers_questions = True

    def __init__(self, model: Any, processor: Any, name: str) -> None:
        self.name, self.model, self.processor = name, model.eval(), processor

    @classmethod
    def from_pretrained(
        cls, name: str, *, adapter: str | None = None, device: str = "cpu"
    ) -> HuggingFaceBackend:
        """Loads a model by folder or id.

        Raises:
            ValueError: If it is not there, or is no chat model with images.
        """
        try:
            with in_one_line():
                model, processor = _load(name)
        except CheckpointError as error:
            raise ValueError(
                f"The model {name!r} can't be loaded: {error}. Use a folder or an id of an "
                "image-text-to-text model with safetensors, and check the network."
            ) from error
        if getattr(processor, "chat_template", None) is None:
            raise ValueError(f"The model {name!r} has no chat template: use one made for chat.")
        if adapter is not None:
            try:
                with in_one_line():
                    model = _adapted(model, adapter)
            except CheckpointError as error:
                raise ValueError(f"The adapter {adapter!r} can't be loaded: {error}.") from error
        try:
            with in_one_line():
                return cls(model.to(device), processor, name)
        except CheckpointError as error:
            raise ValueError(f"The model {name!r} can't go to {device}: {error}.") from error

    def complete(self, messages: list[Message], purpose: Purpose, seed: int) -> Completion:
        """The most likely answer (greedy), so the seed changes nothing.

        Raises:
            PolicyStopped: If the model can't answer, as one whose parts don't fit each other.
        """
        try:
            with in_one_line():
                return self._complete(messages, purpose)
        except CheckpointError as error:
            raise PolicyStopped(f"The model {self.name!r} can't answer: {error}.") from error

    def _complete(self, messages: list[Message], purpose: Purpose) -> Completion:
        import torch

        inputs = self.processor.apply_chat_template(
            with_pictures(messages, _picture_part),
            add_generation_prompt=True,
            tokenize=True,
            return_dict=True,
            return_tensors="pt",
        ).to(self.model.device)
        if "pixel_values" in inputs:
            inputs["pixel_values"] = inputs["pixel_values"].to(self.model.dtype)
        with torch.inference_mode():
            made = self.model.generate(
                **inputs,
                max_new_tokens=MOST_TOKENS[purpose],
                do_sample=False,
                return_dict_in_generate=True,
                output_scores=True,
            )
        start = inputs["input_ids"].shape[1]
        ids = made.sequences[0, start:]
        chances = [
            scores[0].float().softmax(-1)[token].item()
            for scores, token in zip(made.scores, ids, strict=False)
        ]
        text = self.processor.batch_decode([ids], skip_special_tokens=True)[0]
        sure = float(np.exp(np.mean(np.log(np.maximum(chances, 1e-9))))) if chances else 0.0
        return Completion(text, start, len(ids), sure)


def _load(name: str) -> tuple[Any, Any]:
    """A model and its processor; nothing is made before the files were looked at."""
    from transformers import AutoModelForImageTextToText, AutoProcessor, GenerationConfig

    folder = _folder_of(name)
    check_network(folder)
    safe: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    processor = AutoProcessor.from_pretrained(folder, **safe)
    model, report = AutoModelForImageTextToText.from_pretrained(
        folder, dtype="auto", use_safetensors=True, output_loading_info=True, **safe
    )
    check_report(report, set(model.state_dict()))
    # Only the tokens that begin and end an answer: how it is searched for is ours to say.
    said = model.generation_config.to_dict()
    ends = {name: value for name, value in said.items() if name.endswith("_token_id")}
    model.generation_config = GenerationConfig(**ends)
    return model, processor


def _folder_of(name: str) -> Path:
    """The folder of a model, which is fetched if it is an id: what is small first."""
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    from huggingface_hub import snapshot_download

    fetched = Path(snapshot_download(name, allow_patterns=list(SMALL_FILES)))
    check_small_files(fetched)
    snapshot_download(name, allow_patterns=[*SMALL_FILES, *WEIGHT_FILES])
    return fetched


def _adapted(model: Any, adapter: str) -> Any:
    from peft import PeftModel

    folder = Path(adapter).expanduser()
    if not folder.is_dir():
        from huggingface_hub import snapshot_download

        folder = Path(snapshot_download(adapter, allow_patterns=[ADAPTER, ADAPTER_WEIGHTS]))
    check_adapter(folder)
    return PeftModel.from_pretrained(model, folder)


def _picture_part(frame: np.ndarray) -> dict[str, Any]:
    from PIL import Image

    return {"type": "image", "image": Image.fromarray(np.ascontiguousarray(frame))}
