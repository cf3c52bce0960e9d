"""Any Hugging Face chat model that takes an image, as a policy.

It is told the goal, what was done, what went wrong, and answers in three lines; ``policies.reply``
reads them. Large models want a GPU; a peft adapter may be put on top.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from envs.actions import SKILL_VERBS_WITH_TARGET, verbs_of
from policies.base import Answer, Context, Observation, Question, Reply
from policies.cimr.token_codec import render_text
from policies.reply import parse_reply

QUESTIONS = {
    "in_view": "Is there a {subject} in this picture? Answer yes or no.",
    "holding": "Is the robot holding a {subject} (large, in the middle of the lower half)? "
    "Answer yes or no.",
    "state": "Is the {subject} in this picture {state}? Answer yes or no.",
}


def system_prompt(action_level: str = "skill") -> str:
    """What the model is told once."""
    verbs = ", ".join(
        f"{verb} X" if verb in SKILL_VERBS_WITH_TARGET else verb for verb in verbs_of(action_level)
    )
    return (
        "You are a household robot. You see its camera picture. X is an object type in one word, "
        "such as Fridge, CounterTop, CoffeeMachine, Apple. You can go to furniture at once, but to "
        "a loose object only after it has been in view; look around to find it.\n"
        f"Actions: {verbs}. After an object you may add where it is in the picture, as fractions "
        "from the top left: pick up Apple at (0.52, 0.61).\n"
        "Answer in three lines:\nThought: one sentence\nPlan: the remaining actions, separated by "
        "semicolons\nAction: the next action"
    )


class ChatLvlmPolicy:
    """Acts with a chat model.

    Args:
        model: An image-text-to-text model of transformers.
        processor: Its processor, with a chat template.
        name: Shown in reports.
        action_level: skill or primitive.
        max_new_tokens: Of an answer.
    """

    def __init__(
        self,
        model: Any,
        processor: Any,
        name: str,
        action_level: str = "skill",
        max_new_tokens: int = 160,
    ) -> None:
        self.name, self.model, self.processor = name, model.eval(), processor
        self.action_level, self.max_new_tokens = action_level, max_new_tokens
        self.instruction = ""

    @classmethod
    def from_pretrained(
        cls,
        name: str,
        *,
        adapter: str | None = None,
        action_level: str = "skill",
        device: str = "cpu",
    ) -> ChatLvlmPolicy:
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
        return cls(model.to(device), processor, name, action_level)

    def reset(self, instruction: str, seed: int) -> None:
        """Begins an episode; answers are the most likely ones, so the seed changes nothing."""
        self.instruction = instruction

    def act(self, observation: Observation, context: Context) -> Reply:
        messages = [
            {
                "role": "system",
                "content": [{"type": "text", "text": system_prompt(self.action_level)}],
            },
            {
                "role": "user",
                "content": [
                    {"type": "image", "image": _picture(observation.rgb)},
                    {"type": "text", "text": render_text(observation, context)},
                ],
            },
        ]
        text, confidence = self._generate(messages, self.max_new_tokens)
        reply = parse_reply(text)
        return Reply(
            reply.action,
            thought=reply.thought,
            plan=reply.plan,
            text=text,
            confidence=confidence,
            error=reply.error,
        )

    def ask(self, frame: np.ndarray, question: Question) -> Answer | None:
        """Asks the model itself; None if it says neither yes nor no."""
        if question.kind not in QUESTIONS:
            return None
        from envs.tasks.object_names import names_of

        words = QUESTIONS[question.kind].format(
            subject=names_of(question.subject)[0], state=question.state
        )
        messages = [
            {
                "role": "user",
                "content": [
                    {"type": "image", "image": _picture(frame)},
                    {"type": "text", "text": words},
                ],
            }
        ]
        text, confidence = self._generate(messages, 4)
        said = text.strip().lower()
        if said.startswith(("yes", "no")):
            return Answer(said.startswith("yes"), confidence)
        return None

    def _generate(self, messages: list[dict], length: int) -> tuple[str, float]:
        """Text and the probability of its least likely of the first tokens."""
        import torch

        inputs = self.processor.apply_chat_template(
            messages,
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
                max_new_tokens=length,
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
        return text, float(np.exp(np.mean(np.log(np.maximum(chances, 1e-9))))) if chances else 0.0


def _picture(frame: np.ndarray) -> Any:
    from PIL import Image

    return Image.fromarray(np.ascontiguousarray(frame))
