"""The datasets as a DCAT-AP catalogue, for the portals that collect them: JSON-LD, and the same as RDF/XML."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy
from lxml import etree

from assembly.open_data import description, licences
from assembly.open_data.registry import REGISTRY, address

NAMES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
EU = "http://publications.europa.eu/resource/authority"
IANA = "https://www.iana.org/assignments/media-types"
PARIS = "http://rdf.insee.fr/geo/commune/75056"
DAILY = f"{EU}/frequency/DAILY"
ABOUT = gettext_lazy("Everything the public may know of the Assembly, as tables.")
FORMATS = [("csv", "CSV", "text/csv"), ("json", "JSON", "application/json")]


def json_ld(release=None):
    return {"@context": NAMES} | catalogue(release.datasets if release else {})


def catalogue(known):
    return {
        "@id": address("catalogue"),
        "@type": "dcat:Catalog",
        "dct:title": words(description.title),
        "dct:description": words(ABOUT),
        "dct:publisher": publisher(),
        "dct:language": [link(f"{EU}/language/FRA"), link(f"{EU}/language/ENG")],
        "dct:license": link(licences.DATA.url),
        "dct:spatial": link(PARIS),
        "foaf:homepage": link(f"{settings.SITE_URL}/"),
        "dcat:themeTaxonomy": link(f"{EU}/data-theme"),
        "dcat:dataset": [dataset(one, known.get(one.name, {})) for one in REGISTRY.values()],
        "dcat:service": service(),
    }


def words(text):
    """In both languages."""
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.append({"@value": str(text), "@language": language})
    return found


def link(address):
    return {"@id": address}


def publisher():
    return {"@id": "https://www.paris.fr/", "@type": "foaf:Agent", "foaf:name": licences.PUBLISHER}


def dataset(one, known):
    with translation.override("fr"):
        page = settings.SITE_URL + reverse("open_data_set", args=[one.name])
    said = {
        "@id": address("list", one.name),
        "@type": "dcat:Dataset",
        "dct:title": words(one.title),
        "dct:description": words(one.description),
        "dct:identifier": one.name,
        "dct:publisher": link(publisher()["@id"]),
        "dcat:contactPoint": {
            "@id": f"{address('root')}#contact",
            "@type": "vcard:Organization",
            "vcard:fn": licences.PUBLISHER,
            "vcard:hasURL": link(f"{settings.SITE_URL}/"),
        },
        "dcat:theme": link(f"{EU}/data-theme/GOVE"),
        "dcat:landingPage": link(page),
        "dct:accrualPeriodicity": link(DAILY),
        "dct:spatial": link(PARIS),
        "dcat:distribution": [distribution(one, *form) for form in FORMATS],
    }
    if "changed" in known:
        said["dct:modified"] = {"@value": known["changed"], "@type": "xsd:dateTime"}
    return said


def distribution(one, form, name, media):
    file = address(form, one.name)
    return {
        "@id": f"{file}#distribution",
        "@type": "dcat:Distribution",
        "dct:title": words(one.title),
        "dcat:accessURL": link(file),
        "dcat:downloadURL": link(file),
        "dct:format": link(f"{EU}/file-type/{name}"),
        "dcat:mediaType": link(f"{IANA}/{media}"),
        "dct:license": link(licences.DATA.authority),
    }


def service():
    return {
        "@id": address("root"),
        "@type": "dcat:DataService",
        "dct:title": words(description.title),
        "dcat:endpointURL": link(address("root")),
        "dcat:endpointDescription": link(address("openapi")),
        "dcat:servesDataset": [link(address("list", name)) for name in REGISTRY],
        "dct:license": link(licences.DATA.authority),
    }


# The same, as RDF/XML


def rdf_xml(release=None):
    root = etree.Element(full("rdf:RDF"), nsmap={name: NAMES[name] for name in NAMES if name != "xsd"})
    root.append(element(catalogue(release.datasets if release else {})))
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def full(name):
    prefix, _colon, rest = name.partition(":")
    return f"{{{NAMES[prefix]}}}{rest}"


def element(node):
    found = etree.Element(full(node["@type"]), {full("rdf:about"): node["@id"]})
    for name, said in node.items():
        if not name.startswith("@"):
            for value in said if isinstance(said, list) else [said]:
                found.append(statement(name, value))
    return found


def statement(name, value):
    found = etree.Element(full(name))
    if isinstance(value, str):
        found.text = value
    elif "@value" in value:
        found.text = value["@value"]
        if "@language" in value:
            found.set("{http://www.w3.org/XML/1998/namespace}lang", value["@language"])
        else:
            found.set(full("rdf:datatype"), value["@type"].replace("xsd:", NAMES["xsd"]))
    elif "@type" in value:
        found.append(element(value))
    else:
        found.set(full("rdf:resource"), value["@id"])
    return found
