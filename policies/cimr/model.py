"""LLaVA with CIMR fusion: transformers' own class, its inputs enriched before the language model.

``CimrLlava.around(llava)`` equals the LLaVA it is put around, such as llava-hf/llava-1.5-7b-hf,
to the last logit until its fusion is trained. With ``stem_widths`` set, the vision tower is our
small convolutional one: that is the default policy, see ``small_config``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from huggingface_hub.dataclasses import strict
from torch import Tensor, nn
from transformers import CLIPVisionConfig, LlamaConfig, LlavaConfig, LlavaForConditionalGeneration
from transformers.models.llava.modeling_llava import LlavaCausalLMOutputWithPast

from policies.cimr import ablations
from policies.cimr.fusion import FUSION_PARTS, CimrFusion, FusionOutput
from policies.cimr.gate import TanhGate
from policies.cimr.grounding import Look
from policies.cimr.memory_events import COLUMNS, SLOTS
from policies.cimr.preprocess import FRAME_SIZE
from policies.cimr.recurrent_memory import RecurrentMemory
from policies.cimr.verifier import Verifier
from policies.cimr.vision_tower import StemVisionTower

MEMORY_TOKENS = 8


@strict
class CimrLlavaConfig(LlavaConfig):
    """LLaVA's configuration and the fusion's.

    Attributes:
        stem_widths: Channels of the convolutional stem at strides 4 and 8; None keeps CLIP's tower.
        stem_blocks: Residual blocks there.
        tokens_side: Vision tokens along one side, with a stem.
        shared_dim: Width of the space in which words meet patches, and of the stem's fine map.
        context_slots: Memory events a step.
        event_columns: Token ids of an event.
        memory_tokens: Of the learned memory; 0: there is none.
        verifies: Its verifier is trained (training.verifier).
        judge_trust: Least confidence at which its word that an action failed is taken.
        foresee_trust: The same, that it will fail.
        closer_weights: Of the log-odds of a first and a second, closer look, and what is added
            (training.closer_look); None: it never looks closer.
        without: Parts that it was trained without, and plays without: ``policies.cimr.ablations``.
        gate_init: Initial gate of the fusion.
        memory_token_id: Placeholder of memory events in a prompt; -1 for none.
        type_word_ids: Token id of each object type's usual name, in the lexicon's order; None
            without a lexicon: then every token points.
        name_ids: Token ids of all names: the tokens that point.
        state_ids: Token ids of open, closed, on, off.
    """

    model_type = "cimr_llava"
    stem_widths: list[int] | None = None
    stem_blocks: list[int] | None = None
    tokens_side: int = 4
    shared_dim: int = 128
    context_slots: int = SLOTS
    event_columns: int = COLUMNS
    memory_tokens: int = 0
    verifies: bool = False
    judge_trust: float = 0.8
    foresee_trust: float = 0.9
    closer_weights: list[float] | None = None
    without: list[str] | None = None
    gate_init: float = 0.0
    memory_token_id: int = -1
    type_word_ids: list[int] | None = None
    name_ids: list[int] | None = None
    state_ids: list[int] | None = None


class Seen(NamedTuple):
    """Vision features of a batch: tokens (B, N, D) for the language model, patches (B, P, F)."""

    tokens: Tensor
    patches: Tensor


class ContextEncoder(nn.Module):
    """Memory events, some words each, to one token each; every slot has a meaning of its own."""

    def __init__(self, dim: int, slots: int, columns: int) -> None:
        super().__init__()
        self.compose = nn.Linear(columns * dim, dim)
        self.slot = nn.Embedding(slots, dim)
        self.norm = nn.LayerNorm(dim)

    def forward(self, events: Tensor, slots: Tensor) -> Tensor:
        """Embedded events (B, K, C, D) in slots (K,) to (B, K, D)."""
        return self.norm(self.compose(events.flatten(2)) + self.slot.weight[slots])

    def alone(self, events: Tensor) -> Tensor:
        """Embedded events (..., C, D), wherever they stand, to (..., D)."""
        return self.norm(self.compose(events.flatten(-2)))


def _pair(values: list[int]) -> tuple[int, int]:
    first, second = values
    return first, second


class CimrLlava(LlavaForConditionalGeneration):
    """LLaVA whose streams query each other."""

    config: CimrLlavaConfig
    config_class = CimrLlavaConfig
    # Came later: a checkpoint that lacks them does as it did before.
    _keys_to_ignore_on_load_missing = (
        r"^fusion\.grounding\.(rivalry|presence_\w+)$",
        r"^verifier\.",
    )

    def __init__(self, config: CimrLlavaConfig) -> None:
        super().__init__(config)
        text = config.text_config
        dim = patch_dim = text.hidden_size
        if config.stem_widths is not None:
            patch_dim = config.shared_dim
            self.model.vision_tower = StemVisionTower(
                config.vision_config,
                config.shared_dim,
                _pair(config.stem_widths),
                _pair(config.stem_blocks or [1, 1]),
                config.tokens_side,
            )
        self.without = ablations.checked(config.without)
        self.fusion = CimrFusion(
            dim,
            text.num_attention_heads,
            patch_dim,
            config.shared_dim,
            config.gate_init,
            queries=ablations.lets_query(self.without),
            findings=ablations.tells_findings(self.without),
        )
        self.context_encoder = ContextEncoder(dim, config.context_slots, config.event_columns)
        if config.memory_tokens:
            self.recurrent_memory = RecurrentMemory(
                dim,
                config.vision_config.hidden_size,
                config.memory_tokens,
                text.num_attention_heads,
            )
        if config.stem_widths is not None:
            self.verifier = Verifier(dim, config.shared_dim)
        self.post_init()

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, TanhGate):
            module.set_gate(self.config.gate_init)
        elif isinstance(module, Verifier):
            module.reset_calibration()
        elif not isinstance(module, (nn.Conv2d, nn.BatchNorm2d)):
            super()._init_weights(module)

    @classmethod
    def around(cls, plain: LlavaForConditionalGeneration, **options: Any) -> CimrLlava:
        """A pretrained LLaVA with fusion; shares its weights.

        Args:
            plain: Any LLaVA.
            **options: Fields of ``CimrLlavaConfig``.
        """
        settings = {k: v for k, v in plain.config.to_dict().items() if k != "model_type"}
        with torch.device("meta"):
            fused = cls(CimrLlavaConfig(**{**settings, **options}))
        fused.model, fused.lm_head = plain.model, plain.lm_head
        weight = plain.lm_head.weight
        for name in (part for part in FUSION_PARTS if hasattr(fused, part)):
            part = getattr(fused, name).to_empty(device=weight.device)
            for module in part.modules():
                module._is_hf_initialized = False
                cls._init_weights(fused, module)
            setattr(fused, name, part.to(weight.dtype))
        fused.generation_config = plain.generation_config
        return fused.train(plain.training)

    # ---- the parts of a step ----
    def see(self, pixel_values: Tensor) -> Seen:
        """Vision features of pixels (B, 3, H, W)."""
        if self.config.stem_widths is not None:
            view = self.model.vision_tower(pixel_values)
            return Seen(self.model.multi_modal_projector(view.tokens), view.fine.flatten(1, 2))
        found = self.model.get_image_features(pixel_values=pixel_values, return_dict=True)
        tokens = torch.stack(list(found.pooler_output))
        return Seen(tokens, tokens)

    def encode_context(self, events: Tensor) -> Tensor:
        """Memory events (B, K, C) of token ids to (B, K, D); less those of parts left out."""
        slots = torch.arange(events.shape[1], device=events.device)
        kept = ablations.kept_slots(self.without)
        if kept is not None:
            slots = slots[torch.isin(slots, slots.new_tensor(kept))]
        return self.context_encoder(self.get_input_embeddings()(events[:, slots]), slots)

    def encode_news(self, events: Tensor) -> Tensor:
        """What steps brought, events (..., X, C) of token ids, to (..., X, D); less the same."""
        kept = ablations.kept_news(self.without)
        told = events if kept is None else events[..., kept, :]
        return self.context_encoder.alone(self.get_input_embeddings()(told))

    @property
    def has_learned_memory(self) -> bool:
        """Whether tokens of the learned memory are read."""
        return bool(self.config.memory_tokens) and ablations.learns_memory(self.without)

    def remember(self, context: Tensor, views: Tensor, news: Tensor, real: Tensor) -> Tensor:
        """The context (B, K, D) with the learned memory's tokens behind it, if there is one.

        Args:
            context: Of ``encode_context``.
            views: (B, H, V) mean vision tokens of past steps.
            news: (B, H, X - 1, C) token ids of what they brought.
            real: (B, H) bool, False for padding.
        """
        if not self.has_learned_memory:
            return context
        learned = self.recurrent_memory(views, self.encode_news(news), real)
        return torch.cat([context, learned.to(context.dtype)], 1)

    def look(self, text_ids: Tensor, patches: Tensor) -> Look:
        """What tokens (B, T) find among patches (B, P, F); only names point, if names are known."""
        table = self.get_input_embeddings().weight
        config, grounding = self.config, self.fusion.grounding
        keys = grounding.keys(patches)
        if config.type_word_ids is None:
            return grounding.look(table[text_ids], keys)
        look = grounding.look(
            table[text_ids], keys, table[config.type_word_ids], table[config.state_ids or []]
        )
        is_name = torch.isin(text_ids, text_ids.new_tensor(config.name_ids))[..., None]
        nowhere = torch.full_like(look.pointing, -30.0)
        nowhere[..., -1] = 0.0
        return Look(
            torch.where(is_name, look.pointing, nowhere),
            look.evidence * is_name,
            look.found * is_name,
        )

    def fuse(
        self, text_ids: Tensor, tokens: Tensor, context: Tensor, found: Tensor, prompt: Tensor
    ) -> FusionOutput:
        """The fused streams; see ``CimrFusion.forward``."""
        text = self.get_input_embeddings()(text_ids)
        return self.fusion(text, tokens, context, found, prompt)

    def forward(
        self,
        input_ids: Tensor | None = None,
        pixel_values: Tensor | None = None,
        inputs_embeds: Tensor | None = None,
        events: Tensor | None = None,
        **kwargs: Any,
    ) -> LlavaCausalLMOutputWithPast:
        """LLaVA's forward with fusion.

        Args:
            input_ids: (B, L) with one image token a vision token and, where ``memory_token_id`` is
                set, one memory token an event that is read.
            pixel_values: (B, 3, H, W), one image a sample; without it nothing is fused.
            inputs_embeds: Instead of ``input_ids``: passed on as they are.
            events: (B, K, C) token ids of memory events.
            **kwargs: As of LLaVA.
        """
        if pixel_values is None or input_ids is None:
            return super().forward(
                input_ids=input_ids,
                pixel_values=pixel_values,
                inputs_embeds=inputs_embeds,
                **kwargs,
            )
        seen = self.see(pixel_values)
        text = self.get_input_embeddings()(input_ids)
        context = text[:, :0] if events is None else self.encode_context(events)
        is_image = input_ids == self.config.image_token_id
        is_memory = input_ids == self.config.memory_token_id
        prompt = ~is_image & ~is_memory
        mask = kwargs.get("attention_mask")
        if mask is not None and mask.dim() == 2 and mask.shape == prompt.shape:
            prompt = prompt & mask.bool()
        labels = kwargs.get("labels")
        if labels is not None:
            prompt = prompt & (labels == -100)
        found = self.look(input_ids, seen.patches).found
        fused = self.fusion(text, seen.tokens, context, found, prompt)
        self.model.get_placeholder_mask(input_ids, inputs_embeds=text, image_features=fused.vision)
        embeds = fused.text.masked_scatter(is_image[..., None], fused.vision.to(text.dtype))
        if events is not None and self.config.memory_token_id >= 0:
            embeds = embeds.masked_scatter(is_memory[..., None], fused.context.to(text.dtype))
        return super().forward(inputs_embeds=embeds, **kwargs)


def small_config(
    vocabulary: int,
    *,
    image_token_id: int,
    memory_token_id: int,
    pad: int,
    begin: int,
    end: int,
    dim: int = 256,
    layers: int = 4,
    heads: int = 4,
    vision_dim: int = 192,
    vision_layers: int = 3,
    image_size: int = FRAME_SIZE,
    shared_dim: int = 128,
    stem_widths: tuple[int, int] = (48, 128),
    stem_blocks: tuple[int, int] = (1, 1),
    tokens_side: int = 4,
    memory_tokens: int = MEMORY_TOKENS,
) -> CimrLlavaConfig:
    """The default policy's configuration; ``know_words`` completes it."""
    vision = CLIPVisionConfig(
        hidden_size=vision_dim,
        intermediate_size=4 * vision_dim,
        num_hidden_layers=vision_layers,
        num_attention_heads=max(1, vision_dim // 64),
        image_size=image_size,
        patch_size=16,
        hidden_act="gelu_pytorch_tanh",
        projection_dim=vision_dim,
    )
    text = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=dim,
        intermediate_size=int(dim * 2.75),
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=heads,
        max_position_embeddings=512,
        tie_word_embeddings=True,
        bos_token_id=begin,
        eos_token_id=end,
        pad_token_id=pad,
    )
    return CimrLlavaConfig(
        vision_config=vision,
        text_config=text,
        image_token_index=image_token_id,
        image_seq_length=tokens_side**2,
        vision_feature_layer=-1,
        vision_feature_select_strategy="full",
        tie_word_embeddings=True,
        stem_widths=list(stem_widths),
        stem_blocks=list(stem_blocks),
        tokens_side=tokens_side,
        shared_dim=shared_dim,
        memory_token_id=memory_token_id,
        memory_tokens=memory_tokens,
        gate_init=0.5,
    )


def know_words(config: CimrLlavaConfig, tokenizer: Any) -> CimrLlavaConfig:
    """Writes the lexicon's token ids into a configuration, so that names point; returns it."""
    from policies.cimr.language.lexicon import usual_names
    from policies.cimr.language.tokenizer import word_id

    config.type_word_ids = [word_id(tokenizer, name) for name in usual_names()]
    config.name_ids = sorted(set(config.type_word_ids))
    config.state_ids = [word_id(tokenizer, word) for word in ("open", "closed", "on", "off")]
    return config


def small_model(tokenizer: Any, *, without: tuple[str, ...] = (), **sizes: Any) -> CimrLlava:
    """The default policy's network, untrained.

    Args:
        tokenizer: Its words.
        without: Parts that it does without, as of ``policies.cimr.ablations``.
        **sizes: Arguments of ``small_config``, for a network of other sizes.
    """
    from policies.cimr.language.tokenizer import BEGIN, END, IMAGE, MEMORY, PAD

    def number(token: str) -> int:
        return int(tokenizer.convert_tokens_to_ids(token))

    config = small_config(
        len(tokenizer),
        image_token_id=number(IMAGE),
        memory_token_id=number(MEMORY),
        pad=number(PAD),
        begin=number(BEGIN),
        end=number(END),
        **sizes,
    )
    config.without = list(without) or None
    return CimrLlava(know_words(config, tokenizer))
