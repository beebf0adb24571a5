"""The form in which a school says what is missing or broken, line by line."""

from lending.shipping.deliveries.schemas import GapIn
from lending.web.pages.form_values import LARGEST_ID, count_in

COUNTED = ("missing", "broken")


def gaps_in(data: dict[str, str]) -> list[GapIn]:
    """The counts of the form; line 0 is the thing as a whole. Raises BadCount."""
    if "all" in data:
        return []
    lines: dict[int, dict[str, int]] = {}
    for name, text in data.items():
        what, _dash, line = name.partition("-")
        if what in COUNTED and line.isascii() and line.isdecimal() and int(line[:10]) <= LARGEST_ID and text.strip():
            lines.setdefault(int(line[:10]), {})[what] = count_in(data, name)
    return [GapIn(line_id=line or None, **counts) for line, counts in lines.items()]
