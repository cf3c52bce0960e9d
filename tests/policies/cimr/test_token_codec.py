"""What the expert thinks can be thought by the policy that learns from it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import policies.expert
from policies.cimr.language import tokenizer as t
from policies.cimr.language.tokenizer import build_tokenizer
from policies.cimr.token_codec import Codec


def _said(thought: ast.expr) -> list[str]:
    """The words written out in a thought, names that are filled in left out."""
    if isinstance(thought, ast.Constant):
        return [thought.value]
    return [n.value for n in getattr(thought, "values", ()) if isinstance(n, ast.Constant)]


def test_every_word_of_the_experts_thoughts_is_one_the_policy_may_think() -> None:
    codec = Codec(build_tokenizer())
    may = set(codec.thought_ids)
    found = 0
    for path in Path(policies.expert.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "Label":
                continue
            for text in _said(node.args[1]) if len(node.args) > 1 else ():
                for word in re.findall(r"[a-z]+", text):
                    found += 1
                    assert t.encode_text(codec.tokenizer, word)[0] in may, (
                        f"{word!r} in {path.name}"
                    )
    assert found > 5
