"""What waits for staff, as the front page of the administration lists it.

`settings.STAFF_TASKS` names functions that are given the time and yield tasks; each
room adds its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StaffTask:
    """One line: what, how many, how much, since or until when, and where to.

    `permission` is who sees it; `tone` is that of a status when anything waits.
    """

    label: str
    count: int
    url: str
    permission: str
    about: str
    tone: str = "soon"
    amounts: tuple[str, ...] = ()
    moment: datetime | None = None
    is_deadline: bool = False
    count_words: str = ""


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((at for at in moments if at is not None), default=None)
