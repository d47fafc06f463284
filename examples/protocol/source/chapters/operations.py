"""Operations: how the data centre itself and its senders are doing."""

from examples.protocol.source.shapes import Chapter, Record, Text
from examples.protocol.source.table import fields_of

OPERATIONS = Chapter(
    Text("Data centre operations", "数据中心运维"),
    Text(
        "What the data centre and the systems that send to it say about themselves.",
        "数据中心及各上报系统的自身情况。",
    ),
    records=(
        Record(
            "system_heartbeat",
            Text("system heartbeat", "系统心跳"),
            Text(
                "A system heartbeat tells that a sending system is alive.", "系统心跳说明上报系统仍在运行。"
            ),
            Text(
                "Every system sends it once a minute, also when it has nothing to say.",
                "每个系统每分钟发送一次，没有数据时也发送。",
            ),
            fields_of("""
                system | string | pattern ^[a-z]{2,20}[.][a-z0-9]{2,20}$ | Name of the system | 系统名称 | sorter.utrecht1
                version | string | pattern ^[0-9]+[.][0-9]+[.][0-9]+$ | Its version | 系统版本 | 7.2.1
                protocol | string | always 2.1 | Version of this protocol | 本协议版本
                state | enum | enum: ok, degraded, starting, stopping | How it is | 运行状态 | ok
                queue_length | integer | 0 to 10000000 | Records that wait | 待发送记录数 | 17
                clock_offset_ms | integer | -60000 to 60000; in ms | Its clock minus ours | 时钟偏差 | -12
                cpu_percent | number | 0 to 100; multiple of 0.1; in percent | Load | 处理器负载 | 34.5
                disk_free_gb | number | 0 to 100000; multiple of 0.1; in GB | Free disk | 磁盘剩余空间 | 412.8
                sent_at | date-time | | When | 发送时间
            """),
            (
                Text(
                    "Three missing heartbeats in a row wake the engineer on call.",
                    "连续缺失三次心跳时，通知值班工程师。",
                ),
            ),
        ),
        Record(
            "record_rejection",
            Text("record rejection", "记录拒收"),
            Text(
                "A record rejection tells a sender which of its records was refused, and why.",
                "记录拒收告知上报方哪条记录被拒绝及原因。",
            ),
            Text(
                "The data centre writes it; senders read it from their own queue.",
                "由数据中心写入，上报方从各自的队列读取。",
            ),
            fields_of("""
                rejection | uuid | | Number of the rejection | 拒收编号
                system | string | pattern ^[a-z]{2,20}[.][a-z0-9]{2,20}$ | Who sent the record | 上报系统 | sorter.utrecht1
                record_type | string | pattern ^[a-z_]{3,40}$ | Kind of record | 记录类型 | scan_event
                code | enum | enum: E100, E110, E120, E200, E210, E300 | Code from the chapter on errors | 错误码，见错误一章 | E110
                field | string | at most 80 characters; nullable | Field that is wrong | 出错的字段 | weight_kg
                message | string | 5 to 300 characters | In words | 文字说明 | weight_kg is 71.2; at most 70 is allowed
                retry | boolean | | Sending it again can help | 可以重发 | false
                received_at | date-time | | When the record came | 收到记录的时间
            """),
        ),
        Record(
            "data_quality_report",
            Text("data quality report", "数据质量报告"),
            Text(
                "A data quality report counts what a system sent in a day, and what was wrong with it.",
                "数据质量报告统计系统一天内发送的数据及其问题。",
            ),
            Text(
                "The data centre writes it every morning at 05:00 UTC.", "由数据中心每天 05:00（UTC）写入。"
            ),
            fields_of("""
                system | string | pattern ^[a-z]{2,20}[.][a-z0-9]{2,20}$ | Who sent the records | 上报系统 | locker.leiden4
                day | date | | Day that is counted | 统计日期
                received | integer | 0 to 100000000 | Records that came | 收到的记录数 | 184022
                rejected | integer | 0 to 100000000 | Records that were refused | 拒收的记录数 | 31
                late | integer | 0 to 100000000 | Came after more than an hour | 迟到一小时以上的记录数 | 402
                duplicates | integer | 0 to 100000000 | Came twice | 重复的记录数 | 88
                completeness | number | 0 to 1; multiple of 0.0001 | Share of optional fields that were filled | 可选字段填写率 | 0.9127
                worst_fields | array of string | 2 to 80 characters; at most 5 items; unique items | Fields with most errors | 错误最多的字段 | inside_celsius,free
                grade | enum | enum: a, b, c, d | Overall | 总体评级 | b
            """),
        ),
        Record(
            "access_log",
            Text("access log", "访问日志"),
            Text("An access log entry tells who looked at personal data.", "访问日志记录谁查看了个人信息。"),
            Text(
                "The data centre writes it at every query that touches personal data.",
                "每次查询涉及个人信息时由数据中心写入。",
            ),
            fields_of("""
                entry | uuid | | Number of the entry | 日志编号
                user_id | id | | Who looked | 访问人
                purpose | enum | enum: service, claim, audit, police, repair | What for | 访问目的 | service
                record_type | string | pattern ^[a-z_]{3,40}$ | Kind of record | 记录类型 | courier_position
                rows | integer | 1 to 1000000 | Records that were seen | 查看的记录数 | 12
                customer_id | id | nullable | Whose data it was | 被查看的客户
                exported | boolean | | Data left the system | 数据已导出 | false
                address_of_client | string | pattern ^[0-9.]{7,15}$ | Network address | 网络地址 | 10.20.4.17
                looked_at | date-time | | When | 访问时间
            """),
            (
                Text(
                    "More than 1000 rows in one query need a second person.",
                    "单次查询超过 1000 条须由第二人复核。",
                ),
            ),
        ),
    ),
    rules=(
        Text(
            "Every rejected record is counted in the data quality report of its day.",
            "每条被拒收的记录都计入当天的数据质量报告。",
        ),
    ),
)
