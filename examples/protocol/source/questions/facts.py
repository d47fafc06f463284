"""Questions whose answer is a text or a number that stands in the protocol."""

BLOCKS = """
fact | Offsets such as +01:00 are refused | RFC 3339 with Z, for example 2026-03-09T08:15:00Z | 按 RFC 3339 并以 Z 结尾，例如 2026-03-09T08:15:00Z
How do I write a time?
May I send a time with the offset of my own country?
In which format do you want clock times?
Is half past nine local time with plus one hour allowed?
时间该怎么写？
可以发送带本国偏移量的时间吗？
你们要什么格式的钟点？
允许写加一小时的当地时间吗？

fact | A clock that is more than 30 seconds off | 30 seconds | 30 秒
How wrong may the clock of a scanner be before it has to stop sending?
From which deviation on must a device not report scans?
Our device's clock drifts; what is still tolerated?
How exact must a clock be for scans?
扫描器的时钟差多少就必须停止发送？
偏差到多大设备就不能上报扫描？
我们设备的时钟在漂移，还能容忍多少？
扫描要求时钟多准？

fact | up to 72 hours after the time | 72 hours | 72 小时
How late may something be reported?
We were offline for two days; will you still take our data?
Until when do you accept old entries?
What is the longest delay between an event and its message?
最晚可以多晚上报？
我们断网两天，数据你们还收吗？
旧数据收到什么时候为止？
事情发生与消息之间最长可以隔多久？

fact | one record or a batch of up to 500 | 500 | 500 条
How many entries fit into one request?
What is the largest number that I can send at once?
Can I pack a thousand into a single call?
How big may a batch be?
一次请求最多能放多少条？
一次最多可以发多少？
我能把一千条放进一次调用吗？
一批可以有多大？

fact | a client certificate that is valid for 12 months | 12 months | 12 个月
How long does our certificate last?
When do we have to renew what we sign in with?
For what time can we use the key that you gave us for signing in?
How often does a sender need a new certificate?
我们的证书能用多久？
登录凭据什么时候要换新的？
你们给的登录密钥能用多长时间？
上报方多久需要一张新证书？

fact | block a sender for a quarter of an hour | 15 minutes | 15 分钟
What happens after ten failed sign-ins?
For how long are we locked out when signing in goes wrong too often?
We were blocked after wrong attempts; when does it work again?
Is there a penalty for refused attempts?
十次登录失败会怎样？
登录错误太多会被锁多久？
我们因尝试错误被封了，什么时候恢复？
验证被拒有什么惩罚？

fact | Within 24 hours a request with the same key | 24 hours | 24 小时
For how long do you remember that I sent something already?
What if the same request goes out twice by accident?
Does repeating a request create a double entry?
How long is a key good for guarding against doubles?
你们记得我已经发过多久？
同一个请求不小心发了两次怎么办？
重复请求会产生两条数据吗？
防重复的键多长时间有效？

fact | 50 requests a second | 50 a second | 每秒 50 个
How fast may we send?
How often can I call you in one second?
What is the speed limit for senders?
We get status 429; how many calls are allowed?
我们可以发多快？
一秒钟可以调用多少次？
上报方的速度上限是多少？
我们收到 429，允许多少次调用？

fact | E110: a value breaks a rule | E110 | E110
Which code do I get when a number is out of its range?
What does it mean when you answer E110?
How is a value called out that does not fit its pattern?
My weight was too high and got refused; with which error?
数值超出范围时我会得到哪个错误码？
你们回 E110 是什么意思？
取值不合格式时会报什么？
我的重量太大被退了，是哪个错误？

fact | E200: the record refers to something | E200 | E200
What does E200 mean?
Which error comes when I mention a package that nobody announced?
I refer to something that does not exist; what do you answer?
Why is my message about an unknown package refused, and with what code?
E200 是什么意思？
提到没人预报过的包裹会报哪个错？
我引用了不存在的东西，你们会回什么？
关于未知包裹的消息为什么被退、错误码是什么？

fact | Only E300 and the status 429 are worth | after 2 seconds | 2 秒后
How long do I wait before I try again?
When does another try make sense, and how soon?
Your side has a fault; when should my program repeat?
What is the first pause between two tries?
重试之前要等多久？
什么时候再试才有意义、多快？
你们那边出故障，我的程序什么时候重发？
两次尝试之间第一次停多久？

fact | Version 1 ends on | 30 June 2026 | 2026 年 6 月 30 日
When does version 1 stop working?
Until what day can we stay on the first version?
What is the last day of the old protocol?
By when must we have moved off version one?
版本 1 什么时候停用？
第一版最晚可以用到哪天？
旧协议的最后一天是哪天？
我们必须在什么时候之前离开版本一？

fact | The current version is 2.1 | 2.1 | 2.1
Which version is current?
What is the newest number of this protocol?
Which edition do I read here?
Is there anything newer than 2.0?
现在是哪个版本？
本协议最新的版本号是多少？
我读的是哪一版？
有比 2.0 更新的吗？

fact | forgets them every Sunday night | https://test.data.delivery.example | https://test.data.delivery.example
Where can I try things out without harm?
Is there a playground for our programmers?
To which address do I send things while testing?
Does the test place keep what I send?
在哪里可以放心地试？
有给我们程序员的试验场吗？
测试时发到哪个地址？
测试环境会保留我发的东西吗？

fact | kept for three years, those about money for ten | three years, ten for money | 三年，与款项有关的十年
How long do you keep what we send?
After how many years is data about packages gone?
For what time are bills stored?
When are entries thrown away?
我们发的东西保存多久？
包裹数据几年后没有了？
账单存多长时间？
数据什么时候清掉？

fact | Pictures are erased after 90 days | 90 days | 90 天
When do pictures disappear?
How long can I still look at an image?
For how many days are snapshots stored?
Is a picture from last year still there?
图片什么时候消失？
一张图我还能看多久？
快照存多少天？
去年的图片还在吗？

fact | Weather and traffic records are kept for 13 months | 13 months | 13 个月
How far back can I compare the weather?
For how long are jams and rain stored?
Is last winter's weather still in the data?
When is information about roads thrown away?
天气可以往前比多久？
堵车和下雨的数据存多久？
去年冬天的天气还在数据里吗？
道路信息什么时候清掉？

fact | gets a copy of their data within one month | one month | 一个月
Somebody wants to know what we hold about them; how long may we take?
By when must a person have the copy of their data?
What time do we have to answer a request for one's own data?
A customer asks for all of her data: what is the deadline?
有人想知道我们存了他什么，最多可以多久？
个人最迟何时拿到其数据副本？
回复查阅本人数据的请求有多长时间？
客户要她的全部数据，期限是多久？

fact | replaced by the word erased after 180 days | 180 days | 180 天
What becomes of the data of a customer who leaves?
After how many days is a former customer's name gone?
When do you delete people who closed their account?
Somebody cancelled; for how long do you still know them?
客户离开后其数据会怎样？
多少天后前客户的名字就没了？
注销账户的人你们什么时候删？
有人销户了，你们还会认得多久？

fact | A parcel over 31.5 kg is carried by two couriers | 31.5 kg | 31.5 千克
From which weight on do two people have to carry?
How heavy may a box be for one person?
When does a driver need a helper for lifting?
Is one person enough for forty kilos?
多重就必须两个人搬？
一个人最多搬多重的箱子？
司机什么时候需要帮手搬？
四十公斤一个人够吗？

fact | After five rounds a parcel is rejected | five | 五圈
How often can a box go round before somebody sorts it by hand?
When does the sorter give up on a package?
How many laps on the belt are allowed?
After which number of tries is a piece thrown out of the machine?
箱子绕几圈后由人手工分？
分拣机什么时候放弃一件？
允许在传送带上绕几圈？
试几次后快件会被机器剔除？

fact | A scanner with more than 4000 stored events | 4000 | 4000 条
When must a hand-held reader go back into its cradle?
How many unsent scans are too many?
The memory of my reader fills up; what is the limit?
From how many waiting scans on do I have to dock the device?
手持读取器什么时候必须放回底座？
多少条未发的扫描就太多了？
我的读取器存储快满了，上限是多少？
积压到多少条就得把设备放回去？

fact | A shift of more than six hours needs a break | 30 minutes | 30 分钟
How long must somebody rest on a long day?
Which pause is due after six hours of work?
What is the least break for a driver?
May a driver work seven hours without a pause?
长时间工作必须休息多久？
工作六小时后要停多久？
司机最少休息多长时间？
司机可以连续干七小时不歇吗？

fact | A score of 70 or more passes | 70 | 70 分
How many points does one need in the test?
Is 65 enough to pass the course?
From which mark on has somebody passed?
What is the pass mark of a training?
考试需要多少分？
65 分能过吗？
几分以上算通过？
培训的及格线是多少？

fact | Positions are erased after 14 days | 14 days | 14 天
For how long can one see where a driver was?
When is the whereabouts of employees deleted?
Can I still find out where somebody walked last month?
How many days is a driver's track kept?
司机去过哪里能查多久？
员工行踪什么时候删？
上个月某人走到哪儿还查得到吗？
司机的轨迹保留几天？

fact | A lorry that is more than 30 minutes late | 30 minutes | 30 分钟
How late may a truck come to its booked gate?
When does a haulier lose the reserved bay?
The lorry stands in a jam; for how long is the gate kept?
What delay is forgiven at the dock?
卡车可以晚多久到预订的月台？
承运商什么时候失去预留的口？
货车堵在路上，月台保留多久？
装卸口容许迟到多久？

fact | A recipient has 72 hours to fetch | 72 hours | 72 小时
How long does a box wait in the cabinet?
By when do I have to fetch from the self-service wall?
After what time is a package taken out of the locker?
I am away for the weekend; how long is it kept behind the little door?
箱子在柜子里等多久？
我最迟什么时候到自助柜拿？
多久之后包裹会从柜里取走？
我周末不在，小格里保留多久？

fact | Five wrong codes block a compartment | 15 minutes | 15 分钟
What happens when somebody types the wrong code too often?
For how long is a little door blocked after mistakes?
I mistyped five times; when can I try again?
How are locker doors guarded against guessing?
有人码输错太多次会怎样？
输错后小格锁多久？
我错了五次，什么时候能再试？
柜门怎么防止乱猜？

fact | A pick-up point keeps a parcel for seven days | seven days | 七天
How long does the kiosk keep my package?
By when must I go to the shop to fetch it?
After how many days does the partner shop give it back?
How much time is there for fetching something at a shop?
小店替我保管包裹多久？
我必须几天内去店里拿？
合作店几天后退回？
在店里取东西有多少时间？

fact | A return label is valid for 30 days | 30 days | 30 天
For how long can I use the sticker for sending back?
When does the code for a return expire?
I got a return sticker six weeks ago; does it still work?
How many days has a buyer for using it to send back?
寄回的贴纸能用多久？
退货码什么时候过期？
六周前拿的退货单还能用吗？
买家有几天时间用它寄回？

fact | A refund is paid within 14 days | 14 days | 14 天
When does the customer get the money back?
How fast do we pay back?
How many days may paying back take?
Somebody waits for his money after a return; how long at most?
客户什么时候拿回钱？
我们多快退钱？
退钱最多几天？
有人退货后在等钱，最长多久？

fact | Without an answer within 14 days the parcel goes back | 14 days | 14 天
How long do we have to answer the border office?
What if nobody sends the missing papers to customs?
When is a stopped package sent back from the border?
By when must documents for customs be there?
我们多久内必须答复海关？
没人给海关补文件会怎样？
被扣的包裹什么时候从边境退回？
给海关的文件最迟何时到？

fact | Lithium batteries above 100 Wh do not travel by air | 100 Wh | 100 Wh
Which batteries may not fly?
Can I send a big lithium battery by plane?
From how many watt hours on is air freight forbidden?
Is a 160 Wh battery allowed in an aeroplane?
哪些电池不能上飞机？
大锂电池可以空运吗？
多少瓦时以上禁止航空？
160 Wh 的电池可以上飞机吗？

fact | An invoice is due 30 days after | 30 days | 30 天
When does a bill have to be paid?
How much time does a customer have for paying?
What is the term of payment?
After how many days is a bill overdue?
账单什么时候必须付？
客户有多长时间付钱？
付款期限是多久？
账单几天后算逾期？

fact | Above 1000 euros a credit note needs a second approval | 1000 euros | 1000 欧元
From which amount on must two people agree to a reduction of a bill?
Can I take back 2000 euros of a bill on my own?
When is four eyes needed for correcting a bill?
Up to which sum may one person sign a correction?
冲减账单超过多少须两人同意？
我能自己冲掉 2000 欧元吗？
更正账单什么时候要双人？
一个人最多能签多大金额的更正？

fact | Damage must be claimed within 7 days | 7 days | 7 天
How long after it came can I complain about something broken?
By when must breakage be reported for compensation?
My vase was broken two weeks ago; am I too late?
Which deadline is there for asking money for breakage?
收到后多久内可以说东西坏了？
破损最迟何时报才能赔？
我的花瓶两周前碎了，太晚了吗？
为破损要钱有什么期限？

fact | We answer a claim within 21 days | 21 days | 21 天
How long do I wait for an answer about compensation?
When will the claims office get back to me?
Within how many weeks do you decide on a demand?
What is the time for replying to somebody who wants money?
赔偿的事我要等多久才有答复？
理赔部门什么时候回我？
你们几周内对请求作答？
对要赔钱的人多久内回复？

fact | Without insurance we pay at most 50 euros | 50 euros | 50 欧元
What do I get for a lost box that was not insured?
Up to which sum do you pay when nobody bought insurance?
Is an uninsured watch for 900 euros replaced?
How much is paid without a policy?
没投保的箱子丢了我能得多少？
没人买保险时你们最多赔多少？
没保险的 900 欧元手表会全赔吗？
没有保单赔多少？

fact | After ten days a search is given up | ten days | 十天
When do you stop looking for a missing box?
How long is a vanished package looked for?
After what time is something declared lost?
For how many days do depots search?
什么时候停止找失踪的箱子？
不见的包裹会找多久？
多久之后宣布丢失？
仓库会找几天？

fact | Between 21:00 and 07:00 local time no text messages | between 21:00 and 07:00 | 21:00 至 07:00
When do you not send text messages?
May a customer be woken by an SMS at midnight?
What are the quiet hours for messages?
At which times is the phone left alone?
什么时候不发短信？
半夜会用短信吵醒客户吗？
消息的安静时段是几点？
哪些时候不打扰手机？

fact | Three missing heartbeats in a row wake the engineer | three | 三次
When does the engineer on call get woken?
How many signs of life may be missed?
Our program was silent for two minutes; does anybody notice?
What triggers the alarm for a silent system?
什么时候会叫醒值班工程师？
可以漏几次存活信号？
我们的程序两分钟没声，会有人发现吗？
系统沉默时什么会触发报警？

fact | More than 1000 rows in one query need a second person | 1000 rows | 1000 条
How much private data can I look at on my own?
When does a colleague have to join for a large query?
From how many entries on is a second pair of eyes needed?
Can one person export 5000 private entries?
我一个人最多能看多少隐私数据？
大查询什么时候要同事一起？
多少条以上需要第二个人？
一个人能导出 5000 条隐私吗？

fact | parcel.weight_kg | 70 kg | 70 千克
How heavy may a parcel be at most?
What is the upper limit for the announced weight?
Can I announce something of 80 kilos?
Which weight is too much for you?
包裹最重可以多少？
申报重量的上限是多少？
我能报 80 公斤的东西吗？
多重你们就不收？

fact | delivery_attempt.outcome | delivered, nobody_home, refused, left_with_neighbour, address_not_found | delivered、nobody_home、refused、left_with_neighbour、address_not_found
How can a try at the door end?
Which outcomes are there when a courier rings?
What are the possible results of a delivery attempt?
Is leaving it with the neighbour one of the results you know?
门口的一次尝试会有哪些结局？
快递员按铃后有哪些结果？
投递尝试可能的结果有哪些？
交给邻居算你们认可的结果吗？
"""
