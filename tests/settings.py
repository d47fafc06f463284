"""Settings of the tests: never the developer's own data, and for each of several test processes a folder and a Redis
of its own. Read before any conftest, which is why they stand here."""

import os
import tempfile

os.environ.setdefault("FLOWBUILDER_HOME", tempfile.mkdtemp(prefix="flowbuilder-test-"))
if (worker := os.environ.get("PYTEST_XDIST_WORKER")) and not os.environ["FLOWBUILDER_HOME"].endswith(worker):
    os.environ["FLOWBUILDER_HOME"] += f"/{worker}"
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
# Playwright's synchronous API runs a loop in the test's thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

from flowbuilder.settings import *  # noqa: E402, F403

# PBKDF2's million rounds for each person of each test would be half the time of the suite.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
