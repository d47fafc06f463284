"""Returns: parcels on their way back, and the money that follows them."""

from examples.protocol.source.shapes import Chapter, Record, Text
from examples.protocol.source.table import fields_of

RETURNS = Chapter(
    Text("Returns", "退件"),
    Text(
        "Parcels on their way back, and the money that follows them.", "退回途中的包裹，以及随之发生的款项。"
    ),
    records=(
        Record(
            "return",
            Text("return", "退件"),
            Text("A return is a parcel on its way back to its sender.", "退件是退回寄件人途中的包裹。"),
            Text("The depot that turns the parcel round writes it.", "由把包裹转为退回的仓库写入。"),
            fields_of("""
                return_id | id | | Number of the return | 退件编号
                parcel_id | id | | Parcel that goes back | 退回的包裹
                reason | enum | enum: damaged, refused, wrong_address, not_fetched, customer_return | Why it goes back | 退回原因 | refused
                opened | boolean | | The box was opened | 包装已拆开 | false
                depot_id | id | | Where it was turned round | 转退仓库
                received_on | date | | When it reached that depot | 到达该仓库的日期
                postage_paid_by | enum | enum: sender, recipient, us | Who pays for the way back | 退回运费承担方 | sender
                weight_kg | number | 0.01 to 70; in kg | Weight on the way back | 退回时的重量 | 2.3
                expected_on | date | optional | Likely day at the sender | 预计送达寄件人的日期
            """),
        ),
        Record(
            "return_label",
            Text("return label", "退件面单"),
            Text(
                "A return label is bought by a shop for its customers, to send goods back.",
                "退件面单由商家为其顾客购买，用于寄回商品。",
            ),
            Text("The shop's system asks for it over the web service.", "由商家系统通过接口申请。"),
            fields_of("""
                return_id | id | | Return that it belongs to | 所属退件
                shop_customer_id | id | | Shop that pays | 付费商家
                code | string | pattern ^R[A-Z0-9]{11}$ | Code for printing it at a shop | 到店打印码 | R7K2M9QX41ZB
                paperless | boolean | | Shown as a code on the phone | 以手机二维码出示 | true
                price_eur | number | 0 to 60; multiple of 0.01; in euros | Price | 价格 | 4.95
                max_weight_kg | number | 1 to 31.5; in kg | Up to this weight | 重量上限 | 10
                order_reference | string | at most 35 characters | The shop's order | 商家订单号 | SO-88213
                created_on | date | | Day of the request | 申请日期
                valid_until | date | | Last day for using it | 有效期至
            """),
            (Text("A return label is valid for 30 days.", "退件面单有效期为 30 天。"),),
        ),
        Record(
            "return_inspection",
            Text("return inspection", "退件查验"),
            Text(
                "A return inspection tells in which condition returned goods came back.",
                "退件查验说明退回商品的状况。",
            ),
            Text("The returns desk writes it after opening the box.", "由退件处理台开箱后写入。"),
            fields_of("""
                return_id | id | | Return that was opened | 开箱的退件
                condition | enum | enum: as_new, used, damaged, incomplete, wrong_item | What it looks like | 商品状况 | as_new
                items | array of object | 1 to 30 items | What was in the box | 箱内物品
                items[].sku | string | pattern ^[A-Z0-9-]{4,20}$ | Number of the article | 商品编号 | SHOE-41-BLK
                items[].quantity | integer | 1 to 99 | How many | 数量 | 1
                items[].resalable | boolean | | Can be sold again | 可再次销售 | true
                smell | boolean | | Smells of smoke or perfume | 有烟味或香水味 | false
                photo_ids | array of id | at most 8 items; unique items | Pictures | 照片
                inspected_by_user_id | id | | Who looked | 查验人
                inspected_at | date-time | | When | 查验时间
            """),
        ),
        Record(
            "refund_order",
            Text("refund order", "退款指令"),
            Text(
                "A refund order tells the bank to give a customer money back.", "退款指令通知银行向客户退款。"
            ),
            Text(
                "The accounts office writes it after a return inspection or a claim decision.",
                "退件查验或理赔决定之后，由财务部门写入。",
            ),
            fields_of("""
                order | uuid | | Number of the order | 指令编号
                customer_id | id | | Who gets the money | 收款客户
                return_id | id | optional | Return that it is for | 相关退件
                claim_id | id | optional | Claim that it is for | 相关理赔
                amount_eur | number | 0.01 to 25000; multiple of 0.01; in euros | How much | 退款金额 | 59.9
                currency | string | always EUR | Currency | 币种
                iban | string | pattern ^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$ | Account | 收款账号 | NL91ABNA0417164300
                method | enum | enum: bank_transfer, card, voucher | How it is paid | 退款方式 | bank_transfer
                reference | string | at most 35 characters | Text on the statement | 附言 | Return RN-00482211
                due_on | date | | Last day for paying | 最迟付款日期
            """),
            (Text("A refund is paid within 14 days.", "退款在 14 天内支付。"),),
        ),
    ),
    rules=(
        Text(
            "A refund order names a return or a claim, never both.",
            "退款指令只能引用退件或理赔之一，不得同时引用。",
        ),
        Text("Goods that are wrong_item are never resalable.", "状况为 wrong_item 的商品一律不可再次销售。"),
    ),
)
