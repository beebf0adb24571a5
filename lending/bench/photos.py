"""How long photos take from what a phone sends to what pages show: drawn anew, in every size, kept.

Twenty photos of 12 million pixels are made from a seed and taken in turn. Making them is not measured.
"""

import io
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
from PIL import Image, ImageDraw

from lending.bench.figures import Figure, Part, print_parts
from lending.catalog.media import MediaFolder
from lending.catalog.photos.drawing import Drawn, draw_anew

WIDTH, HEIGHT = 4000, 3000
DIFFERENT = 20
ALONE_SHARE = 10
THREADS = 2
# One photo is what somebody waits for; a thousand are an association's evening.
MOST_MILLISECONDS, MOST_SECONDS_PER_THOUSAND = 1_000, 400


def bench_photos(size: int, seed: int) -> None:
    """Measure one after the other (a tenth of them), then two at once as the server does."""
    click.echo("Making photos…", err=True)
    photos = [made_up_photo(seed + number) for number in range(min(size, DIFFERENT))]
    with tempfile.TemporaryDirectory(prefix="lending-bench") as folder:
        store = MediaFolder(Path(folder))
        click.echo("One after the other…", err=True)
        alone = [_kept(store, photos[number % len(photos)]) for number in range(max(1, size // ALONE_SHARE))]
        click.echo(f"{THREADS} at once…", err=True)
        started = time.perf_counter()
        with ThreadPoolExecutor(THREADS) as threads:
            together = list(threads.map(lambda number: _kept(store, photos[number % len(photos)]), range(size)))
        total = time.perf_counter() - started
    print_parts([_part(size, photos, alone, together, total)])


def made_up_photo(seed: int) -> bytes:
    """A JPEG of 12 million pixels with large shapes, soft light and a grain, as phones make them."""
    chance = random.Random(seed)  # noqa: S311 - photos to repeat, no secret
    light = Image.frombytes("RGB", (16, 12), chance.randbytes(16 * 12 * 3))
    picture = light.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for _ in range(40):
        x, y, radius = chance.randrange(WIDTH), chance.randrange(HEIGHT), chance.randrange(40, 500)
        colour = (chance.randrange(256), chance.randrange(256), chance.randrange(256))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    grain = Image.frombytes("L", (WIDTH // 2, HEIGHT // 2), chance.randbytes(WIDTH * HEIGHT // 4))
    noise = grain.resize((WIDTH, HEIGHT)).convert("RGB")
    file = io.BytesIO()
    Image.blend(picture, noise, 0.12).save(file, "JPEG", quality=88)
    return file.getvalue()


def _kept(store: MediaFolder, content: bytes) -> tuple[float, Drawn]:
    started = time.perf_counter()
    drawn = draw_anew(content)
    for name, version in drawn.versions.items():
        store.save_as(name, version)
    return (time.perf_counter() - started) * 1000, drawn


def _part(
    size: int,
    photos: Sequence[bytes],
    alone: Sequence[tuple[float, Drawn]],
    together: Sequence[tuple[float, Drawn]],
    total: float,
) -> Part:
    one, two = "one by one", f"{THREADS} at once"
    part = Part(f"{size:,} photos of {WIDTH * HEIGHT / 1e6:.0f} million pixels", [one, two])
    spent = {one: [each for each, _ in alone], two: [each for each, _ in together]}
    medians = {name: round(statistics.median(times), 1) for name, times in spent.items()}
    slowest = {name: round(sorted(times)[int(len(times) * 0.95)], 1) for name, times in spent.items()}
    part.figures += [
        Figure("a photo, median", "ms", {one: medians[one]}, ("at most", MOST_MILLISECONDS)),
        Figure("a photo while another is drawn, median", "ms", {two: medians[two]}),
        Figure("a photo, p95", "ms", slowest),
        Figure("per photo, all together", "ms", {two: round(total * 1000 / size, 1)}),
        Figure("total", "s", {two: round(total, 1)}),
        Figure("a thousand photos", "s", {two: round(total * 1000 / size, 1)}, ("at most", MOST_SECONDS_PER_THOUSAND)),
        Figure("what came, per photo", "kB", {two: round(statistics.mean(map(len, photos)) / 1000, 1)}),
    ]
    for kind in ("webp", "jpg"):
        kept = [sum(len(file) for name, file in drawn.versions.items() if name.endswith(kind)) for _, drawn in together]
        part.figures.append(Figure(f"kept as {kind}, per photo", "kB", {two: round(statistics.mean(kept) / 1000, 1)}))
    return part
