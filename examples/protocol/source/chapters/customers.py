"""Customers, their addresses and wishes."""

from examples.protocol.source.shapes import Chapter, Record, Text
from examples.protocol.source.table import fields_of

CUSTOMERS = Chapter(
    Text("Customers and addresses", "客户与地址"),
    Text(
        "Senders and recipients, where they live and what they want. All of it is personal data.",
        "寄件人与收件人、住址及其偏好，均属个人信息。",
    ),
    records=(
        Record(
            "customer",
            Text("customer", "客户"),
            Text(
                "A customer is a person or a company that sends parcels or pays for them.",
                "客户是寄送包裹或为其付费的个人或企业。",
            ),
            Text(
                "The customer portal writes it at registration and after every change.",
                "注册时以及每次变更后，由客户门户写入。",
            ),
            fields_of("""
                customer_id | id | | Number of the customer | 客户编号
                kind | enum | enum: private, business, marketplace, public_body | What they are | 客户类型 | business
                name | string | 2 to 100 characters | Name of person or company | 姓名或企业名称 | Brouwer Books
                contact_person | string | 2 to 80 characters; optional | Whom to ask for | 联系人 | Eva Brouwer
                email | email | | Address for messages | 邮箱 | orders@brouwerbooks.example
                website | uri | optional | On the web | 网站 | https://brouwerbooks.example/
                vat_number | string | pattern ^[A-Z]{2}[A-Z0-9]{8,12}$; nullable | Tax number, null for private people | 税号，个人为空 | NL004495445B01
                discount_percent | number | 0 to 35; multiple of 0.5; in percent | Discount | 折扣 | 7.5
                credit_limit_eur | integer | 0 to 1000000; multiple of 100; in euros | Open invoices up to this | 信用额度 | 15000
                blocked | boolean | | May not send at the moment | 暂停寄件 | false
                since | date | | First day | 成为客户的日期 | 2021-09-01
            """),
        ),
        Record(
            "address",
            Text("address", "地址"),
            Text("An address is a place to which parcels can be brought.", "地址是可以投递包裹的地点。"),
            Text(
                "The address service writes it after checking it against the official register.",
                "地址服务与官方登记核对后写入。",
            ),
            fields_of("""
                address_id | id | | Number of the address | 地址编号
                street | string | 2 to 80 characters | Street | 街道 | Oudegracht
                house_number | string | pattern ^[0-9]{1,5}[A-Za-z]?$ | Number of the house | 门牌号 | 118b
                postcode | string | 3 to 10 characters | Postcode | 邮政编码 | 3511 AW
                city | string | 2 to 60 characters | Town | 城市 | Utrecht
                country | string | pattern ^[A-Z]{2}$ | Two letters, as in ISO 3166 | 国家代码，两个字母 | NL
                floor | integer | -3 to 90; optional | Floor, 0 is the ground floor | 楼层，0 为底层 | 2
                location | object | optional | Point on the map | 地图坐标
                location.latitude | number | -90 to 90; in degrees | North is positive | 纬度，北纬为正 | 52.0885
                location.longitude | number | -180 to 180; in degrees | East is positive | 经度，东经为正 | 5.1212
                quality | enum | enum: exact, street, town, unchecked | How well it is known | 核实程度 | exact
                dog | boolean | | A dog is about | 有犬只 | false
                checked_on | date | | Last check | 最近核对日期
            """),
        ),
        Record(
            "delivery_preference",
            Text("delivery preference", "投递偏好"),
            Text(
                "A delivery preference says how a recipient wants to get parcels.",
                "投递偏好说明收件人希望如何收取包裹。",
            ),
            Text(
                "The recipient sets it in the app; it holds until it is changed.",
                "由收件人在应用中设置，变更前一直有效。",
            ),
            fields_of("""
                recipient_customer_id | id | | Whose wish it is | 收件客户
                address_id | id | | For this address | 适用地址
                if_absent | enum | enum: neighbour, locker, pickup_point, safe_place, again | What to do when nobody is home | 无人在家时的处理 | neighbour
                safe_place | string | 3 to 80 characters; nullable | Where it may be left | 可放置的位置 | behind the bicycle shed
                neighbour_number | string | pattern ^[0-9]{1,5}[A-Za-z]?$; optional | House of the neighbour | 邻居门牌号 | 120
                locker_id | id | optional | Favourite locker | 首选快递柜
                days | array of enum | enum: mon, tue, wed, thu, fri, sat; 1 to 6 items; unique items | Days on which somebody is home | 有人在家的日子 | tue,thu,sat
                evening | boolean | | After 18:00 is fine | 可在 18:00 后投递 | true
                ring | boolean | | The bell may be rung | 可以按门铃 | false
                valid_from | date | | From this day on | 生效日期
            """),
        ),
        Record(
            "notification",
            Text("notification", "通知"),
            Text(
                "A notification is a message that we sent to somebody about a parcel.",
                "通知是我方就包裹向某人发送的消息。",
            ),
            Text("The message service writes it when the message has left.", "消息发出后由消息服务写入。"),
            fields_of("""
                message | uuid | | Number of the message | 消息编号
                parcel_id | id | | Parcel that it is about | 相关包裹
                customer_id | id | | Who got it | 接收客户
                channel | enum | enum: email, sms, app, letter | By which way | 发送渠道 | sms
                template | string | pattern ^[a-z_]{3,40}$ | Text that was used | 使用的模板 | out_for_delivery
                language | string | pattern ^[a-z]{2}$ | Language of the text | 语言 | nl
                cost_cents | integer | 0 to 200; in cents | What it cost | 费用 | 6
                state | enum | enum: sent, arrived, bounced, read | What became of it | 消息状态 | arrived
                sent_at | date-time | | When it left | 发送时间
                read_at | date-time | nullable | When it was read | 阅读时间
            """),
            (
                Text(
                    "Between 21:00 and 07:00 local time no text messages are sent.",
                    "当地时间 21:00 至 07:00 不发送短信。",
                ),
            ),
        ),
        Record(
            "consent",
            Text("consent", "授权同意"),
            Text(
                "A consent says what a person allowed us to do with their data.",
                "授权同意说明个人允许我方如何使用其数据。",
            ),
            Text(
                "It is written each time a person agrees or takes the agreement back.",
                "个人每次同意或撤回同意时写入。",
            ),
            fields_of("""
                customer_id | id | | Who was asked | 被询问的客户
                purpose | enum | enum: neighbour_delivery, photo_at_door, marketing, live_tracking, safe_place | What for | 用途 | photo_at_door
                given | boolean | | True is yes, false is no | true 为同意，false 为不同意 | true
                text_version | string | pattern ^v[0-9]{1,3}$ | Wording that was shown | 展示的文本版本 | v12
                asked_in | enum | enum: app, web, phone, paper | Where they were asked | 询问渠道 | app
                language | string | pattern ^[a-z]{2}$ | Language of the wording | 文本语言 | nl
                answered_at | date-time | | When they answered | 答复时间
                expires_on | date | nullable | Must be asked again by then | 须在此日期前重新征询
            """),
        ),
    ),
    rules=(
        Text("The latest consent for a purpose is the one that counts.", "同一用途以最近一次授权为准。"),
        Text(
            "A parcel is left in a safe place only with consent for safe_place.",
            "仅在获得 safe_place 授权后，方可将包裹放在指定位置。",
        ),
    ),
)
