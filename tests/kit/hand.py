"""A hand that counts what it does in a browser: clicks, dates, words typed. Going to a page is not counted."""

import datetime as dt
from dataclasses import dataclass

from playwright.sync_api import Locator


@dataclass
class Hand:
    """What it took so far."""

    clicks: int = 0
    dates: int = 0
    words: int = 0

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def pick(self, what: Locator, day: dt.date) -> None:
        what.fill(day.isoformat())
        self.dates += 1

    def type(self, what: Locator, text: str) -> None:
        what.fill(text)
        self.words += 1

    @property
    def did(self) -> tuple[int, int]:
        """Dates and clicks."""
        return self.dates, self.clicks
