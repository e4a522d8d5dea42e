"""Letters by e-mail: plain text, in the reader's language, one reader each."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation


def send(template, to, context=None, *, language="fr"):
    """Send `templates/mail/<template>.txt` to one address: its first line is the subject."""
    with translation.override(language):
        text = render_to_string(f"mail/{template}.txt", {"site": settings.SITE_URL, **(context or {})})
    subject, body = text.strip().split("\n", 1)
    EmailMessage(subject.strip(), body.strip() + "\n", to=[to]).send()
