"""A Hugging Face model that takes pictures and chats, run in this process.

Its answers are the most likely ones. Large models want a GPU; a peft adapter may be put on top.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from policies.chat.backend import Completion, Message, Purpose, with_pictures

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
        from transformers import AutoModelForImageTextToText, AutoProcessor

        try:
            processor = AutoProcessor.from_pretrained(name)
            model = AutoModelForImageTextToText.from_pretrained(
                name, dtype="auto", use_safetensors=True
            )
        except (OSError, ValueError, KeyError, ImportError) as error:
            short = " ".join(str(error).split())[:240]
            raise ValueError(
                f"The model {name!r} can't be loaded: {short}. Use a folder or an id of an "
                "image-text-to-text model with safetensors, and check the network."
            ) from error
        if getattr(processor, "chat_template", None) is None:
            raise ValueError(f"The model {name!r} has no chat template: use one made for chat.")
        if adapter is not None:
            from peft import PeftModel

            try:
                model = PeftModel.from_pretrained(model, adapter)
            except (OSError, ValueError, KeyError) as error:
                raise ValueError(f"The adapter {adapter!r} can't be loaded: {error}") from error
        return cls(model.to(device), processor, name)

    def complete(self, messages: list[Message], purpose: Purpose, seed: int) -> Completion:
        """The most likely answer (greedy), so the seed changes nothing."""
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


def _picture_part(frame: np.ndarray) -> dict[str, Any]:
    from PIL import Image

    return {"type": "image", "image": Image.fromarray(np.ascontiguousarray(frame))}
