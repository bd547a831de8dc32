"""Redis as a help that may be away: then every read misses and no write is kept.

Source: 9-quality, section 1, `CACHE_URL`.
"""

from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from typing import Any, TypeVar

import structlog
from django.core.cache.backends.redis import RedisCache

T = TypeVar("T")
log = structlog.get_logger("consign.cache")


class ForgivingRedisCache(RedisCache):
    """What sessions ask of a cache, answered as an empty one while Redis is away."""

    @cached_property
    def lost(self) -> type[Exception]:
        error: type[Exception] = import_module("redis.exceptions").RedisError
        return error

    def add(self, *args: Any, **options: Any) -> bool:
        add = super().add
        return self.attempt(lambda: add(*args, **options), otherwise=False)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        get = super().get
        return self.attempt(lambda: get(key, default, version), otherwise=default)

    def set(self, *args: Any, **options: Any) -> None:
        put = super().set
        self.attempt(lambda: put(*args, **options), otherwise=None)

    def delete(self, key: Any, version: int | None = None) -> bool:
        delete = super().delete
        return self.attempt(lambda: delete(key, version), otherwise=False)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        has_key = super().has_key
        return self.attempt(lambda: has_key(key, version), otherwise=False)

    def attempt(self, operation: Callable[[], T], *, otherwise: T) -> T:
        try:
            return operation()
        except (OSError, self.lost) as failure:
            log.warning("cache away", error=type(failure).__name__)
            return otherwise
