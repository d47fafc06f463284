"""What a field holds in life, told by its name and description: a courier has a name, a van a number plate."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from random import Random
from typing import Any

from faker import Faker

ENGLISH, CHINESE = "en_US", "zh_CN"
CJK = re.compile(r"[\u3400-\u9fff]")
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\s_\-./]+")
CHINESE_SHARE = 0.1
"""From this share of Chinese characters on, a schema's people live in China."""

NOTES = {
    ENGLISH: (
        "Leave with the neighbour", "Ring twice, the bell is quiet", "Handed over at the front desk",
        "Fragile, keep upright", "Address confirmed by phone", "Second attempt tomorrow morning",
        "Gate code is on the label", "Recipient asked for an afternoon slot", "Box slightly dented, contents whole",
        "Signed for by a colleague",
    ),
    CHINESE: (
        "请放在快递柜", "到达前请先打电话", "已交前台代收", "易碎品，请轻放", "地址已电话确认", "明天上午再次派送",
        "外箱轻微破损，内件完好", "收件人要求下午送达", "由同事签收", "门禁密码见面单",
    ),
}  # fmt: skip
REASONS = {
    ENGLISH: (
        "Nobody at home",
        "Address incomplete",
        "Refused by the recipient",
        "Damaged in transit",
        "Held at customs",
    ),
    CHINESE: ("收件人不在家", "地址不完整", "收件人拒收", "运输途中破损", "海关扣留"),
}
GOODS = {
    ENGLISH: (
        "Wool blanket",
        "Desk lamp",
        "Running shoes",
        "Coffee grinder",
        "Garden shears",
        "Picture frame",
        "Headphones",
    ),
    CHINESE: ("羊毛毯", "台灯", "跑步鞋", "咖啡机", "茶具", "相框", "耳机"),
}
PLACES = {
    ENGLISH: ("North Hub", "Riverside Depot", "Harbour Gate", "Airport Sorting Centre", "Eastfield Station"),
    CHINESE: ("城北分拨中心", "滨江仓", "港口门店", "机场转运中心", "东郊站点"),
}

Source = Callable[[Any, str, Random], str]
"""(faker, language, chance) -> text."""


def _of(name: str) -> Source:
    return lambda faker, _language, _rng: str(getattr(faker, name)())


def _among(lists: Mapping[str, Sequence[str]]) -> Source:
    return lambda _faker, language, rng: rng.choice(lists[language])


def _phone(faker: Any, language: str, rng: Random) -> str:
    if language == CHINESE:
        return str(faker.phone_number())
    return f"+1 {rng.randint(201, 989)} 555 {rng.randint(100, 199):04d}"


def _province(faker: Any, language: str, _rng: Random) -> str:
    return str(faker.province() if language == CHINESE else faker.state())


def _plate(faker: Any, language: str, rng: Random) -> str:
    return (
        str(faker.license_plate()).replace("-", "")
        if language == CHINESE
        else str(faker.bothify("??-####").upper())
    )


def _sku(faker: Any, _language: str, _rng: Random) -> str:
    return str(faker.bothify("???-####").upper())


def _language(_faker: Any, language: str, rng: Random) -> str:
    return rng.choice(("en", "zh", "de", "fr", "es", "ja"))


def _zone(faker: Any, language: str, _rng: Random) -> str:
    return "Asia/Shanghai" if language == CHINESE else str(faker.timezone())


TEXTS: tuple[tuple[str, Source], ...] = (
    ("email mail 邮箱 邮件", _of("email")),
    ("phone mobile telephone tel fax 电话 手机", _phone),
    ("postcode postal zip 邮编 邮政编码", _of("postcode")),
    ("plate licence_plate license 车牌", _plate),
    ("vin 车架号", _of("vin")),
    ("iban 账号 bank_account", _of("iban")),
    ("house_number 门牌", _of("building_number")),
    ("city town 城市", _of("city")),
    ("province state region 省份 省", _province),
    ("country_code 国家代码", _of("country_code")),
    ("country 国家", _of("country")),
    ("street address 街道 地址", _of("street_address")),
    ("hub depot warehouse station facility gate branch 仓库 站点 分拨 网点", _among(PLACES)),
    ("company carrier merchant shop seller vendor organisation organization shipper 公司 商家 承运商", _of("company")),
    ("username login nickname user_name 用户名", _of("user_name")),
    ("currency 币种 货币", lambda faker, language, rng: "CNY" if language == CHINESE else rng.choice(("USD", "EUR", "GBP"))),
    ("language locale 语言", _language),
    ("timezone 时区", _zone),
    ("url website link homepage 网址 链接", _of("url")),
    ("barcode ean gtin 条形码 条码", _of("ean13")),
    ("sku 货号", _sku),
    ("mac 网卡", _of("mac_address")),
    ("colour color 颜色", _of("color_name")),
    ("job profession position 职位", _of("job")),
    ("reason cause 原因", _among(REASONS)),
    ("note notes remark remarks comment instructions message description summary detail 备注 说明 留言 描述", _among(NOTES)),
    ("product goods item contents article commodity 商品 货物 物品", _among(GOODS)),
    (
        "courier driver rider recipient sender receiver consignee consignor customer contact person operator dispatcher "
        "agent signatory signer employee manager name 姓名 司机 快递员 收件人 寄件人 联系人 客户 签收人 操作员",
        _of("name"),
    ),
)  # fmt: skip
CODES = frozenset(
    "id number no code reference ref key token serial tracking waybill 编号 单号 号码 代码".split()
)
"""Words of names whose text is a code."""
NO_CODES = frozenset(
    "country_code currency_code language_code plate_number phone_number house_number bank_account 车牌 电话".split()
)

NUMBERS: tuple[tuple[str, tuple[float, float, int]], ...] = (
    ("latitude lat 纬度", (-60, 70, 5)),
    ("longitude lon lng 经度", (-180, 180, 5)),
    ("percent percentage ratio share 百分比 比例", (0, 100, 1)),
    ("probability confidence 概率", (0, 1, 3)),
    ("rating stars score 评分", (1, 5, 1)),
    ("temperature celsius 温度", (-20, 40, 1)),
    ("humidity 湿度", (20, 90, 0)),
    ("weight kg 重量", (0.1, 30, 2)),
    ("grams gram g 克", (50, 20_000, 0)),
    ("length width height depth cm 长 宽 高", (5, 120, 1)),
    ("distance km 距离", (0.5, 80, 1)),
    ("speed kmh 速度", (5, 110, 0)),
    ("price amount cost fee total value tax cod 金额 价格 费用", (2, 900, 2)),
    ("age 年龄", (18, 70, 0)),
    ("year 年份", (2020, 2026, 0)),
    ("minute minutes 分钟", (1, 120, 0)),
    ("hour hours 小时", (1, 48, 0)),
    ("second seconds 秒", (1, 900, 0)),
    ("day days 天", (1, 14, 0)),
    ("floor storey 楼层", (1, 30, 0)),
    ("attempt attempts retries 次数", (1, 4, 0)),
    ("count quantity number pieces items stops parcels 数量 件数", (1, 40, 0)),
    ("battery 电量", (5, 100, 0)),
)  # fmt: skip
USUAL = (1.0, 1000.0, 2)


def language_of(texts: Iterable[str]) -> str:
    """Chinese where enough of the texts is."""
    joined = "".join(texts)
    return CHINESE if len(CJK.findall(joined)) > CHINESE_SHARE * max(len(joined), 1) else ENGLISH


def text_for(names: tuple[str, ...], about: str, language: str, rng: Random) -> str | None:
    """A text as such a field holds one; the names go from the field outwards. None where nothing is known of it."""
    known_by = [names[1]] if names[:1] in {("name",), ("名称",)} and len(names) > 1 else []
    for known in (*known_by, *names[:1], about[:80]):
        words = words_of(known)
        if words & CODES and not words & NO_CODES:
            return None
        for told, source in TEXTS:
            if _told(told, words, known):
                return source(_faker(language, rng), language, rng)
    return None


def code_for(name: str, rng: Random) -> str:
    """A code such as ``PAR-48213``, for a field that holds one."""
    letters = re.sub(r"[^A-Za-z]", "", CAMEL.split(name)[0])[:3].upper() or "REF"
    return f"{letters}-{rng.randint(10_000, 99_999)}"


def is_code(name: str) -> bool:
    return bool(words_of(name) & CODES)


def span_for(name: str, about: str) -> tuple[float, float, int]:
    """Least, greatest and decimals of such a number in life."""
    for known in (name, about):
        words = words_of(known)
        for told, span in NUMBERS:
            if _told(told, words, known):
                return span
    return USUAL


@lru_cache(4096)
def words_of(name: str) -> frozenset[str]:
    parts = [part.lower() for part in CAMEL.split(name) if part]
    pairs = [f"{first}_{second}" for first, second in pairwise(parts)]
    return frozenset([*parts, *pairs, *(part.removesuffix("s") for part in parts)])


def _told(told: str, words: frozenset[str], text: str) -> bool:
    return any(word in words or (CJK.match(word) and word in text) for word in told.split())


_thread = threading.local()


def _faker(language: str, rng: Random) -> Any:
    """One a thread, as what is drawn depends on its own state."""
    found = _thread.__dict__.setdefault("fakers", {})
    if language not in found:
        found[language] = Faker(language)
    found[language].seed_instance(rng.getrandbits(64))
    return found[language]
