"""Couriers: who they are, when they work, what they carry on."""

from examples.protocol.source.shapes import Chapter, Record, Text
from examples.protocol.source.table import fields_of

COURIERS = Chapter(
    Text("Couriers and shifts", "快递员与班次"),
    Text(
        "Records about the people who carry parcels. They hold personal data and are kept for a shorter time than others.",
        "本章记录运送包裹的人员，包含个人信息，保存期比其他记录短。",
    ),
    records=(
        Record(
            "courier",
            Text("courier", "快递员"),
            Text("A courier carries parcels on one route a day.", "快递员每天在一条路线上运送包裹。"),
            Text(
                "The personnel system writes it when somebody is hired and whenever something changes.",
                "员工入职时以及资料变更时，由人事系统写入。",
            ),
            fields_of("""
                courier_id | id | | Personnel number | 工号
                name | string | 2 to 80 characters | Full name | 姓名 | Mira Okafor
                active | boolean | | Works for us today | 是否在职 | true
                vehicle_type | enum | enum: bike, van, truck, on_foot | What they usually drive | 常用交通工具 | van
                home_depot_id | id | | Where their day begins | 出发仓库
                phone | string | pattern ^[+][0-9]{8,15}$ | Work telephone | 工作电话 | +31201234567
                email | email | | Work address | 工作邮箱 | mira.okafor@couriers.example
                languages | array of string | pattern ^[a-z]{2}$; 1 to 6 items; unique items | Languages they speak | 会说的语言 | en,nl
                licence_class | enum | enum: none, am, b, c, ce; optional | Driving licence | 驾照类别 | b
                hired_on | date | | First working day | 入职日期
            """),
        ),
        Record(
            "courier_shift",
            Text("courier shift", "快递员班次"),
            Text(
                "A courier shift is the time from when a courier signs in until they sign out.",
                "快递员班次是从签到到签退的时间段。",
            ),
            Text("The courier's phone writes it at the end of the day.", "由快递员的手机在当天结束时写入。"),
            fields_of("""
                shift_id | id | | Number of the shift | 班次编号
                courier_id | id | | Who worked | 当班快递员
                depot_id | id | | Where they signed in | 签到仓库
                planned_start_at | date-time | | Start on the roster | 排班开始时间
                started_at | date-time | | When they signed in | 签到时间
                ended_at | date-time | nullable | When they signed out | 签退时间
                break_minutes | integer | 0 to 120; multiple of 5; in minutes | Breaks that were taken | 休息时长 | 45
                overtime_minutes | integer | 0 to 240; in minutes | Time beyond the roster | 加班时长 | 20
                parcels_out | integer | 0 to 300 | Parcels taken along | 领取件数 | 142
                parcels_back | integer | 0 to 300 | Parcels brought back | 带回件数 | 6
            """),
            (
                Text(
                    "A shift of more than six hours needs a break of at least 30 minutes.",
                    "超过六小时的班次必须休息至少 30 分钟。",
                ),
            ),
        ),
        Record(
            "courier_training",
            Text("courier training", "快递员培训"),
            Text(
                "A courier training is a course that a courier took, with its result.",
                "快递员培训记录快递员参加的课程及结果。",
            ),
            Text("The trainer writes it on the last day of the course.", "由培训师在课程最后一天写入。"),
            fields_of("""
                courier_id | id | | Who took part | 参加者
                course | enum | enum: safe_lifting, dangerous_goods, first_aid, eco_driving, customer_talk | Subject | 课程主题 | dangerous_goods
                trainer | string | 2 to 80 characters | Who taught | 培训师 | Jonas Lindqvist
                hours | number | 0.5 to 40; multiple of 0.5; in hours | Length | 学时 | 7.5
                score | integer | 0 to 100 | Points in the test | 考试得分 | 86
                passed | boolean | | The test was passed | 是否通过 | true
                certificate | uri | optional | Where the certificate lies | 证书地址 | https://hr.delivery.example/certificates/5521
                taken_on | date | | Last day of the course | 课程结束日期
                valid_until | date | nullable | Must be repeated by then | 须在此日期前复训
            """),
            (Text("A score of 70 or more passes.", "得分 70 分及以上为通过。"),),
        ),
        Record(
            "courier_position",
            Text("courier position", "快递员位置"),
            Text(
                "A courier position tells where a courier is while a shift lasts.",
                "快递员位置说明当班快递员所在的地点。",
            ),
            Text(
                "The courier's phone sends it every 60 seconds, never outside of shifts.",
                "快递员的手机每 60 秒发送一次，非当班时间不发送。",
            ),
            fields_of("""
                courier_id | id | | Whose phone it is | 手机所属快递员
                shift_id | id | | Shift that it belongs to | 所属班次
                latitude | number | -90 to 90; in degrees | North is positive | 纬度，北纬为正 | 52.3702
                longitude | number | -180 to 180; in degrees | East is positive | 经度，东经为正 | 4.8952
                accuracy_m | number | 0 to 500; in metres | Radius of the uncertainty | 误差半径 | 8.5
                speed_km_h | number | 0 to 160; in km/h | Speed over ground | 移动速度 | 24.3
                battery_percent | integer | 0 to 100; in percent | Charge of the phone | 手机电量 | 64
                measured_at | date-time | | When it was taken | 定位时间
            """),
            (Text("Positions are erased after 14 days.", "位置记录在 14 天后删除。"),),
        ),
        Record(
            "courier_handover",
            Text("courier handover", "快递员交接"),
            Text(
                "A courier handover tells that one courier gave parcels to another on the way.",
                "快递员交接说明一名快递员在途中把包裹交给另一名快递员。",
            ),
            Text(
                "The receiving courier's phone writes it after both have confirmed.",
                "双方确认后，由接收方的手机写入。",
            ),
            fields_of("""
                from_courier_id | id | | Who gave | 交出方
                to_courier_id | id | | Who took | 接收方
                parcel_ids | array of id | 1 to 150 items; unique items | What changed hands | 交接的包裹
                reason | enum | enum: breakdown, illness, overload, end_of_shift, wrong_route | Why | 交接原因 | breakdown
                place | object | | Where they met | 交接地点
                place.latitude | number | -90 to 90; in degrees | North is positive | 纬度，北纬为正 | 52.09
                place.longitude | number | -180 to 180; in degrees | East is positive | 经度，东经为正 | 5.12
                both_confirmed | boolean | always true | Both have agreed | 双方已确认
                handed_over_at | date-time | | When it happened | 交接时间
            """),
        ),
    ),
    rules=(
        Text("A courier has at most one open shift.", "一名快递员最多有一个未结束的班次。"),
        Text(
            "Parcels out minus parcels back equals the delivered parcels of the shift's route.",
            "领取件数减去带回件数等于该班次路线的妥投件数。",
        ),
        Text(
            "Dangerous goods are only given to couriers whose training in them is valid.",
            "危险品只能交给持有有效危险品培训的快递员。",
        ),
    ),
)
