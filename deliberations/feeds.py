"""What is new, as Atom feeds: each over all cycles, and cycle by cycle.

Entries keep the same name for ever (a tag URI) and carry the date of their last change.
"""

import re
from datetime import datetime, time
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import F
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape, linebreaks
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.models import Cycle, Document
from assembly.templatetags.house import moment
from deliberations.models import Proposal, Return
from workshops import calendar
from workshops.models import Meeting, PressReview

LATEST = 50
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
BORN = 2026
"""The year from which the names of entries are ours (RFC 4151)."""


def tag(*name):
    """tag:paris.example,2026:text/12"""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"tag:{host},{BORN}:{'/'.join(map(str, name))}"


def printable(text):
    """Without the signs XML has no place for."""
    return NOT_IN_XML.sub("", str(text))


class HouseFeed(Feed):
    """`key` names the feed, `cycle_path` leads from a row to its cycle, `page` is where the same is read."""

    feed_type = Atom1Feed
    key = address = page = ""
    cycle_path = "cycle"
    name = None

    def get_object(self, request, number=None):
        if number is None:
            return None
        return get_object_or_404(Cycle.objects.visible_to(request.user), number=number)

    def title(self, cycle):
        house = _("Paris Citizens’ Assembly")
        return printable(" – ".join(map(str, [house, self.name, *([cycle.title] if cycle else [])])))

    def link(self, cycle):
        return cycle.get_absolute_url() if cycle else reverse(self.page)

    def feed_guid(self, cycle):
        return tag("feed", self.key, *([cycle.number] if cycle else []))

    def author_name(self):
        return _("Paris Citizens’ Assembly")

    def items(self, cycle):
        rows = self.rows()
        return self.told(rows.filter(**{self.cycle_path: cycle}) if cycle else rows)

    def told(self, rows):
        return rows[:LATEST]

    def item_title(self, row):
        return printable(row)

    def item_description(self, row):
        return linebreaks(escape(printable(self.words(row))))

    def item_guid(self, row):
        return tag(self.key, row.pk)

    def item_updateddate(self, row):
        return row.changed_at

    def item_pubdate(self, row):
        return self.published(row)


class TextFeed(HouseFeed):
    """Every public text, the last that moved first."""

    key, address, page = "text", "textes", "deliberations:proposal_list"
    name = gettext_lazy("Wishes and deliberations")

    def rows(self):
        rows = Proposal.objects.public().with_since()
        return rows.order_by(F("since").desc(nulls_last=True), "-pk")

    def words(self, text):
        return f"{text.get_state_display().capitalize()}.\n\n{text.plain_summary}"

    def item_updateddate(self, text):
        return text.since or text.transmitted_at

    def published(self, text):
        return text.transmitted_at


class ReturnFeed(HouseFeed):
    key, address, page = "return", "suites", "deliberations:measure_list"
    name = gettext_lazy("What became of the measures")
    cycle_path = "measure__proposal__cycle"

    def rows(self):
        public = Proposal.objects.public().values("pk")
        rows = Return.objects.filter(measure__proposal__in=public).select_related("measure__proposal")
        return rows.order_by("-on", "-pk")

    def item_title(self, row):
        return printable(f"{row.get_state_display().capitalize()} – {row.measure.text}"[:250])

    def item_link(self, row):
        return row.measure.get_absolute_url()

    def words(self, row):
        return f"{row.measure.proposal.title}\n\n{row.words}\n\n{row.evidence}"

    def item_updateddate(self, row):
        return datetime.combine(row.on, time(12), get_current_timezone())

    published = item_updateddate


class DocumentFeed(HouseFeed):
    key, address, page = "document", "documents", "assembly:document_list"
    name = gettext_lazy("Documents")

    def rows(self):
        rows = Document.objects.public().select_related("cycle").defer("content", "html")
        return rows.order_by("-issued_at", "-pk")

    def words(self, sheet):
        return f"{sheet.get_kind_display().capitalize()} – {sheet.cycle.title}"

    def item_updateddate(self, sheet):
        return sheet.issued_at

    published = item_updateddate


class MeetingFeed(HouseFeed):
    """Meetings whose notice has gone out; what is moved or cancelled comes back with its new date."""

    key, address, page = "meeting", "reunions", "workshops:meeting_list"
    name = gettext_lazy("Meetings")

    def rows(self):
        return Meeting.objects.public().filter(called_at__isnull=False).order_by("-called_at", "-pk")

    def told(self, rows):
        rows = list(rows[:LATEST])
        history = calendar.changes(rows)
        for row in rows:
            row.changed_at = history.get(row.pk, (0, None))[1] or row.called_at
        return rows

    def item_title(self, meeting):
        return printable(calendar.summary(meeting))

    def words(self, meeting):
        return f"{moment(meeting.starts_at)}, {meeting.place}\n\n{meeting.reason or meeting.purpose}"

    def published(self, meeting):
        return meeting.called_at


class PressFeed(HouseFeed):
    key, address, page = "press", "revues-de-presse", "workshops:pressreview_list"
    name = gettext_lazy("Press reviews")
    cycle_path = "workshop__cycle"

    def rows(self):
        rows = PressReview.objects.public().select_related("workshop")
        return rows.annotate(changed_at=F("document__issued_at")).order_by("-changed_at", "-pk")

    def words(self, review):
        return f"{review.workshop.title}\n\n{review.introduction}"

    def published(self, review):
        return review.changed_at


FEEDS = (TextFeed, ReturnFeed, DocumentFeed, MeetingFeed, PressFeed)
