from django.contrib.sessions.management.commands.clearsessions import Command  # noqa: F401 (the beat calls it)
