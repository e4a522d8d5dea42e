"""Letters by e-mail: plain text, in the reader's language, one reader each."""

from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation


def send(template, to, context=None, *, language="fr", number=None, post=None, headers=None):
    """Send `templates/mail/<template>.txt` to one address: its first line is the subject.

    `post`: the connection of a batch, from django.core.mail.get_connection. `headers`: more lines for its head.
    """
    with translation.override(language):
        text = render_to_string(f"mail/{template}.txt", {"site": settings.SITE_URL, **(context or {})})
    subject, body = text.strip().split("\n", 1)
    headers = {**(headers or {}), **({"Message-ID": number} if number else {})}
    EmailMessage(subject.strip(), body.strip() + "\n", to=[to], headers=headers, connection=post).send()


def number(words):
    """The Message-ID of a letter, always the same for the same words."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{sha256(words.encode()).hexdigest()[:32]}@{host}>"
