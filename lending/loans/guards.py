"""No two open bookings of one copy overlap: kept by the database, whatever the code above believes."""

from lending.core.guards import Guard, register

NO_DOUBLE = "booking_no_double"

# The range-only form of the exclusion needs no extension.
POSTGRESQL = f"""
alter table booking add constraint {NO_DOUBLE} exclude using gist (
  int4range(copy_id, copy_id, '[]') with &&,
  daterange(blocked_starts_on, blocked_ends_on) with &&
) where (copy_id is not null and state in ('planned', 'out'))
"""


def _trigger(name: str, moment: str) -> Guard:
    statement = f"""
create trigger {name} before {moment} on booking
when new.copy_id is not null and new.state in ('planned', 'out') and exists (
  select 1 from booking other
  where other.copy_id = new.copy_id and other.state in ('planned', 'out') and other.id is not new.id
    and other.blocked_starts_on < new.blocked_ends_on and other.blocked_ends_on > new.blocked_starts_on
)
begin select raise(abort, '{NO_DOUBLE}'); end
"""  # noqa: S608 - names of our own, no outside text
    return Guard(name, "sqlite", "booking", statement)


register(
    Guard(NO_DOUBLE, "postgresql", "booking", POSTGRESQL),
    _trigger(f"{NO_DOUBLE}_insert", "insert"),
    _trigger(
        f"{NO_DOUBLE}_update",
        "update of copy_id, state, blocked_starts_on, blocked_ends_on",
    ),
)
