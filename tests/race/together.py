"""Several threads do something at the same moment, each on its own connection."""

import os
import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections

FULL_SCALE = os.environ.get("FULL_SCALE") == "1"


def scaled(full: int) -> int:
    """The full number in the nightly run, a fifth of it otherwise."""
    return full if FULL_SCALE else full // 5


def together(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Start every call at once; answer what each returned or raised, in order."""
    start = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=30)
            results[place] = call()
        except Exception as raised:  # noqa: BLE001 -- handed to the test
            results[place] = raised
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(place, call))
        for place, call in enumerate(calls)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def sorted_out(results: list[Any]) -> tuple[list[Any], list[Any]]:
    """What succeeded, and the codes of what was refused; other errors are raised."""
    won, refused = [], []
    for result in results:
        if not isinstance(result, Exception):
            won.append(result)
        elif hasattr(result, "code"):
            refused.append(result.code)
        else:
            raise result
    return won, refused
