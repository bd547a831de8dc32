"""Several threads do something at the same moment, each on its own connection."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections


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
