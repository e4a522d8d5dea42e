"""The worker is alive: a mark it leaves in the cache, every few seconds, even in the middle of a long job."""

import logging
import time

from django.core.cache import cache
from django.db import DatabaseError
from redis.exceptions import RedisError

KEY = "worker-heartbeat"
SILENCE = 60  # seconds after which a silent worker is taken for dead
log = logging.getLogger(__name__)


def beat():
    try:
        cache.set(KEY, time.time(), None)
    except (DatabaseError, OSError, RedisError):
        log.warning("The worker could not leave its mark.")


def is_heard():
    try:
        return time.time() - (cache.get(KEY) or 0) < SILENCE
    except (DatabaseError, OSError, RedisError):
        return False
