"""Small invented pages for the tests; the places do not exist."""

from policy_corpus.clean.page import CleanResult, clean_capture
from policy_corpus.records import Document

LEAD = "9月7日，云岭县召开城乡学校结对帮扶推进会，县城5所小学与12所乡村小学签订帮扶协议，明确双方在管理、教研和师资上的责任。"
SECOND = "根据协议，城区学校每学期选派骨干教师到乡村学校任教，乡村学校教师到城区学校跟岗学习，时间不少于一个学期，往返交通费由县财政承担。"
THIRD = "会议要求，各学校要把结对工作列入年度计划，县教育局每学期末组织一次督导，结果与评优评先挂钩。"
BODY = f"{LEAD}\n\n{SECOND}\n\n{THIRD}"
TITLE = "云岭县17所小学结成帮扶对子"


def clean(text: str, source: str = "page.txt", url: str | None = None) -> CleanResult:
    return clean_capture(text.encode(), capture_id="c", source=source, media_type="text/plain", url=url)


def only(text: str, source: str = "page.txt", url: str | None = None) -> Document:
    documents = clean(text, source, url).documents
    assert len(documents) == 1, [d.title for d in documents]
    return documents[0]


def story(above: str = "", below: str = "", title: str = TITLE, body: str = BODY) -> str:
    return f"{above}\n\n{title}\n\n{body}\n\n{below}\n"
