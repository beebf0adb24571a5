"""Doing things at the same time."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any


def together(*acts: Callable[[], Any]) -> list[Exception]:
    """Do them at once, each in a thread of its own; what went wrong."""
    start, wrong = Barrier(len(acts)), list[Exception]()

    def do(act: Callable[[], Any]) -> None:
        start.wait()
        try:
            act()
        except Exception as error:  # noqa: BLE001 - a thread keeps its failure to itself otherwise
            wrong.append(error)

    threads = [Thread(target=do, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong
