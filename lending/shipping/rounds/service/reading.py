"""A round as people see it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from lending.shipping.rounds import queries
from lending.shipping.rounds.rules.places import Router
from lending.shipping.rounds.rules.states import ErrandState, What
from lending.shipping.rounds.schemas import ErrandView, RoundView, StopHoursView, StopView
from lending.shipping.rounds.service.situation import Spot, hours_shown, situation_of
from lending.shipping.rounds.tables import Round, RoundErrand, RoundStop

Labels = dict[int, tuple[str, str]]
Codes = dict[int, list[str]]


def view_of(session: Session, row: Round, router: Router) -> RoundView:
    """A round whole. Raises DepotNotOnMap."""
    situation, errands = situation_of(session, row, router), queries.errands_of(session, row.id)
    labels, plan = queries.labels(session, row.id), situation.now
    codes = queries.parcel_codes(session, row.id)
    views = [
        _stop(stop, spot, errands[stop.id], labels, codes)
        for stop, spot in zip(situation.stops, situation.spots, strict=True)
    ]
    inside = [one for one in views if one.number is not None]
    depot = queries.depot_row(session, row.depot_id)
    return RoundView(
        summary=queries.summary(row, depot.name, len(inside)),
        stops=inside,
        outside=[one for one in views if one.number is None],
        heaviest_parcels=plan.heaviest.parcels,
        heaviest_grams=plan.heaviest.grams,
        is_kept=plan.is_kept(situation.van),
    )


def _stop(stop: RoundStop, spot: Spot, errands: Sequence[RoundErrand], labels: Labels, codes: Codes) -> StopView:
    return StopView(
        id=stop.id,
        number=stop.number,
        school_id=stop.school_id,
        depot_id=stop.depot_id,
        name=spot.name,
        address=spot.address,
        phone=spot.phone,
        latitude=spot.place.latitude if spot.place else None,
        longitude=spot.place.longitude if spot.place else None,
        hours=[StopHoursView(opens_at, closes_at) for opens_at, closes_at in hours_shown(spot.windows)],
        has_own_hours=stop.opens_at is not None,
        arrives_at=stop.arrives_at,
        begins_at=stop.begins_at,
        late_minutes=stop.late_minutes,
        metres=stop.metres,
        note=stop.note,
        visited_at=stop.visited_at,
        noted_at=stop.noted_at,
        errands=[_errand(one, *labels[one.id], codes.get(one.shipment_id or 0, [])) for one in errands],
    )


def _errand(row: RoundErrand, label: str, copy_code: str, codes: list[str]) -> ErrandView:
    return ErrandView(
        id=row.id,
        what=What(row.what),
        booking_id=row.booking_id,
        shipment_id=row.shipment_id,
        label=label,
        copy_code=copy_code,
        parcels=row.parcels,
        grams=row.grams,
        parcel_codes=codes,
        state=ErrandState(row.state),
        done_at=row.done_at,
        noted_at=row.noted_at,
    )
