"""What is left out has no effect at all on the answer; what is not left out has one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from policies.base import Context, Observation, PastStep, SeenThing
from policies.cimr.ablations import PARTS, checked, kept_slots
from policies.cimr.language.tokenizer import build_tokenizer
from policies.cimr.memory_events import GROUPS, slots_of
from policies.cimr.model import small_model
from policies.cimr.policy import LvlmPolicy
from tests.training.made_up_steps import small_parts
from training.batches import Augmentation, Batch, Batcher
from training.sft import answer_logits

SIZES = {"dim": 32, "layers": 1, "heads": 2, "vision_layers": 1, "stem_widths": (8, 16)}
# Of a step's inputs, what each part is about.
TOUCHES = {
    "findings": {"fusion"},
    **{group: {"memory"} for group in GROUPS if group not in ("notes", "objections")},
    "notes": {"state"},
    "objections": {"state", "second-phase"},
    "views": {"memory", "learned-memory"},
    "past news": {"memory", "learned-memory"},
    "news of what was wrong": {"memory", "learned-memory", "state"},
}


@pytest.fixture(scope="module")
def tokenizer():
    return build_tokenizer()


@pytest.fixture(scope="module")
def models(tokenizer):
    """One of each kind, all of the same seed."""
    made = {}
    for part in (None, *PARTS):
        torch.manual_seed(0)
        made[part] = small_model(tokenizer, without=(part,) if part else (), **SIZES).eval()
    return made


@pytest.fixture(scope="module")
def batch(tokenizer):
    """Two decisions with everything in them, and two steps before each."""
    model, _, steps = small_parts()
    events = np.random.default_rng(1).integers(5, len(tokenizer), steps.events.shape)
    records = [{**record, "step": k} for k, record in enumerate(steps.records)]
    steps = replace(steps, records=records, events=events, episode=np.zeros(16, int))
    batcher = Batcher(steps, tokenizer, model.config.name_ids, Augmentation())
    return batcher.make(np.array([2, 2]), np.random.default_rng(0), augment=False)


def other(batch: Batch, what: str) -> Batch:
    """The batch with one of its inputs changed."""
    if what == "findings":
        return batch._replace(found=batch.found.flip(-1))
    if what == "views":
        return batch._replace(views=batch.views + 1)
    if "news" in what:
        news = batch.news.clone()
        rows = slice(0, 1) if what == "past news" else slice(1, None)
        news[:, :, rows] = news[:, :, rows].flip(-1)
        return batch._replace(news=news)
    events = batch.events.clone()
    events[:, slots_of(what)] = events[:, slots_of(what)].flip(-1)
    return batch._replace(events=events)


@pytest.fixture(scope="module")
def logits(models, batch):
    with torch.inference_mode():
        return {part: answer_logits(model, batch)[0] for part, model in models.items()}


@pytest.mark.parametrize("what", TOUCHES)
def test_only_what_is_left_out_has_no_effect(models, batch, logits, what):
    changed = other(batch, what)
    for part, model in models.items():
        with torch.inference_mode():
            after = answer_logits(model, changed)[0]
        assert torch.equal(after, logits[part]) == (part in TOUCHES[what]), part


@pytest.mark.parametrize("part", ["fusion", "queries"])
def test_without_queries_no_stream_changes_another(models, part):
    whole, fused = models[None].fusion, models[part].fusion
    torch.manual_seed(1)
    text, vision, context = (torch.randn(1, n, SIZES["dim"]) for n in (3, 4, 5))
    found = torch.randn(1, 3, fused.grounding.found_dim)
    prompt = torch.ones(1, 3, dtype=torch.bool)
    with torch.inference_mode():
        apart = fused(text, vision, context, found, prompt)
        together = whole(text, vision, context, found, prompt)
    assert torch.equal(apart.vision, vision) and torch.equal(apart.context, context)
    assert torch.equal(apart.text, text) == (part == "fusion")
    assert not any(torch.equal(a, b) for a, b in zip(apart, together, strict=True))


def test_variants_of_one_seed_begin_with_the_same_weights(models):
    weights = [model.state_dict() for model in models.values()]
    assert all(w.keys() == weights[0].keys() for w in weights)
    assert all(torch.equal(w[name], weights[0][name]) for w in weights for name in w)


def context(**more) -> Context:
    """Two steps on, with a mug seen."""
    history = (PastStep("goto Fridge", "ok"), PastStep("open Fridge", "failed"))
    return Context(history=history, seen=(SeenThing("Mug", "CounterTop", 1),), **more)


def test_it_plays_without_memory_as_it_was_trained(models, tokenizer, tmp_path):
    from policies.loading import load_default
    from training.checkpoint import save_policy

    save_policy(tmp_path, models["memory"], tokenizer, known_words=[])
    frame = np.random.default_rng(0).integers(0, 255, (300, 300, 3), dtype=np.uint8)
    seen = Observation(frame, "bring the mug")
    policies = load_default(tmp_path), LvlmPolicy(models[None], tokenizer)
    assert policies[0].model.without == ("memory",)
    told = []
    for policy in policies:
        policy.reset("bring the mug", 0)
        fresh = policy.act(seen, Context()).confidence
        told.append(policy.act(seen, context()).confidence == fresh)
    assert told == [True, False]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("memory", "not a list of parts"),
        ({"memory": 1}, "not a list of parts"),
        (["memories"], "'memories': use some of fusion"),
        ([["memory"]], "use some of fusion"),
        ([True], "use some of fusion"),
        (["memory", "memory"], "'memory' twice"),
        (["x" * 10_000], "use some of fusion"),
    ],
)
def test_what_names_no_parts_is_refused_in_a_line(value, said):
    with pytest.raises(ValueError, match=said) as error:
        checked(value)
    assert "\n" not in str(error.value) and len(str(error.value)) < 300


def test_nothing_is_left_out_where_nothing_is_said():
    assert checked(None) == checked([]) == () and kept_slots(()) is None
