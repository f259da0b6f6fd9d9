"""Which lines of a page are its main text.

Every line has a weight: its characters where it reads like a sentence, minus its characters where it is
link text, a little less than nothing where it is a short label. The main text is the element whose lines
weigh most in sum, deepest first: the maximum subsequence segmentation of Pasternack and Roth (WWW 2009) on
the tree instead of the token stream. Class names, hidden styles and closing headings (相关阅读, 热门评论) only
change weights while they concern the smaller part of the text, so a wrong one cannot empty a page.
"""

import re
from dataclasses import dataclass, field
from itertools import accumulate

from policy_corpus.clean.formats.html_tree import Element, Line, Tree

_SENTENCE_MARK = re.compile(r"[，。；！？、…]|[\u3400-\u9fff][,;!?](?=[\s\u3400-\u9fff“]|$)|[a-z][,.] ")
_STOP = re.compile(r"[。！？；…][”’」』）)]?$")
_SPACE = re.compile(r"\s+")
_CHROME_NAME = re.compile(  # words of class names and ids; read after camelCase and digits are cut off
    r"(?:^|[\s_-])(?:comments?|reply|replies|replys|pinglun|pl|cmt|changyan|disqus|feedback|related?|relation|correlation"
    r"|relevant|recommend(?:s|ed|ation)?|recommand|recom|tuijian|xiangguan|guess|hots?|hotnews|ranks?|ranking|paihang|sidebar|side|aside"
    r"|rightbar|footer|foot|bottom|copyright|copy|disclaimer|statement|shengming|declare|shares?|sharing|fenxiang|bdshare|bdsharebuttonbox|jiathis"
    r"|nav|navbar|navi|navigation|topnav|menus?|submenu|breadcrumbs?|crumbs?|crumb|location|position|dangqian|weizhi|ads?|adv|advert|advertise|advertisement"
    r"|guanggao|gg|promo|promotion|banner|login|logon|register|signup|qrcode|qr|erweima|popup|modal|dialog|layer|toolbar|tools"
    r"|pager|pagination|pages|paging|pagebar|fanye|prevnext|prev|next|friendlink|friendlinks|links|youlian|subscribe|download"
    r"|vote|dashang|reward|like|likes|praise|complaint|report|jubao|tags?|keywords?|editor|zebian|jiucuo|widget|toplist|header)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Za-z])")
_CHROME_TAGS = frozenset(("nav", "footer", "aside", "menu", "dialog"))
_TAIL_HEAD = re.compile(  # a line of its own behind which other texts begin
    r"^[\W_]*(?:(?:更多)?(?:相关|延伸|扩展|拓展|推荐|精彩|热门|热点|最新|猜你|为你|为您|大家|网友|全部|最热|近期|随机|往期|本类|同类|栏目|今日|一周|本周|24小时|点击)"
    r"(?:推荐|阅读|新闻|文章|资讯|内容|链接|专题|评论|话题|喜欢|都在看|看点|排行榜?|排行|热点|头条|报道|信息|主题|图文|视频|热文|搜索|回顾|精选|标签|跟贴|热榜|要闻|资料|文档|稿件|动态|关注|新鲜事|词条|游戏|产品){1,2}"
    r"|新闻推荐|推荐新闻|新闻排行|新闻热点|图片推荐|热文|热评|看过本文的人还看了|大家都在看|猜你喜欢|你可能(?:也)?(?:还)?(?:喜欢|感兴趣).*|更多(?:新闻|内容|资讯|精彩|文章|相关).{0,6}|(?:发表|网友|全部|最新|热门|用户|我要|查看|文章|参与)评论|评论(?:列表|区)?|留言(?:与评论|板)?|跟帖|条评论"
    r"|您?可能(?:还|也)?(?:喜欢|感兴趣)的?.{0,6}|本文(?:相关|标签|关键[词字]).{0,30}|友情链接|网站地图|免责声明|版权声明|特别声明|郑重声明|下一篇|上一篇|下一条|上一条|阅读原文|文章导航|相关(?:附件)?(?:搜索|热词搜索|热词)|为您推荐|参与讨论|发表我的评论|[-—=\s]*THE END[-—=\s]*|END)"
    r"[\s:：>＞»》\])）】.…\-—_|+]*(?:更多)?[\s>＞»+]*(?:[（(]?\d*\s*条?[）)]?)$",
    re.IGNORECASE,
)
_FURNITURE = re.compile(  # lines that belong to the page, wherever they stand
    r"^[\W_\d]*(?:分享(?:到|至|给|文章|本文|按钮)?(?:[:：\s].{0,40})?|字号.{0,20}|字体(?:大小)?[:：\s].{0,20}|[\[【（(]?\s*(?:打印|关闭|返回|收藏)(?:本页|窗口|此页|顶部|列表|首页)?.{0,16}"
    r"|(?:责任|值班|本文|文章|网络|执行|美术|新媒体)?(?:编辑|责编|编审|校对|审核|监制|监审|主编|总编|终审|初审|复审|二审|三审|一审)\s*[:：丨|／/].{0,60}|(?:浏览|点击|阅读|访问|查看|人气)(?:次数|量|数|率)?\s*[:：]?\s*[（(]?\s*(?:\d+|载入中.*|次)?\s*[）)]?次?"
    r"|扫一扫.{0,30}|扫描.{0,12}二维码.{0,20}|(?:长按|识别|微信).{0,12}二维码.{0,20}|(?:点击|戳).{0,6}(?:查看|阅读|进入)(?:更多|原文|全文).{0,8}|(?:本文|文章|消息|资料|稿件)?来源(?:于)?\s*[:：].{0,40}|原标题\s*[:：].{0,100}|标题\s*[:：].{0,5}|"
    r"(?:本文)?(?:标签|关键词|关键字|tags?|热词|相关热词搜索|话题)\s*[:：].{0,80}|(?:上|下)一(?:篇|页|条|图)\s*[:：]?.{0,80}|(?:共\s*\d+\s*页)?.{0,12}(?:上一页|下一页).{0,12}|"
    r"(?:发布|发表|更新|发稿|录入|创建|上传|时间|日期)(?:时间|日期|于)?\s*[:：]\s*\d{4}.{0,60}|最后更新.{0,30}|.{0,12}(?:版权所有|未经(?:授权|许可|允许)|转载(?:请|须|需)|不得转载|谢绝转载|侵权必究|copyright|all rights reserved|ICP备|公网安备|备案号).{0,200}"
    r"|(?:免责|版权|特别|郑重)?声明\s*[:：].{0,300}|(?:投稿|爆料|举报|联系|新闻热线|客服)(?:热线|邮箱|电话|方式|我们)?\s*[:：].{0,60}|我要纠错.{0,20}|听新闻|登录|注册|评论|收藏|举报|点赞|赞|关注|搜索|回复|复制链接|转发|微博|微信|朋友圈|qq空间|qzone|新浪微博|qq好友|微信好友|首页|返回|取消|确[认定]|已?推荐\s*\d*|展开(?:全文|剩余.{0,8})?|收起"
    r"|(?:您|你)?(?:现在|当前|所在|目前)?(?:所在)?的?(?:位置|栏目)\s*[:：>].{0,120}|相关(?:资讯|报道|新闻|阅读|链接)(?:请关注)?\s*[:：].{0,80}|更多.{0,20}(?:请点击|请关注|尽在|点击).{0,30})[\W_]*$",
    re.IGNORECASE,
)
_CLOSERS = re.compile(
    r"(?:责任编辑|责编|（编辑|原标题|本文来源|来源[:：]|THE END|上一篇|下一篇|版权声明|免责声明)"
)

SHORT_LINE = 12
"""Characters under which a line without a sentence mark is a label."""
LABEL_WEIGHT = -3.0
LINKED = 0.5
"""Share of link text from which a line counts as links."""
SENTENCE_WEIGHT = 40.0
"""Weight from which a line among links is a sentence of the text."""
ELEMENT_SHARE = 0.6
"""Share of the heaviest run of lines that the heaviest element must hold to be preferred."""
SMALLER_PART = 0.5
"""A class name, style or closing heading that would drop more of the page's sentences than this is not believed."""
TAIL_KEEPS = 0.15
"""Weight left to sentences behind a closing heading."""
NAMED_CHROME_WEIGHT = -0.3
"""Weight of sentences in an element whose name says comment, sidebar, related, …"""


@dataclass(slots=True)
class Weighed:
    """A line's text and numbers for the choice."""

    text: str
    chars: int
    linked: int
    marks: int
    weight: float = 0.0
    dropped: bool = False
    furniture: bool = False
    tail_head: bool = False


@dataclass(slots=True)
class MainText:
    """Numbers of the lines that are main text, and the range of the element they stand in."""

    lines: list[int]
    first: int
    last: int
    weighed: list[Weighed] = field(default_factory=list)


def weigh(line: Line) -> Weighed:
    """Count a line's characters, link characters and sentence marks, and weigh it by itself."""
    text = _SPACE.sub(" ", "".join(piece[0] for piece in line.pieces)).strip()
    chars = len(text)
    linked = sum(len(piece[0].strip()) for piece in line.pieces if piece[2])
    plain = text if not linked else "".join(piece[0] for piece in line.pieces if not piece[2])
    made = Weighed(text, chars, linked, len(_SENTENCE_MARK.findall(plain)))
    own = max(0, chars - linked)
    made.tail_head = chars <= 40 and bool(_TAIL_HEAD.match(text))
    made.furniture = made.tail_head or (chars <= 320 and bool(_FURNITURE.match(text)))
    if made.furniture:
        made.weight = LABEL_WEIGHT
    elif linked > LINKED * chars:
        made.weight = min(LABEL_WEIGHT, -float(linked))
    elif made.marks:
        quality = 1.0 if own >= 60 or _STOP.search(text) else 0.5 if own >= 20 else 0.25
        made.weight = own * quality
    elif line.row:
        made.weight = 0.0 if linked else 1.0
    elif line.heading:
        made.weight = 0.0
    elif own >= 40:
        made.weight = own * 0.3
    else:
        made.weight = LABEL_WEIGHT
    return made


def _is_chrome(element: Element) -> bool:
    return element.tag in _CHROME_TAGS or bool(
        element.names and _CHROME_NAME.search(_CAMEL.sub("-", element.names))
    )


@dataclass(slots=True)
class _Sums:
    """Running sums over the lines, so that an element costs the same whatever it holds."""

    mass: list[float]
    chars: list[int]
    linked: list[int]
    sentences: list[int]

    @classmethod
    def of(cls, lines: list[Weighed]) -> "_Sums":
        """Sums of positive weights, characters, link characters and sentences before each line."""
        return cls(
            [0.0, *accumulate(max(0.0, line.weight) for line in lines)],
            [0, *accumulate(line.chars for line in lines)],
            [0, *accumulate(line.linked for line in lines)],
            [0, *accumulate(int(line.weight >= SENTENCE_WEIGHT) for line in lines)],
        )

    def links(self, element: Element) -> bool:
        """Whether the element is mostly link text."""
        first, last = element.first, element.last
        return self.linked[last] - self.linked[first] > LINKED * (self.chars[last] - self.chars[first])


def _drop_hidden(tree: Tree, lines: list[Weighed]) -> None:
    """Leave out hidden elements, unless a script was to show the text: then they hold most sentences."""
    sums, behind = _Sums.of(lines), 0
    for element in tree.elements:
        if not element.hidden or element.first < behind or element.first == element.last:
            continue
        mass = sums.mass[element.last] - sums.mass[element.first]
        if element.hidden == 1 and mass > SMALLER_PART * sums.mass[-1] and not sums.links(element):
            continue
        behind = element.last
        for line in lines[element.first : element.last]:
            line.dropped = True
            line.weight = 0.0


def _discount_chrome(tree: Tree, lines: list[Weighed]) -> None:
    """Take the sentences of comments, sidebars and the like for less than nothing."""
    sums, behind = _Sums.of(lines), 0
    for element in tree.elements:
        if element.first < behind or element.first == element.last or not _is_chrome(element):
            continue
        if sums.mass[element.last] - sums.mass[element.first] > SMALLER_PART * sums.mass[-1]:
            continue
        behind = element.last
        for line in lines[element.first : element.last]:
            if line.weight > 0:
                line.weight *= NAMED_CHROME_WEIGHT
            line.furniture = True


def _discount_tail(lines: list[Weighed]) -> None:
    """Sentences behind 相关阅读, 网友评论, … count little, once a fair part of the page's text is before them."""
    total = sum(max(0.0, line.weight) for line in lines)
    before, tail = 0.0, False
    for line in lines:
        if line.tail_head and not tail and before > 0.3 * total:
            tail = True
        if line.weight > 0:
            before += line.weight
            if tail:
                line.weight *= TAIL_KEEPS


def _heaviest(tree: Tree, lines: list[Weighed]) -> tuple[int, int]:
    """Range of the deepest element with the greatest sum of weights, (0, 0) where all are below nothing.

    Where no element holds most of what the heaviest run of lines does (text and links side by side in one
    element), the run is taken.
    """
    sums = [0.0, *accumulate(line.weight for line in lines)]
    best, best_sum = (0, 0), 0.0
    for element in tree.elements:
        mass = sums[element.last] - sums[element.first]
        if mass > 0 and mass >= best_sum - 1e-9:
            best, best_sum = (element.first, element.last), mass
    run, run_sum, lowest = (0, 0), 0.0, 0
    for number in range(len(lines)):
        if sums[number] < sums[lowest]:
            lowest = number
        if sums[number + 1] - sums[lowest] > run_sum:
            run, run_sum = (lowest, number + 1), sums[number + 1] - sums[lowest]
    return run if best_sum < ELEMENT_SHARE * run_sum else best


def _tail_cut(lines: list[Weighed], first: int, last: int) -> int:
    """Where the main text ends: the first closing heading behind most of the sentences."""
    total = sum(max(0.0, line.weight) for line in lines[first:last])
    before = 0.0
    for number in range(first, last):
        line = lines[number]
        if line.tail_head and before >= 0.6 * total:
            return number
        before += max(0.0, line.weight)
    return last


def main_text(tree: Tree) -> MainText:
    """Choose the lines of the main text."""
    lines = [weigh(line) for line in tree.lines]
    _drop_hidden(tree, lines)
    _discount_chrome(tree, lines)
    _discount_tail(lines)
    first, last = _heaviest(tree, lines)
    if first == last:
        return _without_sentences(tree, lines)
    end = _tail_cut(lines, first, last)
    kept = _trim(_select(tree, lines, first, end), lines)
    return MainText(kept, first, last, lines)


def _select(tree: Tree, lines: list[Weighed], first: int, last: int) -> list[int]:
    """Lines of the range that are neither furniture, nor links, nor in a part that weighs less than nothing."""
    sums, behind = _Sums.of(lines), first
    bad = bytearray(len(lines))
    for element in tree.elements:
        inside = behind <= element.first and element.last <= last and element.last - element.first >= 2
        if not inside or (element.first, element.last) == (first, last) or not sums.links(element):
            continue
        if sums.sentences[element.first] == sums.sentences[element.last]:
            bad[element.first : element.last] = b"\1" * (element.last - element.first)
            behind = element.last
    kept = []
    for number in range(first, last):
        line = lines[number]
        if line.dropped or line.furniture or bad[number]:
            continue
        if line.linked > 0.7 * line.chars and not line.marks:
            continue
        kept.append(number)
    return kept


def _trim(kept: list[int], lines: list[Weighed]) -> list[int]:
    """Drop labels before the first and behind the last line that reads like text."""

    def counts(number: int) -> bool:
        line = lines[number]
        return line.weight > 0 or (line.marks > 0 and not line.linked)

    firm = [position for position, number in enumerate(kept) if counts(number)]
    if not firm:
        return kept
    return kept[firm[0] : firm[-1] + 1]


def _without_sentences(tree: Tree, lines: list[Weighed]) -> MainText:
    """A page of names, figures or a single label: the element with the most unlinked characters."""
    for line in lines:
        plain = not (line.dropped or line.furniture or line.linked > LINKED * line.chars)
        line.weight = float(line.chars) if plain and line.chars >= 2 else -float(line.linked)
    first, last = _heaviest(tree, lines)
    kept = [number for number in range(first, last) if lines[number].weight > 0]
    return MainText(kept, first, last, lines)
