"""The command that lives through school years."""

from pathlib import Path

import click

from lending.bench.moves import simulate_moves
from lending.simulating.report import simulate_year

DEFAULT_SEED = 2026


@click.command()
@click.option("--year", "is_year", is_flag=True, help="Live through a school year of five associations.")
@click.option("--rebalancing", is_flag=True, help="Compare ways of moving copies between associations.")
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True)
@click.option("--years", type=click.IntRange(1, 100), default=10, show_default=True, help="Of --rebalancing.")
@click.option("--size", type=click.IntRange(10, 5000), default=500, show_default=True, help="Titles of --rebalancing.")
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("var/rebalancing.svg"),
    show_default=True,
    help="Where the picture of --rebalancing is saved (SVG).",
)
def simulate(seed: int, years: int, size: int, output: Path, *, is_year: bool, rebalancing: bool) -> None:
    """Live through made-up school years; the last line is one JSON object."""
    if is_year == rebalancing:
        message = "say what to simulate: --year or --rebalancing"
        raise click.UsageError(message)
    if rebalancing:
        simulate_moves(size, seed, years, output)
    elif not simulate_year(seed):
        message = "reminders are missing, extra or doubled, or a job failed: see above"
        raise click.ClickException(message)
