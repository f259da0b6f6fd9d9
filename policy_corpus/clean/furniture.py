"""Which lines of a page are furniture, and why: navigation, share bars, related articles, legal notices, spam.

Rules name classes of phrases, never a site. A line is judged alone first, then in the sequence:
what follows 相关文章 goes until body-like text resumes, what stands above the title or below the text's
end mark goes unless it reads like body.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from policy_corpus.clean.byline import is_box_line, is_byline, is_editor_line, lone_key
from policy_corpus.clean.lines import ENUMERATOR, Line, ends_sentence, han_count
from policy_corpus.clean.walls import wall

BODY_LENGTH = 30
"""Characters from which a line with sentence marks counts as body-like (shortest lead in the seeds: 38)."""
RESUME_LENGTH = 60
"""Characters of each of the two paragraphs that end a section of related articles."""

_SHORT = 60

_SECTIONS = re.compile(
    r"^[\W_]{0,4}(?P<head>相关(?:文章|阅读|新闻|链接|推荐|报道|资讯|热词|信息|内容|文档|主题|资料|搜索|评论|专题)(?:搜索|推荐)?"
    r"|(?:为[您你]|热门|精彩|精选|编辑|新闻|猜你|本站|文章|热点|图片|视频|专题|论坛|站内|阅读)推荐|推荐(?:阅读|文章|新闻|内容|资讯|信息|给您)"
    r"|延伸阅读|拓展阅读|扩展阅读|更多(?:阅读|精彩|新闻|文章|内容|相关|资讯|推荐)|猜你喜欢|[您你]可能(?:还)?(?:喜欢|感兴趣|对以下)|大家都在(?:看|搜)|热门(?:文章|新闻|评论|标签|排行|关注|资讯|专题)"
    r"|热点(?:新闻|排行|文章|专题)|最新(?:文章|新闻|资讯|评论|发布|更新|动态)|(?:点击|阅读|新闻|文章|本周|本月|24小时)排行榜?|往期(?:回顾|精彩|推荐)"
    r"|(?:网友|全部|最新|精彩|热门|我来|发表|用户|文明)?评论(?:区|列表)?|网友留言|我要评论|友情链接|网站地图|心情版|看完这篇|同类文章|上下篇)"
    r"(?P<rest>.{0,80})$"
)
_LEGAL_HEAD = re.compile(
    r"^[\W_]{0,3}(?:版权(?:与|及|和)?(?:免责)?|免责|法律|特别|郑重|重要|本站|网站|转载|侵权)(?:声明|提示|须知|说明)\s*[:：】]?"
)
_RULES: tuple[tuple[str, int, re.Pattern[str]], ...] = (
    (
        "navigation",
        90,
        re.compile(
            r"^(?:您?(?:现在|当前)?(?:的)?(?:所在)?位置(?:是)?|当前页面|首页|網站首頁|网站首页|返回首页)\s*[:：>＞»›/|\\-]"
            r"|^\S{0,12}首页\s*[>＞»›|→/]|(?:[^>＞»›。，\s]{1,15}\s*[>＞»›]{1,2}\s*){2,}[^>＞»›。]{0,60}$|^(?:首页|返回(?:首页|顶部|列表|上一页)?|网站导航|回到顶部|设为首页|加入收藏|关闭|更多|全部|展开(?:全文|剩余\S*)?|收起|顶部)[\s>»…]*$"
            r"|^欢迎(?:您)?(?:访问|光临|来到|关注).{0,60}$|设为首页.{0,10}(?:加入)?收藏|^(?:登录|注册)\s*[|/ ]?\s*(?:登录|注册|投稿|入驻)?$|^(?:.{0,14}申请入驻|(?:打开|进入|切换)?(?:无障碍(?:浏览|阅读)?|适老化|关怀|长者|老年)(?:版|模式|浏览)?(?:[\s|｜].{0,20})?|繁體(?:版|中文)?|手机版)$"
        ),
    ),
    (
        "site robot",
        60,
        re.compile(r"智能(?:机器人|客服|问答|助手|小).{0,24}(?:您|问|帮)|^(?:点我朗读[\s　]*)+$|^(?:在线咨询|我要咨询|人工服务)$"),
    ),
    (
        "share bar",
        120,
        re.compile(
            r"^(?:分享(?:到|至|给|本文)|一键分享|转发到|分享$)|(?:微信|微博|QQ空间|Qzone|朋友圈|豆瓣|人人网|腾讯微博|新浪微博|QQ好友)(?:[\s,，、|/]+(?:微信|微博|QQ空间|Qzone|朋友圈|豆瓣|人人网|腾讯微博|新浪微博|QQ好友|评论|图集|收藏)){1,}"
        ),
    ),
    (
        "page tools",
        90,
        re.compile(
            r"^[\[【(（<]*\s*(?:字号|字体|文字大小|调整字体|背景色)\s*[:：【\[(（]?|(?:打印|收藏|关闭|下载|全屏|复制链接|加大|还原|减小|放大|缩小|纠错)(?:本页|页面|窗口|本文|正文)?(?:[\s|｜/·\]【】\[（）()]+(?:打印|收藏|关闭|下载|全屏|复制链接|加大|还原|减小|放大|缩小|纠错|推荐|大|中|小)(?:本页|页面|窗口|本文|正文)?)+[\s】\]|）)]*$"
            r"|^[【\[(（]?\s*(?:打印(?:本页|此页|本文|正文)?|收藏(?:本页)?|关闭(?:本页|窗口)?|下载|全屏|加大|还原|减小|大|中|小|默认|超大|我要(?:纠错|投稿|分享)|听新闻|朗读|点击(?:朗读|播放)|语音播报|APP下载|下载APP|客户端下载|打开APP.{0,10}|TTS)\s*[】\])）]?$"
            r"|^[】\])）]$|^(?:大\s*中\s*小|小\s*中\s*大)$|加载中|载入中|^(?:点击|浏览|阅读|访问|围观)(?:量|数|次数)?\s*[:：]?\s*\d*\s*次?$"
        ),
    ),
    (
        "page number",
        40,
        re.compile(
            r"^[-—–\s]*第?\s*\d{1,4}\s*页?\s*[,，/／]?\s*[共/／]\s*\d{1,4}\s*页\s*[。.]?$|^[-—–]\s*\d{1,4}\s*[-—–]$|^第\s*\d{1,4}\s*页\s*[。.]?$"
            r"|^共\s*\d{1,3}\s*页\s*[:：]?[\d\s上下一页首尾末>«»<.…]*$|^(?:上一页|下一页|首页|尾页|末页|[\d\s>»<«.…])+(?<!\d)$"
        ),
    ),
    (
        "neighbouring article",
        120,
        re.compile(r"^[\W_]{0,3}(?:上|下|前|后)一?[篇条页][:：\s]|^[\W_]{0,3}(?:上一[篇条]|下一[篇条])(?:文章)?\s*[:：]?$"),
    ),
    (
        "reprint notice",
        200,
        re.compile(
            r"转载(?:请|须|需|时请)(?:注明|保留|标明|联系|标注)|转载自(?:本站|网络)|未经(?:本[站网报]|授权|许可|书面|同意).{0,20}(?:转载|使用|复制|摘编|镜像)|(?:谢绝|禁止|严禁)转载|(?:本文)?(?:链接|网址|原文)地址\s*[:：]|本文(?:地址|链接|网址|转自|来自网络)"
            r"|^(?:原文链接|原文网址|查看原文|阅读原文|点击(?:查看|阅读)原文)\s*(?:[:：].*|其他.*)?$|^\[?查看原文\]?[(（]http|^以上(?:就是|便是|是|内容)?.{0,16}(?:小编|本站|网友|编辑).{0,60}$|更多.{0,14}(?:请|敬请)?(?:关注|访问|收藏)(?:本站|我们|本网)|由(?:互联网|网络)?用户.{0,6}(?:分享|上传|整理|发布)|文章(?:来源|转自)网络"
        ),
    ),
    (
        "legal notice",
        100,
        re.compile(
            r"版权所有|Copyright|©|All Rights Reserved|ICP[备证]|公网安备|网安备|网站标识码|备案号|技术支持\s*[:：]|违法和?不良信息|举报(?:电话|邮箱)|营业执照|许可证(?:号|编号)|^(?:关于我们|联系我们|网站声明|隐私(?:政策|条款)|广告服务|安全隐私|版权保护|人才招聘|法律声明)(?:[\s|｜丨-]|$)"
            r"|^(?:主办|承办|协办)(?:单位)?\s*[:：].{2,50}(?:主办|承办|维护|地址|电话|邮编)|Produced By",
            re.IGNORECASE,
        ),
    ),
    (
        "QR hint",
        60,
        re.compile(r"扫一扫|扫描(?:下方|上方|左侧|右侧|以下|此|该)?二维码|扫码(?:关注|下载|阅读|查看|分享|进群)|长按.{0,8}(?:识别|关注)|(?:关注|加入).{0,14}(?:公众号|微信号|官方微信|订阅号|读者群)|微信公众号[:：]|识别图中"),
    ),
    (
        "login or forum frame",
        90,
        re.compile(
            r"您?需要\s*登录|登录后(?:才)?(?:可以|可|查看|发表)|没有帐号|立即注册|只看该作者|(?:查看|回复)[:：]\s*\d+\s*[|｜]|^\d{1,3}[#楼]$|^(?:楼主|沙发|板凳|地板)$|回帖奖励|本版积分|Adobe Flash|下载次数[:：]|^(?:电梯直达|倒序浏览|使用道具|显身卡|发消息|收听TA)$"
            r"|验证码[:：]|匿名发表|发表于\s*\d{4}|(?:快速)?回复主题|文明上网|请先登录|^(?:支持|反对|举报|点赞|鲜花|握手|雷人|路过|鸡蛋)(?:\s*[(（]?\d*[)）]?\s*)+$"
        ),
    ),
    (
        "document shop",
        220,
        re.compile(
            r"文档(?:编号|格式|大小|页数|分类)|上传(?:时间|人|用户)\s*[:：]|(?:格式|大小|页数)\s*[:：]\s*(?:DOCX?|PDF|PPTX?|WPS|\d)|会员(?:分享|免费|专享|上传)|在线(?:阅读|预览)|\d+页珍藏版|下载(?:文档|积分|券|提示|说明|本文|此文档|原文档|全文|收益|声明)|VIP|(?:在线|人工|联系)客服|申请退款|侵(?:犯|权).{0,20}(?:反馈|联系|删除)"
            r"|阅读已结束|免费(?:下载|阅读)|全文(?:预览|阅读)|仅(?:部分|供)?预览|(?:付费|充值|积分|金币)(?:下载|查看|阅读)|文档(?:由|为|内容).{0,30}(?:上传|提供|完整性|收集)|(?:收益|收入)归(?:上传|作者|网站)|剩余\d+页|点击(?:下载|查看)|^资源(?:描述|简介)",
            re.IGNORECASE,
        ),
    ),
    (
        "database header",
        160,
        re.compile(r"法宝引证码|引证码】|^【?(?:法规|发文|时效|效力)(?:类别|标识|级别)】?|CLI\.\d|^(?:原文)?链接\s*[:：]\s*https?://|^https?://\S+$|^(?:本法变迁|法宝联想|条文变迁)"),
    ),
    (
        "advertisement",
        70,
        re.compile(r"^(?:广告|AD|赞助商|推广|热线电话|咨询电话|招生热线|报名(?:电话|热线))\s*(?:[:：].*)?$|(?:招商|加盟|订购|抢购|优惠券|包邮|立减|返利)(?:热线|电话|中)|(?:投注|博彩|彩票|棋牌|娱乐城|赌场|成人|无码|AV片|体育投注|真人娱乐)", re.IGNORECASE),
    ),
    (
        "picture name",
        80,
        re.compile(r"^(?:微信图片|QQ图片|图片|截图|IMG|DSC|image|mmexport)?[_\-\w]{0,40}\.(?:jpe?g|png|gif|bmp|webp)(?:\s*[(（].{0,30}[)）])?$", re.IGNORECASE),
    ),
    (
        "English notice",
        600,
        re.compile(r"^(?:Notice|Disclaimer|Statement)\s*[:：]", re.IGNORECASE),
    ),
)  # fmt: skip
_LEGAL_PHRASES = re.compile(
    r"版权|免责|侵权|转载|著作权|知识产权|法律责任|不代表本|不承担|真实性负责|注明[“\"]?来源|来源[:：]|授权|投诉|删除|举报|删稿|联系我们|信息存储|自媒体|平台|用户上传|本[站网]|仅供参考|下载|客服|退款"
)
_LEGAL_SURE = re.compile(
    r"版权|免责|侵权|转载|著作权|不代表本|真实性负责|信息存储|自媒体|用户上传|本[站网]|退款"
)
_NO_TEXT = re.compile(
    r"版权所有|Copyright|ICP[备证]|公网安备|转载请|(?:请勿|谢绝|禁止|严禁)转载|链接地址|由(?:互联网|网络)?用户|小编|文章来源网络|本文来源于网络|仅供学习"
    r"|需要\s*登录|只看该作者|本版积分|回帖奖励|文档(?:编号|内容)|珍藏版|会员分享|申请退款|平台不提供|VIP|下载(?:文档|此文档|本文)|侵(?:犯|权).{0,20}(?:联系|删除)"
    r"|不代表本|真实性负责|存储服务|https?://",
    re.IGNORECASE,
)
_SHOP_LONG = re.compile(r"平台不提供|附加服务|在线预览|珍藏版|下载文档前|该条件|会员分享|下载后|资源上传")
_NEUTRAL = re.compile(r"^[\d\s.,:：|｜/\\+\-_=*#>＞<•·]{1,16}$")
_ATTACHMENT = re.compile(
    r"^附\s*件?\s*[:：\d一二三四五六七八九十（(]|^附\s*[:：]|\.(?:docx?|xlsx?|pdf|wps|et)\b", re.IGNORECASE
)
_CONTENT_TAIL = re.compile(r"(?:[。！？]|[)）】]|日|局|厅|府|室|委|会|部|校|组)$")
_SERIAL = re.compile(r"^\s*(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s*$")


def body_like(norm: str) -> bool:
    """Whether a line reads like running text: long enough, with sentence marks."""
    if len(norm) < BODY_LENGTH:
        return False
    marks = sum(norm.count(m) for m in "。！？；，,")
    return marks >= 1 and han_count(norm) >= len(norm) * 0.4 and (ends_sentence(norm) or marks >= 2)


@lru_cache(maxsize=2048)
def reason_alone(norm: str, in_table: bool = False) -> str | None:
    """Why a line is furniture judged by itself, or None."""
    size = len(norm)
    if not in_table and (found := wall(norm)):
        return found
    for reason, limit, pattern in _RULES:
        if size <= limit and pattern.search(norm) and not _is_text(norm, reason):
            return reason
    if is_editor_line(norm):
        return "editor line"
    hits = len(set(_LEGAL_PHRASES.findall(norm)))
    if hits >= 3 and hits * 45 >= size and _LEGAL_SURE.search(norm):
        return "legal notice"
    if _LEGAL_HEAD.match(norm) and (size <= 20 or hits >= 2):
        return "legal notice"
    return "document shop" if len(_SHOP_LONG.findall(norm)) >= 1 and hits >= 1 else None


def _is_text(norm: str, reason: str) -> bool:
    """Whether a line with such a phrase reads like a sentence of a text and holds no phrase that none has."""
    if reason in {"navigation", "picture name", "neighbouring article", "English notice"}:
        return False
    return body_like(norm) and _NO_TEXT.search(norm) is None


def reasons(lines: Sequence[Line], title: int | None) -> list[str | None]:
    """For each line the reason why it is dropped, or None for a line to keep.

    Parameters
    ----------
    lines
        The page, in order.
    title
        Index of the page's title line where one was found.
    """
    found = [reason_alone(x.norm, x.block.role == "table_row") for x in lines]
    if title is not None:
        found[title] = None
    _mark_box(lines, found)
    _mark_sections(lines, found, title)
    _mark_head(lines, found, title)
    _mark_tail(lines, found)
    _mark_neutral(lines, found, title)
    return found


def _mark_box(lines: Sequence[Line], found: list[str | None]) -> None:
    """The metadata box of a government notice; its values are read elsewhere."""
    first = next((i for i, x in enumerate(lines) if found[i] is None and body_like(x.norm)), len(lines))
    place = 0
    while place < first:
        norm = lines[place].norm
        key = lone_key(norm)
        if is_box_line(norm) or key in {"box", "issuer", "number", "written"}:
            found[place] = "metadata box"
            follows = place + 1 < first and len(lines[place + 1].norm) <= _SHORT
            if (
                key
                and follows
                and not lone_key(lines[place + 1].norm)
                and not is_box_line(lines[place + 1].norm)
            ):
                place += 1
                found[place] = "metadata box"
        place += 1


def _mark_sections(lines: Sequence[Line], found: list[str | None], title: int | None) -> None:
    """What follows a heading such as 相关文章, 为您推荐 or 免责声明, until body-like text resumes."""
    place = 0
    while place < len(lines):
        kind = _section(lines[place].norm) if place != title else None
        if kind is None:
            place += 1
            continue
        reason, inline = kind
        found[place] = reason
        place += 1
        while place < len(lines) and place != title and not _resumes(lines, found, place, inline):
            found[place] = found[place] or reason
            place += 1


def _section(norm: str) -> tuple[str, bool] | None:
    """Reason of the section a line opens, and whether the line already holds its content."""
    if _LEGAL_HEAD.match(norm) and len(norm) <= 24:
        return "legal notice", False
    match = _SECTIONS.match(norm)
    if not match:
        return None
    head, rest = match["head"], match["rest"].strip(" :：】]>＞»…")
    marked = match["rest"].lstrip()[:1] in {":", "：", "】", "]", ">", "＞", "»"}
    if rest and not marked and len(rest) > 6:
        return None
    if "。" in rest:
        return None
    reason = "comments" if "评论" in head or "留言" in head else "related articles"
    return reason, bool(rest)


def _resumes(lines: Sequence[Line], found: Sequence[str | None], place: int, inline: bool) -> bool:
    """Whether the text goes on here: two whole paragraphs in a row, one behind an inline link."""
    wanted = 1 if inline else 2
    for step in range(wanted):
        at = place + step
        if at >= len(lines) or found[at] is not None:
            return False
        norm = lines[at].norm
        cut_off = norm.endswith(("...", "…", "......"))
        if len(norm) < RESUME_LENGTH or not ends_sentence(norm) or cut_off or norm[:1] in "•·-①②③④⑤":
            return False
    after = lines[place + wanted].norm if place + wanted < len(lines) else ""
    return _SERIAL.match(after) is None


def _mark_head(lines: Sequence[Line], found: list[str | None], title: int | None) -> None:
    """What stands above the title and does not read like body."""
    if not title:
        return
    for place in range(title):
        if found[place] is None and not body_like(lines[place].norm):
            found[place] = "above the title"


def _mark_tail(lines: Sequence[Line], found: list[str | None]) -> None:
    """What stands below the text once furniture or the article's own source line has closed it."""
    body = [i for i, x in enumerate(lines) if found[i] is None and body_like(x.norm)]
    if not body:
        return
    closed = False
    for place in range(body[-1] + 1, len(lines)):
        norm = lines[place].norm
        sentence = ends_sentence(norm) and len(norm) >= 12
        stays = sentence or _ATTACHMENT.search(norm) or is_byline(norm)
        if closed and found[place] is None and not stays:
            found[place] = "below the text"
        if found[place] not in {None, "page number", "picture name"}:
            closed = True
        elif found[place] is None and is_byline(norm) and re.search(r"来源|编辑|稿源|供稿|发布", norm):
            closed = True


def _mark_neutral(lines: Sequence[Line], found: list[str | None], title: int | None) -> None:
    """Bare numbers and marks go with the furniture they stand beside (the 0 above 分享至)."""
    for place, line in enumerate(lines):
        if (
            found[place] is None
            and place != title
            and _NEUTRAL.match(line.norm)
            and line.block.role != "table_row"
        ):
            before = found[place - 1] if place else "start"
            after = found[place + 1] if place + 1 < len(lines) else "end"
            if before is not None or after is not None:
                found[place] = "bare number"


def is_heading_like(norm: str) -> bool:
    """Whether a line may be a section heading: short, without a sentence mark at its end."""
    return (
        len(norm) <= 40
        and not ends_sentence(norm)
        and (ENUMERATOR.match(norm) is not None or len(norm) <= 24)
    )
