"""What a paid endpoint may cost, and what it has cost so far, over several processes if need be.

The ledger is a small JSON file, ``{"requests": 12, "tokens": 8040, "usd": 0.021}``, locked while it
is written, so that all workers of an evaluation, and its next run, draw on one budget.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from envs.simulator.system.foreign_json import read_json
from envs.simulator.system.typed_records import record_of, shown
from envs.simulator.system.whole import write_text
from policies.base import PolicyStopped

# Bytes of a ledger, and the largest limit or price.
MOST_BYTES, MOST = 100_000, 10**15


@dataclass(frozen=True)
class Spent:
    """What was used up.

    Attributes:
        requests: That were answered.
        tokens: In and out.
        usd: Money, by the prices given.
    """

    requests: int = 0
    tokens: int = 0
    usd: float = 0.0

    def plus(self, other: Spent) -> Spent:
        """The sum."""
        return Spent(
            self.requests + other.requests, self.tokens + other.tokens, self.usd + other.usd
        )


@dataclass(frozen=True)
class Budget:
    """Limits and prices.

    Attributes:
        tokens: Most tokens, in and out, or None.
        usd: Most money, or None.
        price_in: USD a million tokens of prompts.
        price_out: USD a million tokens of answers.

    Raises:
        ValueError: If a number is negative or none, or money is limited without a price.
    """

    tokens: int | None = None
    usd: float | None = None
    price_in: float = 0.0
    price_out: float = 0.0

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if value is not None and not 0 <= value <= MOST:
                raise ValueError(
                    f"The budget's {name} must be a number from 0 to 1e15, not {shown(value)}."
                )
        if self.usd is not None and not self.price_in + self.price_out:
            raise ValueError(
                "A budget in USD needs prices: add --price IN,OUT, in USD a million tokens."
            )

    def cost(self, tokens_in: int, tokens_out: int) -> Spent:
        """One request's."""
        money = (tokens_in * self.price_in + tokens_out * self.price_out) / 1e6
        return Spent(1, tokens_in + tokens_out, money)


class Purse:
    """Keeps to a budget.

    Args:
        budget: The limits.
        ledger: A file to share them with other processes and later runs, or None.

    Raises:
        ValueError: If the ledger is there but can't be read.
    """

    def __init__(self, budget: Budget, ledger: Path | None = None) -> None:
        self.budget, self.ledger = budget, ledger
        self._spent = Spent()
        self._last = Spent()
        _ = self.spent

    @property
    def spent(self) -> Spent:
        """So far, by everybody who shares the ledger."""
        if self.ledger is None or not self.ledger.exists():
            return self._spent
        return _read(self.ledger)

    def check(self) -> None:
        """To be called before a request.

        Raises:
            PolicyStopped: If another request like the last would go beyond the budget.
        """
        spent, budget = self.spent, self.budget
        next_tokens, next_usd = spent.tokens + self._last.tokens, spent.usd + self._last.usd
        if budget.tokens is not None and (
            spent.tokens >= budget.tokens or next_tokens > budget.tokens
        ):
            raise PolicyStopped(
                f"The budget of {budget.tokens} tokens is used up ({spent.tokens} in "
                f"{spent.requests} requests): give a larger --budget-tokens."
            )
        if budget.usd is not None and (spent.usd >= budget.usd or next_usd > budget.usd):
            raise PolicyStopped(
                f"The budget of {budget.usd:g} USD is used up ({spent.usd:.4f} in "
                f"{spent.requests} requests): give a larger --budget-usd."
            )

    def pay(self, tokens_in: int, tokens_out: int) -> Spent:
        """Notes a request that was answered; returns its cost."""
        cost = self.budget.cost(tokens_in, tokens_out)
        self._last = cost
        if self.ledger is None:
            self._spent = self._spent.plus(cost)
            return cost
        self.ledger.parent.mkdir(parents=True, exist_ok=True)
        with _locked(self.ledger):
            total = (_read(self.ledger) if self.ledger.exists() else Spent()).plus(cost)
            write_text(self.ledger, json.dumps(asdict(total)))
        return cost


@contextlib.contextmanager
def _locked(ledger: Path) -> Iterator[IO[str]]:
    """Alone with a ledger, where the system has locks."""
    with ledger.with_name(f".{ledger.name}.lock").open("w") as lock:
        try:
            import fcntl
        except ImportError:  # Windows
            yield lock
            return
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock


def _read(ledger: Path) -> Spent:
    try:
        spent: Spent = record_of(Spent, read_json(ledger, MOST_BYTES), "it")
        if min(spent.requests, spent.tokens, spent.usd) < 0:
            raise ValueError("it holds a number below 0")
        return spent
    except ValueError as error:
        raise ValueError(
            f"The ledger {ledger} can't be read ({error}): mend it, or delete it to "
            "count from nothing."
        ) from error
