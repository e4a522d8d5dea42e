"""A text as Akoma Ntoso (OASIS LegalDocML 3.0). Pure: plain values in, XML out.

A wish is a `statement`, a citizens’ deliberation a `bill`. Citations and recitals make the preamble, the
operative part its enacting formula; articles and measures are numbered in the body. Names (`eId`) follow
the naming convention of the standard; each clause keeps its own name of the house as `wId`.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lxml import etree
from lxml.builder import ElementMaker

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
E = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE})
KINDS = {"wish": "statement", "deliberation": "bill"}
ASSEMBLY, CITY = "#assemblee", "#ville"
ORGANISATIONS = {
    "assemblee": "Assemblée citoyenne de Paris",
    "ville": "Ville de Paris",
    "conseil": "Conseil de Paris",
}
AUTHORS = {"members": "assemblee", "department": "ville", "executive": "ville", "council": "conseil"}
IN_BODY = {"article": ("article", "art"), "measure": ("paragraph", "para")}
FORMULA = "Le Conseil de Paris"


def to_xml(text: Mapping[str, Any]) -> bytes:
    """`text`: {number, kind, title, written_on, version, author_kind, clauses, steps} → a document, UTF-8.

    `steps`: [{on, act, label}], the acts of its journey in the order of time.
    """
    kind = KINDS[text["kind"]]
    body = {"statement": E.mainBody, "bill": E.body}[kind]
    document = E(
        kind,
        meta(text, kind),
        E.preface(E.longTitle(E.p(E.docTitle(clean(text["title"]))))),
        *preamble(text["clauses"]),
        body(*provisions(text["clauses"])),
        name="voeu" if kind == "statement" else "deliberation",
    )
    root = E.akomaNtoso(document)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


# what it is


def meta(text, kind):
    work = f"/akn/fr-paris/{kind}/{text['written_on'][:4]}/{text['number']}"
    written, author = text["written_on"], f"#{AUTHORS[text['author_kind']]}"
    expression = f"{work}/fra@{written}v{text['version']}"
    steps = list(text["steps"])
    return E.meta(
        E.identification(
            E.FRBRWork(
                *frbr(work, written, "première version", ASSEMBLY),
                E.FRBRcountry(value="fr-paris"),
                E.FRBRnumber(value=str(text["number"])),
            ),
            E.FRBRExpression(
                *frbr(expression, written, f"version {text['version']}", author),
                E.FRBRversionNumber(value=str(text["version"])),
                E.FRBRlanguage(language="fra"),
            ),
            E.FRBRManifestation(*frbr(f"{expression}.xml", written, "fichier", CITY)),
            source=ASSEMBLY,
        ),
        *workflow(steps),
        E.references(
            *(
                E.TLCOrganization(eId=key, href=f"/akn/ontology/organization/fr-paris/{key}", showAs=name)
                for key, name in ORGANISATIONS.items()
            ),
            *(
                E.TLCConcept(eId=key, href=f"/akn/ontology/concept/fr-paris/{key}", showAs=label)
                for key, label in concepts(steps).items()
            ),
            source=ASSEMBLY,
        ),
    )


def frbr(address, day, what, author):
    return (
        E.FRBRthis(value=f"{address}/!main"),
        E.FRBRuri(value=address),
        E.FRBRdate(date=day, name=what),
        E.FRBRauthor(href=author),
    )


def concepts(steps):
    return {f"acte_{step['act']}": clean(step["label"]) for step in steps}


def workflow(steps):
    if steps:
        rows = [E.step(date=step["on"], by=ASSEMBLY, refersTo=f"#acte_{step['act']}") for step in steps]
        yield E.workflow(*rows, source=ASSEMBLY)


# its words


def preamble(clauses: Iterable[Mapping[str, str]]):
    """Citations, recitals and the sentence that opens what is asked; nothing when there is none of them."""
    rows = list(clauses)
    parts = [
        *grouped(rows, "citation", "citations", "cits", "cit"),
        *grouped(rows, "recital", "recitals", "recs", "rec"),
        *(
            E.formula(*paragraphs(row["text"]), name="enactingFormula", wId=name_of(row))
            for row in rows
            if row["kind"] == "operative"
        ),
    ]
    if parts:
        yield E.preamble(*parts)


def grouped(rows, kind, group, name, short):
    chosen = [row for row in rows if row["kind"] == kind]
    if chosen:
        yield E(
            group,
            *(
                E(kind, *paragraphs(row["text"]), eId=f"{name}__{short}_{place}", wId=name_of(row))
                for place, row in enumerate(chosen, 1)
            ),
            eId=name,
        )


def provisions(clauses):
    counts = {}
    for row in clauses:
        if row["kind"] in IN_BODY:
            tag, short = IN_BODY[row["kind"]]
            place = counts[tag] = counts.get(tag, 0) + 1
            number = f"Article {place}" if tag == "article" else f"{place}."
            name = f"{short}_{place}"
            content = E.content(*paragraphs(row["text"]), eId=f"{name}__content")
            yield E(tag, E.num(number), content, eId=name, wId=name_of(row))
    if not counts:
        empty = E.content(E.p(), eId="para_1__content")
        yield E.paragraph(E.num("1."), empty, eId="para_1")


def paragraphs(text):
    return [E.p(line) for line in clean(text).splitlines() if line.strip()]


def name_of(row):
    """The clause's own name, as XML allows it."""
    return "c_" + re.sub(r"[^A-Za-z0-9_-]", "_", row["id"])


def clean(words):
    """Without the signs XML knows no way to write."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", str(words))
