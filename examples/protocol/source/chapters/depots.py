"""Depots: gates, shelves, stock, and what leaves them."""

from examples.protocol.source.shapes import Chapter, Record, Text
from examples.protocol.source.table import fields_of

DEPOTS = Chapter(
    Text("Depots", "仓库"),
    Text(
        "Buildings in which parcels are sorted and stored, and what happens in them.",
        "分拣和存放包裹的建筑，以及其中发生的事情。",
    ),
    records=(
        Record(
            "depot",
            Text("depot", "仓库"),
            Text(
                "A depot is a building in which parcels are sorted and stored.",
                "仓库是分拣和存放包裹的建筑。",
            ),
            Text(
                "The real estate team writes it when a building opens, changes or closes.",
                "建筑启用、变更或关闭时，由场地团队写入。",
            ),
            fields_of("""
                depot_id | id | | Number of the building | 仓库编号
                name | string | 2 to 60 characters | What people call it | 名称 | Utrecht South
                city | string | 2 to 60 characters | Nearest town | 所在城市 | Utrecht
                country | string | pattern ^[A-Z]{2}$ | Two letters, as in ISO 3166 | 国家代码，两个字母 | NL
                capacity | integer | 100 to 500000; in parcels | Parcels that it can sort in a day | 日处理能力 | 42000
                floor_m2 | number | 50 to 200000; in m² | Floor space | 建筑面积 | 8600
                gates | integer | 1 to 240 | Number of gates | 月台数 | 36
                automated | boolean | | Has a sorting machine | 配有自动分拣机 | true
                manager_email | email | | Who runs it | 负责人邮箱 | utrecht-south@depots.example
                opened_on | date | | First day of work | 启用日期 | 2019-05-06
            """),
        ),
        Record(
            "dock_gate",
            Text("dock gate", "月台"),
            Text(
                "A dock gate is a door of a depot at which vehicles load and unload.",
                "月台是仓库供车辆装卸的门位。",
            ),
            Text(
                "The depot's control room writes it when the state of a gate changes.",
                "月台状态变化时，由仓库控制室写入。",
            ),
            fields_of("""
                gate_id | id | | Number of the gate | 月台编号
                depot_id | id | | Building that it belongs to | 所属仓库
                kind | enum | enum: inbound, outbound, both | What it is used for | 用途 | inbound
                state | enum | enum: free, occupied, blocked, closed | What it is doing | 状态 | occupied
                vehicle_id | id | nullable | Vehicle at the gate | 停靠的车辆
                door_height_m | number | 2.4 to 4.8; multiple of 0.1; in metres | Height of the door | 门高 | 3.6
                levelling_plate | boolean | | Has a plate for different heights | 配有升降平台 | true
                changed_at | date-time | | Since when it is so | 状态起始时间
            """),
        ),
        Record(
            "dock_appointment",
            Text("dock appointment", "月台预约"),
            Text(
                "A dock appointment reserves a gate for a lorry from outside.",
                "月台预约为外部货车预留一个月台。",
            ),
            Text(
                "The haulier books it on the web, at least four hours ahead.",
                "由承运商至少提前四小时在网上预约。",
            ),
            fields_of("""
                booking | uuid | | Number of the appointment | 预约编号
                depot_id | id | | Where | 仓库
                gate_id | id | nullable | Gate, null until one is assigned | 月台，分配前为空
                haulier | string | 2 to 80 characters | Company that comes | 承运商 | Noordzee Transport
                plate | string | pattern ^[A-Z0-9-]{4,10}$ | Number plate | 车牌 | 47-BXK-3
                from_at | date-time | | Begin | 开始时间
                to_at | date-time | | End | 结束时间
                pallets | integer | 0 to 66 | Pallets on board | 托盘数 | 33
                loose_parcels | integer | 0 to 4000 | Parcels without a pallet | 散件数 | 120
                arrived_at | date-time | nullable | When the lorry came | 到达时间
                state | enum | enum: booked, arrived, missed, done, cancelled | How it stands | 状态 | booked
            """),
            (
                Text(
                    "A lorry that is more than 30 minutes late loses its gate.",
                    "迟到超过 30 分钟的货车将失去预约的月台。",
                ),
            ),
        ),
        Record(
            "shelf_place",
            Text("shelf place", "货架位"),
            Text(
                "A shelf place tells which parcel lies where in the storage of a depot.",
                "货架位说明哪件包裹存放在仓库的什么位置。",
            ),
            Text(
                "The storage assistant's scanner writes it for each parcel put away or taken out.",
                "每次上架或取出包裹时，由库管的扫描器写入。",
            ),
            fields_of("""
                depot_id | id | | Building | 仓库
                place | string | pattern ^[A-Z][0-9]{2}-[0-9]{2}-[0-9]$ | Aisle, shelf, level | 通道、货架、层 | C07-14-2
                parcel_id | id | nullable | What lies there, null when empty | 存放的包裹，空位为空
                movement | enum | enum: put_away, taken_out, moved, counted | What was done | 操作类型 | put_away
                cooled | boolean | | The place is cooled | 冷藏货位 | false
                bears_kg | number | 5 to 250; in kg | What it bears | 承重 | 60
                handled_by_user_id | id | | Who did it | 操作人
                handled_at | date-time | | When | 操作时间
            """),
        ),
        Record(
            "stock_count",
            Text("stock count", "盘点"),
            Text(
                "A stock count compares what should lie in a depot with what was found there.",
                "盘点比较仓库应有的包裹与实际找到的包裹。",
            ),
            Text(
                "It is written every night at 02:00 local time, when the belts stand still.",
                "每晚当地时间 02:00 传送带停运后写入。",
            ),
            fields_of("""
                depot_id | id | | Building | 仓库
                expected | integer | 0 to 500000; in parcels | Should be there | 应有件数 | 3140
                found | integer | 0 to 500000; in parcels | Were there | 实有件数 | 3136
                missing_parcel_ids | array of id | at most 500 items; unique items | Not found | 未找到的包裹
                surplus_parcel_ids | array of id | at most 500 items; unique items | Found, not expected | 多出的包裹
                accuracy | number | 0 to 1; multiple of 0.0001 | Share that was right | 准确率 | 0.9987
                counters | integer | 1 to 60 | People who counted | 盘点人数 | 4
                counted_on | date | | Night of the count | 盘点日期
                approved_by_user_id | id | optional | Who signed it | 批准人
            """),
            (
                Text(
                    "Below an accuracy of 0.995 the count is repeated the next night.",
                    "准确率低于 0.995 时，次日晚上重新盘点。",
                ),
            ),
        ),
        Record(
            "manifest",
            Text("manifest", "装车清单"),
            Text(
                "A manifest lists what a vehicle carries when it leaves a depot.",
                "装车清单列出车辆离开仓库时所载的货物。",
            ),
            Text("The loading gate writes it when the doors are closed.", "车门关闭时由装货月台写入。"),
            fields_of("""
                manifest_id | id | | Number of the list | 清单编号
                depot_id | id | | Where it was loaded | 装车仓库
                to_depot_id | id | nullable | Where it goes, null for a delivery route | 目的仓库，投递路线为空
                vehicle_id | id | | What carries it | 承运车辆
                parcel_count | integer | 0 to 4000 | Parcels on board | 包裹件数 | 1260
                total_weight_kg | number | 0 to 24000; in kg | Their weight | 总重量 | 5140.5
                items | array of object | at most 60 items | Cages and pallets | 笼车和托盘
                items[].unit | enum | enum: cage, pallet, bag, loose | Kind of unit | 单元类型 | cage
                items[].parcels | integer | 1 to 400 | Parcels in it | 单元内件数 | 84
                seal | string | pattern ^[A-Z]{2}[0-9]{6}$; optional | Number of the seal | 铅封号 | NL442190
                closed_at | date-time | | When the doors were closed | 关门时间
            """),
        ),
    ),
    rules=(
        Text(
            "The parcel count of a manifest equals the sum of the parcels of its items.",
            "装车清单的包裹件数等于各单元件数之和。",
        ),
        Text("A gate has at most one appointment at any time.", "一个月台同一时间最多有一个预约。"),
        Text("A parcel lies in at most one shelf place.", "一件包裹最多占用一个货架位。"),
    ),
)
