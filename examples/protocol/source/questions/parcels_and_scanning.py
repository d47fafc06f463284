"""Requests for records about parcels, scans and sorting."""

BLOCKS = """
record | parcel
Make up one shipment that a customer has just announced to us
I need test data for a single item somebody wants to send
Give me a fake entry for a thing that goes from a sender to a recipient
Invent one package with its weight and what service was paid for
造一件客户刚刚预报的货
我需要一条寄件人要寄的单件物品的测试数据
给我一个从寄件人到收件人的物品的假数据
编一个带申报重量和服务类型的快件

record | parcel_label
Show me what gets stored when the sticker with the bar code is printed
I want an example of the printed sheet that goes on the box
Invent the data behind one address sticker
What would the printer report after putting out a shipping sticker?
打印带条形码的贴纸时会存什么，给我看看
我要一个贴在箱子上的打印单的例子
编一条地址贴纸的数据
打印机打出一张快递贴纸后会上报什么？

record | parcel_measurement
I need what the cube scanner notes about true size and weight
Give me sample data of a box being measured at its first depot
Make an entry with length, width, height and volumetric weight
How does it look when the machine has found out how big and heavy something is?
我需要体积测量仪记下的真实尺寸和重量
给我一条箱子在第一个仓库被量尺寸的样例
做一条含长宽高和体积重量的数据
机器量出一件东西有多大多重之后，数据是什么样？

record | parcel_status_change
Show a shipment moving from one state of its life to the next
I need the thing that the recipient sees as a new line on the tracking page
Make test data for when a package turns from created to in transit
Invent one step in the tracking history of a shipment
展示快件从一个阶段进入下一个阶段
我需要收件人在跟踪页面上看到的新一行
做一条快件从已创建变成运输中的测试数据
编一条物流轨迹里的变更

record | parcel_hold
Somebody stopped a package until the address is clear: show me that
I need sample data of a shipment that must wait until it is released
Make an entry for a box that is frozen because money is still open
What is kept when a supervisor tells a package to stay where it is?
有人在地址查清前把包裹拦下来，给我看这条数据
我需要一条必须等待解除才能走的快件样例
做一条因未付款而被冻结的箱子的数据
主管让包裹先停在原地时会存什么？

record | parcel_photo
I want sample data for a picture that was taken of a box
Show me what the camera above the belt stores about an image
Make up an entry with the link to a snapshot of a package
What is written when a courier takes a picture at the doorstep?
我要一条给箱子拍照的样例数据
传送带上方的相机会存什么图片信息？
编一条带包裹快照链接的数据
快递员在门口拍照时会写入什么？

record | parcel_group
Several boxes for one address must arrive together: give me an example
I need test data for a shipment that consists of many packages
Make up a bundle of packages that belong together
What binds the pieces of one order that may only be handed over complete?
同一地址的几个箱子必须一起到，给我一个例子
我需要一票多件的测试数据
编一组属于一起的包裹
什么把一单里必须一次交齐的几件绑在一起？

record | scan_event
I need a sample of what the scanner sends when a parcel arrives
Show me the message from the gate reader when a package comes by
Make up one beep of a reader over a package
Give me test data for a box being seen at the entrance of a depot
我需要一条包裹到达时扫描器发送的样例
包裹经过时通道读取器发来的消息是什么样？
编一条读取器扫到包裹的数据
给我箱子在仓库入口被扫到的测试数据

record | sorting_decision
Into which chute did the belt push the box? Show me such data
I need an example of the machine choosing where a package goes
Make up one result of the automatic sorter
What is kept after a package has been pushed off the belt, and why?
传送带把箱子推进了哪个滑槽？给我这样的数据
我需要机器选择包裹去向的例子
编一条自动分拣机的结果
包裹被推下传送带之后会存什么、为什么？

record | conveyor_jam
The belt stood still because something was stuck: give me an example
I need test data for a blockage in the sorting hall
Make up an interruption of a belt with its cause
What do we write down when the line is blocked and runs again?
传送带因为卡住停了，给我一个例子
我需要分拣大厅发生阻塞的测试数据
编一次带原因的传送带中断
流水线被堵又恢复后我们会记下什么？

record | unreadable_label
No reader could make out the bar code: show me that case
I need sample data of a package whose sticker is torn or wet
Make up a problem piece that went to the clearing desk
What is noted when only some of the digits can be read?
没有读取器能认出条形码，给我看这种情况
我需要贴纸撕破或受潮的包裹的样例
编一件送到问题件处理台的快件
只读得出一部分数字时会记什么？

record | weight_check
The belt scale says something else than the sender: show me that
I need sample data for a package that is heavier than announced
Make up a difference between the stated and the real weight
What does the scale send when more than 100 grams are off?
传送带的秤和寄件人说的不一样，给我看看
我需要比申报更重的包裹的样例
编一条申报与实际重量不符的数据
差了 100 克以上时秤会发送什么？

record | scanner_status
How is the hand-held reader doing? Give me such a message
I need test data with the battery and the faults of a reading device
Make up the quarter-hourly report of one reader
What does the device tell about its misreads and its firmware?
手持读取器运行得怎么样？给我这样一条消息
我需要含读取设备电量和故障的测试数据
编一条读取器每刻钟的报告
设备怎样说明自己的读取失败次数和固件？
"""
