"""Two bytes that `serve` shares with its web processes.

`serve` writes "draining", a web process writes "ready". A file's page is mapped by all
of them; the module knows nothing of Django, so that web processes keep the mapping
when they are reloaded.
"""

import mmap
import os
import tempfile

DRAINING, READY = 0, 1


class Board:
    """Without `create` or `share` there is no serve: never draining."""

    def __init__(self) -> None:
        self.page: mmap.mmap | None = None

    def create(self) -> int:
        """Make the page; returns the file descriptor to hand to a child."""
        descriptor, path = tempfile.mkstemp(prefix="consign-")
        os.unlink(path)  # noqa: PTH108 -- the descriptor is all that is needed
        os.write(descriptor, bytes(2))
        self.share(descriptor)
        return descriptor

    def share(self, descriptor: int) -> None:
        self.page = mmap.mmap(descriptor, 2)

    def write(self, place: int) -> None:
        if self.page is not None:
            self.page[place] = 1

    def read(self, place: int) -> bool:
        return self.page is not None and self.page[place] == 1


board = Board()
