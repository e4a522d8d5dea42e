from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssemblyConfig(AppConfig):
    name = "assembly"
    verbose_name = _("Assembly")

    def ready(self):
        from assembly import documents, reactions, rules  # noqa: F401 (jobs and permissions register themselves)
        from assembly.composition import stages  # noqa: F401 (jobs and permissions register themselves)
        from assembly.open_data import ground, release  # noqa: F401 (datasets and their job register themselves)
        from assembly.privacy import categories, erasing, exporting  # noqa: F401
        from assembly.search import sources  # noqa: F401 (what can be found registers itself)
