"""The measurement of photos measures photos: made from a seed, and told as a table and as JSON."""

import json

import pytest

from lending.bench import photos
from lending.bench.photos import bench_photos, made_up_photo


def test_it_tells_a_table_and_one_json_object(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "WIDTH", 400)
    monkeypatch.setattr(photos, "HEIGHT", 300)
    bench_photos(3, 7)
    lines = capsys.readouterr().out.splitlines()
    figures = {one["name"]: one for one in json.loads(lines[-1])["figures"]}
    assert figures["a photo, median"]["is_met"]
    assert figures["total"]["values"]["2 at once"] >= 0
    assert figures["kept as webp, per photo"]["values"]["2 at once"] > 0


def test_a_seed_makes_the_same_photo_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "WIDTH", 400)
    monkeypatch.setattr(photos, "HEIGHT", 300)
    assert made_up_photo(1) == made_up_photo(1)
    assert made_up_photo(1) != made_up_photo(2)
