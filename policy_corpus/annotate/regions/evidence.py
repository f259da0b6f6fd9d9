"""What a document says about where it belongs: weighed evidence from its parts."""

import math
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from policy_corpus.annotate.regions.gazetteer import Gazetteer
from policy_corpus.annotate.regions.mentions import PLAIN_LEVELS, RegionMention, find_regions
from policy_corpus.annotate.regions.selfref import PLACE_ENDINGS, self_references

ORGAN = (
    r"(?:委员会|人民政府|政府|教育局|教育和体育局|教育体育局|教体局|教科局|教育厅|教育委员会|教委|教育工委|党委|省委|市委|县委|区委|州委|"
    r"办公厅|办公室|人大|政协|财政局|财政厅|人社|编办|督导|行署|管委会|厅|局)"
)
NAMES_ORGAN = re.compile(rf"^[^，。、；\n]{{0,6}}?{ORGAN}")
CENTRAL = re.compile(
    r"^[\s《“\"‘（(]*(?:中共中央|国务院|中央|教育部|财政部|人力资源|国家|全国|中华人民共和国|中国共产党|中办|国办|体育总局|文化和旅游部|民政部|工业和信息化部|发展改革委)"
)
OFFICE = re.compile(
    r"(?<![\u4e00-\u9fff])(?P<letter>[省市县区州旗盟])"
    r"(?:委(?!员)|政府|人民政府|教育局|教体局|教育和体育局|教育体育局|教科局|教育厅|教委|教育工委)"
)
"""An office named by its kind alone at the start of a clause (县教体局召开…): the text's own kind, as 全县 is."""
DATELINE = re.compile(r"\d{1,2}月\d{1,2}日(?:电|讯|消息)")
CENTRAL_ORGAN = re.compile(rf".{{0,16}}(?:{ORGAN}|部)")
SPEAKS_FOR_STATE = re.compile(r"(?:代表|受)(?:国务院|教育部|党中央)(?:的委托)?[，,]?[向对作]")
CENTRAL_ADDRESSEE = re.compile(r"^\s{0,20}各省、自治区、直辖市", re.M)
CONGRESS = re.compile(
    r"(?:在|于)?(?P<place>[^\s，。]{2,16}?)第[一二三四五六七八九十]{1,4}届[^，。\n]{0,4}人民代表大会"
)
REPRESENTS = re.compile(r"代表(?P<place>[^\s，。我们]{1,14}?)(?:人民政府|行署|行政公署)")
OFFICE_IN_TITLE = 2
LETTER_OF_OFFICE = 4
"""What "on behalf of the 州 government" counts among 全市, 我州 … in telling the own region's kind."""
QUOTED = re.compile(r"《[^》]{0,200}》")
CASE = re.compile(r"以(?P<place>[^，,。；\n以]{2,20})为例")
SLOGAN = re.compile(
    r"治(?P<a>蜀)兴川|富民[兴强](?P<b>[川渝黔陇赣晋湘皖鄂豫琼滇桂粤鲁冀闽浙苏陕辽])|兴(?P<c>[渝黔陇赣皖鄂豫琼滇桂粤鲁闽])(?:富民|强)"
)
PROVINCE_OF = {
    "蜀": "51", "川": "51", "渝": "50", "黔": "52", "陇": "62", "赣": "36", "晋": "14", "湘": "43", "皖": "34",
    "鄂": "42", "豫": "41", "琼": "46", "滇": "53", "桂": "45", "粤": "44", "鲁": "37", "冀": "13", "闽": "35",
    "浙": "33", "苏": "32", "陕": "61", "辽": "21",
}  # fmt: skip
WEIGHTS = {
    "issuer": 8.0,
    "title, issuing body": 7.0,
    "represented government": 7.0,
    "congress": 7.0,
    "title": 5.0,
    "case": 5.0,
    "signature": 5.0,
    "title, quoted": 3.0,
    "source unit": 2.5,
    "file name": 3.0,
    "host": 2.5,
    "lead": 1.5,
    "school": 2.0,
    "slogan": 1.0,
}
"""Points by kind of evidence (own judgement; checked on arts-opinions and reports with and without file names)."""
NAMED = ("issuer", "title, issuing body", "title", "signature", "represented government", "congress")
"""Evidence beside which the name of a school says nothing."""
ROLE_FACTOR = {"subject": 1.0, "mentioned": 1.0, "recipient": 1.3, "donor": 0.25, "compared": 0.1}
DONOR_FACTOR = 0.25
"""What the other mentions of a region count that the title or two sentences name as the helper."""
UNSURE_TITLE = 0.8
"""Factor for the candidates of an ambiguous name in the title, each by its share."""
HEAD = 400
TAIL = 300
CASE_HEAD = 1500
HELPS = 2
UNSURE_COUNT = 0.5
"""What an ambiguous name counts in the body, shared among its candidates …"""
SCHOOL_COUNT = 0.25
"""… and a school that bears a region's name (宝鸡中学); a university stands anywhere."""
UNIVERSITY = re.compile(r"大学|学院|师范|师大")
LEAD = 120
SHORT_LINE = (3, 45)


class Evidence(NamedTuple):
    """Points for a code, from where."""

    code: str
    points: float
    label: str


@dataclass(slots=True)
class Gathered:
    """All evidence of a document, with the counts of its body."""

    evidence: list[Evidence] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    """Weighted mentions in the body by code."""
    letters: Counter[str] = field(default_factory=Counter)
    """How often the text calls its own region 省, 市, 县, 区, 州 …"""
    central: bool = False
    placeholders: int = 0
    nation: int = 0
    """How often the text says 我国 or 全国."""
    size: int = 0
    """Characters of the body."""
    donors: set[str] = field(default_factory=set)
    recipients: set[str] = field(default_factory=set)

    def add(self, code: str | None, label: str, factor: float = 1.0) -> None:
        """Points for a code, if there is one."""
        if code:
            self.evidence.append(Evidence(code, WEIGHTS[label] * factor, label))

    def strong(self) -> Counter[str]:
        """Points by code, without those of the body."""
        points: Counter[str] = Counter()
        for code, value, _ in self.evidence:
            points[code] += value  # type: ignore[assignment]
        return points


def gather(
    title: str,
    body: str,
    issuer: str | None,
    source: str,
    url: str | None,
    unit: str | None,
    gazetteer: Gazetteer,
) -> Gathered:
    """Read every part of a document."""
    found = Gathered(size=len(body))
    _issuer(found, issuer, gazetteer)
    offset = len(title) + 1
    mentions = find_regions(f"{title}\n{body}", gazetteer)
    inside = [replace(m, start=m.start - offset, end=m.end - offset) for m in mentions if m.start >= offset]
    _helpers(found, mentions, offset, gazetteer)
    _title(found, title, [m for m in mentions if m.start < offset], gazetteer)
    if match := OFFICE.search(title):
        found.letters[match["letter"]] += OFFICE_IN_TITLE
    _lines(found, title, body, inside, gazetteer)
    _body(found, body, inside, gazetteer)
    if not any(x.label in NAMED for x in found.evidence):
        _schools(found, f"{title}\n{body}", gazetteer)
    _slogans(found, title + body)
    if match := CASE.search(f"{title}\n{body[:CASE_HEAD]}"):
        for mention in _real(find_regions(match["place"], gazetteer))[-1:]:
            found.add(mention.code, "case")
    if unit:
        for mention in _real(find_regions(unit, gazetteer))[:1]:
            found.add(mention.code, "source unit")
    _file_name(found, source, gazetteer)
    _host(found, url, gazetteer)
    return found


def _real(mentions: list[RegionMention]) -> list[RegionMention]:
    return [m for m in mentions if m.code and m.level != "pointer"]


def _issuer(found: Gathered, issuer: str | None, gazetteer: Gazetteer) -> None:
    if not issuer:
        return
    named = _real(find_regions(issuer, gazetteer))
    if named:
        found.add(named[0].code, "issuer")
    elif CENTRAL.match(issuer):
        found.central = True


def _helpers(found: Gathered, mentions: list[RegionMention], body_start: int, gazetteer: Gazetteer) -> None:
    """Who helps whom: told once in the title, or twice of the helper in the body."""
    roles: dict[str, Counter[str]] = {}
    for mention in mentions:
        if mention.code and mention.level != "pointer":
            weight = 2 if mention.start < body_start else 1
            for code in gazetteer.ancestors(mention.code):
                if gazetteer.level(code) != "province" or code == mention.code:
                    roles.setdefault(code, Counter())[mention.role] += weight
    for code, kinds in roles.items():
        if kinds["donor"] >= HELPS and kinds["recipient"] == 0:
            found.donors.add(code)
        if kinds["recipient"]:
            found.recipients.add(code)


def _title(found: Gathered, title: str, named: list[RegionMention], gazetteer: Gazetteer) -> None:
    """The first region outside 《》 is the issuer's or the subject's; a helper or a model is not."""
    mentions = _real(named)
    quotes = [(m.start(), m.end()) for m in QUOTED.finditer(title)]
    outside = [m for m in mentions if not any(a <= m.start < b for a, b in quotes)]
    plain = [m for m in outside if m.role not in ("donor", "compared")]
    plain = [m for m in plain if m.code not in found.donors] or plain
    if CENTRAL.match(title) and not (outside and outside[0].start < 2):
        found.central = True
        return
    recipients = [m for m in plain if m.role == "recipient"]
    if recipients:
        for mention in recipients:
            found.add(mention.code, "title", 1 / len(recipients))
    elif plain:
        first = plain[0]
        organ = first.start < 3 and NAMES_ORGAN.match(title[first.end :])
        inner = {
            m.code
            for m in plain[1:]
            if m.code and first.code and m.code != first.code and gazetteer.within(m.code, first.code)
        }
        if organ:
            found.add(first.code, "title, issuing body")
        else:
            found.add(inner.pop() if len(inner) == 1 else first.code, "title")
    elif outside:
        found.add(outside[0].code, "title", 0.4)
    elif mentions:
        found.add(mentions[0].code, "title, quoted")
    else:
        for mention in named:
            if mention.level in PLAIN_LEVELS:
                for candidate in mention.candidates:
                    found.add(candidate.code, "title", candidate.share * UNSURE_TITLE)


def _lines(
    found: Gathered, title: str, body: str, mentions: list[RegionMention], gazetteer: Gazetteer
) -> None:
    """The government that a speech represents, the congress it was held at, signature lines."""
    head = body[:HEAD]
    for pattern, label in ((REPRESENTS, "represented government"), (CONGRESS, "congress")):
        if match := pattern.search(head):
            named = _real(find_regions(match["place"], gazetteer))
            if named:
                found.add(named[-1].code, label)
            elif match["place"] in PLACE_ENDINGS:
                found.letters[match["place"]] += LETTER_OF_OFFICE
    if "代表行署" in head or "代表行政公署" in head:
        found.letters["盟"] += LETTER_OF_OFFICE
    if SPEAKS_FOR_STATE.search(head) or (CENTRAL_ADDRESSEE.search(head) and not found.evidence):
        found.central = True
    starts = {m.start: m for m in mentions if m.start < HEAD or m.start > len(body) - TAIL}
    seen = {title}
    for start, line in _edge_lines(body):
        if line in seen or line.endswith(("：", ":")):
            continue
        seen.add(line)
        mention = starts.get(start) or starts.get(start + 1)
        if mention and mention.code and mention.level != "pointer":
            if NAMES_ORGAN.match(line[mention.end - start :]):
                found.add(mention.code, "signature")
        elif CENTRAL.match(line) and not found.evidence and CENTRAL_ORGAN.match(line):
            found.central = True


def _edge_lines(body: str) -> list[tuple[int, str]]:
    """Short lines at the head and the tail, with the place of their first character."""
    found = []
    for base, text in ((0, body[:HEAD]), (max(HEAD, len(body) - TAIL), body[max(HEAD, len(body) - TAIL) :])):
        position = base
        for raw in text.split("\n"):
            line = raw.strip()
            if SHORT_LINE[0] <= len(line) <= SHORT_LINE[1]:
                found.append((position + raw.index(line), line))
            position += len(raw) + 1
    return found


def _body(found: Gathered, body: str, mentions: list[RegionMention], gazetteer: Gazetteer) -> None:
    mentions = [m for m in mentions if not (m.code == "110000" and DATELINE.match(body, m.end))]
    found.placeholders = sum(m.level == "placeholder" for m in mentions)
    lead = max(body.find("\n", 40), LEAD)
    first = True
    for mention in mentions:
        if mention.level == "pointer":
            continue
        if mention.code is None:
            _split(found, mention)
            continue
        weight = ROLE_FACTOR[mention.role] * mention.confidence
        found.counts[mention.code] += weight  # type: ignore[assignment]
        if first and mention.role in ("mentioned", "recipient") and mention.start < lead:
            found.add(mention.code, "lead")
            first = False
    _weigh_helpers(found, gazetteer)
    for _, _, who, letter in self_references(body):
        if who != "该":
            found.letters[letter] += 1
    found.nation = body.count("我国") + body.count("全国")
    for match in OFFICE.finditer(body):
        found.letters[match["letter"]] += 1


def _weigh_helpers(found: Gathered, gazetteer: Gazetteer) -> None:
    """A region named as helper counts less throughout, where the text names whom it helps (page traps D4)."""
    for code in list(found.counts):
        if (
            (found.recipients or not found.letters)
            and any(gazetteer.within(code, d) for d in found.donors)
            and code not in found.recipients
        ):
            found.counts[code] *= DONOR_FACTOR  # type: ignore[assignment]


def _split(found: Gathered, mention: RegionMention) -> None:
    """An ambiguous name counts for each candidate by its share."""
    if mention.level in ("other", "wall", "placeholder") or UNIVERSITY.search(mention.text):
        return
    factor = SCHOOL_COUNT if mention.level == "school" else UNSURE_COUNT
    for candidate in mention.candidates:
        found.counts[candidate.code] += candidate.share * factor  # type: ignore[assignment]


SCHOOL_END = re.compile(r"(?:中心)?(?:小学|中学|学校|幼儿园|初中|完小|联小)")
NOT_STEM = re.compile(
    r"[^\u4e00-\u9fff]|^第|[性的在了和与及为等区县市]|先进|普惠|学校|配套|农村|乡村|城乡|公办|民办"
)
BEFORE_STEM = re.compile(r"(?:[^\u4e00-\u9fff]|[与和由及在的校为是：从到])$")


def _schools(found: Gathered, text: str, gazetteer: Gazetteer) -> None:
    """A school whose name begins with a township that only one county has (坊安李家小学)."""
    places: Counter[str] = Counter()
    for match in SCHOOL_END.finditer(text):
        for size in range(7, 1, -1):
            start = match.start() - size
            if (
                start < 0
                or NOT_STEM.search(text[start : match.start()])
                or not (start == 0 or BEFORE_STEM.search(text[start - 1 : start]))
            ):
                continue
            stem = next(
                (
                    text[start : start + n]
                    for n in (4, 3, 2)
                    if text[start : start + n] in gazetteer.township_stems and n <= size
                ),
                None,
            )
            if stem and len(gazetteer.township_stems[stem]) == 1 and stem not in gazetteer.names:
                places[gazetteer.township_stems[stem][0]] += 1
                break
    if places:
        (code, n), *rest = places.most_common(2)
        if found.counts and not any(c[:2] == code[:2] for c in found.counts):
            return
        if not rest or n > rest[0][1]:
            found.add(code, "school", min(1.0, 0.7 + 0.15 * n))


def _slogans(found: Gathered, text: str) -> None:
    if match := SLOGAN.search(text):
        sign = next(g for g in match.groups() if g)
        found.add(PROVINCE_OF[sign] + "0000", "slogan")


def _file_name(found: Gathered, source: str, gazetteer: Gazetteer) -> None:
    stem = re.split(r"[/\\!]", source)[-1].rsplit(".", 1)[0] if source else ""
    named = _real(find_regions(stem, gazetteer))
    if CENTRAL.match(re.sub(r"^[\w]{0,6}?[-_ ]", "", stem)) and not (named and named[0].start < 6):
        return
    if named:
        found.add(named[0].code, "file name")


HOST = re.compile(r"^(?:https?://)?(?P<host>[A-Za-z0-9.\-]+)")


def _host(found: Gathered, url: str | None, gazetteer: Gazetteer) -> None:
    """A government's or school's host that spells a region: www.haiyan.gov.cn. Other hosts say nothing."""
    match = HOST.match(url or "")
    if match is None:
        return
    labels = match["host"].lower().split(".")
    if labels[-2:] not in (["gov", "cn"], ["edu", "cn"]):
        return
    for label in labels[:-2]:
        codes = gazetteer.by_pinyin.get(label, ())
        known = [c for c in codes if found.counts[c] or any(e.code == c for e in found.evidence)]
        for code in known or (codes if len(codes) == 1 else ()):
            found.add(code, "host", 1 / max(1, len(known)))


def support(counts: Counter[str], gazetteer: Gazetteer) -> Counter[str]:
    """Mentions of each region and of all that lies in it; repeated names count less than new ones."""
    total: Counter[str] = Counter()
    for code, n in counts.items():
        value = math.log2(1 + n) * 2
        for outer in gazetteer.ancestors(code):
            total[outer] += value  # type: ignore[assignment]
    return total
