"""How often something happened in a window of time, shared by all processes."""

from datetime import datetime
from typing import ClassVar

from django.db import connection, models


class CounterManager(models.Manager["Counter"]):
    """The one write of the table."""

    def add(self, name: str, window: datetime, amount: int) -> int:
        """Add to a counter and return its new value, in one atomic statement.

        The text is the same for SQLite 3.35 and PostgreSQL; the ORM has no upsert
        that adds. Call it outside a transaction: the row stays locked until commit.
        """
        at = connection.ops.adapt_datetimefield_value(window)  # as the ORM writes it
        with connection.cursor() as cursor:
            cursor.execute(ADD, [name, at, amount])
            return int(cursor.fetchone()[0])


class Counter(models.Model):
    """Hits under one name in one window: calls of a key, tries of an address."""

    name = models.CharField(max_length=120)
    window = models.DateTimeField()
    value = models.PositiveIntegerField()

    objects: ClassVar[CounterManager] = CounterManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name", "window"], name="counter_once_per_window"
            )
        ]
        indexes: ClassVar = [
            # the hourly purge
            models.Index(fields=["window"], name="counter_age")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.window:%Y-%m-%dT%H:%M}"


ADD = """
    INSERT INTO config_counter (name, "window", value) VALUES (%s, %s, %s)
    ON CONFLICT (name, "window") DO UPDATE
    SET value = config_counter.value + excluded.value
    RETURNING value
"""
