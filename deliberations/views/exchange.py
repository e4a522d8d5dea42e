"""A text as a file: Akoma Ntoso for machines, Word for those who insist."""

from django.http import Http404, HttpResponse
from django.utils.text import slugify
from django.utils.timezone import localdate
from django.views.generic import DetailView

from deliberations import akoma, sheet, word
from deliberations.models import Proposal
from deliberations.views.text_page import TextPage

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class ProposalFile(TextPage, DetailView):
    """One version of a text, the latest unless `?version=` names another."""

    def version(self):
        wanted = self.request.GET.get("version", "")
        rows = self.object.versions.all()
        found = rows.filter(number=wanted).first() if wanted.isdecimal() else rows.last()
        if found is None:
            raise Http404
        return found

    def attached(self, content, kind, ending):
        response = HttpResponse(content, content_type=kind)
        name = f"{slugify(self.object.title)[:80] or 'texte'}-v{self.version().number}.{ending}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class ProposalWord(ProposalFile):
    def render_to_response(self, context, **kwargs):
        return self.attached(word.write(sheet.text_content(self.object, self.version())), DOCX, "docx")


class ProposalAkoma(ProposalFile):
    def render_to_response(self, context, **kwargs):
        version = self.version()
        content = {
            "number": self.object.pk,
            "kind": self.object.kind,
            "title": self.object.title,
            "written_on": localdate(version.at).isoformat(),
            "version": version.number,
            "author_kind": version.author_kind,
            "clauses": version.clauses,
            "steps": list(self.steps()),
        }
        return self.attached(akoma.to_xml(content), "application/akn+xml", "xml")

    def steps(self):
        """The acts that moved the text, in the order of time."""
        for entry in self.object.entries.filter(act__in=Proposal.moves()):
            yield {
                "on": localdate(entry.at).isoformat(),
                "act": entry.act.rsplit(".", 1)[1],
                "label": str(entry.sentence),
            }
