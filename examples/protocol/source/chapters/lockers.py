"""Lockers and pick-up points: where recipients fetch parcels themselves."""

from examples.protocol.source.shapes import Chapter, Record, Text
from examples.protocol.source.table import fields_of

LOCKERS = Chapter(
    Text("Lockers and pick-up points", "快递柜与代收点"),
    Text("Places from which recipients fetch their parcels themselves.", "收件人自行取件的地点。"),
    records=(
        Record(
            "locker",
            Text("locker", "快递柜"),
            Text(
                "A locker is a cabinet from which recipients fetch parcels by themselves.",
                "快递柜是收件人自助取件的柜子。",
            ),
            Text(
                "The locker itself writes it each hour and when its state changes.",
                "由快递柜每小时写入一次，状态变化时另行写入。",
            ),
            fields_of("""
                locker_id | id | | Number of the cabinet | 柜体编号
                city | string | 2 to 60 characters | Town | 所在城市 | Leiden
                place | string | 3 to 120 characters | How to find it | 位置说明 | Station, north exit
                compartments | integer | 4 to 240 | Number of doors | 格口数 | 56
                free | integer | 0 to 240 | Empty compartments | 空闲格口数 | 19
                state | enum | enum: open, full, out_of_service | What it is doing | 运行状态 | open
                outdoor | boolean | | Stands in the open | 位于室外 | true
                inside_celsius | number | -30 to 70; multiple of 0.5; in °C | Temperature inside | 柜内温度 | 16.5
                power | enum | enum: mains, solar, battery | Where its power comes from | 供电方式 | mains
                reported_at | date-time | | When it was sent | 上报时间
            """),
        ),
        Record(
            "locker_compartment",
            Text("locker compartment", "快递柜格口"),
            Text(
                "A locker compartment is one door of a locker with what lies behind it.",
                "快递柜格口是柜子的一扇门及其内的物品。",
            ),
            Text(
                "The locker writes it each time the door opens or closes.",
                "格口门每次打开或关闭时由快递柜写入。",
            ),
            fields_of("""
                compartment_id | id | | Number of the door | 格口编号
                locker_id | id | | Cabinet | 所属快递柜
                size | enum | enum: xs, s, m, l, xl | Size | 格口大小 | m
                occupied | boolean | | Something lies in it | 已占用 | true
                parcel_id | id | nullable | What lies in it | 存放的包裹
                door | enum | enum: open, closed, jammed | State of the door | 门的状态 | closed
                broken | boolean | | Must not be used | 停用 | false
                opened_count | integer | 0 to 1000000 | How often it was opened | 累计开门次数 | 3120
                changed_at | date-time | | Since when it is so | 状态起始时间
            """),
        ),
        Record(
            "locker_deposit",
            Text("locker deposit", "快递柜投放"),
            Text(
                "A locker deposit tells that a courier put a parcel into a locker.",
                "快递柜投放说明快递员把包裹放入快递柜。",
            ),
            Text("The locker writes it when the door falls shut.", "柜门关闭时由快递柜写入。"),
            fields_of("""
                parcel_id | id | | What was put in | 投放的包裹
                compartment_id | id | | Where | 投放的格口
                courier_id | id | | Who did it | 投放快递员
                code_length | integer | 4 to 8 | Digits of the pick-up code | 取件码位数 | 6
                message_sent | boolean | | The recipient got the code | 已向收件人发送取件码 | true
                fetch_until | date-time | | After this it is taken out | 取件截止时间 | 2026-03-12T08:15:00Z
                deposited_at | date-time | | When it was put in | 投放时间
            """),
            (Text("A recipient has 72 hours to fetch a parcel.", "收件人须在 72 小时内取件。"),),
        ),
        Record(
            "locker_pickup",
            Text("locker pick-up", "快递柜取件"),
            Text(
                "A locker pick-up tells that a parcel was taken out of a locker.",
                "快递柜取件说明包裹已从快递柜取出。",
            ),
            Text("The locker writes it when the compartment is empty again.", "格口再次清空时由快递柜写入。"),
            fields_of("""
                parcel_id | id | | What was taken | 取出的包裹
                compartment_id | id | | From where | 取件格口
                opened_with | enum | enum: code, app, qr, support, courier | How the door was opened | 开门方式 | code
                wrong_codes | integer | 0 to 5 | Wrong codes before | 此前输错次数 | 0
                by | enum | enum: recipient, courier_overdue, technician | Who took it | 取件人类型 | recipient
                hours_inside | number | 0 to 200; multiple of 0.1; in hours | How long it lay there | 存放时长 | 21.5
                picked_up_at | date-time | | When it was taken | 取件时间
            """),
            (
                Text(
                    "Five wrong codes block a compartment for 15 minutes.", "连续输错五次，格口锁定 15 分钟。"
                ),
            ),
        ),
        Record(
            "pickup_point",
            Text("pick-up point", "代收点"),
            Text(
                "A pick-up point is a shop that keeps parcels for recipients.",
                "代收点是为收件人保管包裹的商店。",
            ),
            Text(
                "The partner office writes it when a contract begins, changes or ends.",
                "合同开始、变更或终止时，由合作伙伴办公室写入。",
            ),
            fields_of("""
                point_id | id | | Number of the shop | 代收点编号
                contract_id | id | | Contract with the shop | 合同编号
                name | string | 2 to 80 characters | Name of the shop | 店名 | Kiosk Marktplein
                address_id | id | | Where it is | 地址
                phone | string | pattern ^[+][0-9]{8,15}$; optional | Telephone | 电话 | +31715551234
                opening | array of object | 1 to 7 items | Opening hours, one entry a day | 营业时间，每天一项
                opening[].day | enum | enum: mon, tue, wed, thu, fri, sat, sun | Day of the week | 星期 | mon
                opening[].opens | string | pattern ^[0-2][0-9]:[0-5][0-9]$ | Local time | 开门时间（当地） | 08:30
                opening[].closes | string | pattern ^[0-2][0-9]:[0-5][0-9]$ | Local time | 关门时间（当地） | 18:00
                capacity | integer | 5 to 500; in parcels | Parcels that it can keep | 可存放件数 | 60
                returns_accepted | boolean | | Takes returns as well | 受理退件 | true
                cash | boolean | | Takes cash on delivery | 可收取货到付款现金 | false
                fee_eur | number | 0 to 3; multiple of 0.01; in euros | Paid to the shop for a parcel | 每件支付给店铺的费用 | 0.45
            """),
            (Text("A pick-up point keeps a parcel for seven days.", "代收点保管包裹七天。"),),
        ),
    ),
    rules=(
        Text("A parcel over 20 kg is never put into a locker.", "超过 20 千克的包裹不得放入快递柜。"),
        Text(
            "Every locker pick-up follows a locker deposit of the same parcel in the same compartment.",
            "每次快递柜取件之前，同一格口必须已有同一包裹的投放记录。",
        ),
    ),
)
