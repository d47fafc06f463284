"""Customs: what crosses a border, and what that costs."""

from examples.protocol.source.shapes import Chapter, Record, Text
from examples.protocol.source.table import fields_of

CUSTOMS = Chapter(
    Text("Customs", "海关"),
    Text(
        "What the customs offices want to know about parcels that cross a border.",
        "包裹跨境时海关需要了解的信息。",
    ),
    records=(
        Record(
            "customs_declaration",
            Text("customs declaration", "报关单"),
            Text(
                "A customs declaration goes with every parcel that crosses a border.",
                "报关单随每件跨境包裹一同提交。",
            ),
            Text(
                "The customs broker writes it before the parcel leaves the country of the sender.",
                "包裹离开寄件国之前，由报关行写入。",
            ),
            fields_of("""
                declaration_id | id | | Number of the declaration | 报关单编号
                parcel_id | id | | Parcel that it goes with | 所属包裹
                kind | enum | enum: sale, gift, sample, documents, returned_goods | What the goods are | 货物性质 | sale
                from_country | string | pattern ^[A-Z]{2}$ | Two letters, as in ISO 3166 | 起运国代码 | CN
                to_country | string | pattern ^[A-Z]{2}$ | Two letters, as in ISO 3166 | 目的国代码 | NL
                value_eur | number | 0 to 25000; multiple of 0.01; in euros | Value of the goods | 货物价值 | 148.5
                items | array of object | 1 to 99 items | Goods, line by line | 逐项货物
                items[].description | string | 3 to 120 characters | What it is | 品名 | cotton shirt
                items[].hs_code | string | pattern ^[0-9]{6,10}$ | Number in the tariff | 税则号 | 610510
                items[].quantity | integer | 1 to 9999 | How many | 数量 | 3
                items[].origin | string | pattern ^[A-Z]{2}$ | Country of origin | 原产国 | CN
                cleared | boolean | | Customs let it through | 已放行 | false
                declared_on | date | | Day of the declaration | 申报日期
            """),
        ),
        Record(
            "customs_hold",
            Text("customs hold", "海关扣留"),
            Text(
                "A customs hold tells that a customs office keeps a parcel back.",
                "海关扣留说明海关暂扣了一件包裹。",
            ),
            Text("The broker writes it when the office sends its notice.", "收到海关通知时由报关行写入。"),
            fields_of("""
                declaration_id | id | | Declaration concerned | 相关报关单
                office | string | pattern ^[A-Z]{2}[0-9]{6}$ | Code of the office | 海关代码 | NL000510
                reason | enum | enum: value_doubted, document_missing, forbidden, counterfeit, random_check | Why | 扣留原因 | document_missing
                documents_wanted | array of enum | enum: invoice, licence, proof_of_payment, passport, certificate; at most 5 items; unique items | What they want to see | 需要补交的文件 | invoice
                answer_by | date | | Last day for an answer | 答复截止日期 | 2026-03-23
                storage_eur_per_day | number | 0 to 50; multiple of 0.5; in euros | Fee a day | 每日仓储费 | 2.5
                released | boolean | | It is free again | 已解除 | false
                held_at | date-time | | When it was stopped | 扣留时间
            """),
            (
                Text(
                    "Without an answer within 14 days the parcel goes back to its sender.",
                    "14 天内未答复的，包裹退回寄件人。",
                ),
            ),
        ),
        Record(
            "duty_payment",
            Text("duty payment", "关税缴纳"),
            Text(
                "A duty payment is the money that was paid to a customs office for a parcel.",
                "关税缴纳是为包裹向海关支付的款项。",
            ),
            Text("The accounts office writes it when the bank has confirmed.", "银行确认后由财务部门写入。"),
            fields_of("""
                declaration_id | id | | Declaration that was paid | 已缴纳的报关单
                payment_id | id | | Payment at the bank | 银行付款编号
                duty_eur | number | 0 to 10000; multiple of 0.01; in euros | Duty | 关税 | 17.82
                vat_eur | number | 0 to 10000; multiple of 0.01; in euros | Import tax | 进口增值税 | 34.93
                vat_percent | number | 0 to 27; multiple of 0.5; in percent | Rate of the tax | 税率 | 21
                fee_eur | number | 0 to 50; multiple of 0.01; in euros | Our own fee | 我方手续费 | 8.5
                paid_by | enum | enum: sender, recipient, us | Who bears it | 承担方 | recipient
                recipient_agreed | boolean | | The recipient said yes | 收件人已同意 | true
                paid_on | date | | Day of the payment | 缴纳日期
            """),
        ),
        Record(
            "dangerous_goods_note",
            Text("dangerous goods note", "危险品说明"),
            Text(
                "A dangerous goods note says what in a parcel may burn, leak or explode.",
                "危险品说明列出包裹中可能燃烧、泄漏或爆炸的物品。",
            ),
            Text(
                "The sender fills it in, the depot that accepts the parcel checks and writes it.",
                "由寄件人填写，收寄仓库核对后写入。",
            ),
            fields_of("""
                parcel_id | id | | Parcel that holds it | 所在包裹
                un_number | string | pattern ^UN[0-9]{4}$ | Number of the substance | 联合国编号 | UN3481
                hazard_class | enum | enum: 1.4S, 2.1, 2.2, 3, 4.1, 5.1, 6.1, 8, 9 | Class of the danger | 危险类别 | 9
                packing_group | enum | enum: I, II, III; nullable | Group, null where there is none | 包装类别，无则为空 | II
                net_kg | number | 0.001 to 30; in kg | Weight of the substance | 物质净重 | 0.35
                battery_wh | number | 0 to 300; in Wh; optional | Energy of a battery | 电池能量 | 48.8
                emergency_phone | string | pattern ^[+][0-9]{8,15}$ | Answered day and night | 24 小时应急电话 | +31881234567
                limited_quantity | boolean | | Small amount, easier rules | 有限数量，适用简化规则 | true
                checked_by_user_id | id | | Who checked the packing | 包装核对人
                checked_at | date-time | | When | 核对时间
            """),
            (Text("Lithium batteries above 100 Wh do not travel by air.", "超过 100 Wh 的锂电池不得空运。"),),
        ),
    ),
    rules=(
        Text(
            "A gift is worth at most 45 euros; above that it is declared as a sale.",
            "礼品价值不得超过 45 欧元，超过的按销售申报。",
        ),
        Text(
            "A declaration is cleared only after its duty payment or with a value below 150 euros.",
            "报关单须缴纳关税后放行，价值低于 150 欧元的除外。",
        ),
    ),
)
