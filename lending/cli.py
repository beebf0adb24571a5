"""The command line: `lending COMMAND`. Each command is a thin shell around a use case."""

import logging
import os
import sys
from pathlib import Path

import click

from lending.bench.bookings import bench_bookings
from lending.bench.desks import DESK_BOOKINGS, bench_desks
from lending.bench.imports import bench_imports
from lending.bench.labels import bench_labels
from lending.bench.photos import bench_photos
from lending.bench.rebalancing import bench_rebalancing
from lending.bench.rounds import bench_rounds
from lending.bench.search import bench_search
from lending.catalog.printing.formats import FORMATS, USUAL
from lending.catalog.rules import Kind
from lending.catalog.service.load_vocabularies import load_vocabularies
from lending.core.actor import Role
from lending.core.database import Database
from lending.core.errors import LendingError
from lending.demo.accounts import DEMO_ACCOUNTS
from lending.demo.service import is_empty, load_demo
from lending.doctor import examine
from lending.files import EXPORT_FORMATS, IMPORT_FORMATS, export_file, import_file, print_labels
from lending.migrations.run import upgrade
from lending.nights import notices
from lending.serving import log_as, serve_in_processes
from lending.serving import serve as serve_pages
from lending.settings import BadSettingError, Settings, read_settings
from lending.wiring import Services, build
from lending.worker import run_worker
from lending.worker.once import work_once
from lending.years import DEFAULT_SEED, simulate

log = logging.getLogger(__name__)


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """A lending library for educational trunks."""
    try:
        context.obj = read_settings()
    except BadSettingError as error:
        raise click.ClickException(str(error)) from error
    log_as(context.obj.log_level)


@main.command()
@click.option("--port", type=int, help="Port on 127.0.0.1; the setting LENDING_PORT by default.")
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True, help="Seed of the demo collection.")
def run(port: int | None, seed: int) -> None:
    """Set up, load the demo collection into an empty database, and serve with the worker inside."""
    port = port or read_settings().port
    os.environ.update(LENDING_DEMO="true", LENDING_PORT=str(port))
    os.environ.setdefault("LENDING_BASE_URL", f"http://127.0.0.1:{port}")
    settings = read_settings()
    _migrate(settings)
    services = build(settings)
    _load_demo_if_empty(services, seed)
    _introduce(settings)
    serve_pages(services)


@main.command()
def serve() -> None:
    """Serve the pages and the API (and the worker, unless LENDING_WORKER_INSIDE is false)."""
    settings = read_settings()
    if settings.web_processes == 1:
        serve_pages(build(settings))
    else:
        serve_in_processes(settings)


@main.command()
@click.option("--once", is_flag=True, help="Run every job once, say what each did, and end; 1 when one failed.")
def worker(*, once: bool) -> None:
    """Run the jobs: mail, reminders, overdue loans, search index."""
    services = build(read_settings())
    services.check()
    if once:
        sys.exit(work_once(services, click.echo))
    run_worker(services)


@main.command()
def migrate() -> None:
    """Bring the database to the newest schema and load the vocabularies."""
    _migrate(read_settings())
    click.echo("The database is up to date.")


@main.command()
def calendars() -> None:
    """Load the school years that were published; what the federation edited stays."""
    services = build(read_settings())
    services.check()
    click.echo(f"{services.school_calendars.load_published()} new school years.")


@main.command()
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True)
def demo(seed: int) -> None:
    """Load the demo collection into an empty database."""
    services = build(read_settings())
    if not _load_demo_if_empty(services, seed):
        message = "the database is not empty: the demo collection was not loaded"
        raise click.ClickException(message)


@main.command()
def reindex() -> None:
    """Build the search index anew beside the one in use, then swap."""
    services = build(read_settings())
    count = services.search.reindex()
    click.echo(f"{count} titles indexed.")


@main.command()
def doctor() -> None:
    """Say what is wrong and what to do; the exit code is 1 when something is."""
    findings = examine(read_settings())
    for finding in findings:
        click.echo(f"{'ok ' if finding.ok else 'BAD'} {finding.check}: {finding.what}")
        if not finding.ok:
            click.echo(f"    -> {finding.do}")
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


@main.command()
@click.argument("role", type=click.Choice([role.value for role in Role]))
def token(role: str) -> None:
    """Print an API token of the demo account of a role. Demo mode only."""
    settings = read_settings()
    if not settings.demo:
        message = "tokens of demo accounts exist in demo mode only (LENDING_DEMO=true)"
        raise click.ClickException(message)
    account = next(account for account in DEMO_ACCOUNTS if account.role == role)
    click.echo(build(settings).accounts.create_token(account.email, f"demo {role}"))


@main.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--association", required=True, help="Code of the association, such as 35.")
@click.option("--format", "format_", type=click.Choice(IMPORT_FORMATS), help="Where the content does not tell it.")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="Of rows that do not say.")
@click.option("--apply", "is_applied", is_flag=True, help="Apply; without it nothing but the check is kept.")
@click.option("--skip-refused", is_flag=True, help="Apply the other rows where some are refused.")
def import_(
    file: Path, association: str, format_: str | None, kind: str | None, *, is_applied: bool, skip_refused: bool
) -> None:
    """Check a CSV, XLSX, JSON or MARC file or a list of ISBNs, and import it into an association's catalogue."""
    services = build(read_settings())
    services.check()
    try:
        import_file(services, file, association, format_, kind, is_applied=is_applied, skip_refused=skip_refused)
    except LendingError as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.option("--association", required=True, help="Code of the association, such as 35.")
@click.option("--format", "format_", type=click.Choice(EXPORT_FORMATS), default="xlsx", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A named file; here by default.")
def export(association: str, format_: str, output: Path | None) -> None:
    """Write everything that an association owns into a file."""
    services = build(read_settings())
    services.check()
    try:
        export_file(services, association, format_, output)
    except LendingError as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.option("--association", required=True, help="Code of the association, such as 35.")
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), default=USUAL, show_default=True)
@click.option("--skip", type=click.IntRange(0, 200), default=0, help="Labels of the first sheet that are used up.")
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), default="labels.pdf", show_default=True
)
def labels(association: str, format_: str, skip: int, output: Path) -> None:
    """Write sheets of labels for all copies of an association as PDF."""
    services = build(read_settings())
    services.check()
    try:
        print_labels(services, association, format_, skip, output)
    except LendingError as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def bounces(files: tuple[Path, ...]) -> None:
    """Read reports of mail that came back (.eml files) and write down which messages reached nobody."""
    services = build(read_settings())
    services.check()
    count = services.notices.read_bounces(one.read_bytes() for one in files)
    click.echo(f"{count} messages came back.")


main.add_command(notices)
main.add_command(simulate)


@main.group()
def bench() -> None:
    """Measure. The last line is one JSON object."""


@bench.command()
@click.option("--postgresql", help="A PostgreSQL server on which databases may be made; SQLite alone without.")
@click.option("--size", type=int, default=200_000, show_default=True, help="Bookings of the made-up country.")
@click.option("--clients", type=int, default=32, show_default=True)
@click.option("--requests", type=int, default=40, show_default=True, help="Requests per client.")
def bookings(postgresql: str | None, size: int, clients: int, requests: int) -> None:
    """How much is accepted, a storm on one title, and the answers in a full country."""
    bench_bookings(postgresql, size, clients, requests)


@bench.command("desks")
@click.option("--postgresql", help="A PostgreSQL server on which databases may be made; SQLite alone without.")
@click.option("--size", type=int, default=DESK_BOOKINGS, show_default=True, help="Bookings of the made-up country.")
@click.option("--clients", type=int, default=32, show_default=True, help="Desks that scan at the same time.")
def bench_desks_(postgresql: str | None, size: int, clients: int) -> None:
    """How long a scan takes while thirty-two desks work."""
    bench_desks(postgresql, size, clients)


@bench.command("photos")
@click.option("--size", type=int, default=1000, show_default=True, help="Photos of 12 million pixels.")
@click.option("--seed", type=int, default=20_260_901, show_default=True, help="What the photos are made from.")
def bench_photos_(size: int, seed: int) -> None:
    """How long photos take to be drawn anew in every size."""
    bench_photos(size, seed)


@bench.command("rebalancing")
@click.option("--size", type=click.IntRange(min=1), default=5000, show_default=True, help="Titles.")
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True)
def bench_rebalancing_(size: int, seed: int) -> None:
    """Plan the moves of all regions of a made-up country."""
    bench_rebalancing(size, seed)


@bench.command("rounds")
@click.option("--size", type=click.IntRange(min=1), default=50, show_default=True, help="Stops of the large round.")
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True)
def bench_rounds_(size: int, seed: int) -> None:
    """Order the stops of rounds, and hold small ones against their proven shortest order."""
    bench_rounds(size, seed)


@bench.command("search")
@click.option("--size", type=int, default=5000, show_default=True, help="Titles.")
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True)
@click.option("--users", type=int, default=0, help="People on the search page; without, only the index is asked.")
def search_(size: int, seed: int, users: int) -> None:
    """Search a made-up catalogue with the embedded index: what is found, how fast, how fresh."""
    bench_search(size, seed, users)


@bench.command("import")
@click.option("--size", type=int, default=10_000, show_default=True, help="Rows of the made-up list.")
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True)
def bench_import(size: int, seed: int) -> None:
    """Check, apply, check again, export and undo a large list in a temporary database."""
    bench_imports(size, seed)


@bench.command("labels")
@click.option("--size", type=int, default=1000, show_default=True)
def bench_labels_(size: int) -> None:
    """How long sheets of labels take."""
    bench_labels(size)


def _migrate(settings: Settings) -> None:
    db = Database(settings.database_url)
    upgrade(db)
    with db.write() as session:
        load_vocabularies(session)
    db.dispose()


def _load_demo_if_empty(services: Services, seed: int) -> bool:
    if not is_empty(services.db):
        return False
    click.echo("Loading the demo collection…")
    load_demo(services, seed)
    services.search.reindex()
    return True


def _introduce(settings: Settings) -> None:
    click.echo(f"\n  {settings.base_url}\n\n  Demo accounts (one click at {settings.base_url}/demo):")
    for account in DEMO_ACCOUNTS:
        click.echo(f"    {account.role:<12} {account.name:<20} {account.email}")
    click.echo("\n  Ctrl+C ends it.\n")
