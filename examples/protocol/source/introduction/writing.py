"""How records are written: conventions, times, identifiers."""

from examples.protocol.source.shapes import Chapter, Section, Text

CONVENTIONS = Chapter(
    Text("Conventions", "约定"),
    Text("How records are written, whatever they are about.", "无论记录内容如何，均按以下方式书写。"),
    sections=(
        Section(
            Text("Field names and values", "字段名与取值"),
            (
                Text(
                    "Field names are English words in lower case, joined by underscores. A unit is the last part of the name: weight_kg, distance_km, amount_eur.",
                    "字段名由小写英文单词以下划线连接而成。单位写在名称末尾，例如 weight_kg、distance_km、amount_eur。",
                ),
                Text(
                    "Values of a list are written exactly as listed. A sender that needs another value asks the protocol board first; until then it sends the closest one that is listed.",
                    "枚举值必须与列出的写法完全一致。上报方如需新值，须先向协议委员会申请，在此之前使用最接近的已列值。",
                ),
            ),
        ),
        Section(
            Text("Required, optional and null", "必填、可选与空值"),
            (
                Text(
                    "Every field is required unless it is marked optional. An optional field that is not known is left out; it is never sent as an empty text.",
                    "未标注“可选”的字段均为必填。未知的可选字段应省略，不得以空字符串发送。",
                ),
                Text(
                    "A field marked nullable is always present; null means that there is nothing to tell, for example because it has not happened yet.",
                    "标注“可为空”的字段必须出现，null 表示没有内容，例如事情尚未发生。",
                ),
                Text("Fields that this protocol does not name are refused.", "本协议未列出的字段将被拒绝。"),
            ),
        ),
        Section(
            Text("Numbers, money and units", "数字、金额与单位"),
            (
                Text(
                    "Numbers use a point as decimal mark and no separators for thousands. Integers have no decimal mark.",
                    "数字以点号作小数点，不使用千位分隔符，整数不带小数点。",
                ),
                Text(
                    "Money is in euros with at most two decimals; other currencies are converted at the rate of the European Central Bank of the day before.",
                    "金额以欧元计，最多两位小数；其他货币按欧洲中央银行前一日汇率折算。",
                ),
                Text(
                    "Measures are metric. Weights are rounded to 10 g, lengths to half a centimetre.",
                    "计量采用公制。重量精确到 10 克，长度精确到半厘米。",
                ),
            ),
        ),
        Section(
            Text("Texts and languages", "文本与语言"),
            (
                Text(
                    "Texts are Unicode in UTF-8, without control characters. Names of people and streets are written as in their own country.",
                    "文本采用 UTF-8 编码的 Unicode，不含控制字符。人名和街道名按其所在国家的写法书写。",
                ),
                Text(
                    "Languages are two letters as in ISO 639-1, countries two capital letters as in ISO 3166-1.",
                    "语言用 ISO 639-1 的两个字母表示，国家用 ISO 3166-1 的两个大写字母表示。",
                ),
            ),
        ),
    ),
)

TIMES = Chapter(
    Text("Times and dates", "时间与日期"),
    Text(
        "One clock for all, whatever the season and the country.", "所有系统使用同一时钟，与季节和国家无关。"
    ),
    sections=(
        Section(
            Text("How a time is written", "时间的写法"),
            (
                Text(
                    "A time is written as in RFC 3339 with the letter Z at its end, for example 2026-03-09T08:15:00Z. Offsets such as +01:00 are refused.",
                    "时间按 RFC 3339 书写并以字母 Z 结尾，例如 2026-03-09T08:15:00Z；带 +01:00 等偏移量的时间将被拒绝。",
                ),
                Text(
                    "A date without a time means the day in the time zone of the depot concerned.",
                    "不带时间的日期指相关仓库所在时区的当天。",
                ),
            ),
        ),
        Section(
            Text("Clocks", "时钟"),
            (
                Text(
                    "Every sender synchronises its clock by NTP at least once an hour. A clock that is more than 30 seconds off must not send scan events.",
                    "上报方至少每小时通过 NTP 校时一次。时钟偏差超过 30 秒时，不得发送扫描事件。",
                ),
                Text(
                    "Records from the future are refused when they are more than five minutes ahead of the clock of the data centre.",
                    "时间比数据中心时钟超前五分钟以上的记录将被拒绝。",
                ),
            ),
        ),
        Section(
            Text("Late records", "迟到的记录"),
            (
                Text(
                    "A record may come up to 72 hours after the time that it tells of. Later ones go by mail to the data desk, which takes them in by hand.",
                    "记录最迟可在所述时间之后 72 小时内送达；更晚的须发邮件给数据组人工录入。",
                ),
            ),
        ),
    ),
)

IDENTIFIERS = Chapter(
    Text("Identifiers", "标识符"),
    Text("What numbers look like, and who gives them out.", "编号的样式及由谁发放。"),
    sections=(
        Section(
            Text("Form of an identifier", "标识符的形式"),
            (
                Text(
                    "An identifier is two capital letters, a hyphen and a fixed number of digits: PX-10482231 is a parcel, DP-014 a depot, CR-00417 a courier.",
                    "标识符由两个大写字母、一个连字符和固定位数的数字组成：PX-10482231 是包裹，DP-014 是仓库，CR-00417 是快递员。",
                ),
                Text(
                    "Leading zeros belong to the identifier. It is a text, never a number.",
                    "前导零是标识符的一部分。标识符是文本，不是数字。",
                ),
            ),
        ),
        Section(
            Text("Who gives out identifiers", "标识符的发放"),
            (
                Text(
                    "The data centre gives each sender ranges of identifiers in advance, so that a sender can write records while it is offline.",
                    "数据中心预先向每个上报方分配标识符区间，以便其离线时也能写入记录。",
                ),
                Text(
                    "An identifier is never used again, also when what it named is gone. Records that no one else refers to carry a UUID instead.",
                    "标识符即使在所指对象消失后也不得重复使用。不被其他记录引用的记录使用 UUID。",
                ),
            ),
        ),
    ),
)
