"""Invoicing: prices, bills and payments."""

from examples.protocol.source.shapes import Chapter, Record, Text
from examples.protocol.source.table import fields_of

INVOICING = Chapter(
    Text("Invoicing and payments", "开票与支付"),
    Text(
        "Prices, bills and money. All amounts are in euros with two decimals.",
        "价格、账单与款项，金额均以欧元计，保留两位小数。",
    ),
    records=(
        Record(
            "invoice",
            Text("invoice", "发票"),
            Text(
                "An invoice asks a customer to pay for the parcels of one month.",
                "发票要求客户支付一个月内的包裹费用。",
            ),
            Text(
                "The accounts office writes it on the second working day of the next month.",
                "由财务部门在次月第二个工作日写入。",
            ),
            fields_of("""
                invoice_id | id | | Number of the invoice | 发票编号
                customer_id | id | | Who has to pay | 付款客户
                month | string | pattern ^20[0-9]{2}-[01][0-9]$ | Month that it is about | 账期月份 | 2026-02
                lines | array of object | 1 to 500 items | What is charged | 计费明细
                lines[].service | enum | enum: standard, express, same_day, overnight, surcharge, storage | Kind of service | 服务类型 | standard
                lines[].parcels | integer | 0 to 1000000 | How many | 件数 | 412
                lines[].net_eur | number | 0 to 1000000; multiple of 0.01; in euros | Without tax | 不含税金额 | 1771.6
                amount_eur | number | 0 to 5000000; multiple of 0.01; in euros | With tax | 含税总额 | 2143.65
                vat_eur | number | 0 to 1000000; multiple of 0.01; in euros | Tax in it | 其中税额 | 372.05
                paid | boolean | | The money has come | 已付款 | false
                issued_on | date | | Day of the invoice | 开票日期
                due_on | date | | Last day for paying | 付款截止日期 | 2026-04-02
            """),
            (Text("An invoice is due 30 days after it was issued.", "发票开具后 30 天到期。"),),
        ),
        Record(
            "price_rule",
            Text("price rule", "价格规则"),
            Text(
                "A price rule says what a service costs for parcels of a weight and a zone.",
                "价格规则规定某重量和区域的包裹适用的服务价格。",
            ),
            Text(
                "The sales office writes it; it holds from its first day on.",
                "由销售部门写入，自生效日起执行。",
            ),
            fields_of("""
                rule | string | pattern ^P[0-9]{4}$ | Number of the rule | 规则编号 | P0217
                service | enum | enum: standard, express, same_day, overnight | Service | 服务类型 | standard
                zone | enum | enum: domestic, neighbour, europe, world | How far | 区域 | domestic
                from_kg | number | 0 to 70; in kg | From this weight | 起始重量 | 2
                to_kg | number | 0 to 70; in kg | Up to this weight | 截止重量 | 5
                net_eur | number | 0.5 to 500; multiple of 0.01; in euros | Price without tax | 不含税价格 | 4.3
                fuel_percent | number | 0 to 40; multiple of 0.25; in percent | Surcharge for fuel | 燃油附加费 | 6.25
                contract_id | id | nullable | Only for this contract, null for all | 仅适用于该合同，通用为空
                valid_from | date | | First day | 生效日期
                valid_until | date | optional | Last day | 失效日期
            """),
        ),
        Record(
            "payment",
            Text("payment", "付款"),
            Text("A payment is money that came in for an invoice.", "付款是为发票收到的款项。"),
            Text("The bank interface writes it every hour.", "由银行接口每小时写入。"),
            fields_of("""
                payment_id | id | | Number of the payment | 付款编号
                invoice_id | id | nullable | Invoice, null until it is matched | 对应发票，匹配前为空
                amount_eur | number | 0.01 to 5000000; multiple of 0.01; in euros | How much | 金额 | 2143.65
                method | enum | enum: transfer, direct_debit, card, wallet | How | 付款方式 | direct_debit
                payer | string | 2 to 70 characters | Name on the account | 付款人户名 | Brouwer Books
                iban | string | pattern ^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$; optional | Account that it came from | 付款账号 | NL20INGB0001234567
                text | string | at most 140 characters; optional | What the payer wrote | 付款附言 | IV-00218842
                matched_by | enum | enum: number, amount, person, none | How the invoice was found | 匹配方式 | number
                booked_on | date | | Day on the statement | 入账日期
            """),
        ),
        Record(
            "credit_note",
            Text("credit note", "贷项通知单"),
            Text("A credit note takes back part of an invoice.", "贷项通知单冲减发票的一部分。"),
            Text(
                "The accounts office writes it after a complaint that was right.",
                "投诉属实后由财务部门写入。",
            ),
            fields_of("""
                note | uuid | | Number of the note | 通知单编号
                invoice_id | id | | Invoice that it corrects | 更正的发票
                amount_eur | number | 0.01 to 500000; multiple of 0.01; in euros | How much is taken back | 冲减金额 | 12.9
                reason | enum | enum: wrong_price, wrong_weight, late_delivery, duplicate, goodwill | Why | 冲减原因 | wrong_weight
                parcel_ids | array of id | at most 100 items; unique items; optional | Parcels concerned | 相关包裹
                approved_by_user_id | id | | Who agreed | 批准人
                second_approval | boolean | | Two people agreed | 已经双人批准 | false
                issued_on | date | | Day of the note | 开具日期
            """),
            (
                Text(
                    "Above 1000 euros a credit note needs a second approval.",
                    "超过 1000 欧元的贷项通知单须双人批准。",
                ),
            ),
        ),
        Record(
            "cash_collection",
            Text("cash collection", "代收货款"),
            Text(
                "A cash collection is money that a courier took at the door for the sender.",
                "代收货款是快递员在门口替寄件人收取的货款。",
            ),
            Text(
                "The courier's phone writes it; the depot counts the money in the evening.",
                "由快递员的手机写入，仓库当晚清点款项。",
            ),
            fields_of("""
                parcel_id | id | | Parcel that was paid | 付款的包裹
                courier_id | id | | Who took the money | 收款快递员
                shift_id | id | | Shift in which it was | 所属班次
                amount_eur | number | 0.5 to 2500; multiple of 0.01; in euros | What was to be paid | 应收金额 | 64.95
                given_eur | number | 0.5 to 3000; multiple of 0.01; in euros | What the recipient gave | 实收金额 | 70
                change_eur | number | 0 to 500; multiple of 0.01; in euros | What they got back | 找零 | 5.05
                by_card | boolean | | Paid with a card | 刷卡支付 | false
                counted | boolean | | The depot has counted it | 仓库已清点 | true
                difference_eur | number | -100 to 100; multiple of 0.01; in euros | Too much or too little | 长短款 | 0
                collected_at | date-time | | When | 收款时间
            """),
        ),
    ),
    rules=(
        Text(
            "The amount of an invoice is the sum of its lines plus the tax.", "发票总额等于各明细之和加税额。"
        ),
        Text(
            "The change of a cash collection is what was given minus the amount.",
            "找零等于实收金额减去应收金额。",
        ),
        Text(
            "An invoice is paid when its payments and credit notes reach its amount.",
            "付款与贷项之和达到发票总额时，发票视为已付清。",
        ),
    ),
)
