"""Questions about rules that hold across records."""

BLOCKS = """
rule | A departure scan needs an arrival scan | It needs an arrival scan at the same depot before it | 之前须有同一仓库的到仓扫描
Can a package be seen leaving a building that it never entered?
What must come before a departure?
Is a goodbye scan possible without a hello scan?
Which scan has to exist before the one at the exit?
包裹可以没进就被扫到离开吗？
离开之前必须先有什么？
没有进场扫描可以有出场扫描吗？
出口扫描之前必须存在哪种扫描？

rule | Two scans of one parcel by one scanner within 5 seconds | They count as one | 视为一次
The reader beeped twice in a row over one box; is that two?
How do you treat two readings right after each other?
When are double beeps merged?
Does scanning again after three seconds count?
读取器对一个箱子连响两声，算两次吗？
紧挨着的两次读取怎么算？
什么时候把重复扫描合并？
三秒后再扫一次算数吗？

rule | A parcel has at most three delivery attempts | three | 三次
How often do you try to bring a package?
Will the driver come a fourth time?
How many visits does one package get?
What is the largest number of tries at the door?
一件包裹你们会送几次？
司机会来第四次吗？
一件会上门几次？
在门口最多尝试几次？

rule | A parcel has at most one open hold | one | 一个
Can a package be stopped for two reasons at once?
How many stops may be open for one box?
Somebody already froze it; may I freeze it again?
Are two blocks on one shipment possible?
一件包裹能同时因两个原因被拦吗？
一个箱子可以有几个未解除的拦截？
已经有人冻结了，我能再冻结吗？
一票货可以有两个拦截吗？

rule | The weight of a parcel measurement replaces the announced weight | more than 10 percent | 超过 10%
Which weight counts when scale and sender disagree?
When do you believe the machine and not the sender?
How large must the difference be for the measured weight to win?
The sender said two kilos, the cube says three; what holds?
秤和寄件人不一致时以哪个重量为准？
什么时候信机器而不信寄件人？
差多少时以测得重量为准？
寄件人说两公斤，机器说三公斤，哪个算？

rule | A parcel over 20 kg is never put into a locker | 20 kg | 20 千克
How heavy may something be for the self-service cabinet?
Can 25 kilos go behind a little door?
Which packages are too heavy for fetching by oneself?
Is there a weight limit for the cabinet at the station?
自助柜最多放多重的东西？
25 公斤能放进小格吗？
哪些包裹太重不能自取？
车站的柜子有重量限制吗？

rule | A refund order names a return or a claim, never both | one of the two, never both | 只能其一
Can money back be for goods that came back and for a compensation at once?
What may paying back refer to?
May I mention both the demand and the sent-back box when money goes back?
To which papers does a pay-back belong?
退钱能同时因为退货和赔偿吗？
退钱可以引用什么？
退钱时可以同时写赔偿和退件吗？
一笔退钱属于哪些单据？

rule | A gift is worth at most 45 euros | 45 euros | 45 欧元
Up to which value is something from abroad still a present?
Can a watch for 200 euros be declared as a present?
When must a present be declared as sold goods?
My aunt sends me something; what may it be worth?
国外来的东西多少钱以内算礼物？
200 欧元的手表可以按礼物报吗？
礼物什么时候必须按销售申报？
姨妈给我寄东西，最多值多少？

rule | A vehicle without an inspection of the same day gets no manifest | no, it gets no manifest | 不能
May a van be loaded that nobody checked in the morning?
What happens if the walk around the van was skipped?
Is the daily check needed before the cargo list?
Can I close the load of an unchecked truck?
早上没人查过的车可以装货吗？
跳过绕车检查会怎样？
出货物清单之前需要每日检查吗？
没查过的卡车能封单吗？

rule | Dangerous goods are only given to couriers whose training | a valid training | 有效的培训
Who may carry things that can burn?
What does a driver need for taking lithium batteries along?
Can somebody new deliver acid?
Which course is a must for hazardous boxes?
谁可以带会起火的东西？
司机带锂电池需要什么？
新人可以送酸液吗？
危险箱子必须上过什么课？

rule | A parcel is left in a safe place only with consent | with consent for safe_place | 须有 safe_place 授权
May the driver simply leave it behind the shed?
What must the recipient have allowed before we drop it somewhere?
Is permission needed for putting a box on the terrace?
Can we leave things outside without asking?
司机可以直接放在棚子后面吗？
放在某处之前收件人必须允许什么？
把箱子放露台需要许可吗？
我们可以不问就放在外面吗？

rule | A claim has one decision; an appeal opens a new claim | a new claim | 另立新的理赔
What if the customer does not accept our no?
Can we decide twice about the same demand?
How is an objection against a refusal handled?
Somebody appeals; do we change the old answer?
客户不接受我们的拒绝怎么办？
同一个请求可以决定两次吗？
对拒赔的异议怎么处理？
有人申诉，我们改旧答复吗？
"""
