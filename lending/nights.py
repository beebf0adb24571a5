"""The commands about messages."""

import datetime as dt

import click

from lending.core.actor import SYSTEM
from lending.core.errors import LendingError, NotFound
from lending.notices.specs import label_of
from lending.settings import read_settings
from lending.wiring import Services, build


@click.group()
def notices() -> None:
    """Messages to people."""


@notices.command()
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="A day such as 2027-03-12.")
@click.option("--association", help="Code of one association, such as 35.")
def preview(on: dt.datetime, association: str | None) -> None:
    """Say what would be sent on a day, to whom, and what is held back; nothing is sent or written."""
    services = build(read_settings())
    services.check()
    try:
        print_night(services, on.date(), association)
    except LendingError as error:
        raise click.ClickException(str(error)) from error


def print_night(services: Services, on: dt.date, association: str | None) -> None:
    """One message a line, then how many go which way. Raises NotFound, BadNight."""
    night = services.nights.preview(SYSTEM, _association_id(services, association) if association else None, on)
    for one in night.messages:
        until = f" until {one.held_until_on}" if one.held_until_on else ""
        click.echo(f"{one.way}{until}\t{label_of(one.kind)}\t{one.person_name} <{one.email}>\t{one.heading}")
    counts = {way: night.counted(way) for way in dict.fromkeys(one.way for one in night.messages)}
    told = ", ".join(f"{count} {way}" for way, count in counts.items()) or "none"
    click.echo(f"{night.on}: {len(night.messages)} messages ({told}); {night.left_out} more not looked at.")


def _association_id(services: Services, code: str) -> int:
    found = next((one.id for one in services.network.associations() if one.code == code), None)
    if found is None:
        raise NotFound
    return found
