"""QTI 1.2 in a content package (IMS CP 1.1): the questions to choose from and the numeric ones, each answer with its reason."""

from __future__ import annotations

import io
import zipfile
from xml.dom.minidom import Element

from microsite.export.questions.bank import Item, Set
from microsite.export.questions.gift import number
from microsite.export.questions.xml import add, new, paragraphs, written

ENDING = "qti12.zip"
TYPES = {"single": "multiple_choice_question", "truefalse": "true_false_question", "multiple": "multiple_answers_question", "numeric": "numerical_question"}
"""The types that QTI 1.2 can ask, as most platforms that read it name them."""
QTI, CP = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2", "http://www.imsglobal.org/xsd/imscp_v1p1"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the zip, so that the same questions give the same bytes."""


def content(one: Set) -> bytes:
    """The package, with the questions that the format can ask."""
    items = [item for item in one.items if item.type in TYPES]
    ident = f"{one.edition.language}-{one.id}"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name, file in (("imsmanifest.xml", _manifest(one, ident)), (f"{ident}.xml", _assessment(one, ident, items))):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            package.writestr(entry, file)
    return out.getvalue()


def _manifest(one: Set, ident: str) -> bytes:
    document, manifest = new("manifest", one.about, xmlns=CP, identifier=f"manifest-{ident}")
    metadata = add(manifest, "metadata")
    add(metadata, "schema", "IMS Content")
    add(metadata, "schemaversion", "1.1.3")
    add(manifest, "organizations")
    resource = add(add(manifest, "resources"), "resource", identifier=f"set-{ident}", type="imsqti_xmlv1p2", href=f"{ident}.xml")
    add(resource, "file", href=f"{ident}.xml")
    return written(document)


def _assessment(one: Set, ident: str, items: list[Item]) -> bytes:
    document, root = new("questestinterop", f"{one.about}. {one.edition.words['question_files']['readable']}", xmlns=QTI)
    assessment = add(root, "assessment", ident=ident, title=one.title)
    assessment.setAttribute("xml:lang", one.edition.language)
    section = add(assessment, "section", ident=f"{ident}-section", title=one.title)
    for item in items:
        _item(section, item)
    return written(document)


def _item(section: Element, item: Item) -> None:
    made = add(section, "item", ident=item.id, title=item.id)
    fields = add(add(made, "itemmetadata"), "qtimetadata")
    for label, entry in (("question_type", TYPES[item.type]), ("points_possible", "1"), ("keywords", ", ".join(item.tags))):
        field = add(fields, "qtimetadatafield")
        add(field, "fieldlabel", label)
        add(field, "fieldentry", entry)
    presentation = add(made, "presentation")
    _material(presentation, item.asked)
    if item.choices:
        several = item.type == "multiple"
        response = add(presentation, "response_lid", ident="response", rcardinality="Multiple" if several else "Single")
        choices = add(response, "render_choice", shuffle="No" if item.type == "truefalse" else "Yes")
        for choice in item.choices:
            _material(add(choices, "response_label", ident=_label(item, choice.key)), choice.text)
    else:
        response = add(presentation, "response_str", ident="response", rcardinality="Single")
        add(add(response, "render_fib", fibtype="Decimal", rows="1", columns="12"), "response_label", ident=f"{item.id}-answer")
    _processing(made, item)
    for choice in item.choices:
        _feedback(made, f"{_label(item, choice.key)}-why", choice.why)
    _feedback(made, "general", item.feedback)


def _label(item: Item, key: int) -> str:
    return f"{item.id}-{key}"


def _processing(made: Element, item: Item) -> None:
    processing = add(made, "resprocessing")
    add(add(processing, "outcomes"), "decvar", varname="SCORE", vartype="Decimal", defaultval="0", minvalue="0", maxvalue="100")
    # First what is said: each reason with its answer, the general feedback always.
    _says(processing, "general", "other")
    for choice in item.choices:
        _says(processing, f"{_label(item, choice.key)}-why", "varequal", _label(item, choice.key))
    # Then what counts.
    right = add(processing, "respcondition", **{"continue": "No"}, title="right")
    condition = add(right, "conditionvar")
    if item.type == "multiple":
        condition = add(condition, "and")
        for choice in sorted(item.choices, key=lambda choice: choice.key):
            add(condition if choice.right else add(condition, "not"), "varequal", _label(item, choice.key), respident="response")
    elif item.choices:
        add(condition, "varequal", next(_label(item, choice.key) for choice in item.choices if choice.right), respident="response")
    else:
        low, high = item.bounds
        condition = add(condition, "and")
        add(condition, "vargte", number(low), respident="response")
        add(condition, "varlte", number(high), respident="response")
    add(right, "setvar", "100", action="Set", varname="SCORE")


def _says(processing: Element, feedback: str, condition: str, answer: str | None = None) -> None:
    said = add(processing, "respcondition", **{"continue": "Yes"}, title=feedback)
    add(add(said, "conditionvar"), condition, answer, **({"respident": "response"} if answer else {}))
    add(said, "displayfeedback", feedbacktype="Response", linkrefid=feedback)


def _feedback(made: Element, ident: str, text: str) -> None:
    _material(add(add(made, "itemfeedback", ident=ident, view="All"), "flow_mat"), text)


def _material(parent: Element, text: str) -> None:
    add(add(parent, "material"), "mattext", paragraphs(text), cdata=True, texttype="text/html")
