"""Clients that book as fast as they can until nobody answers."""

import datetime as dt
import random
import time

import httpx

REFUSED = (400, 409)


class Booker:
    """One client; it remembers which reservations it was told were made."""

    def __init__(self, base_url: str, token: str, titles: list[int], school_id: int, seed: int) -> None:
        self.http = httpx.Client(base_url=base_url, headers={"authorization": f"Bearer {token}"}, timeout=10)
        self.titles, self.school_id, self.chance = titles, school_id, random.Random(seed)

    def run(self, until: float) -> list[int]:
        """Book until the time or the server is over. Any answer but yes or a clean refusal is an error."""
        made: list[int] = []
        with self.http:
            self.rage(until, made)
        return made

    def rage(self, until: float, made: list[int]) -> None:
        """Ask again and again until the time or the server is over."""
        while time.monotonic() < until:
            try:
                answer = self.http.post("/api/reservations", json=self.wish())
            except httpx.HTTPError:
                break
            assert answer.status_code == 201 or answer.status_code in REFUSED, answer.text
            if answer.status_code == 201:
                made.append(answer.json()["id"])

    def wish(self) -> dict[str, object]:
        first = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=self.chance.randint(3, 200))
        last = first + dt.timedelta(days=self.chance.randint(3, 14))
        days = {"starts_on": first.isoformat(), "due_on": last.isoformat()}
        return {"title_id": self.chance.choice(self.titles), "school_id": self.school_id, **days}


def bookers(base_url: str, tokens: list[str], count: int, seed: int) -> list[Booker]:
    """Clients that all want the same few titles."""
    http = httpx.Client(base_url=base_url, headers={"authorization": f"Bearer {tokens[0]}"}, timeout=10)
    with http:
        school_id = http.get("/api/schools/mine").json()[0]["id"]
        hits = http.get("/api/search", params={"association": "35", "kind": "trunk"}).json()["hits"]
    titles = [hit["title"]["id"] for hit in hits[:3]]
    return [Booker(base_url, tokens[0], titles, school_id, seed * 100 + one) for one in range(count)]
