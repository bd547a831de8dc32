"""One byte that `serve` shares with its web processes: stop sending us visitors.

A file's page is mapped by all of them; it knows nothing of Django, so that a reloaded
web worker keeps the same mapping.
"""

import mmap
import tempfile

PAGE_BYTES = 1


class Flag:
    def __init__(self) -> None:
        self.page: mmap.mmap | None = None

    def create(self) -> int:
        """Make the page; returns the file descriptor to hand to a child."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 -- lives as long as the process
        file.write(b"\0")
        file.flush()
        self.page = mmap.mmap(file.fileno(), PAGE_BYTES)
        self.file = file
        return file.fileno()

    def share(self, descriptor: int) -> None:
        self.page = mmap.mmap(descriptor, PAGE_BYTES)

    def begin(self) -> None:
        if self.page is not None:
            self.page[0] = 1

    def begun(self) -> bool:
        return self.page is not None and self.page[0] == 1


flag = Flag()
create, share, begin, begun = flag.create, flag.share, flag.begin, flag.begun
