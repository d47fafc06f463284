"""Requests for records about claims, customers, weather and the data centre itself."""

BLOCKS = """
record | claim
A customer wants money because a vase arrived broken: show me the form
I need test data for somebody who asks for compensation
Make up a demand for a package that never came
What does customer service write when the compensation form comes in?
花瓶到时碎了，客户要赔钱，给我看这张表
我需要有人要求赔偿的测试数据
编一次因包裹没到而提出的索要
收到索赔表时客服会写什么？

record | claim_decision
We pay fifty euros for the broken vase: show me how this is kept
I need sample data for a yes or no to a demand for compensation
Make up an answer in which we refuse to pay
What is written when the office has made up its mind about the demand?
我们为碎花瓶赔五十欧元，怎么存？给我看看
我需要对赔偿请求答应或拒绝的样例
编一个我们拒绝赔付的答复
部门对赔偿请求拿定主意后会写什么？

record | damage_report
A box was found with a hole in it: give me an example
I need test data about what is broken and whether something leaks
Make up a crushed package that was found in the van
What must be written before the broken box moves on?
发现一个破了洞的箱子，给我一个例子
我需要哪里坏了、有没有漏的测试数据
编一件在车上发现被压坏的包裹
破箱子继续走之前必须写什么？

record | lost_parcel_search
A package vanished and we look for it: show me how far we are
I need sample data for a hunt after something that no reader saw for two days
Make up an inquiry for a missing box
What is kept while depots are asked whether they have seen it?
一件包裹不见了，我们在找，给我看进展
我需要两天没被扫到的东西的查寻样例
编一次寻找失踪箱子的调查
向各仓库询问是否见过时会存什么？

record | customer_contact
Somebody called and asked where their package is: show me that
I need test data for a chat with the service desk
Make up a conversation that ended with four stars
What is written when a phone call with a client is over?
有人打电话问包裹在哪儿，给我看看
我需要和客服聊天的测试数据
编一次以四颗星结束的对话
与顾客通话结束后会写什么？

record | customer
Invent a company that sends things with us
I need test data for somebody who has an account and pays bills
Make up a business client with a discount and a tax number
What does the portal write when somebody registers?
编一家在我们这里寄东西的公司
我需要一个有账户、会付账单的人的测试数据
造一个带折扣和税号的企业用户
有人注册时门户会写什么？

record | address
Invent a house to which things can be brought
I need sample data for street, number, postcode and town
Make up a place on the map where somebody lives
What is kept after a place was checked against the official register?
编一栋可以送东西去的房子
我需要街道、门牌、邮编和城市的样例
造一个地图上有人住的地方
与官方登记核对后会保存什么？

record | delivery_preference
The recipient wants it left behind the shed: show me such data
I need test data for what to do when nobody opens
Make up somebody who is home only on Tuesdays and hates the bell
What does the app store when people say how they like to get things?
收件人想让放在棚子后面，给我这样的数据
我需要没人开门时怎么办的测试数据
编一个只有周二在家、讨厌门铃的人
人们说明想怎么收东西时应用会存什么？

record | notification
We sent a text message to somebody: give me an example
I need sample data for a mail that says that the package comes today
Make up a message on the phone that was read
What is kept about the texts that we send out?
我们给某人发了短信，给我一个例子
我需要一封说今天送到的邮件的样例
编一条手机上已读的消息
我们发出去的文字会保存什么？

record | consent
Somebody allowed us to take a picture at the door: show me that
I need test data for a person who agrees to something about their data
Make up a no to advertising
What is written when people take back what they allowed?
有人允许我们在门口拍照，给我看看
我需要个人同意某种数据使用的测试数据
编一个对营销说不的答复
人们收回许可时会写什么？

record | weather_observation
How warm and windy is it near the building? Give me such a message
I need test data with rain, wind and temperature
Make up ten minutes of a measuring mast
What does the station send every ten minutes?
场地附近多暖、风多大？给我这样一条消息
我需要含雨、风和温度的测试数据
编测量杆十分钟的数据
气象站每十分钟发送什么？

record | weather_warning
Black ice is coming: show me such a message
I need sample data for a storm that was announced
Make up an alert at level orange
What do we pass on from the national service when it gets dangerous outside?
要结薄冰了，给我这样一条消息
我需要已发布的风暴的样例
编一条橙色的警报
外面变危险时我们转发国家部门的什么？

record | temperature_reading
Did the fish stay cold? Show me what the sensor in the van says
I need test data that proves that cooled goods stayed cool
Make up a value from a fridge room with its limits
What comes every five minutes from the cold room?
鱼一直是冷的吗？给我看车里传感器的数据
我需要证明冷藏货一直低温的测试数据
编一个带上下限的冷库数值
冷库每五分钟传来什么？

record | traffic_report
How does it flow on the motorway? Give me such a message
I need sample data for a jam on a stretch of road
Make up a closed road with its cause
What does the map service send when driving takes longer?
高速上通不通？给我这样一条消息
我需要某段路堵车的样例
编一条封闭道路及原因
开车要更久时地图服务会发送什么？

record | energy_reading
How much power did the building use in the last quarter of an hour?
I need test data from an electricity meter with solar power
Make up what the belts and the charging posts consumed
What is counted at minutes 0, 15, 30 and 45?
这座建筑上一刻钟用了多少电？
我需要带光伏的电表的测试数据
编一条传送带和充电桩耗电的数据
在 0、15、30、45 分会计量什么？

record | system_heartbeat
Is the sending program still alive? Give me such a message
I need sample data for the sign of life that comes once a minute
Make up a program that says that it is degraded
What does each system send even when it has nothing to say?
发送程序还活着吗？给我这样一条消息
我需要每分钟一次的存活信号的样例
编一个说自己降级运行的程序
每个系统没话说时也要发送什么？

record | record_rejection
Which of my messages was refused, and why? Show me such an answer
I need test data for an entry that you did not take
Make up a refusal because a value was too large
What does a sender find in its queue after a mistake?
我的哪条消息被退了、为什么？给我这样的答复
我需要一条你们没收下的数据的样例
编一次因数值过大的拒绝
出错后上报方会在队列里看到什么？

record | data_quality_report
How good was yesterday's data of a system? Show me such a summary
I need sample data that counts duplicates and late arrivals in a day
Make up a grade for one of the sending programs
What comes out every morning at five about what was wrong?
某系统昨天的数据质量如何？给我这样的汇总
我需要统计一天重复和迟到的样例
给一个上报程序编一个评级
每天早上五点会得出哪些问题？

record | access_log
Who looked at somebody's private data? Show me such an entry
I need test data for a colleague who opened personal details
Make up a look at a driver's whereabouts by an auditor
What is noted when private details are exported?
谁看过某人的隐私？给我这样一条
我需要同事打开个人资料的测试数据
编一次审计员查看司机行踪的记录
导出隐私资料时会记什么？
"""
