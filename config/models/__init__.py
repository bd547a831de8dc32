"""The two tables of the door: remembered answers and rate counters."""

from config.models.call import IdempotentCall
from config.models.counter import Counter

__all__ = ["Counter", "IdempotentCall"]
