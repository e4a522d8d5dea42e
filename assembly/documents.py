"""From a frozen document to its sheet. The only module that knows WeasyPrint."""

from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from django.utils import translation

from assembly import jobs, pictures
from assembly.models import Document

FOLDERS = (settings.BASE_DIR / "static", settings.VENDOR)


def own_files_only():
    """A fetcher that quotes nothing but our own files: `static/…`, `vendor/…` from packages, `/images/…`."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class OwnFilesOnly(URLFetcher):
        def fetch(self, url, headers=None):
            parts = urlsplit(url)
            path = Path(unquote(parts.path)).resolve()
            vendor = settings.BASE_DIR / "static" / "vendor"
            if path.is_relative_to(vendor):
                path = settings.VENDOR / path.relative_to(vendor)
            folders = [*FOLDERS, Path(settings.MEDIA_ROOT) / pictures.FOLDER]
            if path.is_relative_to(pictures.ADDRESS):
                path = folders[-1] / path.name
            if parts.scheme != "file" or not any(path.is_relative_to(folder) for folder in folders):
                raise FatalURLFetchingError(f"{url} is not one of our files.")
            return super().fetch(path.as_uri(), headers)

    return OwnFilesOnly()


def to_html(document):
    """The whole page, in the language of the document, from its frozen content alone."""
    with translation.override(document.language):
        return render_to_string(f"print/{document.kind}.html", {"document": document, **document.content})


def laid_out(html, style="paper"):
    """The pages of this text in one of the styles of `static/print/`."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    base = (settings.BASE_DIR / "static").as_uri() + "/"
    fonts = FontConfiguration()
    sheet = HTML(string=html, base_url=base, url_fetcher=own_files_only())
    paper = CSS(
        string=f'@import "print/{style}.css";', base_url=base, url_fetcher=own_files_only(), font_config=fonts
    )
    return sheet.render(stylesheets=[paper], font_config=fonts)


def identity_of(html):
    return sha256(html.encode()).digest()[:16]


def to_pdf(html):
    """A tagged PDF (PDF/UA-1); the same bytes for the same page."""
    return laid_out(html).write_pdf(pdf_identifier=identity_of(html), pdf_variant="pdf/ua-1")


@jobs.job("print_document")
def print_document(job):
    """Print once: what was printed is kept, page and sheet, whatever becomes of the template."""
    document = Document.objects.get(pk=job.about)
    if document.is_printed or document.erased_on:
        return
    html = to_html(document)
    pdf = to_pdf(html)
    with jobs.finishing(job):
        document.html = html
        document.file.save(
            f"{document.kind}-{document.pk}-{sha256(pdf).hexdigest()[:8]}.pdf", ContentFile(pdf)
        )
