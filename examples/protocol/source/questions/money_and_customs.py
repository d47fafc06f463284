"""Requests for records about returns, customs and money."""

BLOCKS = """
record | return
A package goes back to where it came from: show me such data
I need test data for something that was refused and turned round
Make up a box on its way home to the sender
What does the depot write when it sends something back?
一件包裹原路退回，给我这样的数据
我需要被拒收后掉头的测试数据
编一个正在回寄件人那里的箱子
仓库把东西退回去时会写什么？

record | return_label
A shop lets its customers send shoes back for free: what is created?
I need sample data for the code that a buyer shows to send goods back
Make up a sticker for sending an order back
What does the shop's system ask us for when a buyer is not happy?
商家让顾客免费寄回鞋子，会生成什么？
我需要买家寄回商品时出示的码的样例
编一张把订单寄回去的贴纸
买家不满意时商家系统会向我们申请什么？

record | return_inspection
Somebody opened the box that came back and looked at the shoes: show me that
I need test data about the condition of goods that came back
Make up a check of sent-back articles
What does the desk note about things that can be sold again?
有人打开退回的箱子看了鞋子，给我看看
我需要退回商品状况的测试数据
编一次对寄回物品的检查
处理台怎样记录还能再卖的东西？

record | refund_order
A customer gets money back: show me the order to the bank
I need sample data for paying somebody back to an account
Make up an instruction to return sixty euros
What does accounting send after goods came back in order?
客户要拿回钱，给我看给银行的指令
我需要把钱退到某账户的样例
编一条退还六十欧元的指示
商品完好退回后财务会发送什么？

record | customs_declaration
A package crosses a border: which paper goes with it?
I need test data for goods that come from abroad with tariff numbers
Make up the form for a shirt that is sent from China
What must be filled in before something may leave the country?
包裹要过境，附上什么单据？
我需要从国外来的、带税则号的货物的测试数据
编一份从中国寄衬衫的表格
东西出国前必须填什么？

record | customs_hold
The border office keeps a box back: give me an example
I need sample data for goods stopped because an invoice is missing
Make up a stop at the border with papers that are still wanted
What is written when an officer wants to see more documents?
边境机关把箱子压下了，给我一个例子
我需要因缺发票被拦的货物样例
编一次在边境被拦、还要补文件的情况
关员还想看更多文件时会写入什么？

record | duty_payment
Somebody paid the import tax: show me such data
I need test data for money that went to the border office
Make up the costs of bringing goods into the country
What is kept when duty and tax of a package are settled?
有人交了进口税，给我这样的数据
我需要付给海关的钱的测试数据
编一条把货带进国内的费用
包裹的税费结清时会存什么？

record | dangerous_goods_note
Something in the box may burn: show me how this is said
I need sample data for a shipment with a lithium battery
Make up the paper for a bottle of perfume that may leak
What do we keep about substances with a UN number?
箱子里有东西可能起火，怎么说明？
我需要一件带锂电池的货的样例
编一份可能泄漏的香水的单子
带联合国编号的物质我们保存什么？

record | invoice
Ask a customer for the money of last month: show me such data
I need test data for a monthly bill
Make up a bill with several lines and tax
What does accounting write on the second working day?
向客户收上个月的钱，给我这样的数据
我需要一张月度账单的测试数据
编一张多行含税的账单
财务在第二个工作日写什么？

record | price_rule
What does a service cost for five kilos? Show me such an entry
I need sample data from the price list
Make up a tariff for parcels to the neighbouring countries
What does the sales office write when prices change?
五公斤的服务多少钱？给我这样一条
我需要价目表里的样例
编一个寄往邻国的资费
价格变动时销售部门会写什么？

record | payment
Money came in on our account: give me an example
I need test data for a customer who has paid
Make up an incoming transfer that belongs to a bill
What does the bank interface write every hour?
我们的账户进了一笔钱，给我一个例子
我需要一个已经付钱的客户的测试数据
编一笔对应账单的进账
银行接口每小时写入什么？

record | credit_note
We charged too much and take part of the bill back: show me that
I need sample data for a correction in favour of the customer
Make up a reduction because the weight was wrong
What is written after a complaint about a bill was right?
我们收多了，要退掉一部分账单，给我看看
我需要一条对客户有利的更正的样例
编一次因重量有误的冲减
对账单的投诉属实后会写什么？

record | cash_collection
The driver took bank notes at the door for the shop: show me that
I need test data for cash on delivery
Make up money that was taken at the house with the change
What is noted when the recipient pays at the door?
送货员在门口替商家收了现金，给我看看
我需要货到付款的测试数据
编一笔上门收的钱和找零
收件人在门口付钱时会记什么？
"""
