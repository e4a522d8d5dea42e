"""Frozen texts, and the sheets printed from them."""

import hashlib
import json

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from assembly import clock, journal
from assembly.models.cycles import Cycle
from assembly.models.jobs import Job
from assembly.models.people import User
from assembly.models.roles import Role


class DocumentQuerySet(models.QuerySet):
    def issue(self, kind, title, content, *, cycle, audience="public", reader=None, language="fr"):
        """Freeze `content` (plain values) and have it printed; the sheet follows in a job.

        With a `reader`, it is that person's alone (and the secretariat's), whatever the `audience`.
        """
        from assembly import jobs

        document = self.create(
            kind=kind,
            title=title[:200],
            content=content,
            cycle=cycle,
            audience=Document.Audience.PERSON if reader else audience,
            reader=reader,
            language=language,
        )
        jobs.enqueue("print_document", key=f"print_document:{document.pk}", about=document.pk)
        return document

    def public(self):
        return self.filter(audience=Document.Audience.PUBLIC)

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.public()
        if user.holds(Role.SECRETARIAT):
            return self
        own = Q(reader=user) | Q(
            audience=Document.Audience.MEMBERS, cycle__in=[seat.cycle_id for seat in user.seats]
        )
        if user.current_appointments:
            own |= Q(audience=Document.Audience.MEMBERS)
        if user.holds(Role.GUARANTOR):
            own |= Q(audience=Document.Audience.STAFF)
        return self.filter(Q(audience=Document.Audience.PUBLIC) | own)

    def for_several(self):
        """Those that are not the business of one person."""
        return self.exclude(audience=Document.Audience.PERSON)


class Document(models.Model):
    """A frozen text, its page and the sheet printed from it."""

    class Kind(models.TextChoices):
        RECORD = "record", _("official record of a draw")
        MINUTES = "minutes", _("minutes")
        NOTEBOOK = "notebook", _("summary notebook")
        MANDATE = "mandate", _("working mandate")
        PROPOSAL = "proposal", _("text")
        HEARING = "hearing", _("hearing sheet")
        PRESS = "press", _("press review")
        NOTICE = "notice", _("notice of meeting")
        SIGN_IN = "sign_in", _("sign-in sheet")
        STATEMENT = "statement", _("allowance statement")
        REPORT = "report", _("yearly follow-up report")
        MISSION = "mission", _("outcome of a request")
        ANSWERS = "answers", _("answers of the executive")
        REGISTER = "register", _("register of what is kept")
        ELIMINATION = "elimination", _("elimination schedule")
        PROOF = "proof", _("proof of elimination")
        EXPORT = "export", _("everything held on a person")
        COMPOSITION = "composition", _("report on the composition")
        FICHE = "fiche", _("sheet of a cycle")
        PLEDGE = "pledge", _("public commitment")

    class Audience(models.TextChoices):
        PUBLIC = "public", _("public")
        MEMBERS = "members", _("members of the cycle")
        STAFF = "staff", _("staff")
        PERSON = "person", _("one person")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="documents")
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.PUBLIC)
    reader = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="fr")
    content = models.JSONField(encoder=journal.FactEncoder)
    issued_at = models.DateTimeField(default=clock.now)
    html = models.TextField(blank=True, editable=False)
    file = models.FileField(upload_to="documents/", blank=True)
    erased_on = models.DateField(null=True, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_personal_document_has_its_reader",
                condition=Q(audience="person", reader__isnull=False)
                | (~Q(audience="person") & Q(reader=None)),
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("assembly:document_detail", args=[self.pk])

    @property
    def pdf_url(self):
        return reverse("assembly:document_pdf", args=[self.pk, slugify(self.title) or self.kind])

    @property
    def fingerprint(self):
        text = json.dumps(self.content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def is_printed(self):
        return bool(self.file)

    @property
    def size(self):
        """Bytes of the sheet; 0 while there is none, or when its file is away."""
        try:
            return self.file.size if self.file else 0
        except FileNotFoundError:
            return 0

    @cached_property
    def job(self):
        return Job.objects.filter(key=f"print_document:{self.pk}").first()
