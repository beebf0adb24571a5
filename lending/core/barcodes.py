"""The code on a copy: ten digits, `AAA SSSSS KK`.

Association number (3), serial (5), key (2). The key makes the whole number a multiple of 97 plus one (ISO 7064
mod 97-10), because Code 128's own checksum was seen to let a misread through.
"""

import re

CODE_LENGTH = 10
# An AZERTY keyboard receives the unshifted row when a scanner types the digits of a US layout.
AZERTY_DIGITS = str.maketrans("à&é\"'(-è_ç", "0123456789")
TRAILING_CODE = re.compile(r"(?:^|\D)(\d{10})/?$")


def make_code(association_number: int, serial: int) -> str:
    """The code of the `serial`-th copy (1..99999) of an association (number 1..999)."""
    if not (0 < association_number < 1000 and 0 < serial < 100_000):  # noqa: PLR2004 - the widths of the two parts
        message = f"no code for association {association_number}, serial {serial}"
        raise ValueError(message)
    body = association_number * 100_000 + serial
    return f"{body:08d}{98 - body * 100 % 97:02d}"


def has_valid_key(code: str) -> bool:
    """Whether ten digits carry the key that belongs to them."""
    return len(code) == CODE_LENGTH and code.isdecimal() and code.isascii() and int(code) % 97 == 1


def parse_scan(raw: str) -> str:
    """What a scanner or a person typed, as it stands in the database.

    Spaces go, letters become capitals, an AZERTY keyboard's digits and the address of a QR code are understood.
    """
    text = re.sub(r"\s+", "", raw).upper()
    if found := TRAILING_CODE.search(text):
        return found[1]
    as_digits = re.sub(r"\s+", "", raw).lower().translate(AZERTY_DIGITS)
    return as_digits if as_digits.isdecimal() and len(as_digits) == CODE_LENGTH else text


def shown(code: str) -> str:
    """Digits grouped for the eye: `035 00012 34`; a foreign code is left as it is."""
    return f"{code[:3]} {code[3:8]} {code[8:]}" if has_valid_key(code) else code
