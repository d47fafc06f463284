"""Requests for records about couriers, routes and what happens at the door."""

BLOCKS = """
record | courier
Invent one of our delivery people
I need test data for somebody who brings packages to the houses
Make up an employee of the delivery team with telephone and languages
Show me what the personnel system keeps about a driver
编一名我们的送货员
我需要一个把包裹送到家里的人的测试数据
造一个送货团队的员工，带电话和语言
人事系统里一名司机的资料是什么样？

record | courier_shift
Somebody signed in in the morning and out in the evening: show me that
I need sample data for one working day of a driver
Make up working hours with breaks and overtime
What does the phone write at the end of the day?
有人早上签到晚上签退，给我看这条数据
我需要司机一个工作日的样例
编一段含休息和加班的工作时间
一天结束时手机会写入什么？

record | courier_training
Show me somebody who passed a course in dangerous goods
I need test data for a lesson that an employee took, with the mark
Make up a certificate of first aid for one of the drivers
What does the teacher note on the last day of a class?
给我看一个通过了危险品课程的人
我需要员工上课及成绩的测试数据
给一名司机编一张急救证书
老师在课程最后一天会记什么？

record | courier_position
Where is the driver right now? I need such a message
Give me test data of the phone that tells where its owner walks
Make up one point on the map of somebody on the road with packages
What does the mobile send every minute during work?
送货员现在在哪儿？我要这样一条消息
给我手机上报其主人所在位置的测试数据
编一个正在路上送件的人在地图上的点
上班期间手机每分钟发送什么？

record | courier_handover
One driver gave packages to a colleague on the way: show me that
I need sample data of two people swapping boxes after a breakdown
Make up a case in which boxes changed hands between colleagues
What is kept when somebody falls ill and another takes over the load?
一名送货员半路把包裹交给同事，给我看看
我需要车坏后两个人转交箱子的样例
编一个同事之间转交箱子的情况
有人生病、别人接手货物时会存什么？

record | route
Make up the plan for one driver's day
I need the ordered list of places that somebody drives to
Give me test data for a tour with its length and expected time
What does the planner put out the evening before?
编一名司机一天的行程计划
我需要某人依次要去的地点清单
给我一条带里程和预计用时的行程测试数据
规划系统前一天晚上会输出什么？

record | route_stop
Show me one address on the tour with the boxes for it
I need sample data for a single place to call at, with the door code
Make up number seventeen in the order of a tour
What do we know about one house that the driver visits?
给我看行程上的一个地址及其箱子
我需要一个停靠点的样例，带门禁密码
编一个行程里排在第十七位的停靠点
司机要去的一户人家我们知道些什么？

record | route_change
The dispatcher sends the driver another way: show me such a message
I need test data for a detour because of traffic
Make up an alteration of a tour that is already under way
What is written when a stop is dropped in the middle of the day?
调度员让司机改走别的路，给我这样一条消息
我需要因堵车绕行的测试数据
编一条对正在执行的行程的改动
白天中途取消一个停靠点时会写入什么？

record | delivery_attempt
The bell rang and nobody was home: give me an example
I need sample data for somebody standing at the door with a package
Make up one try to hand a package over
What does the phone note when the recipient says no at the door?
按了铃没人在家，给我一个例子
我需要拿着包裹站在门口的样例数据
编一次尝试交付包裹的数据
收件人在门口拒收时手机会记什么？

record | proof_of_delivery
Who took the box, and where is the signature? Show me such data
I need an example that shows that something was really handed over
Make up the evidence that a package reached a neighbour
What do we keep so that nobody can say it never came?
谁收了箱子、签名在哪儿？给我这样的数据
我需要一个证明东西确实交出去的例子
编一份包裹交给邻居的凭据
我们保留什么，才没人能说没收到？

record | delivery_window
Between two and four o'clock, we promised: show me such data
I need test data for the time at which the recipient may expect us
Make up a promise of when the package comes
What is stored when somebody chooses a time slot?
我们承诺两点到四点之间，给我这样的数据
我需要收件人可以等我们来的时间的测试数据
编一个包裹何时送达的承诺
有人选了一个时间段时会存什么？
"""
