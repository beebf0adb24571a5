"""The design system read from its own style sheet, so that its page cannot say anything else."""

import re
from functools import cache
from pathlib import Path

import msgspec

STATIC = Path(__file__).parent / "static"
TOKEN = re.compile(r"--(?P<name>[a-z0-9-]+):\s*(?P<value>[^;]+);")
ROOT = re.compile(r":root\s*{([^}]*)}")
SYMBOL = re.compile(r'<symbol id="([a-z0-9-]+)"')
LINEAR_BELOW, OFFSET = 0.04045, 0.05


class Token(msgspec.Struct, frozen=True):
    """A custom property: its value in the light theme and in the dark one, the same where only one is given."""

    name: str
    light: str
    dark: str

    @property
    def is_colour(self) -> bool:
        """Whether it is a plain colour, `#rrggbb`."""
        return self.light.startswith("#")


class Pair(msgspec.Struct, frozen=True):
    """A text and what it stands on, with their contrast in both themes (WCAG 2.2, 1 to 21)."""

    text: str
    ground: str
    light: float
    dark: float


# Each text of the pages and the grounds on which it stands.
PAIRS = (
    *((text, ground) for text in ("ink", "soft", "wood") for ground in ("paper", "card")),
    *((tone, f"{tone}-tint") for tone in ("good", "bad", "warn", "info", "calm", "trunk", "game", "book", "sheet")),
    ("on-wood", "wood"),
    ("on-brass", "brass"),
    ("chalk", "board"),
    ("chalk-soft", "board"),
)


@cache
def tokens() -> tuple[Token, ...]:
    """Every custom property of the system, in the order of the style sheet."""
    light, dark = (_properties(block) for block in ROOT.findall(_sheet())[:2])
    return tuple(Token(name, value, dark.get(name, value)) for name, value in light.items())


@cache
def pairs() -> tuple[Pair, ...]:
    """The contrast of each text on its ground."""
    found = {token.name: token for token in tokens()}
    return tuple(
        Pair(
            text=text,
            ground=ground,
            light=contrast(found[text].light, found[ground].light),
            dark=contrast(found[text].dark, found[ground].dark),
        )
        for text, ground in PAIRS
    )


@cache
def symbols(name: str) -> tuple[str, ...]:
    """The drawings of one of our files of symbols."""
    return tuple(SYMBOL.findall((STATIC / name).read_text(encoding="utf-8")))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours `#rrggbb`, from 1 to 21. Source: WCAG 2.2, relative luminance."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + OFFSET) / (darker + OFFSET)


def _properties(block: str) -> dict[str, str]:
    return {found["name"]: found["value"].strip() for found in TOKEN.finditer(block)}


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= LINEAR_BELOW else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _sheet() -> str:
    return (STATIC / "app.css").read_text(encoding="utf-8")
