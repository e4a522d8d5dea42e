from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from assembly.journal import PURGES
from assembly.models import Receipt


class Command(BaseCommand):
    help = "Delete what has reached the end of its time: each room registers what it keeps on a clock."

    def handle(self, **options):
        Receipt.objects.filter(at__lt=timezone.now() - timedelta(days=2)).delete()
        for orphan in settings.INCOMING.iterdir():
            if orphan.is_file() and orphan.stat().st_mtime < timezone.now().timestamp() - 86400:
                orphan.unlink(missing_ok=True)
        for purge in PURGES:
            purge()
