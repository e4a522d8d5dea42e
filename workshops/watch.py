"""What a press review says. Plain values, in the language of the sheet."""

from itertools import groupby

from django.utils.translation import gettext as _


def review_content(review):
    items = review.items.shared().select_related("subject").order_by("subject__title", "happened_on", "pk")
    return {
        "title": review.title,
        "cycle": review.cycle.title,
        "workshop": review.workshop.title if review.workshop else "",
        "since": review.since.isoformat(),
        "until": review.until.isoformat(),
        "introduction": review.introduction,
        "subjects": [
            {"title": title, "entries": [item_content(item) for item in rows]}
            for title, rows in groupby(
                items, lambda item: item.subject.title if item.subject else _("Other subjects")
            )
        ],
    }


def item_content(item):
    return {
        "kind": item.kind,
        "title": item.title,
        "link": item.link,
        "source": item.source,
        "date": item.happened_on.isoformat(),
        "district": item.district,
        "comment": item.comment,
        "shows": item.shows if item.picture else "",
    }
