"""How records travel, and what happens to those that are refused."""

from examples.protocol.source.shapes import Chapter, Section, Text

TRANSPORT = Chapter(
    Text("Transport", "传输"),
    Text("How records reach the data centre.", "记录如何送达数据中心。"),
    sections=(
        Section(
            Text("Sending records", "发送记录"),
            (
                Text(
                    "Records are sent by HTTPS as POST to /v2/ and the name of the record, one record or a batch of up to 500 in one request. A batch is at most 2 MB after unpacking.",
                    "记录以 HTTPS POST 发送到 /v2/ 加记录名，每次请求可含一条或最多 500 条。一批数据解压后不得超过 2 MB。",
                ),
                Text(
                    "Bodies may be packed with gzip. Senders on mobile networks must pack theirs.",
                    "请求体可用 gzip 压缩，使用移动网络的上报方必须压缩。",
                ),
            ),
        ),
        Section(
            Text("Signing in", "身份验证"),
            (
                Text(
                    "Each sender has a client certificate that is valid for 12 months. A new one can be fetched from 30 days before the old one ends.",
                    "每个上报方持有有效期 12 个月的客户端证书，到期前 30 天起可申请新证书。",
                ),
                Text(
                    "Ten refused attempts within a minute block a sender for a quarter of an hour.",
                    "一分钟内十次验证失败，该上报方将被封锁一刻钟。",
                ),
            ),
        ),
        Section(
            Text("Sending something twice", "重复发送"),
            (
                Text(
                    "Each request carries an Idempotency-Key. Within 24 hours a request with the same key is answered like the first one and stores nothing.",
                    "每个请求都带 Idempotency-Key。24 小时内使用相同键的请求得到与第一次相同的应答，不会重复存储。",
                ),
            ),
        ),
        Section(
            Text("Order of records", "记录的顺序"),
            (
                Text(
                    "Records about one parcel are sent in the order in which things happened. The data centre does not sort them.",
                    "同一包裹的记录须按事情发生的顺序发送，数据中心不作排序。",
                ),
            ),
        ),
        Section(
            Text("Limits", "限额"),
            (
                Text(
                    "A sender may make 50 requests a second. Above that it gets the status 429 and waits for as long as the header Retry-After says.",
                    "每个上报方每秒最多 50 个请求，超出时返回状态 429，须按 Retry-After 头的时长等待。",
                ),
            ),
        ),
    ),
)

ERRORS = Chapter(
    Text("Errors and repetition", "错误与重试"),
    Text(
        "What the data centre answers when a record is wrong, and what a sender does then.",
        "记录有误时数据中心的应答，以及上报方的处理办法。",
    ),
    sections=(
        Section(
            Text("Error codes", "错误码"),
            (
                Text("E100: the body is not JSON.", "E100：请求体不是 JSON。"),
                Text(
                    "E110: a value breaks a rule of its field, such as a range or a pattern.",
                    "E110：取值违反字段规则，例如范围或格式。",
                ),
                Text(
                    "E120: a required field is missing, or a field is not known.",
                    "E120：缺少必填字段，或出现未知字段。",
                ),
                Text(
                    "E200: the record refers to something that does not exist, for example a parcel that was never announced.",
                    "E200：记录引用了不存在的对象，例如从未预报过的包裹。",
                ),
                Text(
                    "E210: the record contradicts an earlier one, for example a departure without an arrival.",
                    "E210：记录与先前的记录矛盾，例如没有到仓就离仓。",
                ),
                Text("E300: the data centre has a fault of its own.", "E300：数据中心自身故障。"),
            ),
        ),
        Section(
            Text("When to try again", "何时重试"),
            (
                Text(
                    "Only E300 and the status 429 are worth another try. The first repetition comes after 2 seconds, each further one after twice the time, at most 15 minutes apart, for 24 hours.",
                    "只有 E300 和状态 429 值得重试。首次重试在 2 秒后，之后间隔逐次加倍，最长 15 分钟，持续 24 小时。",
                ),
                Text(
                    "A record that was refused with any other code is put right first and then sent with a new Idempotency-Key.",
                    "因其他错误码被拒的记录须先更正，再用新的 Idempotency-Key 发送。",
                ),
            ),
        ),
        Section(
            Text("Batches with mistakes", "含错误的批次"),
            (
                Text(
                    "In a batch the good records are stored and the bad ones are refused one by one; the answer has the status 207 and names each.",
                    "一批数据中正确的记录会被存储，错误的逐条拒绝；应答状态为 207，并逐条列出。",
                ),
            ),
        ),
    ),
)
