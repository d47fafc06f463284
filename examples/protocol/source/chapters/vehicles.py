"""Vehicles, and what keeps them on the road."""

from examples.protocol.source.shapes import Chapter, Record, Text
from examples.protocol.source.table import fields_of

VEHICLES = Chapter(
    Text("Vehicles", "车辆"),
    Text(
        "Vans, lorries, cargo bikes and trailers, with what keeps them on the road.",
        "货车、卡车、货运自行车和挂车，以及保证其运行的各项事务。",
    ),
    records=(
        Record(
            "vehicle",
            Text("vehicle", "车辆"),
            Text(
                "A vehicle belongs to one depot and is driven by its couriers.",
                "车辆属于一个仓库，由该仓库的快递员驾驶。",
            ),
            Text(
                "The fleet office writes it when a vehicle is bought, changed or sold.",
                "车辆购入、变更或出售时，由车队办公室写入。",
            ),
            fields_of("""
                vehicle_id | id | | Number in the fleet | 车队编号
                plate | string | pattern ^[A-Z0-9-]{4,10}$ | Number plate | 车牌 | V-482-KD
                depot_id | id | | Depot that it belongs to | 所属仓库
                kind | enum | enum: bike, van, truck, tractor | Kind of vehicle | 车辆类型 | van
                electric | boolean | | Drives with a battery | 电动车 | true
                mileage_km | integer | 0 to 2000000; in km | Distance driven so far | 累计里程 | 48210
                payload_kg | integer | 20 to 26000; in kg | What it may carry | 核定载重 | 1150
                volume_m3 | number | 0.2 to 110; multiple of 0.1; in m³ | Room for parcels | 装载容积 | 11.4
                vin | string | pattern ^[A-HJ-NPR-Z0-9]{17}$ | Number on the chassis | 车架号 | WV1ZZZ7HZNH004821
                next_inspection_on | date | | Must be inspected by then | 下次年检日期
            """),
        ),
        Record(
            "vehicle_position",
            Text("vehicle position", "车辆位置"),
            Text(
                "A vehicle position tells where a vehicle is and how it moves.",
                "车辆位置说明车辆所在地点和行驶状态。",
            ),
            Text(
                "The box in the vehicle sends it every 30 seconds while the engine is on.",
                "车辆启动期间，车载终端每 30 秒发送一次。",
            ),
            fields_of("""
                vehicle_id | id | | Vehicle | 车辆
                position | object | | Where it is | 位置
                position.latitude | number | -90 to 90; in degrees | North is positive | 纬度，北纬为正 | 52.0844
                position.longitude | number | -180 to 180; in degrees | East is positive | 经度，东经为正 | 5.0121
                position.altitude_m | number | -450 to 5000; in metres; optional | Height above the sea | 海拔高度 | 4.5
                speed_km_h | number | 0 to 160; in km/h | Speed | 车速 | 46.5
                heading_degrees | integer | 0 to 359; in degrees | Direction, 0 is north | 航向，0 为正北 | 275
                ignition | boolean | | The engine is on | 发动机已启动 | true
                satellites | integer | 0 to 40 | Satellites in sight | 可见卫星数 | 11
                charge_percent | number | 0 to 100; in percent; nullable | Charge of the battery, null with a motor | 电量，燃油车为空 | 71.5
                measured_at | date-time | | When it was taken | 定位时间
            """),
        ),
        Record(
            "vehicle_inspection",
            Text("vehicle inspection", "车辆检查"),
            Text(
                "A vehicle inspection is the walk around a vehicle before the first trip of the day.",
                "车辆检查是每天首次出车前的绕车检查。",
            ),
            Text(
                "The driver writes it on the phone before the vehicle can be started.",
                "驾驶员在手机上完成并写入，之后车辆才能启动。",
            ),
            fields_of("""
                vehicle_id | id | | Vehicle that was looked at | 受检车辆
                courier_id | id | | Who looked | 检查人
                tyres | enum | enum: good, worn, flat | State of the tyres | 轮胎状况 | good
                lights | enum | enum: good, broken | State of the lights | 灯光状况 | good
                brakes | enum | enum: good, soft, broken | State of the brakes | 制动状况 | good
                clean | boolean | | Cargo space is clean | 货厢清洁 | true
                defects | array of object | at most 10 items | What was found | 发现的缺陷
                defects[].part | string | 2 to 40 characters | Where it is | 部位 | left mirror
                defects[].severity | integer | 1 to 5 | 1 is slight, 5 forbids driving | 严重程度，1 轻微，5 禁止行驶 | 2
                mileage_km | integer | 0 to 2000000; in km | What the counter shows | 里程表读数 | 48210
                may_drive | boolean | | Vehicle may be used | 可以出车 | true
                inspected_at | date-time | | When it was done | 检查时间
            """),
            (Text("A defect of severity 5 forbids driving.", "严重程度为 5 的缺陷禁止出车。"),),
        ),
        Record(
            "charging_session",
            Text("charging session", "充电记录"),
            Text(
                "A charging session is the time for which an electric vehicle hung on a charging post.",
                "充电记录是电动车连接充电桩的一段时间。",
            ),
            Text("The charging post writes it when the plug is pulled.", "拔出充电枪时由充电桩写入。"),
            fields_of("""
                vehicle_id | id | | What was charged | 充电车辆
                depot_id | id | nullable | Depot of the post, null on the road | 充电桩所在仓库，路上充电为空
                post | string | pattern ^CP-[0-9]{3}$ | Number of the post | 充电桩编号 | CP-018
                plugged_in_at | date-time | | Begin | 开始时间
                unplugged_at | date-time | | End | 结束时间
                energy_kwh | number | 0 to 400; in kWh | Energy that was taken | 充电量 | 38.6
                peak_kw | number | 0 to 350; in kW | Highest power | 最大功率 | 22
                start_percent | integer | 0 to 100; in percent | Charge before | 充电前电量 | 22
                end_percent | integer | 0 to 100; in percent | Charge after | 充电后电量 | 91
                price_eur | number | 0 to 400; multiple of 0.01; in euros | What it cost | 费用 | 11.58
                stopped_by | enum | enum: driver, full, timer, fault | Why it ended | 结束原因 | full
            """),
        ),
        Record(
            "vehicle_damage",
            Text("vehicle damage", "车辆损坏"),
            Text(
                "A vehicle damage describes an accident or a scratch of one of our vehicles.",
                "车辆损坏描述我方车辆的事故或刮擦。",
            ),
            Text(
                "The driver writes it within two hours, the fleet office completes it.",
                "驾驶员在两小时内写入，由车队办公室补充完整。",
            ),
            fields_of("""
                vehicle_id | id | | Vehicle that was damaged | 受损车辆
                courier_id | id | nullable | Who drove, null when it was parked | 驾驶员，停放时为空
                kind | enum | enum: collision, scratch, glass, theft, fire, animal | What happened | 损坏类型 | scratch
                third_party | boolean | | Somebody else is involved | 涉及第三方 | false
                police_report | string | 4 to 40 characters; optional | Number at the police | 报警编号 | PL-2026-118
                photo_ids | array of id | 1 to 12 items; unique items | Pictures of it | 损坏照片
                estimated_eur | number | 0 to 100000; multiple of 0.01; in euros | Estimated repair | 预计维修费用 | 420
                drivable | boolean | | It still drives | 仍可行驶 | true
                happened_at | date-time | | When it happened | 发生时间
                description | string | 10 to 500 characters | In the driver's words | 驾驶员的描述 | Touched a bollard while backing out of the yard.
            """),
        ),
        Record(
            "trailer",
            Text("trailer", "挂车"),
            Text(
                "A trailer has no engine and is pulled between depots.",
                "挂车没有动力，由牵引车在仓库之间拖运。",
            ),
            Text(
                "The fleet office writes it when a trailer comes, moves to another depot or goes.",
                "挂车入队、调往其他仓库或退役时，由车队办公室写入。",
            ),
            fields_of("""
                trailer_id | id | | Number of the trailer | 挂车编号
                plate | string | pattern ^[A-Z0-9-]{4,10}$ | Number plate | 车牌 | OP-77-RT
                axles | integer | 1 to 4 | Number of axles | 车轴数 | 3
                body | enum | enum: box, curtain, swap, cooled | Kind of body | 厢体类型 | swap
                length_m | number | 4 to 16.5; multiple of 0.05; in metres | Inner length | 内部长度 | 13.6
                max_weight_kg | integer | 750 to 44000; in kg | Highest total weight | 最大总质量 | 36000
                depot_id | id | nullable | Where it stands, null on the road | 停放仓库，在途为空
                tail_lift | boolean | | Has a tail lift | 配有尾板 | false
                bought_on | date | | Day of purchase | 购置日期 | 2022-11-14
            """),
        ),
    ),
    rules=(
        Text("The mileage of a vehicle never decreases.", "车辆的里程数不会减少。"),
        Text(
            "A vehicle without an inspection of the same day gets no manifest.",
            "当天未做检查的车辆不能生成装车清单。",
        ),
        Text(
            "The end percent of a charging session is at least its start percent.",
            "充电后电量不低于充电前电量。",
        ),
    ),
)
