"""The comparison as a picture: two bars for each way, the numbers beside them, so that no colour is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, ROW, LABEL, VALUE = 720, 64, 150, 150
BAR = WIDTH - LABEL - VALUE
HEAD = 70


@dataclass(frozen=True, slots=True)
class Bars:
    """A way of moving: more requests served, kilometres driven."""

    name: str
    more_served: float
    km: float


def picture(parts: Sequence[tuple[str, Sequence[Bars]]]) -> str:
    """An SVG of parts below one another. In each, bars of loans share a scale, bars of kilometres another one."""
    drawn, top = [], 0
    for title, ways in parts:
        drawn.append(_part(title, ways, top))
        top += HEAD + ROW * len(ways)
    names = escape("; ".join(title for title, _ in parts))
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" role="img" font-family="sans-serif">
<title>{names}</title>
<rect width="{WIDTH}" height="{top}" fill="#fff"/>
{"".join(drawn)}</svg>
"""


def _part(title: str, ways: Sequence[Bars], top: int) -> str:
    most = max(*(one.more_served for one in ways), 1.0), max(*(one.km for one in ways), 1.0)
    rows = "\n".join(_row(HEAD + ROW * number, one, most) for number, one in enumerate(ways))
    return f"""<g transform="translate(0 {top})">
<text x="16" y="28" font-size="18" font-weight="700">{escape(title)}</text>
<text x="16" y="50" font-size="13">Full bars: more requests served than without moves. Outlined bars: kilometres.</text>
{rows}</g>
"""


def _row(top: int, one: Bars, most: tuple[float, float]) -> str:
    served, km = max(one.more_served, 0.0) / most[0] * BAR, one.km / most[1] * BAR
    return f"""<g font-size="14"><text x="16" y="{top + 28}" font-weight="700">{escape(one.name)}</text>
<rect x="{LABEL}" y="{top + 6}" width="{served:.1f}" height="18" fill="#1f3f37"/>
<text x="{LABEL + served + 8:.1f}" y="{top + 20}">{one.more_served:,.0f} requests</text>
<rect x="{LABEL}" y="{top + 28}" width="{km:.1f}" height="14" fill="none" stroke="#8a3b12" stroke-width="1.5"/>
<text x="{LABEL + km + 8:.1f}" y="{top + 40}">{one.km:,.0f} km</text></g>"""
