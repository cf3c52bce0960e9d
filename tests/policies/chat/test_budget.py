"""A budget must make sense."""

from __future__ import annotations

import math

import pytest

from policies.chat.budget import Budget


@pytest.mark.parametrize(
    ("numbers", "says"),
    [({"tokens": -1}, "tokens"), ({"usd": math.nan}, "usd"), ({"usd": 1.0}, "--price")],
)
def test_budgets_that_make_no_sense_are_refused(numbers, says):
    with pytest.raises(ValueError, match=says):
        Budget(**numbers)
