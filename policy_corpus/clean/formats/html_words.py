"""Words by which pages name their own furniture: class names in the markup, labels and headings in the text.

Collected from the saved pages of the development set and from content systems that Chinese sites share;
none of them names a site.
"""

import re
from functools import lru_cache

_CHROME_WORDS: str = """
comment comments reply replies pinglun cmt changyan disqus feedback liuyan guestbook
related relate relation relations correlation relevant recommend recommends recommended recommendation recommand
recom tuijian xiangguan guess hotnews hotlist rank ranks ranking paihang toplist
sidebar side aside rightbar leftbar leftnav rightnav widget
footer foot copyright disclaimer shengming declare share shares sharing fenxiang bdshare bdsharebuttonbox jiathis
nav navbar navi navigation topnav subnav menu menus submenu breadcrumb breadcrumbs crumb crumbs dangqian weizhi
ad ads adv advert advertise advertisement guanggao promo promotion banner
login logon register signup qrcode erweima popup modal dialog toolbar toolbox
pager pagination paging pagebar fanye prevnext friendlink friendlinks youlian subscribe
vote dashang reward praise complaint jubao tag tags keywords zebian jiucuo header
"""
_CHROME_NAME = re.compile(rf"(?:^|[\s_-])(?:{'|'.join(_CHROME_WORDS.split())})(?:$|[\s_-])", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Za-z])")


@lru_cache(maxsize=4096)
def is_chrome_name(names: str) -> bool:
    """Whether a class or id names furniture; camelCase and digits are borders of words."""
    return bool(_CHROME_NAME.search(_CAMEL.sub("-", names)))


_ABOUT = (
    "相关|延伸|扩展|拓展|推荐|精彩|热门|热点|最新|猜你|为你|为您|大家|近期|随机|往期|本类|同类|栏目|今日|一周|本周"
    "|点击|新闻|图片|编辑|阅读"
)
_WHAT = (
    "推荐|阅读|新闻|文章|资讯|链接|专题|评论|话题|喜欢|都在看|看点|排行榜?|热点|头条|报道|信息|图文|视频|热文|搜索|热词搜索"
    "|回顾|精选|标签|跟贴|热榜|要闻|文档|稿件|动态|关注|内容|主题|词条|产品"
)
_TALK = (
    "(?:发表|网友|全部|最新|热门|用户|我要|我来|查看|文章|参与|精彩)?(?:评论|跟帖|跟贴|留言|回帖)"
    "(?:列表|区|与评论|板|内容)?"
)
_TAIL_HEAD = re.compile(  # a line of its own behind which other texts begin
    rf"^[\W_]*(?:(?:更多)?(?:{_ABOUT})(?:{_WHAT}){{1,2}}|热文|热评|看过本文的人还看了"
    r"|更多(?:新闻|资讯|精彩|文章|相关).{0,6}"
    rf"|{_TALK}|条评论|[您你]?可能(?:还|也)?(?:会)?(?:喜欢|感兴趣|想看)的?.{{0,6}}"
    r"|本文(?:相关|标签|关键[词字]).{0,30}"
    r"|友情链接|网站地图|(?:免责|版权|特别|郑重)声明|[上下]一[篇条页]|阅读原文|文章导航|参与讨论"
    r"|THE END|END)[\s:：>＞»》\])）】.…\-—=_|+]*(?:更多)?[\s>＞»+]*"
    r"(?:[（(]?\s*(?:共有)?\s*\d*\s*条?(?:评论)?\s*[）)]?)$",
    re.IGNORECASE,
)
_COMMENTS_HEAD = re.compile(rf"^[\W_]*{_TALK}\W*\d*\W*条?\W*$")

_LABEL = (
    r"(?:责任|值班|本文|文章|网络|执行|美术|新媒体|微信)?"
    r"(?:编辑|责编|编审|校对|审核|审校|监制|监审|主编|总编|终审|初审|复审|[一二三]审|排版)"
    r"\s*[:：丨|／/][^，。；]{0,50}"
    r"|(?:浏览|点击|阅读|访问|查看|人气|点击率)(?:次数|量|数|率)?\s*[:：]?\s*[（(]?\s*(?:\d+|载入中.*|加载中.*|次)?\s*[）)]?\s*次?"
    r"|(?:本文|文章|信息|消息|资料|稿件|内容|新闻)?来源于?\s*[:：].{0,40}|原标题\s*[:：].{0,100}|标题\s*[:：].{0,5}"
    r"|(?:本文)?(?:标签|关键词|关键字|tags?|热词|相关热词搜索)\s*[:：].{0,80}"
    r"|(?:发布|发表|更新|发稿|录入|创建|上传)(?:时间|日期)?于?\s*[:：]\s*\d{4}.{0,60}|(?:最后更新|更新于).{0,30}"
    r"|(?:您|你)?(?:现在|当前|目前)?(?:所在)?的?(?:位置|栏目)(?:是)?\s*[:：>].{0,120}"
    r"|相关(?:资讯|报道|新闻|阅读|链接)(?:请关注)?\s*[:：].{0,80}|更多.{0,20}(?:请点击|请关注|尽在|点击).{0,30}"
    r"|(?:投稿|爆料|新闻热线|客服|商务合作)(?:热线|邮箱|电话|方式|我们)?\s*[:：].{0,60}"
)
_TOOL = (
    r"分享(?:到|至|给|文章|本文|按钮)?(?:[:：\s].{0,40})?|字号.{0,20}|字体(?:大小)?[:：\s].{0,20}|视力保护色.{0,20}"
    r"|(?:[\[【（(<]?\s*(?:打印|关闭|返回|收藏|加入收藏|复制|大|中|小)(?:本页|本稿|窗口|此页|本文|页面|顶部|列表|首页|上页|上一页)?[\s\]】）)>|/·]*+)+"
    r"|返回.{1,6}[，,]\s*查看更多|[上下]一[篇页条图]\s*[:：]?.{0,80}"
    r"|(?:共\s*\d+\s*页)?.{0,12}(?:上一页|下一页).{0,12}|我要纠错.{0,20}|听新闻|登录|注册|评论|收藏|举报|点赞|赞|在看|关注|搜索"
    r"|回复|复制链接|转发|微博|微信|朋友圈|qq空间|qzone|新浪微博|qq好友|微信好友|首页|返回|取消|确[认定]|已?推荐\s*\d*"
    r"|展开(?:全文|剩余.{0,8})?|收起|轻触阅读原文"
    r"|(?:扫一扫|扫描|长按|识别|微信).{0,14}(?:二维码|关注|手机|阅读|分享|添加|公众号).{0,24}"
    r"|(?:点击|戳|轻触)(?:上方|下方|右上角|左下角|这里)?.{0,12}(?:查看更多|阅读更多|查看原文|阅读原文|关注我们|关注我|订阅|蓝字).{0,10}"
)
_LEGAL = (
    r".{0,12}(?:版权所有|未经(?:授权|许可|允许|书面)|转载(?:请|须|需)|不得转载|谢绝转载|侵权必究"
    r"|copyright|all rights reserved"
    r"|ICP备|公网安备|备案号|投诉删除|侵权.{0,6}删除).{0,200}"
    r"|(?:主办|承办|主管)(?:单位)?\s*[:：].{0,60}(?:地址|电话|邮编|技术支持|网站|承办|维护).{0,100}"
    r"|(?:免责|版权|特别|郑重)?声明\s*[:：].{0,300}"
)
_PAGE_TOOL = re.compile(rf"^[\W_\d]*(?:{_TOOL}|{_LEGAL})[\W_]*$", re.IGNORECASE)
_FURNITURE = re.compile(rf"^[\W_\d]*(?:{_LABEL}|{_TOOL}|{_LEGAL})[\W_]*$", re.IGNORECASE)
_ATTACHMENT = re.compile(
    r"^\W{0,3}(?:附件|附表|附)\s*(?:[\d一二三四五六七八九十]{1,3}\s*)?(?:[:：.、]\s*\S|$)"
)
_UNFOLD = re.compile(
    r"^\W*(?:点击)?(?:展开(?:全文|阅读全文|剩余|更多|余下)|阅读全文|查看全文|显示全文).{0,12}$"
)
_LONGEST_HEAD = 40
_LONGEST_ROW = 12
"""Words of a row of buttons."""
_LONGEST_FURNITURE = 320


_PINYIN = re.compile(r"(?<=[\u3400-\u9fff])\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}\) ?")
_SIMPLIFIED = str.maketrans(
    "來發佈時間責輯閱讀點擊瀏覽關鍵詞標題審編見報導聞載請註權聲網錄",
    "来发布时间责辑阅读点击浏览关键词标题审编见报导闻载请注权声网录",
)


def plain_key(text: str) -> str:
    """A line for label tests: without the pinyin that mirrors put in brackets, label words simplified."""
    if "(" in text:
        text = _PINYIN.sub("", text)
    return text.translate(_SIMPLIFIED)


def is_page_tool(text: str) -> bool:
    """Whether a line is made of buttons, hints or legal notices, and says nothing of the text."""
    if not 2 <= len(text) <= _LONGEST_FURNITURE:
        return False
    words = text.split()
    row = 2 <= len(words) <= _LONGEST_ROW and all(_PAGE_TOOL.match(word) for word in words)
    return row or bool(_PAGE_TOOL.match(text))


def is_tail_head(text: str) -> bool:
    """Whether a line heads related articles, comments or the like (相关阅读, 网友评论（12条）)."""
    return len(text) <= _LONGEST_HEAD and bool(_TAIL_HEAD.match(plain_key(text)))


def is_comments_head(text: str) -> bool:
    """Whether a line heads readers' comments."""
    return len(text) <= _LONGEST_HEAD and bool(_COMMENTS_HEAD.match(text))


def is_unfold_label(text: str) -> bool:
    """Whether a line offers to show the rest of a text."""
    return len(text) <= _LONGEST_HEAD and bool(_UNFOLD.match(text))


def is_attachment(text: str) -> bool:
    """Whether a line begins the list of a document's attachments."""
    return bool(_ATTACHMENT.match(text))


def is_furniture(text: str) -> bool:
    """Whether a line belongs to the page and not to its text: tools, labels, legal notices."""
    return len(text) <= _LONGEST_FURNITURE and bool(_FURNITURE.match(plain_key(text)))
