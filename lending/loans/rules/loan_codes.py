"""The code on the papers of a loan: fourteen digits, `99 NNNNNNNNNN KK`.

Number of the booking (10) between the mark of a loan (99) and a key (2). The key makes the whole number a multiple of
97 plus one, as in the codes of copies. No copy's code is so long, and box codes of fourteen digits do not begin so, so
that a scan of a paper is never taken for a scan of a thing.
"""

import re

from lending.catalog.errors import DamagedBarcode
from lending.core.barcodes import AZERTY_DIGITS

MARK = "99"
NUMBER_DIGITS = 10
LARGEST_NUMBER = 2**31 - 1
TRAILING_LOAN_CODE = re.compile(rf"(?:^|[^0-9])({MARK}[0-9]{{{NUMBER_DIGITS + 2}}})/?$")


def loan_code(booking_id: int) -> str:
    """The code of a booking's papers."""
    if not 0 < booking_id <= LARGEST_NUMBER:
        message = f"no code for booking {booking_id}"
        raise ValueError(message)
    body = f"{MARK}{booking_id:0{NUMBER_DIGITS}d}"
    return f"{body}{98 - int(body) * 100 % 97:02d}"


def booking_id_of(raw: str) -> int | None:
    """The booking whose paper was scanned, in whatever shape its code was typed; None for any other code.

    Raises DamagedBarcode where the code is one of a loan and its key is wrong.
    """
    code = parse_loan_scan(raw)
    if code is None:
        return None
    number = int(code[len(MARK) : -2])
    if int(code) % 97 != 1 or not 0 < number <= LARGEST_NUMBER:
        raise DamagedBarcode(barcode=code)
    return number


def parse_loan_scan(raw: str) -> str | None:
    """The digits of a loan's code; its key is not looked at.

    Spaces go, an AZERTY keyboard's digits and the address of a QR code are understood.
    """
    text = re.sub(r"\s+", "", raw)
    found = TRAILING_LOAN_CODE.search(text) or TRAILING_LOAN_CODE.search(text.lower().translate(AZERTY_DIGITS))
    return found[1] if found else None


def shown_loan_code(code: str) -> str:
    """Digits grouped for the eye: `99 0000 0123 45 67`."""
    return f"{code[:2]} {code[2:6]} {code[6:10]} {code[10:12]} {code[12:]}"


def loan_address(code: str, host: str) -> str:
    """The address in the QR code of a paper. Capitals take half the room of small letters."""
    return f"HTTPS://{host.upper()}/L/{code}"
