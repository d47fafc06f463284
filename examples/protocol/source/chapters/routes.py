"""Routes, their stops, and what happens at the door."""

from examples.protocol.source.shapes import Chapter, Record, Text
from examples.protocol.source.table import fields_of

ROUTES = Chapter(
    Text("Routes and delivery", "路线与投递"),
    Text(
        "What is planned for a day, and what happened at the door.",
        "一天的计划，以及在收件人门口发生的事情。",
    ),
    records=(
        Record(
            "route",
            Text("route", "路线"),
            Text(
                "A route is the ordered list of stops that a courier drives.",
                "路线是快递员按顺序行驶的站点清单。",
            ),
            Text("The planner writes it the evening before.", "由规划系统在前一天晚上写入。"),
            fields_of("""
                route_id | id | | Number of the route | 路线编号
                courier_id | id | | Who drives it | 执行快递员
                vehicle_id | id | nullable | With what, null on foot | 使用的车辆，步行为空
                depot_id | id | | Where it begins and ends | 起止仓库
                stops | integer | 1 to 220 | Number of stops | 站点数 | 118
                distance_km | number | 0 to 600; in km | Planned length | 计划里程 | 64.2
                expected_minutes | integer | 10 to 660; in minutes | Planned time | 计划用时 | 430
                zone | enum | enum: city, suburb, rural, island | Kind of area | 区域类型 | city
                optimised | boolean | | The order was computed | 顺序由系统优化 | true
                planned_on | date | | Day of the route | 路线日期
            """),
        ),
        Record(
            "route_stop",
            Text("route stop", "路线站点"),
            Text(
                "A route stop is one address on a route with the parcels for it.",
                "路线站点是路线上的一个地址及其包裹。",
            ),
            Text("The planner writes it together with its route.", "由规划系统与路线一同写入。"),
            fields_of("""
                stop_id | id | | Number of the stop | 站点编号
                route_id | id | | Route that it belongs to | 所属路线
                position | integer | 1 to 220 | Place in the order | 在路线中的次序 | 17
                address_id | id | | Where it is | 地址
                parcel_ids | array of id | 1 to 60 items; unique items | Parcels for this stop | 本站包裹
                earliest_at | date-time | | Not before this time | 最早到达时间
                latest_at | date-time | | Not after this time | 最晚到达时间
                service_seconds | integer | 15 to 1800; in seconds | Time that the stop takes | 停留时长 | 140
                needs_signature | boolean | | Somebody must sign | 需要签收 | false
                door_code | string | pattern ^[0-9A-Z#*]{2,12}$; optional | To get into the house | 门禁密码 | 2580#
            """),
        ),
        Record(
            "route_change",
            Text("route change", "路线调整"),
            Text(
                "A route change alters a route that is already being driven.",
                "路线调整修改一条已在执行的路线。",
            ),
            Text(
                "The dispatcher writes it, and the courier's phone rings.",
                "由调度员写入，快递员的手机会响铃提示。",
            ),
            fields_of("""
                route_id | id | | Route that changes | 调整的路线
                change | enum | enum: stop_added, stop_removed, reordered, detour, cancelled | What changes | 调整内容 | detour
                stop_ids | array of id | at most 30 items | Stops concerned | 涉及的站点
                cause | enum | enum: traffic, weather, customer_wish, breakdown, closure | Why | 调整原因 | traffic
                extra_minutes | integer | -120 to 240; in minutes | Time won or lost | 增减的时间 | 12
                extra_km | number | -80 to 120; in km | Distance won or lost | 增减的里程 | 3.4
                dispatcher_user_id | id | | Who decided | 决定的调度员
                acknowledged_at | date-time | nullable | When the courier saw it | 快递员确认时间
            """),
        ),
        Record(
            "delivery_attempt",
            Text("delivery attempt", "投递尝试"),
            Text(
                "A delivery attempt is written when a courier stands at the recipient's door.",
                "快递员到达收件人门口时，写入一条投递尝试。",
            ),
            Text(
                "The courier's phone writes it, also without a network.",
                "由快递员的手机写入，无网络时也可写入。",
            ),
            fields_of("""
                attempt_id | id | | Number of the attempt | 尝试编号
                parcel_id | id | | Parcel at the door | 投递的包裹
                courier_id | id | | Who stood there | 投递快递员
                stop_id | id | | Stop on the route | 路线站点
                outcome | enum | enum: delivered, nobody_home, refused, left_with_neighbour, address_not_found | How it ended | 投递结果 | nobody_home
                number | integer | 1 to 3 | First, second or third attempt | 第几次尝试 | 1
                waited_seconds | integer | 0 to 900; in seconds | Time at the door | 门口等待时间 | 95
                card_left | boolean | | A card with instructions was left | 留下取件通知 | true
                attempted_at | date-time | | When the bell rang | 按门铃的时间
            """),
            (
                Text(
                    "After the third attempt the parcel goes to a pick-up point.",
                    "第三次尝试失败后，包裹转至代收点。",
                ),
            ),
        ),
        Record(
            "proof_of_delivery",
            Text("proof of delivery", "签收证明"),
            Text(
                "A proof of delivery shows that a parcel was handed over, to whom and where.",
                "签收证明说明包裹已交付、交给谁以及交付地点。",
            ),
            Text(
                "The courier's phone writes it right after an attempt with the outcome delivered.",
                "投递结果为 delivered 时，由快递员的手机随即写入。",
            ),
            fields_of("""
                attempt_id | id | | Attempt that succeeded | 成功的投递尝试
                parcel_id | id | | What was handed over | 交付的包裹
                method | enum | enum: signature, pin, photo, id_check | How it is proved | 证明方式 | signature
                received_by | string | 2 to 80 characters; nullable | Name of who took it | 签收人姓名 | A. Verhoeven
                relation | enum | enum: recipient, household, neighbour, reception, none | Who that is | 与收件人的关系 | recipient
                signature | uri | optional | Picture of the signature | 签名图片 | https://photos.delivery.example/signatures/88120.png
                pin_correct | boolean | optional | The code was right | 验证码正确
                age_checked | boolean | | Age of 18 was checked | 已核实年满 18 岁 | false
                latitude | number | -90 to 90; in degrees | North is positive | 纬度，北纬为正 | 52.0907
                longitude | number | -180 to 180; in degrees | East is positive | 经度，东经为正 | 5.1214
                handed_over_at | date-time | | When it changed hands | 交付时间
            """),
            (
                Text(
                    "Parcels with a value above 500 euros need a signature or an id check.",
                    "价值超过 500 欧元的包裹须签名或核验证件。",
                ),
            ),
        ),
        Record(
            "delivery_window",
            Text("delivery window", "投递时段"),
            Text(
                "A delivery window is the time that the recipient was promised.",
                "投递时段是向收件人承诺的送达时间。",
            ),
            Text(
                "The planner writes it, and again each time the promise changes.",
                "由规划系统写入，承诺变更时再次写入。",
            ),
            fields_of("""
                parcel_id | id | | Parcel that was promised | 承诺的包裹
                from_at | date-time | | Begin of the window | 时段开始
                to_at | date-time | | End of the window | 时段结束
                width_minutes | integer | 30 to 480; multiple of 30; in minutes | Length of the window | 时段长度 | 120
                chosen_by | enum | enum: planner, recipient, sender | Who chose it | 由谁选定 | recipient
                revision | integer | 0 to 20 | How often it changed | 变更次数 | 1
                probability | number | 0 to 1; multiple of 0.01 | Chance that it will be kept | 按时送达概率 | 0.93
                told_recipient | boolean | | The recipient was told | 已通知收件人 | true
            """),
        ),
    ),
    rules=(
        Text("A parcel has at most three delivery attempts.", "一件包裹最多投递三次。"),
        Text(
            "The positions of the stops of a route count from 1 without gaps.",
            "一条路线的站点次序从 1 开始连续编号。",
        ),
        Text(
            "The latest time of a stop lies after its earliest time.",
            "站点的最晚到达时间必须晚于最早到达时间。",
        ),
        Text(
            "A proof of delivery carries a signature when its method is signature.",
            "证明方式为 signature 时，签收证明必须带签名图片。",
        ),
    ),
)
