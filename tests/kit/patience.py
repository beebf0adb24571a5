"""Waiting for what another process will do."""

import time
from collections.abc import Callable
from typing import Any

import pytest

PATIENCE_SECONDS = 25


def eventually(look: Callable[[], Any], seconds: int = PATIENCE_SECONDS) -> Any:
    """What `look` finds, as soon as it finds something."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.2)
    return pytest.fail(f"nothing came of {look.__doc__ or look}")
