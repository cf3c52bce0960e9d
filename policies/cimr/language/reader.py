"""Reads an instruction into family, target, receptacle, tool, slice and switch: a small encoder.

A Transformer of two layers reads the words together with one query for each field of each of two
tasks; what a query comes out as is scored against the families, or against the embeddings of the
object types' own names. It is trained by ``training.reader`` and lies beside the policy::

    reader.safetensors  reader.json   {"format": 1, "vocabulary": 4518, ...}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor, nn

from envs.tasks.registry import FAMILY_NAMES
from policies.cimr.language.instruction import MAX_INSTRUCTION, instruction_ids, is_known
from policies.cimr.language.lexicon import type_names, usual_names
from policies.cimr.language.subgoals import MAYBE_PLACED, PLACED, TOOL_OF, WITH_TOOL, TaskParse
from policies.cimr.language.understanding import Understanding

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

# An instruction asks for at most so many tasks, in order.
TASKS = 2
FAMILIES = ("", *(name for name in FAMILY_NAMES if name != "composite"))
TYPE_FIELDS = ("target", "receptacle", "tool")
FIELDS = ("family", *TYPE_FIELDS, "turn_on", "sliced")
# Below this a field is one it is unsure of, and words that sway it so much are named.
_SURE, _SWAYS = 0.6, 0.2
_SMALL_WORDS = frozenset(
    "a an the in on into onto of to and it is with at from by for please some then up i you my "
    "that this me can could would put".split()
)


@dataclass(frozen=True)
class ReaderConfig:
    """Sizes.

    Attributes:
        vocabulary: Tokens.
        width: Of the embeddings.
        layers: Of the Transformer.
        heads: Of its attention.
    """

    vocabulary: int
    width: int = 192
    layers: int = 2
    heads: int = 4


class Scores(NamedTuple):
    """Logits of every field of the tasks in order.

    Attributes:
        family: (B, TASKS, F), over ``FAMILIES``.
        types: (B, TASKS, 3, 1 + K), over none and ``type_names``, of target, receptacle and tool.
        switch: (B, TASKS, 2): whether to turn on, whether sliced; before the sigmoid.
    """

    family: Tensor
    types: Tensor
    switch: Tensor


class Labels(NamedTuple):
    """What ``Scores`` should say.

    Attributes:
        family: (B, TASKS) int64; 0 for no task.
        types: (B, TASKS, 3) int64; 0 for none.
        switch: (B, TASKS, 2) float32.
    """

    family: Tensor
    types: Tensor
    switch: Tensor


class ReaderNetwork(nn.Module):
    """The encoder with its heads.

    Args:
        config: Sizes.
        name_ids: Token id of every type's usual name.
    """

    def __init__(self, config: ReaderConfig, name_ids: list[int]) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.words = nn.Embedding(config.vocabulary, width)
        nn.init.normal_(self.words.weight, std=0.05)
        self.places = nn.Parameter(torch.zeros(MAX_INSTRUCTION, width))
        self.queries = nn.Parameter(torch.randn(TASKS * (1 + len(TYPE_FIELDS)), width) * 0.05)
        layer = nn.TransformerEncoderLayer(
            width, config.heads, 3 * width, 0.1, "gelu", batch_first=True, norm_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, config.layers, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(width)
        self.family = nn.Linear(width, len(FAMILIES))
        self.switch = nn.Linear(width, 2)
        self.named = nn.Linear(width, width)
        self.bias = nn.Parameter(torch.zeros(len(TYPE_FIELDS), 1 + len(name_ids)))
        self.none = nn.Parameter(torch.zeros(1, width))
        # How well words besides the name itself come to stand for a type.
        self.types = nn.Parameter(torch.zeros(len(name_ids), width))
        self.register_buffer("name_ids", torch.tensor(name_ids), persistent=False)
        self.register_buffer("met", torch.zeros(config.vocabulary, dtype=torch.bool))

    def forward(self, ids: Tensor, mask: Tensor) -> Scores:
        """Scores of instructions.

        Args:
            ids: (B, T) int64 token ids.
            mask: (B, T) bool, what is a word.
        """
        count, length = ids.shape
        said = self.words(ids) + self.places[:length]
        queries = self.queries.expand(count, -1, -1)
        hidden = torch.cat([~mask.new_ones(count, len(self.queries)), ~mask], 1)
        out = self.encoder(torch.cat([queries, said], 1), src_key_padding_mask=hidden)
        out = self.norm(out[:, : len(self.queries)]).view(count, TASKS, -1, self.config.width)
        known = torch.cat([self.none, self.words(self.name_ids) + self.types])
        types = self.named(out[:, :, 1:]) @ known.T + self.bias
        return Scores(self.family(out[:, :, 0]), types, self.switch(out[:, :, :2].mean(2)))


def reader_loss(network: ReaderNetwork, ids: Tensor, mask: Tensor, labels: Labels) -> Tensor:
    """Mean loss of a batch: cross-entropy of the fields that each task has.

    Args:
        network: What is trained.
        ids: (B, T) int64 token ids.
        mask: (B, T) bool, what is a word.
        labels: What is asked for.
    """
    scores = network(ids, mask)
    loss = nn.functional.cross_entropy(scores.family.flatten(0, 1), labels.family.flatten())
    # Of what is not asked for there is nothing to tell.
    real = labels.family > 0
    types, wanted = scores.types[real], labels.types[real]
    if len(wanted):
        loss = loss + 3 * nn.functional.cross_entropy(
            types.flatten(0, 1), wanted.flatten(), label_smoothing=0.02
        )
        loss = loss + nn.functional.binary_cross_entropy_with_logits(
            scores.switch[real], labels.switch[real]
        )
    return loss


def label_rows(
    parses: tuple[TaskParse, ...],
) -> tuple[list[int], list[list[int]], list[list[float]]]:
    """Labels of one instruction: families, types and switches of ``TASKS`` tasks."""
    index = {name: k + 1 for k, name in enumerate(type_names())}
    families, types, switches = [0] * TASKS, [[0, 0, 0] for _ in range(TASKS)], [[1.0, 0.0]] * TASKS
    for k, parse in enumerate(parses[:TASKS]):
        families[k] = FAMILIES.index(parse.family)
        types[k] = [index.get(getattr(parse, field), 0) for field in TYPE_FIELDS]
        switches[k] = [float(parse.turn_on), float(parse.sliced)]
    return families, types, switches


def labels_of(parses: list[tuple[TaskParse, ...]]) -> Labels:
    """Labels of a batch of instructions."""
    rows = [label_rows(one) for one in parses]
    return Labels(
        torch.tensor([row[0] for row in rows]),
        torch.tensor([row[1] for row in rows]),
        torch.tensor([row[2] for row in rows]),
    )


def padded(rows: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Token ids (B, T) of instructions and the mask (B, T) of what is a word."""
    length = max(1, *map(len, rows)) if rows else 1
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    mask = torch.zeros(len(rows), length, dtype=torch.bool)
    for k, row in enumerate(rows):
        ids[k, : len(row)] = torch.tensor(row, dtype=torch.long)
        mask[k, : len(row)] = True
    return ids, mask


class Reader:
    """Reads instructions with a trained network.

    Args:
        network: Trained.
        tokenizer: The policy's.
    """

    def __init__(self, network: ReaderNetwork, tokenizer: PreTrainedTokenizerFast) -> None:
        self.network, self.tokenizer = network.eval(), tokenizer

    @torch.inference_mode()
    def parse(self, instructions: list[str]) -> list[tuple[TaskParse, ...]]:
        """What each of some instructions asks for; empty where no task was found."""
        rows = [instruction_ids(self.tokenizer, text).ids for text in instructions]
        scores = self._scores(rows)
        return [_best(scores, k) for k in range(len(rows))]

    @torch.inference_mode()
    def read(self, instruction: str) -> Understanding:
        """An instruction, with how sure it is and of which words it is not."""
        read = instruction_ids(self.tokenizer, instruction)
        spans = self._spans(read.words)
        without = [read.ids[:begin] + read.ids[end:] for _, begin, end in spans]
        scores = self._scores([read.ids, *without])
        parses = _best(scores, 0)
        chances = _chances(scores, 0 if parses else None)
        confidence = {name: float(values[0]) for name, values in chances.items()}
        unsure = [word for word, begin, end in spans if self._is_new(read.ids[begin:end], word)]
        for values in chances.values():
            sway = (values[1:] - values[0]).abs()
            if values[0] < _SURE and len(sway) and float(sway.max()) > _SWAYS:
                unsure.append(spans[int(sway.argmax())][0])
        shown = tuple(w for w in dict.fromkeys(unsure) if w not in _SMALL_WORDS)[:4]
        return Understanding(instruction, parses, confidence, shown, read.left_out)

    def _scores(self, rows: list[list[int]]) -> Scores:
        device = self.network.places.device
        ids, mask = padded(rows)
        found = self.network(ids.to(device), mask.to(device))
        return Scores(*(part.cpu() for part in found))

    def _spans(self, words: tuple[str, ...]) -> list[tuple[str, int, int]]:
        """Words with where their tokens begin and end; of a cut instruction those at its start."""
        found, at = [], 0
        for word in words:
            count = len(self.tokenizer.encode(" " + word, add_special_tokens=False))
            if at + count > MAX_INSTRUCTION // 2:
                break
            found.append((word, at, at + count))
            at += count
        return found

    def _is_new(self, ids: list[int], word: str) -> bool:
        return not is_known(word) or not bool(self.network.met[ids].all())


def _best(scores: Scores, k: int) -> tuple[TaskParse, ...]:
    """The likeliest tasks of a row."""
    names = ("", *type_names())
    parses = []
    for task in range(TASKS):
        family = FAMILIES[int(scores.family[k, task].argmax())]
        if not family:
            break
        target, receptacle, tool = (names[i] for i in _type_indices(family, scores.types[k, task]))
        turn_on, sliced = (scores.switch[k, task] > 0).tolist()
        tool = TOOL_OF.get(family, tool)
        parses.append(
            TaskParse(family, target, receptacle, tool, turn_on or family != "toggle", sliced)
        )
    return tuple(parses)


def _type_indices(family: str, scores: Tensor) -> list[int]:
    """The likeliest target, receptacle and tool (3, 1 + K) that make a task of a family."""
    needed = (True, family in PLACED, family in WITH_TOOL)
    allowed = (True, family in PLACED | MAYBE_PLACED, family in WITH_TOOL)
    return [
        1 + int(row[1:].argmax()) if need else int(row.argmax()) if may else 0
        for row, need, may in zip(scores, needed, allowed, strict=True)
    ]


def _chances(scores: Scores, row: int | None) -> dict[str, Tensor]:
    """Of each field of the first task, the chance of what row 0 says, by row (N,).

    Args:
        scores: Of N rows, the whole instruction first.
        row: Of the whole instruction; None where it asks for no task: then only the family's.
    """
    family = scores.family[:, 0].softmax(-1)
    found = {"family": family[:, int(family[0].argmax())]}
    if row is None:
        return found
    types = scores.types[:, 0].softmax(-1)
    name_of_family = FAMILIES[int(family[0].argmax())]
    chosen = _type_indices(name_of_family, scores.types[0, 0])
    for k, name in enumerate(TYPE_FIELDS):
        # What a family implies is as sure as the family.
        implied = name == "tool" and name_of_family not in WITH_TOOL
        found[name] = torch.ones(len(types)) if implied else types[:, k, chosen[k]]
    for k, name in enumerate(FIELDS[-2:]):
        on = scores.switch[:, 0, k].sigmoid()
        found[name] = on if bool(on[0] > 0.5) else 1 - on
    return found


def new_network(tokenizer: PreTrainedTokenizerFast) -> ReaderNetwork:
    """An untrained network for a tokenizer's words."""
    from policies.cimr.language.tokenizer import word_id

    ids = [word_id(tokenizer, name) for name in usual_names()]
    return ReaderNetwork(ReaderConfig(len(tokenizer)), ids)
