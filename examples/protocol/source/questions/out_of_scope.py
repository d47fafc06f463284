"""Questions that nothing in the protocol answers."""

BLOCKS = """
none
What is the salary of a depot manager?
How much does the head of a sorting hall earn?
Tell me what a site leader gets paid in a month
Which pay grade do managers of buildings have?
仓库经理的工资是多少？
分拣场负责人挣多少钱？
告诉我站点领导一个月拿多少
场地经理是什么薪级？

none
Who won the football match yesterday?
What was the result of last night's game?
Did our team win on the weekend?
How many goals fell in the final?
昨天的足球赛谁赢了？
昨晚比赛结果怎样？
周末我们队赢了吗？
决赛进了几个球？

none
Which programming language is the data centre written in?
Is your server made with Java or Go?
In what language did you program the back end?
What technology is behind your service?
数据中心是用什么编程语言写的？
你们的服务器是 Java 还是 Go？
后端用什么语言开发？
你们的服务背后是什么技术？

none
How do I bake bread with rye flour?
Give me a recipe for dark bread
What goes into a rye loaf?
How long does a loaf stay in the oven?
黑麦面包怎么烤？
给我一个黑面包的配方
黑麦面包里放什么？
面包要烤多久？

none
Do drones deliver parcels for you?
Can a package come by drone?
Are flying robots part of your fleet?
When will you bring things through the air to my garden?
你们用无人机送货吗？
包裹可以由无人机送吗？
你们的车队里有飞行机器人吗？
什么时候能从空中送到我家花园？

none
What does a stamp for a postcard cost?
How much is it to mail a card to grandma?
Which postage goes on a letter?
Price for sending a simple postcard?
一张明信片的邮票多少钱？
给奶奶寄贺卡多少钱？
一封信贴多少邮资？
寄普通明信片的价格？

none
Who is the chief executive of the company?
What is the name of your boss?
Who leads the whole firm?
Tell me the head of the board
公司的首席执行官是谁？
你们老板叫什么？
谁领导整个公司？
董事会主席是谁？

none
Can I bring my dog to work?
Are pets allowed in the office?
May the cat sit under my desk?
Is there a rule about animals for employees' desks?
我可以带狗上班吗？
办公室允许宠物吗？
猫可以趴在我桌下吗？
员工工位对动物有规定吗？

none
How many people live in France?
What is the population of Paris and its country?
Tell me the number of inhabitants of France
Is France larger than Spain by people?
法国有多少人？
巴黎所在国家的人口是多少？
告诉我法国居民数量
法国人口比西班牙多吗？

none
Where can I buy your shares?
Is the company listed on a stock exchange?
At what price does your stock trade?
Do you pay a dividend?
在哪儿能买你们的股票？
公司上市了吗？
你们的股价是多少？
你们分红吗？
"""
