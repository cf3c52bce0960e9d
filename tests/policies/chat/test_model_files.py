"""A chat model's folder is looked at before anything of it is made; whatever is wrong is a line."""

from __future__ import annotations

import json
import re
import shutil
import time

import pytest

from policies.base import Context, PolicyStopped
from policies.chat.backend import Purpose
from policies.chat.hugging_face import HuggingFaceBackend
from policies.chat.model_files import ADAPTER, check_adapter, check_network, check_small_files
from policies.chat.prompt import action_messages
from tests.policies.chat.chat_server import SEEN
from tests.tiny_llava import save_chat_model


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return save_chat_model(tmp_path_factory.mktemp("chat") / "model")


@pytest.fixture
def folder(good, tmp_path):
    return shutil.copytree(good, tmp_path / "model")


def change(path, where, value):
    """Puts a value into a JSON file, at a place such as ``text_config.hidden_size``."""
    content = json.loads(path.read_text())
    *parts, last = where.split(".")
    holder = content
    for part in parts:
        holder = holder[part]
    holder[last] = value
    path.write_text(json.dumps(content))


def refused(folder):
    """In what words a model is refused, in one line and at once."""
    begun = time.monotonic()
    with pytest.raises(ValueError, match=r"can't be loaded|no chat template") as caught:
        HuggingFaceBackend.from_pretrained(str(folder))
    assert time.monotonic() - begun < 5.0
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 700
    return str(caught.value)


@pytest.mark.parametrize(
    ("where", "value", "said"),
    [
        ("text_config.num_hidden_layers", 10**6, "num_hidden_layers is 1000000"),
        ("text_config.vocab_size", 10**9, "the weights' files hold"),
        ("text_config.hidden_size", "x", ""),
        ("text_config", [], ""),
        ("quantization_config", {"quant_method": "none such"}, "none such"),
        ("vision_config.num_hidden_layers", 1, "a layer that config.json leaves out"),
    ],
)
def test_a_configuration_that_can_be_none_is_refused_in_a_line(folder, where, value, said):
    change(folder / "config.json", where, value)
    assert re.search(said, refused(folder))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("where", "value", "said"),
    [
        ("text_config.vocab_size", 10**17, "vocab_size .* beyond all measure"),
        ("text_config.hidden_size", 10**8, "the weights' files hold"),
        ("text_config.hidden_size", -1, ""),
        ("text_config.hidden_size", None, ""),
        ("text_config.num_attention_heads", 0, ""),
        ("text_config.num_attention_heads", 7, ""),
        ("vision_config", 5, ""),
        ("vision_config.image_size", 10**6, "image_size is 1000000"),
        ("text_config.num_hidden_layers", 3, "it lacks weights"),
        ("model_type", ["llava"], "model_type"),
        ("model_type", "none-such", ""),
        ("text_config.rope_theta", 1e308, "beyond all measure"),
    ],
)
def test_other_configurations_that_can_be_none_are_refused_in_a_line(folder, where, value, said):
    change(folder / "config.json", where, value)
    assert re.search(said, refused(folder))


@pytest.mark.slow
def test_code_that_a_configuration_names_is_never_run(folder):
    change(folder / "config.json", "auto_map", {"AutoConfig": "evil.Config"})
    (folder / "evil.py").write_text("raise SystemExit('it was run')")
    HuggingFaceBackend.from_pretrained(str(folder))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "where", "value"),
    [
        ("processor_config.json", "image_processor.crop_size.height", 10**6),
        ("processor_config.json", "image_processor.size.shortest_edge", 10**9),
        ("processor_config.json", "patch_size", 0),
        ("tokenizer_config.json", "model_max_length", "x" * 10),
    ],
)
def test_a_processor_that_can_be_none_is_refused_in_a_line(folder, file, where, value):
    change(folder / file, where, value)
    try:
        backend = HuggingFaceBackend.from_pretrained(str(folder))
        backend.complete(action_messages(SEEN, Context(), "skill"), Purpose.ASK, 0)
    except (ValueError, PolicyStopped) as error:
        assert "\n" not in str(error)
    else:
        assert file == "tokenizer_config.json"


@pytest.mark.parametrize("name", ["../model.safetensors", "/etc/passwd", "none.safetensors", 5])
def test_an_index_names_only_files_of_its_folder(folder, name):
    index = {"metadata": {}, "weight_map": {"lm_head.weight": name}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    assert "no name of a file" in (said := refused(folder)) or "there is no file" in said


@pytest.mark.slow
@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b'{"a": 1e999}', b"[" * 5000, b"\xff\xfe"])
def test_a_damaged_file_is_told_in_a_line(folder, raw):
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        before = (folder / name).read_bytes()
        (folder / name).write_bytes(raw)
        assert refused(folder)
        (folder / name).write_bytes(before)


def test_how_an_answer_is_searched_for_is_ours_to_say(folder):
    change(folder / "generation_config.json", "num_beams", 100_000)
    change(folder / "generation_config.json", "num_return_sequences", 100_000)
    backend = HuggingFaceBackend.from_pretrained(str(folder))
    made = backend.complete(action_messages(SEEN, Context(), "skill"), Purpose.ASK, 0)
    assert made.tokens_out == 4


def test_a_model_whose_parts_do_not_fit_stops_the_run_in_a_line(folder):
    change(folder / "config.json", "image_token_id", 5)
    change(folder / "config.json", "image_token_index", 5)
    backend = HuggingFaceBackend.from_pretrained(str(folder))
    with pytest.raises(PolicyStopped, match="can't answer") as caught:
        backend.complete(action_messages(SEEN, Context(), "skill"), Purpose.ASK, 0)
    assert "\n" not in str(caught.value)


def test_usual_sizes_of_large_models_are_taken(tmp_path):
    config = {
        "model_type": "some_vl",
        "max_window_layers": 28,
        "vision_feature_layer": -2,
        "rope_theta": 1e6,
        "text_config": {"num_hidden_layers": 94, "num_experts": 512, "vocab_size": 262_208},
        "vision_config": {"depth": 32, "deepstack_visual_indexes": [8, 16, 24]},
    }
    (tmp_path / "config.json").write_text(json.dumps(config))
    pixels = {"size": {"longest_edge": 16_777_216, "shortest_edge": 65_536}, "patch_size": 16}
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(pixels))
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"model_max_length": 10**30}))
    check_small_files(tmp_path)
    check_small_files(tmp_path, tensors=1200)


def test_an_adapter_is_looked_at_too(folder, tmp_path):
    import torch
    from safetensors.torch import save_file

    for name, content in (("a", {"r": 10**9}), ("b", {"r": 8}), ("c", {"r": 2}), ("d", {"r": "2"})):
        place = tmp_path / name
        place.mkdir()
        (place / ADAPTER).write_text(json.dumps({"peft_type": "LORA", **content}))
        save_file({"x.lora_A.weight": torch.zeros(2, 32)}, place / "adapter_model.safetensors")
    check_adapter(tmp_path / "c")
    for name in "abd":
        with pytest.raises(ValueError, match="rank|r is") as caught:
            check_adapter(tmp_path / name)
        assert "\n" not in str(caught.value)
    (tmp_path / "c" / "adapter_model.safetensors").rename(tmp_path / "c" / "adapter_model.bin")
    with pytest.raises(ValueError, match="no file adapter_model.safetensors"):
        check_adapter(tmp_path / "c")


def test_a_good_folder_passes(good):
    check_network(good)
