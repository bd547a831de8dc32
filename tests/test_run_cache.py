"""Redis may be away: the cache is empty then, and nobody is told off."""

import sys
from types import ModuleType

import pytest

from config.cache import ForgivingRedisCache


class RedisError(Exception):
    pass


@pytest.fixture
def away(monkeypatch):
    """The library's error, and a cache whose server does not answer."""
    library = ModuleType("redis.exceptions")
    library.RedisError = RedisError  # type: ignore[attr-defined]  # a stand-in
    monkeypatch.setitem(sys.modules, "redis", ModuleType("redis"))
    monkeypatch.setitem(sys.modules, "redis.exceptions", library)

    def lost():
        raise RedisError

    cache = ForgivingRedisCache.__new__(ForgivingRedisCache)
    return lambda otherwise: cache.attempt(lost, otherwise=otherwise)


@pytest.mark.parametrize("otherwise", [None, False, "default"])
def test_lost_server_answers_as_an_empty_cache(away, otherwise):
    assert away(otherwise) is otherwise


def test_other_failures_are_not_hidden(away):
    cache = ForgivingRedisCache.__new__(ForgivingRedisCache)
    with pytest.raises(ZeroDivisionError):
        cache.attempt(lambda: 1 // 0, otherwise=None)
