"""The question files say what the bank says: each is read back by a program that is not ours, in both languages, and compared."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import re
import unicodedata
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from anki.collection import Collection, ImportCsvRequest
from moodle_xml_parser.parser import parse_bytes
from playwright.sync_api import Browser
from playwright.sync_api import Error as BrowserError

from microsite.edition import Edition, Page
from microsite.export import ExportError, questions
from microsite.export.questions import anki, bank, gift, moodle, qti, sheet
from microsite.export.questions.bank import Item, Set
from microsite.forms.teaching import Asked
from microsite.load import load
from microsite.model import Facts, Option, Pair, Question, Step

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pyslet.qtiv1.item import ResponseLabel
    from pyslet.qtiv1.xml import QTIDocument

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:pyslet")
LANGUAGES = ("en", "it")
GIFT_PARSER = Path(__file__).parent / "vendor" / "gift-pegjs"


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load()


@pytest.fixture(scope="module")
def files(facts: Facts) -> dict[str, bytes]:
    return questions.files(facts)


# --- awkward questions: every sign that means something to a format, in both languages ------------------------------------

AWKWARD = (
    r"~ = # { } : \ \n \\ -> :: #### // $CATEGORY: x",
    "=1+1", "+1", "-1", "@x", "%50%", "[html]<b>", "[plain]", "# tab", "//x", "<p>&amp; & < > \" ' ]]> --></p>", "<![CDATA[x]]>",
    "perché è così “già” ‘sì’ « no » 1 200 € 30 % – … 日本 𝄞 é e\u0301", '"quoted", comma; semicolon|', "*", "{{ x }}",
)  # fmt: skip


def both(text: str) -> dict[str, str]:
    return {"en": text, "it": f"{text} è"}


def awkward(facts: Facts) -> Facts:
    """The facts with questions of all types that hold every awkward sign."""
    single = next(q for q in facts["questions"].values() if q.type == "single" and q.lesson)
    kept = {key: getattr(single, key) for key in ("lesson", "principles", "level", "sources", "updated")}
    made: dict[str, Question] = {}

    def ask(kind: str, place: int, text: str, **more: Any) -> None:
        # Checked as when it is loaded, but for braces: the loader refuses those, and the formats must hold them all the same.
        made[f"odd-{kind}-{place}"] = Question(id=f"odd-{kind}-{place}", type=kind, stem=both(text), feedback=both(text), **kept, **more)

    for place, text in enumerate(AWKWARD):
        options = [Option(text=both(f"{text}{n}" if n else text), why=both(text), correct=n < 2) for n in range(4)]
        ask("multiple", place, text, options=tuple(options))
        ask("single", place, text, options=(*options[1:], Option(text=both(f"x {text}"), why=both(text))))
        ask("truefalse", place, text, options=tuple(Option(text=t, why=both(f"{n} {text}"), correct=n == place % 2) for n, t in enumerate(({"en": "True", "it": "Vero"}, {"en": "False", "it": "Falso"}))))
        side = text.replace("->", "→")
        ask("match", place, text, pairs=tuple(Pair(left=both(f"{side}{n}"), right=both(f"{side}{n * n}"), why=both(text)) for n in range(3)))
        ask("order", place, text, steps=tuple(Step(text=both(f"{text}{n}"), why=both(text)) for n in range(3)))
        ask("short", place, text, accepted=(both(re.sub(r"->|[*|]", "/", text)), both("plain")))
    return Facts(dict(facts.records) | {"questions": made}, facts.mentions)


@pytest.fixture(scope="module", params=[(kind, language) for kind in ("bank", "awkward") for language in LANGUAGES], ids="-".join)
def whole(request: pytest.FixtureRequest, facts: Facts) -> Set:
    """The whole bank, and the whole of the awkward questions, in each language."""
    kind, language = request.param
    return bank.sets(Edition(language, facts if kind == "bank" else awkward(facts)))[0]


def changed(facts: Facts, question_id: str, **update: Any) -> Facts:
    question = facts["questions"][question_id].model_copy(update=update)
    return Facts(dict(facts.records) | {"questions": dict(facts["questions"]) | {question_id: question}}, facts.mentions)


def of_type(facts: Facts, kind: str) -> Question:
    return next(q for q in facts["questions"].values() if q.type == kind)


# --- the bank as the formats get it ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_formats_tell_a_question_as_the_pages_do(facts: Facts, language: str) -> None:
    edition = Edition(language, facts)
    numbers = 0
    for question in facts["questions"].values():
        item, asked = Item(edition, question), Asked(Page(edition, "x.md"), question)
        assert item.stem == asked.text(question.stem)
        assert item.feedback == asked.text(question.feedback)
        assert {c.text for c in item.choices} == {asked.text(o.text) for o in question.options}
        assert "{" not in item.stem
        if question.answer:
            assert asked.answer and item.number == asked.answer.shown
            numbers += 1
    assert numbers


def test_every_set_is_there_in_every_format_and_language(facts: Facts, files: dict[str, bytes]) -> None:
    expected = set()
    for language in LANGUAGES:
        for name, own in (
            ("all", list(facts["questions"].values())),
            *((name, [q for q in facts["questions"].values() if q.lesson == name]) for name in facts["lessons"]),
            *((name, [q for q in facts["questions"].values() if name in q.principles]) for name in facts["principles"]),
        ):
            for ending in ("gift.txt", "moodle.xml", "qti12.zip", "csv", "tsv"):
                if any(q.type in qti.TYPES for q in own) if ending == "qti12.zip" else own:
                    expected.add(f"downloads/questions/{language}/{name}.{ending}")
    assert set(files) == expected


def test_the_same_bank_gives_the_same_bytes(facts: Facts, files: dict[str, bytes]) -> None:
    assert questions.files(Facts(facts.records, facts.mentions)) == files


def test_files_are_plain(files: dict[str, bytes]) -> None:
    for path, content in files.items():
        if not path.endswith(".zip"):
            text = content.decode("utf-8")
            assert not text.startswith("\ufeff"), path
            assert "\r" not in text, path
            assert text.endswith("\n"), path


def test_the_place_of_the_right_answer_tells_nothing(facts: Facts) -> None:
    edition, other = (Edition(language, facts) for language in LANGUAGES)
    singles = [q for q in facts["questions"].values() if q.type == "single"]
    places = Counter(next(place for place, choice in enumerate(Item(edition, q).choices) if choice.right) for q in singles)
    assert len(places) >= 4
    assert max(places.values()) < len(singles) / 2
    for q in singles:
        assert [c.key for c in Item(edition, q).choices] == [c.key for c in Item(other, q).choices]
    for q in facts["questions"].values():
        if q.type == "order":
            assert [part.key for part in Item(edition, q).parts] != list(range(1, len(q.steps) + 1))
        if q.type == "truefalse":
            assert [c.key for c in Item(edition, q).choices] == [1, 2]


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\ufffe", "\ud800"])
def test_a_sign_that_no_format_can_hold_is_refused_in_words(facts: Facts, sign: str) -> None:
    question = next(iter(facts["questions"].values()))
    with pytest.raises(ExportError, match=rf"{question.id}: .*U\+{ord(sign):04X}"):
        questions.files(changed(facts, question.id, feedback=both(f"a{sign}b")))


def test_other_answers_than_true_and_false_are_refused_in_words(facts: Facts) -> None:
    question = of_type(facts, "truefalse")
    with pytest.raises(ExportError, match=f"{question.id}: the options of a truefalse question are “True” and “False”"):
        questions.files(changed(facts, question.id, options=question.options[::-1]))


def test_a_pair_with_the_sign_between_pairs_is_refused_in_words(facts: Facts) -> None:
    question = of_type(facts, "match")
    pairs = (question.pairs[0].model_copy(update={"left": both("a -> b")}), *question.pairs[1:])
    with pytest.raises(ExportError, match=f"{question.id}: “->” joins"):
        questions.files(changed(facts, question.id, pairs=pairs))


@pytest.mark.parametrize("sign", ["*", "->", "|"])
def test_a_sign_that_means_something_in_an_answer_to_type_is_refused_in_words(facts: Facts, sign: str) -> None:
    question = of_type(facts, "short")
    with pytest.raises(ExportError, match=re.escape(f"{question.id}: accepted: “a {sign} b”") + "|" + re.escape(f"holds “{sign}”")):
        questions.files(changed(facts, question.id, accepted=(both(f"a {sign} b"),)))


def test_more_answers_than_the_row_has_room_for_are_refused_in_words(facts: Facts) -> None:
    question = of_type(facts, "order")
    with pytest.raises(ExportError, match=f"{question.id}: 9 answers; a row of the CSV has room for 8"):
        questions.files(changed(facts, question.id, steps=tuple(Step(text=both(str(n)), why=both("x")) for n in range(9))))


# --- GIFT, read by gift-pegjs ----------------------------------------------------------------------------------------


def test_the_parser_is_the_one_that_was_published() -> None:
    (expected,) = re.findall(r"SHA-256: `([0-9a-f]{64})`", (GIFT_PARSER / "README.md").read_text("utf-8"))
    assert hashlib.sha256((GIFT_PARSER / "pegjs-gift.js").read_bytes()).hexdigest() == expected


@pytest.fixture(scope="module")
def read_gift(browser: Browser) -> Iterator[Callable[[bytes], list[dict[str, Any]]]]:
    """A function that parses a GIFT file, in the browser, because the parser is a script."""
    page = browser.new_page()
    script = (GIFT_PARSER / "pegjs-gift.js").read_text("utf-8")
    page.evaluate(f"() => {{ const module = {{}};\n{script}\nwindow.parse = module.exports.parse }}")
    yield lambda content: page.evaluate("text => window.parse(text)", content.decode("utf-8"))
    page.close()


def decoded(text: str) -> str:
    """The right side of a pair, which the parser leaves in its inner code."""
    return re.sub(r"&&0(\d\d);|&&1(\d\d);", lambda code: chr(int(code[0][2:-1])), text)


def one_line(text: str) -> str:
    """What the parser makes of white space in plain text, spaces that do not break among it."""
    return re.sub(r"\s\s+", " ", text.strip())


def rich(part: dict[str, str] | None) -> str:
    assert part is not None
    assert part["format"] == "plain"
    return part["text"]


def gift_faults(read: list[dict[str, Any]], one: Set) -> list[str]:
    """What a parsed GIFT file says otherwise than the set."""
    found: list[str] = []
    asked = [q for q in read if q["type"] not in ("Category", "Description")]
    if [q["title"] for q in asked] != [item.id for _, items in one.categories for item in items]:
        return ["other questions"]
    if [q["title"] for q in read if q["type"] == "Category"] != [category for category, _ in one.categories]:
        found.append("other categories")
    for q, item in zip(asked, (item for _, items in one.categories for item in items), strict=True):

        def differs(what: str, there: Any, here: Any, item: Item = item) -> None:
            if there != here:
                found.append(f"{item.id}: {what}: {there!r} is not {here!r}")

        differs("id", q["id"], item.id)
        differs("tags", q["tags"], list(item.tags))
        stem = [item.asked, *(f"– {part.text}" for part in item.parts)] if item.type == "order" else [item.asked]
        differs("stem", rich(q["stem"]), "\n".join(map(one_line, stem)))
        differs("feedback", rich(q["globalFeedback"]), "\n".join(map(one_line, item.whole_feedback)))
        if item.type == "truefalse":
            right, wrong = (next(one_line(c.why) for c in item.choices if c.right is side) for side in (True, False))
            differs("answer", q["isTrue"], item.question.options[0].correct)
            differs("reasons", [rich(q["trueFeedback"]), rich(q["falseFeedback"])], [wrong, right])
        elif item.choices:
            count = {side: sum(c.right is side for c in item.choices) for side in (True, False)}
            weights = [None if item.type == "single" else round((100 if c.right else -100) / count[c.right], 3) for c in item.choices]
            differs("answers", [rich(c["text"]) for c in q["choices"]], [one_line(c.text) for c in item.choices])
            differs("reasons", [rich(c["feedback"]) for c in q["choices"]], [one_line(c.why) for c in item.choices])
            differs("right", [c["isCorrect"] for c in q["choices"]], [item.type == "single" and c.right for c in item.choices])
            differs("weights", [c["weight"] and round(c["weight"], 3) for c in q["choices"]], weights)
        elif item.type == "numeric":
            differs("number", [(c["text"]["number"], c["text"]["range"]) for c in q["choices"]], [(item.number, item.question.tolerance)])
        elif item.type == "match":
            pairs = [(rich(p["subquestion"]), decoded(p["subanswer"])) for p in q["matchPairs"]]
            differs("pairs", pairs, [(one_line(part.text), one_line(part.partner)) for part in item.parts])
        elif item.type == "short":
            differs("accepted", [(rich(c["text"]), c["isCorrect"]) for c in q["choices"]], [(one_line(a), True) for a in item.accepted])
        else:
            differs("type", q["type"], "Essay")
    return found


def test_gift_says_what_the_bank_says(read_gift: Callable[[bytes], list[dict[str, Any]]], whole: Set) -> None:
    assert gift_faults(read_gift(gift.content(whole)), whole) == []


def test_each_gift_file_of_a_set_can_be_read(read_gift: Callable[[bytes], list[dict[str, Any]]], files: dict[str, bytes], facts: Facts) -> None:
    for language in LANGUAGES:
        for one in bank.sets(Edition(language, facts))[1:]:
            assert gift_faults(read_gift(files[questions.path(language, one.id, "gift.txt")]), one) == []


def test_gift_says_where_it_cannot_ask(facts: Facts) -> None:
    for language, words in (("en", "asked as an essay"), ("it", "diventa una domanda aperta")):
        whole = bank.sets(Edition(language, facts))[0]
        text = gift.content(whole).decode("utf-8")
        assert text.count(words) == sum(item.type == "order" for item in whole.items) > 0


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (r"\=", "=", "Error"),
        (r"\}", "}", "Error"),
        ("\n####", "\n\n####", "Error"),
        ("::odd-single-0::", "::odd::", "other questions"),
        ("1 è#", "9 è#", "answers"),
        ("TRUE\n", "FALSE\n", "answer"),
        ("~%50%", "~%40%", "weights"),
        ("[plain]", "[html]", "format"),
        ("è", "e", ""),
        ("$CATEGORY: $", "$CATEGORY: ", "other categories"),
    ],
)
def test_the_check_of_gift_sees(read_gift: Callable[[bytes], list[dict[str, Any]]], facts: Facts, old: str, new: str, says: str) -> None:
    one = bank.sets(Edition("it", awkward(facts)))[0]
    text = gift.content(one).decode("utf-8")
    start = text.index("[tag:")
    broken = text[:start].replace(old, new, 1) + (text[start:].replace(old, new, 1) if old in text[start:] else text[start:])
    assert broken != text
    try:
        faults = gift_faults(read_gift(broken.encode("utf-8")), one)
    except BrowserError:
        faults = ["Error: no GIFT"]
    except AssertionError:
        faults = ["another format"]
    assert any(says in fault for fault in faults), faults


# --- Moodle XML, read by moodle-xml-parser; what that does not know, by ElementTree ------------------------------------


def words_of(markup: str) -> list[str]:
    """The paragraphs of a piece of our HTML."""
    assert re.fullmatch(r"(?:<p>[^<>]*</p>)*", markup), markup
    return [html.unescape(text) for text in re.findall(r"<p>([^<>]*)</p>", markup)]


def moodle_faults(content: bytes, one: Set) -> list[str]:
    """What a Moodle XML file says otherwise than the set."""
    found: list[str] = []
    items = [item for _, group in one.categories for item in group]

    def differs(item: Item | None, what: str, there: Any, here: Any) -> None:
        if there != here:
            found.append(f"{item.id if item else 'file'}: {what}: {there!r} is not {here!r}")

    root = ElementTree.fromstring(content)
    asked = [q for q in root if q.get("type") != "category"]
    differs(None, "root", root.tag, "quiz")
    differs(None, "categories", [q.findtext("category/text") for q in root if q.get("type") == "category"], [name for name, _ in one.categories])
    differs(None, "ids", [q.findtext("idnumber") for q in asked], [item.id for item in items])
    if found:
        return found
    for q, item in zip(asked, items, strict=True):
        differs(item, "type", q.get("type"), moodle.TYPES[item.type])
        differs(item, "name", q.findtext("name/text"), item.id)
        stem = [item.asked, *(f"– {part.text}" for part in item.parts)] if item.type == "order" else [item.asked]
        differs(item, "stem", words_of(q.findtext("questiontext/text", "")), stem)
        differs(item, "feedback", words_of(q.findtext("generalfeedback/text", "")), list(item.whole_feedback))
        differs(item, "tags", [tag.findtext("text") for tag in q.findall("tags/tag")], list(item.tags))
        differs(item, "penalty", round(float(q.findtext("penalty", "")), 2), {"truefalse": 1.0, "order": 0.0}.get(item.type, 0.33))
        answers = [(a.get("fraction"), a.findtext("text"), words_of(a.findtext("feedback/text", ""))) for a in q.findall("answer")]
        if item.type == "truefalse":
            expected = [("100" if c.right else "0", word, [c.why]) for c, word in zip(item.choices, ("true", "false"), strict=True)]
            differs(item, "answers", answers, expected)
        elif item.type == "numeric":
            differs(item, "number", [(f, float(text)) for f, text, _ in answers], [("100", item.number)])
            differs(item, "tolerance", float(q.findtext("answer/tolerance", "")), float(item.question.tolerance or 0))
        elif item.type == "short":
            differs(item, "accepted", [(f, text) for f, text, _ in answers], [("100", a) for a in item.accepted])
        elif item.type == "match":
            pairs = [(words_of(p.findtext("text", "")), p.findtext("answer/text")) for p in q.findall("subquestion")]
            differs(item, "pairs", pairs, [([part.text], part.partner) for part in item.parts])
            differs(item, "shuffled", q.findtext("shuffleanswers"), "true")
        elif item.type == "order":
            differs(item, "solution", words_of(q.findtext("graderinfo/text", "")), list(item.reasons))
    read = parse_bytes(content)["multichoice"]
    choosing = [item for item in items if item.type in ("single", "multiple")]
    differs(None, "questions to choose", [q.name for q in read], [item.id for item in choosing])
    for q, item in zip(read, choosing, strict=False):

        # This reader takes signs for what they stand for, and so twice where the text itself has `&amp;`; markers of CDATA it takes away.
        def seen(*texts: str) -> str:
            markup = "".join(f"<p>{html.escape(text, quote=False)}</p>" for text in texts)
            return html.unescape(re.sub(r"<!\[CDATA\[|\]\]>", "", markup))

        count = {side: sum(c.right is side for c in item.choices) for side in (True, False)}
        score = {True: 100 / count[True], False: -100 / count[False] if item.type == "multiple" else 0}
        differs(item, "one answer", q.single, item.type == "single")
        differs(item, "shuffled", q.shuffle_answers, True)
        differs(item, "stem read", q.text_pre_parse, seen(item.asked))
        differs(item, "feedback read", q.general_feedback, seen(*item.whole_feedback))
        options = [(o.answer, round(o.score_fraction, 3), o.feedback) for o in q.options]
        differs(item, "answers", options, [(seen(c.text), round(score[c.right], 3), seen(c.why)) for c in item.choices])
    return found


def test_moodle_xml_says_what_the_bank_says(whole: Set) -> None:
    content = moodle.content(whole)
    assert moodle_faults(content, whole) == []
    assert b"<![CDATA[<p>" in content


def test_each_moodle_file_of_a_set_can_be_read(files: dict[str, bytes], facts: Facts) -> None:
    for language in LANGUAGES:
        for one in bank.sets(Edition(language, facts))[1:]:
            assert moodle_faults(files[questions.path(language, one.id, "moodle.xml")], one) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('fraction="100"', 'fraction="0"', "answers"),
        ('fraction="50"', 'fraction="100"', "answers"),
        ("<single>true", "<single>false", "one answer"),
        ("<idnumber>odd", "<idnumber>even", "ids"),
        ("<penalty>0.3333333", "<penalty>0.1", "penalty"),
        ("è", "e", "stem"),
        ("&amp;", "&amp;amp;", "stem"),
        ("<graderinfo", "<graderinfos", "XML"),
        ("<shuffleanswers>true", "<shuffleanswers>false", "shuffled"),
        ('type="matching"', 'type="match"', "type"),
        ("$course$", "course", "categories"),
        ("<tag>", "<tags>", "XML"),
    ],
)
def test_the_check_of_moodle_xml_sees(facts: Facts, old: str, new: str, says: str) -> None:
    one = bank.sets(Edition("it", awkward(facts)))[0]
    text = moodle.content(one).decode("utf-8")
    head, body = text.split("<quiz>", 1)
    broken = head + "<quiz>" + body.replace(old, new, 1)
    assert broken != text
    try:
        faults = moodle_faults(broken.encode("utf-8"), one)
    except ElementTree.ParseError:
        faults = ["no XML"]
    assert any(says in fault for fault in faults), faults


# --- QTI 1.2, read by pyslet; the package by zipfile -------------------------------------------------------------------

CP = {"cp": qti.CP}


def material(part: Any) -> list[str]:
    """The paragraphs of a piece of material."""
    texts = [text for child in part.get_children() if not isinstance(child, str) for text in material(child)]
    if type(part).__name__ == "MatText":
        return words_of("".join(child if isinstance(child, str) else str(child) for child in part.get_children()))
    return texts


def under(part: Any, name: str) -> list[Any]:
    """Every element of a class within another, in order."""
    found = []
    for child in part.get_children():
        if not isinstance(child, str):
            found += [child] if type(child).__name__ == name else under(child, name)
    return found


def opened(content: bytes) -> tuple[str, bytes]:
    """The name and content of the package's only file of questions, found by its manifest."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        assert [entry.date_time for entry in package.infolist()] == [qti.EPOCH] * 2
        manifest = ElementTree.fromstring(package.read("imsmanifest.xml"))
        (resource,) = manifest.findall("cp:resources/cp:resource", CP)
        assert resource.attrib["type"] == "imsqti_xmlv1p2"
        assert [file.attrib["href"] for file in resource.findall("cp:file", CP)] == [resource.attrib["href"]]
        assert set(package.namelist()) == {"imsmanifest.xml", resource.attrib["href"]}
        return resource.attrib["href"], package.read(resource.attrib["href"])


def qti_faults(content: bytes, one: Set) -> list[str]:
    """What a file of QTI says otherwise than the set."""
    found: list[str] = []
    document = QTIDocument()
    document.read(io.BytesIO(content))
    (section,) = document.root.Assessment.SectionMixin
    read = section.SectionItemMixin
    items = [item for item in one.items if item.type in qti.TYPES]
    if [q.ident for q in read] != [item.id for item in items]:
        return ["other questions"]
    for q, item in zip(read, items, strict=True):

        def differs(what: str, there: Any, here: Any, item: Item = item) -> None:
            if there != here:
                found.append(f"{item.id}: {what}: {there!r} is not {here!r}")

        asked, response = q.Presentation.contentChildren
        differs("stem", material(asked), [item.asked])
        labels: list[ResponseLabel] = under(response, "ResponseLabel")
        if item.choices:
            keys = [f"{item.id}-{c.key}" for c in item.choices]
            differs("answers", [(label.ident, material(label)) for label in labels], [(k, [c.text]) for k, c in zip(keys, item.choices, strict=True)])
            (render,) = under(response, "RenderChoice")
            differs("shuffled", render.shuffle, item.type != "truefalse")
        conditions = q.ResProcessing[0].ConditionMixin
        told = {feedback.ident: material(feedback) for feedback in q.ItemFeedback}
        differs("feedback", told, {"general": [item.feedback]} | {f"{item.id}-{c.key}-why": [c.why] for c in item.choices})
        differs("told", Counter(f.linkRefID for c in conditions for f in under(c, "DisplayFeedback")), Counter(list(told)))
        for condition in conditions:
            for shown in under(condition, "DisplayFeedback"):
                if shown.linkRefID != "general":
                    differs("told for", [answer(e) + "-why" for e in under(condition, "VarEqual")], [shown.linkRefID])
        (right,) = (c for c in conditions if under(c, "SetVar"))
        differs("score", [answer(e) for e in under(right, "SetVar")], ["100"])
        if item.type == "numeric":
            low, high = item.bounds
            bounds = [float(answer(e)) for name in ("VarGTE", "VarLTE") for e in under(right, name)]
            differs("bounds", bounds, [float(low), float(high)])
        else:
            wrong = {answer(e) for n in under(right, "VarNot") + under(right, "Not") for e in under(n, "VarEqual")}
            differs("right", {answer(e) for e in under(right, "VarEqual")} - wrong, {f"{item.id}-{c.key}" for c in item.choices if c.right})
            differs("wrong", wrong, {f"{item.id}-{c.key}" for c in item.choices if not c.right} if item.type == "multiple" else set())
    return found


def answer(element: Any) -> str:
    return "".join(child for child in element.get_children() if isinstance(child, str)).strip()


def test_qti_says_what_the_bank_says(whole: Set) -> None:
    content = qti.content(whole)
    assert content
    name, file = opened(content)
    assert name == f"{whole.edition.language}-all.xml"
    assert qti_faults(file, whole) == []


def test_each_qti_file_of_a_set_can_be_read(files: dict[str, bytes], facts: Facts) -> None:
    for language in LANGUAGES:
        for one in bank.sets(Edition(language, facts))[1:]:
            if content := files.get(questions.path(language, one.id, "qti12.zip")):
                assert qti_faults(opened(content)[1], one) == []


def test_idents_are_told_apart_and_stay(facts: Facts) -> None:
    one = bank.sets(Edition("en", facts))[0]
    file = ElementTree.fromstring(opened(qti.content(one) or b"")[1])
    labels = [e.attrib["ident"] for e in file.iter(f"{{{qti.QTI}}}response_label")]
    assert len(labels) == len(set(labels))
    question = of_type(facts, "single")
    renamed = changed(facts, question.id, stem=both("Another question?"))
    after = ElementTree.fromstring(opened(qti.content(bank.sets(Edition("it", renamed))[0]) or b"")[1])
    assert [e.attrib["ident"] for e in after.iter(f"{{{qti.QTI}}}response_label")] == labels


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('<item ident="odd-single-0"', '<item ident="other"', "other questions"),
        ("è", "e", "stem"),
        ('shuffle="Yes"', 'shuffle="No"', "shuffled"),
        ("<varequal", "<varequals", "XML"),
        ('linkrefid="odd', 'linkrefid="even', "told"),
        (">100<", ">50<", "score"),
        ("<not>", "<and>", "XML"),
        ("-1-why\" view", "-9-why\" view", "feedback"),
        ("<response_label ident=\"odd-single-0-1\"", "<response_label ident=\"odd-single-0-9\"", "answers"),
    ],
)
def test_the_check_of_qti_sees(facts: Facts, old: str, new: str, says: str) -> None:
    one = bank.sets(Edition("it", awkward(facts)))[0]
    text = opened(qti.content(one) or b"")[1].decode("utf-8")
    head, body = text.split("<section", 1)
    broken = head + "<section" + body.replace(old, new, 1)
    assert broken != text
    try:
        faults = qti_faults(broken.encode("utf-8"), one)
    except Exception as error:  # pyslet's own, whichever
        faults = [f"no XML: {error}"]
    assert any(says in fault for fault in faults), faults


# --- CSV, read by csv --------------------------------------------------------------------------------------------------


def sheet_faults(content: bytes, one: Set) -> list[str]:
    """What a CSV says otherwise than the set."""
    found: list[str] = []
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
    if [row["id"] for row in rows] != [item.id for item in one.items]:
        return ["other questions"]
    for row, item in zip(rows, one.items, strict=True):

        def differs(what: str, there: Any, here: Any, item: Item = item) -> None:
            if there != here:
                found.append(f"{item.id}: {what}: {there!r} is not {here!r}")

        # A text that a spreadsheet would compute has an apostrophe before it.
        cells = {key: re.sub(r"^'(?=\s*[=+\-@])", "", value) for key, value in row.items()}
        found += [f"{item.id}: {key}: a formula" for key, value in row.items() if re.match(r"\s*[=+@]|\s*-(?![\d.]+$)", value)]
        differs("question", cells["question"], item.stem)
        differs("feedback", cells["feedback"], item.feedback)
        differs("kind", (cells["type"], cells["level"], cells["language"]), (item.type, item.question.level, one.edition.language))
        shown = [cells[f"option_{n}"] for n in range(1, sheet.ROOM + 1) if cells[f"option_{n}"]]
        reasons = [cells[f"reason_{n}"] for n in range(1, sheet.ROOM + 1) if cells[f"reason_{n}"]]
        right = cells["right"].split("|")
        if item.choices:
            differs("options", set(shown), {item.text(o.text) for o in item.question.options})
            differs("right", {shown[int(n) - 1] for n in right}, {item.text(o.text) for o in item.question.options if o.correct})
            why = {item.text(o.text): item.text(o.why) for o in item.question.options}
            differs("reasons", reasons, [why[text] for text in shown])
        elif item.type == "order":
            differs("order", [shown[int(n) - 1] for n in right], [item.text(step.text) for step in item.question.steps])
        elif item.type == "match":
            pairs = [(cells[f"option_{n}"], cells[f"partner_{n}"]) for n in range(1, len(item.parts) + 1)]
            differs("pairs", pairs, [(item.text(p.left), item.text(p.right)) for p in item.question.pairs])
        elif item.type == "numeric":
            differs("number", (float(right[0]), float(cells["tolerance"]), cells["unit"]), (item.number, item.question.tolerance, item.unit))
        else:
            differs("accepted", right, [item.text(a) for a in item.question.accepted])
    return found


def test_the_csv_says_what_the_bank_says(whole: Set) -> None:
    assert sheet_faults(sheet.content(whole), whole) == []


def test_the_columns_are_the_same_everywhere_and_explained(files: dict[str, bytes]) -> None:
    heads = {content.decode("utf-8").split("\n", 1)[0] for path, content in files.items() if path.endswith(".csv")}
    (head,) = heads
    names = {re.sub(r"_\d+$", "_N", name) for name in head.split(",")}
    for language in LANGUAGES:
        assert set(Edition(language).words["question_files"]["columns"]) == names


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [("'=1+1", "=1+1", "a formula"), ("odd-single-0,", "other,", "other questions"), ("è", "e", "question"), (",1|", ",2|", "right")],
)
def test_the_check_of_the_csv_sees(facts: Facts, old: str, new: str, says: str) -> None:
    one = bank.sets(Edition("it", awkward(facts)))[0]
    text = sheet.content(one).decode("utf-8")
    broken = text.replace(old, new, 1) if old != ",1|" else re.sub(r"(?<=,)(\d)\|(\d)(?=,,,)", r"\1|\1", text, count=1)
    assert broken != text
    faults = sheet_faults(broken.encode("utf-8"), one)
    assert any(says in fault for fault in faults), faults


# --- cards, imported by Anki -------------------------------------------------------------------------------------------


class Learner:
    """Somebody's Anki."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.collection = Collection(str(folder / "collection.anki2"))

    def take(self, content: bytes) -> tuple[int, int]:
        """Import a file as the program proposes; return how many cards are new and how many changed."""
        path = self.folder / "cards.tsv"
        path.write_bytes(content)
        proposed = self.collection.get_csv_metadata(path=str(path), delimiter=None)
        log = self.collection.import_csv(ImportCsvRequest(path=str(path), metadata=proposed)).log
        return len(log.new), len(log.updated)

    def notes(self) -> dict[str, Any]:
        return {note.guid: note for note in map(self.collection.get_note, self.collection.find_notes(""))}


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    made = Learner(tmp_path)
    yield made
    made.collection.close()


def shown(markup: str) -> str:
    """A side of a card as it is read."""
    return html.unescape(re.sub(r"</?(?:p|ul|ol|li|b|i|br)(?: type=\"A\")?>", "\n", markup))


def composed(text: str) -> str:
    """A text with its accents in one piece with their letters, as Anki keeps it."""
    return unicodedata.normalize("NFC", text)


def card_faults(learner: Learner, one: Set) -> list[str]:
    """What a learner's cards say otherwise than the set."""
    found: list[str] = []
    notes = learner.notes()
    if set(notes) != {f"{one.edition.language}-{item.id}" for item in one.items}:
        return ["other cards"]
    for item in one.items:
        note = notes[anki.card_id(item)]
        front, back = ([line.strip(" ") for line in shown(side).split("\n") if line] for side in note.fields[:2])
        marks = {True: f"✓ {item.words['right']}:", False: f"✗ {item.words['wrong']}:"}
        expected = {
            "front": [item.asked, *(choice.text for choice in item.choices), *(part.text for part in item.parts)],
            "back": [item.feedback, *item.accepted, *([item.answer] if item.unit else [])],
        }
        if item.type == "multiple":
            expected["front"].append(item.words["several"])
        if item.type == "match":
            expected["front"] += {part.partner for part in item.parts}
        for choice in item.choices:
            expected["back"] += [marks[choice.right], choice.text, choice.why]
        for part in item.parts:
            expected["back"] += [f"{part.text} –", part.partner, part.why] if item.type == "match" else [part.text, part.why]
        for name, side in (("front", front), ("back", back)):
            if differences := Counter(map(composed, expected[name])) - Counter(side) or Counter(side) - Counter(map(composed, expected[name])):
                found.append(f"{item.id}: {name}: {differences}")
        for option in item.question.options:
            if (marks[option.correct], composed(item.text(option.text))) not in zip(back, back[1:], strict=False):
                found.append(f"{item.id}: right: {option.text}")
        if sorted(note.tags) != sorted(set(item.tags)):
            found.append(f"{item.id}: tags: {note.tags}")
        if item.type == "order":
            steps = [composed(item.text(step.text)) for step in item.question.steps]
            if [line for line in back if line in steps] != steps:
                found.append(f"{item.id}: order: {back}")
    return found


def test_anki_imports_what_the_bank_says(learner: Learner, whole: Set) -> None:
    assert learner.take(anki.content(whole)) == (len(whole.items), 0)
    assert card_faults(learner, whole) == []
    assert learner.collection.decks.id_for_name(f"Working Together::{whole.edition.facts['languages'][whole.edition.language].name}")


def test_a_newer_file_changes_cards_and_keeps_what_was_learned(learner: Learner, facts: Facts) -> None:
    one = bank.sets(Edition("en", facts))[0]
    learner.take(anki.content(one))
    question = of_type(facts, "single")
    card_of = learner.collection.get_card(learner.notes()[f"en-{question.id}"].card_ids()[0])
    card_of.ivl, card_of.reps = 33, 7
    learner.collection.update_card(card_of)
    newer = bank.sets(Edition("en", changed(facts, question.id, stem=both("A better question?"))))[0]
    assert learner.take(anki.content(newer)) == (0, 1)
    note = learner.notes()[f"en-{question.id}"]
    assert "A better question?" in note.fields[0]
    assert (learner.collection.get_card(note.card_ids()[0]).ivl, learner.collection.get_card(note.card_ids()[0]).reps) == (33, 7)


def test_the_fields_of_a_card_may_have_names_in_any_language(learner: Learner, facts: Facts) -> None:
    models = learner.collection.models
    kind = models.by_name("Basic")
    assert kind
    kind["name"], kind["flds"][0]["name"], kind["flds"][1]["name"] = "Base", "Fronte", "Retro"
    kind["tmpls"][0] |= {"qfmt": "{{Fronte}}", "afmt": "{{Retro}}"}
    models.update_dict(kind)
    one = bank.sets(Edition("it", facts))[0]
    assert learner.take(anki.content(one)) == (len(one.items), 0)
    assert card_faults(learner, one) == []


def test_both_languages_and_parts_of_the_bank_live_in_one_collection(learner: Learner, files: dict[str, bytes], facts: Facts) -> None:
    count = len(facts["questions"])
    assert learner.take(files["downloads/questions/en/all.tsv"])[0] == count
    assert learner.take(files["downloads/questions/it/all.tsv"])[0] == count
    assert learner.take(files["downloads/questions/en/l01.tsv"]) == (0, 0)
    assert len(learner.notes()) == 2 * count


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("#guid column:1\n", "", "other cards"),
        ("\tl01 ", "\tl02 ", "tags"),
        ("#html:true", "#html:false", "front"),
        ("✓", "✗", "right"),
        ("è", "e", "front"),
        ("&lt;p&gt;", "<p>", "front"),
    ],
)
def test_the_check_of_cards_sees(learner: Learner, facts: Facts, old: str, new: str, says: str) -> None:
    one = bank.sets(Edition("it", awkward(facts)))[0]
    text = anki.content(one).decode("utf-8")
    broken = text.replace(old, new, 1)
    assert broken != text
    learner.take(broken.encode("utf-8"))
    faults = card_faults(learner, one)
    assert any(says in fault for fault in faults), faults


# --- where a teacher finds them ----------------------------------------------------------------------------------------


def test_the_page_of_the_lessons_offers_every_file_with_type_and_size(facts: Facts, files: dict[str, bytes]) -> None:
    import macros

    for language in LANGUAGES:
        edition = Edition(language, facts)
        edition.bind(macros.WORDS)
        page = Page(edition, "lessons/index.md")
        markup = str(macros.downloads.question_downloads(page))
        words = edition.words["question_files"]
        offered = dict(re.findall(r'<a href="([^"]+)" download>[^<]*</a> \((.*?)\)', markup))
        own = [path for path in files if path.startswith(f"downloads/questions/{language}/")]
        assert offered == {page.file(path): words["formats"][Path(path).name.partition(".")[2]] + page.size(path) for path in own}
        for note in ("note", "checked"):
            assert html.unescape(markup).count(words[note]) == 1
