"""What people tried in the simulated year, and what came of it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from lending.core.errors import LendingError

Answer = TypeVar("Answer")


@dataclass
class Journal:
    """Counts acts that were done, and those that were refused by their reason."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    failed_jobs: int = 0

    def attempt(self, act: str, work: Callable[[], Answer]) -> Answer | LendingError:
        """Do it as a person would; a refusal is an answer like any other, any other error is a defect."""
        try:
            answer = work()
        except LendingError as refusal:
            self.refused[f"{act}: {refusal.slug}"] += 1
            return refusal
        self.done[act] += 1
        return answer
