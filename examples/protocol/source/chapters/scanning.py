"""Scanning and sorting inside the depots."""

from examples.protocol.source.shapes import Chapter, Record, Text
from examples.protocol.source.table import fields_of

SCANNING = Chapter(
    Text("Scanning and sorting", "扫描与分拣"),
    Text(
        "Scanners, scales and belts report what they see and do. They send more records than all other systems together.",
        "扫描器、秤和传送带上报所见所为，其记录数量超过其他所有系统之和。",
    ),
    records=(
        Record(
            "scan_event",
            Text("scan event", "扫描事件"),
            Text(
                "A scan event is written each time a parcel passes a scanner.",
                "包裹每经过一次扫描器，就写入一条扫描事件。",
            ),
            Text(
                "The scanner sends it within two seconds, or later from its memory when the network was down.",
                "扫描器在两秒内发送；网络中断时先存储，恢复后补发。",
            ),
            fields_of("""
                event_id | id | | Number of the scan | 扫描编号
                parcel_id | id | | Parcel that was seen | 扫到的包裹
                depot_id | id | | Where the scanner stands | 扫描器所在仓库
                kind | enum | enum: arrival, departure, sorting, inventory, handover | What the scan stands for | 扫描的含义 | arrival
                scanner_id | id | | Device that read the label | 读取面单的设备
                confidence | number | 0 to 1; multiple of 0.01 | How sure the reader is | 识别把握 | 0.98
                manual | boolean | | Somebody typed the number | 编号由人工输入 | false
                delayed | boolean | | Sent later from the scanner's memory | 由扫描器存储后补发 | false
                scanned_at | date-time | | When the parcel passed | 包裹经过的时间
            """),
        ),
        Record(
            "sorting_decision",
            Text("sorting decision", "分拣决定"),
            Text(
                "A sorting decision says into which chute the belt pushed a parcel, and why.",
                "分拣决定说明传送带把包裹推入哪个滑槽以及原因。",
            ),
            Text(
                "The sorter's control writes it after the parcel has left the belt.",
                "包裹离开传送带后，由分拣机控制系统写入。",
            ),
            fields_of("""
                event_id | id | | Scan on which it rests | 所依据的扫描
                parcel_id | id | | Parcel that was sorted | 被分拣的包裹
                chute_id | id | | Where it was pushed | 推入的滑槽
                wished_chute_id | id | | Where it should have gone | 应去的滑槽
                rule | string | pattern ^R[0-9]{3}$ | Line of the sorting plan | 分拣方案中的条目 | R042
                outcome | enum | enum: sorted, recirculated, rejected, chute_full | What happened | 分拣结果 | sorted
                rounds | integer | 1 to 5 | How often it went round the belt | 绕行圈数 | 1
                belt_speed_m_s | number | 0.2 to 3.5; in m/s | Speed of the belt | 传送带速度 | 2.1
                decided_at | date-time | | When it was pushed off | 推出时间
            """),
            (
                Text(
                    "After five rounds a parcel is rejected and sorted by hand.",
                    "绕行五圈后，包裹被剔除并改为人工分拣。",
                ),
            ),
        ),
        Record(
            "conveyor_jam",
            Text("conveyor jam", "传送带堵塞"),
            Text(
                "A conveyor jam tells that a belt stood still because something blocked it.",
                "传送带堵塞说明传送带因异物阻挡而停止。",
            ),
            Text(
                "The belt's control writes it when the belt runs again.",
                "传送带恢复运行时，由其控制系统写入。",
            ),
            fields_of("""
                depot_id | id | | Depot of the belt | 所在仓库
                belt | string | pattern ^B[0-9]{2}-[A-Z]$ | Belt and section | 传送带及区段 | B04-C
                cause | enum | enum: parcel, loose_strap, foreign_object, motor, unknown | What blocked it | 堵塞原因 | parcel
                parcel_id | id | nullable | Parcel that was stuck, if one was | 卡住的包裹，没有则为空
                stopped_at | date-time | | When it stopped | 停止时间
                restarted_at | date-time | | When it ran again | 恢复时间
                parcels_behind | integer | 0 to 2000 | Parcels that waited behind it | 后方等待的包裹数 | 64
                cleared_by | enum | enum: staff, technician, itself | Who cleared it | 由谁排除 | staff
                injury | boolean | | Somebody was hurt | 有人受伤 | false
            """),
            (
                Text(
                    "A jam with an injury is reported by telephone at once; the record comes after.",
                    "若有人受伤，须先立即电话报告，再写入记录。",
                ),
            ),
        ),
        Record(
            "unreadable_label",
            Text("unreadable label", "无法识别的面单"),
            Text(
                "An unreadable label is a parcel whose bar code no scanner could read.",
                "无法识别的面单指任何扫描器都读不出条形码的包裹。",
            ),
            Text(
                "The clearing desk writes it when it has found out, or given up, which parcel it is.",
                "查明或放弃查明是哪件包裹后，由问题件处理台写入。",
            ),
            fields_of("""
                depot_id | id | | Depot of the clearing desk | 处理台所在仓库
                photo_id | id | | Picture of the label | 面单照片
                damage | enum | enum: torn, wet, smeared, covered, missing | What is wrong with it | 损坏方式 | torn
                digits_read | string | pattern ^[0-9?]{20}$ | What could be read, ? for the rest | 读出的数字，其余用 ? 表示 | 003404341610??021501
                tries | integer | 1 to 20 | How many scanners tried | 尝试的扫描器数量 | 3
                parcel_id | id | nullable | Parcel that it turned out to be | 最终查明的包裹
                solved | boolean | | It was found out | 是否查明 | true
                minutes_spent | number | 0 to 240; multiple of 0.5; in minutes | Work of the desk | 处理耗时 | 6.5
                found_at | date-time | | When it came to the desk | 到达处理台的时间
            """),
        ),
        Record(
            "weight_check",
            Text("weight check", "复重检查"),
            Text(
                "A weight check compares the weight on the belt scale with the announced one.",
                "复重检查把传送带秤的重量与申报重量作比较。",
            ),
            Text(
                "The scale writes it only where the two differ by more than 100 g.",
                "仅当两者相差超过 100 克时由秤写入。",
            ),
            fields_of("""
                parcel_id | id | | Parcel on the scale | 秤上的包裹
                scale | string | pattern ^SCALE-[0-9]{3}$ | Name of the scale | 秤的名称 | SCALE-014
                announced_kg | number | 0.01 to 70; in kg | What the sender said | 申报重量 | 2.35
                measured_kg | number | 0.01 to 70; in kg | What the scale says | 实测重量 | 2.61
                difference_g | integer | -70000 to 70000; in g | Measured minus announced | 实测减申报 | 260
                surcharge | boolean | | The sender pays more | 寄件人需补差价 | true
                calibrated_on | date | | Last calibration of the scale | 秤的上次校准日期
                checked_at | date-time | | When it was weighed | 称重时间
            """),
        ),
        Record(
            "scanner_status",
            Text("scanner status", "扫描器状态"),
            Text(
                "A scanner status tells how a hand or gate scanner is doing.",
                "扫描器状态说明手持或通道扫描器的运行情况。",
            ),
            Text(
                "Each scanner sends it every 15 minutes and when something fails.",
                "每台扫描器每 15 分钟发送一次，发生故障时另行发送。",
            ),
            fields_of("""
                scanner_id | id | | Device | 设备
                model | string | 2 to 40 characters | Make and model | 型号 | Honeycomb H7
                mounted | enum | enum: hand, gate, belt, vehicle | Where it is used | 使用位置 | hand
                battery_percent | integer | 0 to 100; in percent; nullable | Charge, null with a cable | 电量，接电源时为空 | 78
                firmware | string | pattern ^[0-9]+[.][0-9]+[.][0-9]+$ | Version of its program | 固件版本 | 4.12.0
                reads | integer | 0 to 100000 | Labels read since the last status | 自上次状态以来的读取数 | 412
                misreads | integer | 0 to 100000 | Tries without a result | 读取失败次数 | 9
                stored_events | integer | 0 to 5000 | Scans that wait in its memory | 待发送的扫描数 | 0
                signal_dbm | integer | -110 to -20; in dBm | Strength of the wireless network | 无线信号强度 | -58
                faults | array of enum | enum: lens_dirty, trigger, overheated, clock, storage_full; at most 5 items; unique items | What is wrong | 故障列表 | lens_dirty
                reported_at | date-time | | When it was sent | 上报时间
            """),
            (
                Text(
                    "A scanner with more than 4000 stored events must be put into its cradle.",
                    "存储超过 4000 条扫描的扫描器必须放回底座。",
                ),
            ),
        ),
    ),
    rules=(
        Text(
            "A departure scan needs an arrival scan of the same parcel at the same depot before it.",
            "离仓扫描之前，同一包裹在同一仓库必须已有到仓扫描。",
        ),
        Text(
            "Two scans of one parcel by one scanner within 5 seconds count as one.",
            "同一扫描器在 5 秒内对同一包裹的两次扫描视为一次。",
        ),
        Text(
            "A sorting decision refers to a scan event of kind sorting.",
            "分拣决定必须引用类型为 sorting 的扫描事件。",
        ),
    ),
)
