"""The same request sent over HTTP from several threads at the same moment."""

import http.client
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.servers import Answer

THREADS = 16
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Post:
    """One request, before it is sent."""

    path: str
    body: bytes
    headers: Mapping[str, str]

    def send(self, port: int) -> Answer:
        """Send it on a connection of its own, redirects not followed."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("POST", self.path, self.body, dict(self.headers))
            response = connection.getresponse()
            return Answer(response.status, dict(response.headers), response.read())
        finally:
            connection.close()


def send_copies(port: int, posts: Sequence[Post], times: int = 4) -> list[list[Answer]]:
    """Send each request `times` at once; answer the answers of each.

    Sixteen threads in groups of `times`; a barrier holds a group until all its
    members are ready for the same request.
    """
    groups = THREADS // times
    answers: list[list[Answer]] = [[] for _ in posts]

    def run(group: int, together: threading.Barrier) -> None:
        for place in range(group, len(posts), groups):
            together.wait(timeout=PATIENCE_SECONDS)
            answers[place].append(posts[place].send(port))

    with ThreadPoolExecutor(groups * times) as pool:
        running = []
        for group in range(groups):
            together = threading.Barrier(times)
            running += [pool.submit(run, group, together) for _ in range(times)]
        for each in running:
            each.result()
    return answers


def send_together(port: int, posts: Sequence[Post]) -> list[Answer]:
    """Send different requests at once, sixteen at a time."""
    start = threading.Barrier(min(THREADS, len(posts)))

    def run(post: Post) -> Answer:
        start.wait(timeout=PATIENCE_SECONDS)
        return post.send(port)

    with ThreadPoolExecutor(start.parties) as pool:
        return list(pool.map(run, posts))
