"""Django on a database and a Redis of its own, for measurements inside one process."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def own_home() -> Iterator[Path]:
    """Call it before anything of flowbuilder is imported that reads the settings."""
    with TemporaryDirectory() as folder:
        os.environ |= {"FLOWBUILDER_HOME": folder, "DJANGO_SETTINGS_MODULE": "flowbuilder.settings"}
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        from tests.installation import RedisServer

        redis = RedisServer(Path(folder), settings.REDIS_URL)
        redis.start()
        try:
            call_command("migrate", verbosity=0)
            yield Path(folder)
        finally:
            redis.stop()
