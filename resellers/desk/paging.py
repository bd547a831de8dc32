"""Lists of any length that never count all of it."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator

COUNTED = 10_000


class LeanPaginator(Paginator[Any]):
    """Counts to 10,000 and no further; what lies behind is found by searching."""

    @cached_property
    def counted(self) -> int:
        """Rows, up to one more than are ever paged through."""
        rows: Any = self.object_list
        return int(rows.order_by()[: COUNTED + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self.counted, COUNTED)

    @property
    def count_words(self) -> str:
        return f"{COUNTED:,}+" if self.counted > COUNTED else f"{self.counted:,}"
