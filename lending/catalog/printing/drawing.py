"""QR codes and bars as small drawings: one unit is one module, so that each can be printed on whole dots."""

import segno

from lending.catalog.labels import bars, copy_address, gs1_bars, runs

SVG = "http://www.w3.org/2000/svg"
# What the standards ask for around the code, in modules.
QR_QUIET, BARS_QUIET = 4, 10


def qr_svg(code: str, host: str) -> str:
    """The QR code with the copy's address and its quiet zone."""
    return qr_of(copy_address(code, host))


def qr_of(address: str) -> str:
    """A QR code that holds an address, with its quiet zone."""
    rows = segno.make(address, error="m", micro=False).matrix
    path = "".join(
        f"M{start + QR_QUIET} {y + QR_QUIET}h{width}v1h-{width}z"
        for y, row in enumerate(rows)
        for start, width in runs(["1" if module else "0" for module in row])
    )
    size = len(rows) + 2 * QR_QUIET
    return _svg(size, size, path)


def bars_svg(code: str) -> str:
    """The Code 128 with its quiet zones, as high as wide: it is stretched where it is put. Empty where none is."""
    modules = bars(code)
    return _stripes(modules)[0] if modules else ""


def gs1_bars_svg(code: str) -> tuple[str, int]:
    """The same for a number of trade, and how many modules wide it is."""
    return _stripes(gs1_bars(code))


def module_count(code: str) -> int:
    """How many modules wide the bars are with their quiet zones."""
    return len(bars(code)) + 2 * BARS_QUIET


def _stripes(modules: str) -> tuple[str, int]:
    width = len(modules) + 2 * BARS_QUIET
    return _svg(width, width, "".join(_run(start, run, width) for start, run in runs(modules))), width


def _run(start: int, run: int, height: int) -> str:
    return f"M{start + BARS_QUIET} 0h{run}v{height}h-{run}z"


def _svg(width: int, height: int, path: str) -> str:
    box = f'viewBox="0 0 {width} {height}" preserveAspectRatio="none" shape-rendering="crispEdges"'
    return f'<svg xmlns="{SVG}" width="{width}" height="{height}" {box}><path d="{path}"/></svg>'
