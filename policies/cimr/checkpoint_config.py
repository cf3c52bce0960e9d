"""What a policy folder's ``config.json`` may say, held against bounds before it is used.

The folder is somebody else's: a layer count of a million must not be built first and refused then.
Every number has bounds, the few that must fit each other are compared, and whatever is left is for
transformers to refuse. Left out: whether the weights fit; ``policies.cimr.checkpoint`` sees to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from envs.simulator.system.typed_records import mapping, shown

# Least and most of whole numbers, by field; ``_MUST`` are those that have to be there.
_TEXT = {
    "vocab_size": (1, 1_000_000),
    "hidden_size": (8, 16_384),
    "intermediate_size": (8, 65_536),
    "num_hidden_layers": (1, 256),
    "num_attention_heads": (1, 256),
    "num_key_value_heads": (1, 256),
    "head_dim": (1, 1024),
    "max_position_embeddings": (1, 10_000_000),
}
_VISION = {
    "hidden_size": (8, 16_384),
    "intermediate_size": (8, 65_536),
    "num_hidden_layers": (1, 256),
    "num_attention_heads": (1, 256),
    "num_channels": (3, 3),
    "image_size": (8, 2048),
    "patch_size": (1, 256),
    "projection_dim": (1, 16_384),
}
_OWN = {
    "tokens_side": (1, 64),
    "shared_dim": (1, 16_384),
    "context_slots": (1, 4096),
    "event_columns": (1, 256),
    "memory_tokens": (0, 256),
    "image_seq_length": (1, 4096),
}
# The least trust of a verifier that is never taken at its word: no probability reaches it.
NEVER = 1.01
# Shares and the like.
_NUMBERS = {"judge_trust": (0.0, NEVER), "foresee_trust": (0.0, NEVER), "gate_init": (-20.0, 20.0)}
# Weights of a logistic regression: see ``policies.cimr.closer_look``.
_CLOSER, _HEAVIEST = 3, 1000.0
_PAIRS = {"stem_widths": (1, 4096), "stem_blocks": (0, 64)}
_IDS = ("type_word_ids", "name_ids", "state_ids")
_MUST = ("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads")
LARGEST = 1e9


def check_config(content: Any) -> None:
    """Refuses what is no configuration of a policy of this project.

    Raises:
        ValueError: With one line that names the field, its value and its bounds.
    """
    top = mapping(content, "config.json")
    if top.get("model_type") != "cimr_llava":
        raise ValueError(f"model_type is {shown(top.get('model_type'))}, not 'cimr_llava'")
    for name in ("quantization_config", "auto_map"):
        if top.get(name) is not None:
            raise ValueError(f"it has a {name}; policies of this project are stored without")
    _within(top, "", _OWN, ())
    text = mapping(top.get("text_config"), "text_config")
    vision = mapping(top.get("vision_config"), "vision_config")
    _within(text, "text_config.", _TEXT, _MUST)
    _within(vision, "vision_config.", _VISION, _MUST[1:])
    for name, (least, most) in _NUMBERS.items():
        _number(name, top.get(name, least), least, most)
    closer = top.get("closer_weights")
    if closer is not None:
        if not isinstance(closer, list) or len(closer) != _CLOSER:
            raise ValueError(f"closer_weights is {shown(closer)}, not {_CLOSER} numbers")
        for value in closer:
            _number("a number of closer_weights", value, -_HEAVIEST, _HEAVIEST)
    for name, (least, most) in _PAIRS.items():
        pair = top.get(name)
        if pair is not None:
            _numbers(name, pair, least, most)
            if len(pair) != 2:
                raise ValueError(f"{name} is {shown(pair)}, not two numbers")
    tokens, side = top.get("image_seq_length"), top.get("tokens_side")
    both = top.get("stem_widths") is not None and isinstance(tokens, int)
    if both and isinstance(side, int) and tokens != side**2:
        raise ValueError(f"image_seq_length is {tokens}, not the square of tokens_side, {side}")
    size = text["vocab_size"]
    for name in _IDS:
        if top.get(name) is not None:
            _numbers(name, top[name], 0, size - 1)
    for name in ("image_token_index", "image_token_id", "memory_token_id"):
        _whole(name, top.get(name, 0), -1, size - 1)
    for part, holder in (("text_config", text), ("vision_config", vision)):
        heads, width = holder["num_attention_heads"], holder["hidden_size"]
        if width % heads or heads % holder.get("num_key_value_heads", heads):
            raise ValueError(
                f"{part}: hidden_size {width} can't be shared out among {heads} attention heads"
            )
    _bounded(top)


def _within(
    holder: Mapping[str, Any],
    prefix: str,
    bounds: dict[str, tuple[int, int]],
    needed: tuple[str, ...],
) -> None:
    for name, (least, most) in bounds.items():
        if name in holder:
            _whole(prefix + name, holder[name], least, most)
        elif name in needed:
            raise ValueError(f"{prefix}{name} is missing")


def _whole(name: str, value: Any, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"{name} is {shown(value)}, not a whole number from {least} to {most}")


def _number(name: str, value: Any, least: float, most: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} is {shown(value)}, not a number")
    if not least <= value <= most:
        raise ValueError(f"{name} is {shown(value)}, not from {least:g} to {most:g}")


def _numbers(name: str, values: Any, least: int, most: int) -> None:
    if not isinstance(values, list) or not values or len(values) > 100_000:
        raise ValueError(f"{name} is {shown(values)}, not a list of whole numbers")
    for value in values:
        _whole(f"a number of {name}", value, least, most)


def _bounded(content: Any, name: str = "config.json") -> None:
    """Refuses any number beyond all use, wherever it stands; the nesting is bounded already."""
    if isinstance(content, dict):
        for key, value in content.items():
            _bounded(value, str(key))
    elif isinstance(content, list):
        for value in content:
            _bounded(value, name)
    elif isinstance(content, int | float) and not -LARGEST <= content <= LARGEST:
        raise ValueError(f"{name} is {shown(content)}, beyond all measure")
