"""What those who follow from outside are told: a line for each thing, then one letter, at once or on Monday.

A line is kept once (its key is the act or the sheet it tells of) and marked in the transaction that sends the letter:
a job run again, a worker killed half-way or a clock that strikes twice sends nothing twice. A letter that could not
leave waits for the next stroke.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst, format_lazy
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from assembly import clock, jobs, mail
from assembly.jobs import job
from assembly.journal import purge
from assembly.models import Document, JournalEntry
from deliberations.models import Follower, News, Proposal
from workshops.letters import HOUR, send_all, stroke

KEPT_FOR = timedelta(days=30)
LINE = _("{name}: {said}")
TOLD_BY_THEIR_ACT = (Document.Kind.PROPOSAL,)


@job("ask_to_confirm")
def ask_to_confirm(job):
    """The only letter an address receives before it says yes."""
    with jobs.finishing(job):
        if follower := Follower.objects.waiting().filter(pk=job.about).first():
            write(follower, "follow_confirm", f"confirm:{follower.pk}")


@job("tell_followers")
def tell_followers(job):
    """An act on a public text, or on one of its measures."""
    entry = JournalEntry.objects.get(pk=job.about)
    target = entry.target
    text = target if isinstance(target, Proposal) else target.proposal
    if text.is_public:
        note(Follower.objects.of_text(text), key=f"act:{entry.pk}", title=said(entry, text), about=target)
        write_to_followers()


@job("tell_of_sheet")
def tell_of_sheet(job):
    """A document that was just published, to those who follow everything."""
    sheet = Document.objects.select_related("cycle").defer("content", "html").get(pk=job.about)
    title = format_lazy(LINE, name=capfirst(Document.Kind(sheet.kind).label), said=sheet.title)
    note(Follower.objects.of_everything(), key=f"sheet:{sheet.pk}", title=title, about=sheet)
    write_to_followers()


def said(entry, text):
    """One line, in whatever language is asked for."""
    if isinstance(entry.target, Proposal):
        return format_lazy(LINE, name=text.title, said=entry.sentence)
    return format_lazy(
        _("{text}: the City says what it did for measure {number}"),
        text=text.title,
        number=entry.target.number,
    )


@receiver(post_save, sender=Document)
def see_the_sheet(instance, created, raw=False, **_said):
    """A sheet is frozen: it is told of once."""
    public = instance.audience == Document.Audience.PUBLIC and instance.kind not in TOLD_BY_THEIR_ACT
    if created and not raw and public and Follower.objects.of_everything().exists():
        jobs.enqueue("tell_of_sheet", key=f"tell_of_sheet:{instance.pk}", about=instance.pk)


def note(followers, *, key, title, about):
    """Each address is told once, by the first of its rows; `title` is lazy: it is kept in the reader’s language."""
    told = {}
    for follower in followers:
        told.setdefault(follower.email, follower)
    rows = []
    for follower in told.values():
        with translation.override(follower.language):
            url = about.get_absolute_url()
            rows.append(News(follower=follower, key=key, title=str(title)[:300], url=url))
    News.objects.bulk_create(rows, ignore_conflicts=True)


@stroke
def write_to_followers():
    if errands := [(send_news, follower) for follower in due()]:
        send_all(errands)


def due():
    """Those told at once as soon as there is something; the others what came before Monday at eight."""
    unsent = News.objects.unsent()
    week = unsent.filter(made_at__lt=last_monday()).values("follower")
    return Follower.objects.confirmed().filter(
        Q(rhythm=Follower.Rhythm.AT_ONCE, pk__in=unsent.values("follower"))
        | Q(rhythm=Follower.Rhythm.WEEKLY, pk__in=week)
    )


def last_monday():
    now = localtime(clock.now())
    monday = (now - timedelta(days=now.weekday())).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return monday if monday <= now else monday - timedelta(days=7)


@transaction.atomic
def send_news(follower, post=None):
    """Everything new in one letter; undone together with it if that fails."""
    rows = list(News.objects.unsent().select_for_update(skip_locked=True).filter(follower=follower))
    if rows:
        News.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=clock.now())
        write(follower, "news", f"news:{rows[0].pk}", post, news=rows)


def write(follower, template, key, post=None, **context):
    """One letter, with the way out in its head and at its foot: one click, without any account."""
    with translation.override(follower.language):
        stop = reverse("deliberations:follow_stop", args=[follower.token])
        confirm = reverse("deliberations:follow_confirm", args=[follower.token])
    mail.send(
        template,
        follower.email,
        {"follower": follower, "stop": stop, "confirm": confirm, **context},
        language=follower.language,
        number=mail.number(f"follower:{key}"),
        post=post,
        headers={
            "List-Unsubscribe": f"<{settings.SITE_URL}{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


@purge
def forget_followers():
    """Addresses nobody confirmed in time, and what was told a month ago."""
    Follower.objects.expired().delete()
    News.objects.filter(sent_at__lt=clock.now() - KEPT_FOR).delete()
