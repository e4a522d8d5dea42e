import os
import subprocess
import sys

import pytest

BOOT = (
    "import django; django.setup(); from django.conf import settings; print(settings.SESSION_COOKIE_SECURE)"
)


def boot(tmp_path, **environment):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BOOT],
        env=kept | {"DJANGO_SETTINGS_MODULE": "assembly.settings", "VAR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    "environment",
    [{}, {"SECRET_KEY": "short", "ALLOWED_HOSTS": "assemblee.example"}, {"SECRET_KEY": "x" * 60}],
)
def test_nothing_insecure_starts(tmp_path, environment):
    outcome = boot(tmp_path, **environment)

    assert outcome.returncode != 0
    assert "Set SECRET_KEY" in outcome.stderr


def test_a_real_site_travels_by_https_only(tmp_path):
    outcome = boot(tmp_path, SECRET_KEY="x" * 60, ALLOWED_HOSTS="assemblee.example")

    assert (outcome.returncode, outcome.stdout.strip()) == (0, "True")


def test_every_page_says_what_a_browser_may_load(client, db):
    policy = client.get("/accessibilite/").headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
