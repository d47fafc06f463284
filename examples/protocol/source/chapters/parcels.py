"""Parcels: what is sent, and what becomes of it."""

from examples.protocol.source.shapes import Chapter, Record, Text
from examples.protocol.source.table import fields_of

PARCELS = Chapter(
    Text("Parcels", "包裹"),
    Text(
        "These records follow a parcel from the moment it is announced until it is handed over or given up.",
        "本章的记录跟踪一件包裹：从预报开始，直到妥投或放弃投递。",
    ),
    records=(
        Record(
            "parcel",
            Text("parcel", "包裹"),
            Text(
                "A parcel is one item on its way from a sender to a recipient.",
                "包裹是从寄件人运往收件人的一件物品。",
            ),
            Text(
                "The order system writes it when the sender announces the parcel.",
                "寄件人预报包裹时，由订单系统写入。",
            ),
            fields_of("""
                parcel_id | id | | Number on the label | 面单上的编号
                weight_kg | number | 0.01 to 70; in kg | Weight that the sender announced | 寄件人申报的重量 | 2.35
                fragile | boolean | | Must not be dropped or tilted | 不得摔落或倾斜 | false
                status | enum | enum: created, in_transit, delivered, returned, lost | Where it stands in its life | 当前所处阶段 | in_transit
                service | enum | enum: standard, express, same_day, overnight | What the sender pays for | 寄件人购买的服务
                sender_customer_id | id | | Customer who sends it | 寄件客户
                recipient_address_id | id | | Where it goes | 收件地址
                declared_value_eur | number | 0 to 25000; multiple of 0.01; in euros; optional | Value that the sender states | 寄件人声明的价值 | 89.9
                shipped_on | date | nullable | Day on which it left the sender, null before that | 离开寄件人的日期，此前为空
            """),
            (
                Text(
                    "A parcel over 31.5 kg is carried by two couriers.",
                    "超过 31.5 千克的包裹须由两名快递员搬运。",
                ),
            ),
        ),
        Record(
            "parcel_label",
            Text("parcel label", "包裹面单"),
            Text(
                "A parcel label is the printed sheet with bar code and address that sticks on a parcel.",
                "包裹面单是贴在包裹上的打印单，带有条形码和地址。",
            ),
            Text(
                "The printing station writes it each time a label comes out of the printer.",
                "打印工位每打印一张面单，就写入一条。",
            ),
            fields_of("""
                parcel_id | id | | Parcel that it is for | 所属包裹
                barcode | string | pattern ^[0-9]{20}$ | Digits of the bar code | 条形码数字 | 00340434161094021501
                print_number | integer | 1 to 9 | How many times it was printed so far | 至今打印的次数 | 1
                format | enum | enum: a6, a5, thermal_100x150 | Size of the sheet | 纸张规格
                language | string | pattern ^[a-z]{2}$ | Language of the text on it | 面单文字的语言 | en
                symbols | array of enum | enum: fragile, this_way_up, keep_dry, heavy, lithium; at most 4 items; unique items | Warning signs printed on it | 印在面单上的警示标志 | fragile
                printer | string | 3 to 30 characters | Name of the printer | 打印机名称 | dock-3-left
                printed_at | date-time | | When it came out | 打印时间
            """),
        ),
        Record(
            "parcel_measurement",
            Text("parcel measurement", "包裹测量"),
            Text(
                "A parcel measurement holds the true size and weight, taken by the cube scanner.",
                "包裹测量记录由体积测量仪测得的真实尺寸和重量。",
            ),
            Text(
                "It is written once for each parcel, at the first depot that it reaches.",
                "每件包裹在到达的第一个仓库测量一次并写入。",
            ),
            fields_of("""
                parcel_id | id | | Parcel that was measured | 被测量的包裹
                weight_kg | number | 0.01 to 70; in kg | Weight on the scale | 秤上的重量 | 2.41
                size | object | | Outer box, standing on its largest side | 外廓尺寸，最大面朝下
                size.length_cm | number | 1 to 300; in cm | Longest edge | 最长边 | 42.5
                size.width_cm | number | 1 to 150; in cm | Second edge | 次长边 | 30
                size.height_cm | number | 1 to 150; in cm | Shortest edge | 最短边 | 12.5
                girth_cm | number | 1 to 900; in cm | Length plus twice width and height | 长度加两倍的宽度与高度 | 127.5
                volumetric_kg | number | 0.01 to 600; in kg | Volume in cm³ divided by 5000 | 体积（立方厘米）除以 5000 | 3.19
                shape | enum | enum: box, tube, bag, irregular | What the scanner made of it | 测量仪判定的形状 | box
                device | string | pattern ^CUBE-[0-9]{2}$ | Cube scanner that took it | 执行测量的设备 | CUBE-07
                measured_at | date-time | | When it was taken | 测量时间
            """),
            (
                Text(
                    "The heavier of weight and volumetric weight is what the customer pays for.",
                    "按实际重量与体积重量中较大者向客户计费。",
                ),
            ),
        ),
        Record(
            "parcel_status_change",
            Text("parcel status change", "包裹状态变更"),
            Text(
                "A parcel status change tells that a parcel went from one state of its life to the next.",
                "包裹状态变更说明包裹从一个阶段进入下一个阶段。",
            ),
            Text(
                "The tracking service writes it, and the recipient sees it on the tracking page.",
                "由跟踪服务写入，收件人可在跟踪页面上看到。",
            ),
            fields_of("""
                parcel_id | id | | Parcel that it is about | 相关包裹
                from_status | enum | enum: none, created, in_transit, delivered, returned, lost | State before | 变更前的状态 | created
                to_status | enum | enum: created, in_transit, delivered, returned, lost | State after | 变更后的状态 | in_transit
                sequence | integer | 1 to 999 | Counts the changes of one parcel | 同一包裹内的变更序号 | 2
                cause | enum | enum: scan, courier, customer, system, correction | What led to it | 变更的起因 | scan
                caused_by_event_id | id | optional | Scan that caused it | 引起变更的扫描
                public_text | string | 3 to 120 characters | Sentence on the tracking page | 跟踪页面显示的文字 | Your parcel has left the depot.
                changed_at | date-time | | When it took effect | 生效时间
            """),
            (
                Text(
                    "A parcel that is lost can still become in_transit when it is found.",
                    "已标为 lost 的包裹找到后仍可变为 in_transit。",
                ),
            ),
        ),
        Record(
            "parcel_hold",
            Text("parcel hold", "包裹扣留"),
            Text(
                "A parcel hold stops a parcel where it is until somebody lifts it.",
                "包裹扣留使包裹停在原地，直到有人解除。",
            ),
            Text("Customer service or a depot supervisor writes it.", "由客服或仓库主管写入。"),
            fields_of("""
                parcel_id | id | | Parcel that must wait | 须等待的包裹
                reason | enum | enum: payment_open, address_unclear, dangerous_goods, police, recipient_wish | Why it waits | 扣留原因 | address_unclear
                depot_id | id | | Where it waits | 停留的仓库
                placed_by_user_id | id | | Who placed the hold | 设置扣留的人
                placed_at | date-time | | When the hold began | 扣留开始时间
                lifted_at | date-time | nullable | When it ended, null while it lasts | 解除时间，扣留期间为空
                longest_days | integer | 1 to 30; in days | After this it goes back by itself | 超过此天数自动退回 | 10
                storage_fee_eur | number | 0 to 90; multiple of 0.5; in euros | Fee for the time it lay | 存放期间的费用 | 4.5
                note | string | at most 300 characters; optional | For the colleagues | 给同事的说明 | Street number is missing.
            """),
            (Text("A parcel on hold must not be loaded into a vehicle.", "被扣留的包裹不得装车。"),),
        ),
        Record(
            "parcel_photo",
            Text("parcel photo", "包裹照片"),
            Text(
                "A parcel photo points to a picture of a parcel as it looked at one moment.",
                "包裹照片指向某一时刻拍下的包裹图片。",
            ),
            Text(
                "Cameras over the sorting belt and couriers' phones write it.",
                "由分拣带上方的相机和快递员的手机写入。",
            ),
            fields_of("""
                photo_id | id | | Number of the picture | 照片编号
                parcel_id | id | | Parcel in the picture | 照片中的包裹
                address | uri | | Where the picture can be fetched for 90 days | 图片的下载地址，保留 90 天 | https://photos.delivery.example/PH-10482231.jpg
                taken_by | enum | enum: belt_camera, courier_phone, locker_camera, service_desk | What took it | 拍摄设备 | belt_camera
                side | enum | enum: top, bottom, label, damage, doorstep | What it shows | 拍摄内容 | label
                width_px | integer | 320 to 8000; in pixels | Width of the picture | 图片宽度 | 1920
                height_px | integer | 240 to 6000; in pixels | Height of the picture | 图片高度 | 1080
                checksum | string | pattern ^[0-9a-f]{64}$ | SHA-256 of the file | 文件的 SHA-256 | 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
                faces_blurred | boolean | | People in it were made unrecognisable | 人脸已做模糊处理 | true
                taken_at | date-time | | When it was taken | 拍摄时间
            """),
        ),
        Record(
            "parcel_group",
            Text("parcel group", "包裹组"),
            Text(
                "A parcel group binds parcels that belong to one shipment and must arrive together.",
                "包裹组把属于同一票货、必须一起送达的包裹绑在一起。",
            ),
            Text(
                "The order system writes it when a sender announces more than one parcel for one address.",
                "寄件人为同一地址预报多件包裹时，由订单系统写入。",
            ),
            fields_of("""
                group | uuid | | Number of the group | 组编号
                parcel_ids | array of id | 2 to 40 items; unique items | Parcels that belong together | 属于同一组的包裹
                deliver_together | boolean | | None is handed over before all are there | 全部到齐前不得交付任何一件 | true
                total_weight_kg | number | 0.02 to 2800; in kg | Announced weight of all | 全部申报重量 | 18.6
                missing | integer | 0 to 40 | How many have not reached the depot | 尚未到仓的件数 | 0
                sender_reference | string | at most 35 characters; optional | The sender's own number | 寄件人自己的编号 | PO-2291
                created_at | date-time | | When it was put together | 组建时间
            """),
        ),
    ),
    rules=(
        Text("A parcel has at most one open hold at a time.", "一件包裹同一时间最多有一个未解除的扣留。"),
        Text(
            "The weight of a parcel measurement replaces the announced weight when the two differ by more than 10 percent.",
            "测量重量与申报重量相差超过 10% 时，以测量重量为准。",
        ),
        Text(
            "Every parcel has exactly one parcel label that is valid: the one with the highest print number.",
            "每件包裹只有一张有效面单，即打印次数最大的那一张。",
        ),
    ),
)
