from django.core.management.base import BaseCommand

from assembly import heartbeat, jobs
from assembly.models import Job


class Command(BaseCommand):
    help = "Run the jobs that wait or whose worker died."

    def handle(self, **options):
        heartbeat.beat()
        for pk in Job.objects.claimable().order_by("pk").values_list("pk", flat=True)[:50]:
            jobs.run(pk)
