"""Claims, complaints, and what people tell customer service."""

from examples.protocol.source.shapes import Chapter, Record, Text
from examples.protocol.source.table import fields_of

CLAIMS = Chapter(
    Text("Claims and customer service", "理赔与客服"),
    Text(
        "What happens when something goes wrong, and what people tell us about it.",
        "出现问题时的处理，以及客户向我们反映的情况。",
    ),
    records=(
        Record(
            "claim",
            Text("claim", "理赔"),
            Text(
                "A claim asks us to pay for a parcel that was lost, damaged or late.",
                "理赔要求我方赔偿丢失、损坏或延误的包裹。",
            ),
            Text("Customer service writes it when a customer sends the form.", "客户提交表单时由客服写入。"),
            fields_of("""
                claim_id | id | | Number of the claim | 理赔编号
                parcel_id | id | | Parcel that it is about | 相关包裹
                claimant_customer_id | id | | Who asks | 申请客户
                kind | enum | enum: lost, damaged, late, content_missing | What went wrong | 问题类型 | damaged
                wanted_eur | number | 0.01 to 25000; multiple of 0.01; in euros | What they want | 索赔金额 | 89.9
                insured | boolean | | The parcel was insured | 已投保 | false
                proofs | array of uri | 1 to 10 items; unique items | Invoice, pictures and the like | 发票、照片等证明 | https://claims.delivery.example/files/1.pdf
                email | email | | Where we answer | 回复邮箱 | j.meyer@customers.example
                filed_on | date | | Day of the form | 提交日期
                answer_due_on | date | | We answer by then | 答复期限 | 2026-04-01
            """),
            (
                Text(
                    "Damage must be claimed within 7 days of the delivery.", "损坏须在妥投后 7 天内提出理赔。"
                ),
                Text("We answer a claim within 21 days.", "我方在 21 天内答复理赔。"),
            ),
        ),
        Record(
            "claim_decision",
            Text("claim decision", "理赔决定"),
            Text(
                "A claim decision says whether we pay for a claim, and how much.",
                "理赔决定说明是否赔付以及赔付金额。",
            ),
            Text(
                "The claims office writes it; a person decides, never a program alone.",
                "由理赔部门写入，须由人工决定，不得仅由程序决定。",
            ),
            fields_of("""
                claim_id | id | | Claim that was decided | 已决定的理赔
                decision | enum | enum: accepted, partly, rejected, withdrawn | What was decided | 决定 | partly
                paid_eur | number | 0 to 25000; multiple of 0.01; in euros | What we pay | 赔付金额 | 50
                liable | enum | enum: us, sender, partner, nobody | Whose fault it was | 责任方 | us
                explanation | string | 20 to 1000 characters | What the customer reads | 给客户的说明 | The box was damaged on our belt; we pay up to the limit.
                decided_by_user_id | id | | Who decided | 决定人
                appeal_until | date | nullable | Last day for an appeal | 申诉截止日期
                decided_at | date-time | | When | 决定时间
            """),
            (Text("Without insurance we pay at most 50 euros.", "未投保的包裹最多赔付 50 欧元。"),),
        ),
        Record(
            "damage_report",
            Text("damage report", "破损报告"),
            Text(
                "A damage report describes what is broken on a parcel that was found damaged.",
                "破损报告描述被发现破损的包裹的损坏情况。",
            ),
            Text(
                "Whoever finds the damage writes it before the parcel moves on.",
                "由发现者在包裹继续运输之前写入。",
            ),
            fields_of("""
                parcel_id | id | | Parcel that is broken | 破损的包裹
                found_at_place | enum | enum: depot, vehicle, door, locker, pickup_point | Where it was found | 发现地点 | depot
                extent | enum | enum: box_only, content_slight, content_total, leaking | How bad it is | 破损程度 | box_only
                packing_sufficient | boolean | | The sender packed it well | 包装符合要求 | true
                photo_ids | array of id | 1 to 10 items; unique items | Pictures | 照片
                leaking | object | optional | Where something runs out | 泄漏情况
                leaking.substance | string | 2 to 60 characters | What runs out | 泄漏物质 | olive oil
                leaking.litres | number | 0 to 60; multiple of 0.1; in litres | How much | 泄漏量 | 0.4
                repacked | boolean | | It got a new box | 已重新包装 | true
                reporter_user_id | id | | Who found it | 发现人
                found_at | date-time | | When | 发现时间
            """),
        ),
        Record(
            "lost_parcel_search",
            Text("lost parcel search", "丢件查找"),
            Text(
                "A lost parcel search tells how far the search for a missing parcel has come.",
                "丢件查找说明寻找失踪包裹的进展。",
            ),
            Text(
                "It opens by itself when a parcel was not scanned for 48 hours.",
                "包裹 48 小时未被扫描时自动开启。",
            ),
            fields_of("""
                parcel_id | id | | Parcel that is missing | 失踪的包裹
                last_event_id | id | nullable | Last scan of it | 最后一次扫描
                depots_asked | array of string | pattern ^DP-[0-9]{3}$; 1 to 20 items; unique items | Depots that were asked | 已询问的仓库 | DP-014,DP-031
                state | enum | enum: open, found, given_up | How it stands | 查找状态 | open
                found_where | string | 3 to 120 characters; nullable | Place, null while missing | 找到的地点，未找到为空 | under the belt of gate 12
                search_hours | number | 0 to 400; multiple of 0.5; in hours | Work so far | 已用工时 | 3.5
                opened_at | date-time | | Begin of the search | 查找开始时间
                closed_at | date-time | nullable | End of the search | 查找结束时间
            """),
            (
                Text(
                    "After ten days a search is given up and the parcel counts as lost.",
                    "查找十天后放弃，包裹视为丢失。",
                ),
            ),
        ),
        Record(
            "customer_contact",
            Text("customer contact", "客户联系"),
            Text(
                "A customer contact is one call, chat or letter from a customer.",
                "客户联系是客户的一次来电、聊天或来信。",
            ),
            Text(
                "The service desk's program writes it when the conversation ends.",
                "对话结束时由客服系统写入。",
            ),
            fields_of("""
                ticket_id | id | | Number of the case | 工单编号
                customer_id | id | nullable | Who it was, null when unknown | 客户，未知为空
                channel | enum | enum: phone, chat, email, letter, social | How they came to us | 联系渠道 | phone
                topic | enum | enum: where_is_it, change_delivery, complaint, invoice, praise, other | What about | 主题 | where_is_it
                language | string | pattern ^[a-z]{2}$ | Language | 语言 | nl
                parcel_ids | array of id | at most 20 items; optional | Parcels that came up | 涉及的包裹
                waited_seconds | integer | 0 to 7200; in seconds | Before somebody answered | 等待时长 | 74
                lasted_seconds | integer | 0 to 14400; in seconds | Length of the conversation | 对话时长 | 312
                solved | boolean | | Solved at once | 一次解决 | true
                rating | integer | 1 to 5; nullable | Stars that they gave | 客户评分 | 4
                began_at | date-time | | Begin | 开始时间
            """),
        ),
    ),
    rules=(
        Text(
            "A claim has one decision; an appeal opens a new claim.",
            "一项理赔只有一个决定，申诉须另立新的理赔。",
        ),
        Text("What is paid never exceeds what was wanted.", "赔付金额不得超过索赔金额。"),
    ),
)
