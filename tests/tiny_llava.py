"""A LLaVA of a few thousand weights, and a processor for it: a chat model without a download."""

from __future__ import annotations

from pathlib import Path

import torch

CHAT_TEMPLATE = (
    "{% for message in messages %}{{ message.role }}: {% for part in message.content %}"
    "{% if part.type == 'image' %}<image>{% else %}{{ part.text }}{% endif %} {% endfor %}"
    "{% endfor %}{% if add_generation_prompt %}robot:{% endif %}"
)


def tiny_llava(vocabulary: int = 100, image_token: int = 99):
    """An untrained LLaVA for pictures of 32 x 32 pixels, always with the same weights."""
    from transformers import (
        CLIPVisionConfig,
        LlamaConfig,
        LlavaConfig,
        LlavaForConditionalGeneration,
    )

    torch.manual_seed(0)
    vision = CLIPVisionConfig(
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=32,
        patch_size=8,
    )
    text = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
    )
    config = LlavaConfig(
        vision_config=vision,
        text_config=text,
        image_token_index=image_token,
        image_seq_length=16,
    )
    return LlavaForConditionalGeneration(config).eval()


def save_chat_model(folder: Path, chat_template: str | None = CHAT_TEMPLATE) -> Path:
    """Writes an untrained chat model with its processor, as ``save_pretrained`` does."""
    from transformers import CLIPImageProcessor, LlavaProcessor

    from policies.cimr.language.tokenizer import IMAGE, build_tokenizer

    tokenizer = build_tokenizer()
    image_processor = CLIPImageProcessor(
        size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}
    )
    processor = LlavaProcessor(
        image_processor,
        tokenizer,
        patch_size=8,
        vision_feature_select_strategy="default",
        chat_template=chat_template,
        image_token=IMAGE,
        num_additional_image_tokens=1,
    )
    model = tiny_llava(len(tokenizer), int(tokenizer.convert_tokens_to_ids(IMAGE)))
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder
