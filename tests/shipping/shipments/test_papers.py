"""Papers of shipments are read back from the page as a scanner and a person read them."""

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lending.catalog.errors import DamagedBarcode
from lending.core.errors import Forbidden, NotFound
from lending.core.i18n import language
from lending.network.tables import Depot
from lending.settings import BadSettingError, read_settings
from lending.shipping.papers.service import ShipmentPaper, ShipmentPapers
from lending.shipping.shipments.rules import Mode, gs1_key, is_sscc, parcel_code, parse_parcel_scan, shown_parcel_code
from lending.shipping.shipments.schemas import Departure, ParcelFacts
from lending.shipping.shipments.service import Shipments
from tests.kit.loans import DAY
from tests.shipping.shipments.conftest import Road

PREFIX = "3760123"
HOSTILE = '#panic("x") $x$ *a* `c` <d> \\ "}]'


@pytest.fixture
def papers(road: Road) -> ShipmentPapers:
    with road.world.db.write() as session:
        home, there = session.get_one(Depot, road.world.depot.id), session.get_one(Depot, road.there.id)
        home.address, home.postcode = "45 rue du Capitaine-Maignan", "35000"
        there.address, there.postcode, there.commune = "12 rue des Écoles", "22000", "Saint-Brieuc"
    return ShipmentPapers(road.world.db, road.world.clock)


def pages(pdf: bytes) -> list[Image.Image]:
    return [page.render(scale=200 / 72).to_pil() for page in pypdfium2.PdfDocument(pdf)]


def codes(page: Image.Image) -> list[tuple[zxingcpp.BarcodeFormat, str]]:
    """What lies on a page, from top to bottom."""
    found = sorted(zxingcpp.read_barcodes(page), key=lambda one: one.position.top_left.y)
    return [(one.format, one.text) for one in found]


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    return " ".join(text.replace("\u200b", "").replace("\ufffe", "").split())


def test_each_parcel_has_its_label_and_its_return_label(road: Road, papers: ShipmentPapers) -> None:
    shipment_id = road.packed(0, 1, 2)
    ours = [parcel.code for parcel in road.see(shipment_id).parcels]
    for which, heading in ((ShipmentPaper.LABELS, "Colis 3/3"), (ShipmentPaper.RETURN_LABELS, "Retour")):
        made = papers.of_shipment(road.world.staff, shipment_id, which)
        read = [code for page in pages(made) for code in codes(page)]
        assert read == [(zxingcpp.BarcodeFormat.Code128, code) for code in ours]
        assert heading in words(made)
        assert road.there.name in words(made)
        assert "22000 Saint-Brieuc" in words(made)


def test_the_note_names_every_copy_of_every_parcel(road: Road, papers: ShipmentPapers) -> None:
    shipment_id = road.packed(0, 1)
    facts = ParcelFacts(weight_grams=12_500, value_cents=30_000)
    road.shipments.describe_parcel(road.world.staff, shipment_id, 1, facts)
    road.shipments.describe_parcel(road.world.staff, shipment_id, 2, ParcelFacts(weight_grams=500))
    departure = Departure(
        mode=Mode.CARRIER, carrier=HOSTILE, tracking_number="6A123", arrives_on=road.world.today + 3 * DAY
    )
    view = road.shipments.send(road.world.staff, shipment_id, departure)
    said = words(papers.of_shipment(road.neighbour, shipment_id, ShipmentPaper.NOTE))
    for fact in (
        "Bordereau d’expédition",
        view.summary.reference,
        "6A123",
        "13 kg",
        "1 exemplaire · 12,5 kg",
        "300,00",
        HOSTILE,
    ):
        assert fact in said
    for line in view.lines:
        assert line.copy_code in said
        assert line.title_name in said


def test_all_papers_are_one_accessible_file_in_the_readers_language(road: Road, papers: ShipmentPapers) -> None:
    shipment_id = road.packed(0)
    made = papers.of_shipment(road.world.staff, shipment_id)
    assert b"/StructTreeRoot" in made
    assert b"pdfuaid" in made
    assert len(pages(made)) == 2
    chosen = language.set("en")
    try:
        said = words(papers.of_shipment(road.world.staff, shipment_id))
    finally:
        language.reset(chosen)
    for fact in ("Dispatch note", "Sender", "Receiver", "Return", "Parcel 1/1"):
        assert fact in said


def test_with_a_prefix_of_trade_carriers_read_an_sscc(road: Road, papers: ShipmentPapers) -> None:
    road.shipments = Shipments(road.world.db, road.world.clock, PREFIX)
    shipment_id = road.packed(0)
    code = road.see(shipment_id).parcels[0].code
    page = pages(papers.of_shipment(road.world.staff, shipment_id, ShipmentPaper.LABELS))[0]
    (found,) = zxingcpp.read_barcodes(page)
    assert found.content_type == zxingcpp.ContentType.GS1
    assert parse_parcel_scan(found.text) == code
    assert found.text.replace("(", "").replace(")", "") == code
    road.shipments.send(road.world.staff, shipment_id, Departure())
    road.world.clock.advance(minutes=60)
    assert road.scan(shipment_id, found.text) == "arrived"


def test_only_those_at_its_ends_print_the_papers(road: Road, papers: ShipmentPapers) -> None:
    shipment_id = road.packed(0)
    with pytest.raises(Forbidden):
        papers.of_shipment(road.world.teacher, shipment_id)
    with pytest.raises(NotFound):
        papers.of_shipment(road.world.staff, 99_999)


@given(st.integers(1, 10**7 - 1), st.from_regex(r"[0-9]{7,10}", fullmatch=True))
def test_an_sscc_is_read_in_each_way_that_it_is_typed_and_never_with_a_wrong_digit(number: int, prefix: str) -> None:
    code = parcel_code(number, prefix)
    if len(str(number)) >= 18 - len(prefix):
        assert not is_sscc(code)
        return
    assert is_sscc(code)
    for typed in (code, f"]C1{code}", f"(00){code[2:]}", shown_parcel_code(code), f"  {code} "):
        assert parse_parcel_scan(typed) == code
    for place in (5, 18):
        wrong = f"{code[:place]}{(int(code[place]) + 1) % 10}{code[place + 1 :]}"
        with pytest.raises(DamagedBarcode):
            parse_parcel_scan(wrong)


def test_the_check_digit_is_the_one_of_the_standard() -> None:
    assert gs1_key("37601234000000000") == "8"
    assert gs1_key("629104150021") == "3"


@pytest.mark.parametrize("prefix", ["12", "abcdefg", "12345678901"])
def test_a_prefix_that_is_none_stops_the_start(prefix: str) -> None:
    with pytest.raises(BadSettingError):
        read_settings({"LENDING_GS1_PREFIX": prefix})
    assert read_settings({"LENDING_GS1_PREFIX": PREFIX}).gs1_prefix == PREFIX
