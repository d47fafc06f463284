"""Requests for records about depots, vehicles, lockers and pick-up points."""

BLOCKS = """
record | depot
Invent one of our sorting buildings
I need test data for a hall where packages are kept and sorted
Make up a site with its town, floor space and number of gates
What does the real estate team write when a new building opens?
编一座我们的分拣建筑
我需要一个存放和分拣快件的场地的测试数据
造一个带城市、面积和月台数的站点
新建筑启用时场地团队会写什么？

record | dock_gate
Show me the state of a door where lorries load
I need sample data for a loading bay that is occupied
Make up one of the doors at which trucks stand
What does the control room note when a bay becomes free?
给我看货车装货的门位的状态
我需要一个被占用的装卸口的样例
编一个停靠卡车的门位
装卸口空出来时控制室会记什么？

record | dock_appointment
A haulier books a time for unloading: give me an example
I need test data for a lorry that announced itself for tomorrow
Make up a reservation of a loading bay
What is kept about an outside truck that wants to come at ten?
承运商预约卸货时间，给我一个例子
我需要一辆预告明天来的货车的测试数据
编一条装卸口的预订
一辆想十点来的外部卡车会存什么？

record | shelf_place
On which shelf does the box lie? Show me such data
I need sample data for a package put away in the storage room
Make up the spot in the aisle where something is stored
What does the assistant scan when a box goes onto a rack?
箱子放在哪个架子上？给我这样的数据
我需要一件放进库房的快件的样例
编一个过道里存放东西的位置
箱子上架时库管会扫什么？

record | stock_count
Every night somebody counts what is there: give me an example
I need test data for a comparison of what should be in the hall with what was found
Make up an inventory with two missing boxes
What comes out when the whole building is checked at night?
每天夜里有人清点，给我一个例子
我需要场内应有与实有对比的测试数据
编一次少了两件的清查
夜里把整个场地查一遍会得到什么？

record | manifest
What is on board of the lorry that leaves? Show me such a list
I need sample data for the load of a truck between two buildings
Make up the cargo list that is closed with the doors
What tells how many cages and pallets a truck takes along?
开走的货车上装了什么？给我这样的清单
我需要两地之间一车货的样例
编一份关门时生成的货物清单
什么说明一辆卡车带了多少笼车和托盘？

record | vehicle
Invent one of our vans
I need test data for a car of the fleet with its number plate
Make up an electric van with its mileage
What does the fleet office keep about each of its cars?
编一辆我们的面包车
我需要车队里一辆带车牌的汽车的测试数据
造一辆带里程的电动货车
车队办公室对每辆车保存什么？

record | vehicle_position
Where does the van drive at the moment? Give me such a message
I need test data from the tracking box in a truck
Make up one GPS point of a lorry
What does the unit on board send every half minute?
货车此刻开到哪儿了？给我这样一条消息
我需要卡车上定位盒子的测试数据
编一个卡车的 GPS 点
车上的终端每半分钟发送什么？

record | vehicle_inspection
The driver walks round the van in the morning and checks tyres and lights: show me that
I need sample data for the daily check before the first trip
Make up a morning check that found a broken mirror
What must be filled in before the engine can be started?
司机早上绕车查轮胎和灯，给我看这条数据
我需要首次出车前的每日查验样例
编一次发现后视镜坏了的晨检
发动之前必须填写什么？

record | charging_session
An electric van hung on the post for two hours: give me an example
I need test data about energy that a battery took
Make up a visit to the plug with kilowatt hours and price
What is written when the cable is pulled?
一辆电动车在桩上充了两小时，给我一个例子
我需要电池充了多少电的测试数据
编一次带千瓦时和价格的插枪
拔线的时候会写入什么？

record | vehicle_damage
Somebody scratched the van: show me how this is told
I need sample data for an accident with one of our cars
Make up a collision with pictures and estimated repair
What does the driver fill in after touching a post?
有人把货车刮了，给我看怎么上报
我需要我们一辆车出事故的样例
编一次带照片和维修估价的碰撞
司机蹭到柱子后要填什么？

record | trailer
Invent one of the things without an engine that tractors pull
I need test data for a semi-trailer with three axles
Make up a swap body that stands at a building
What do we keep about what hangs behind a lorry?
编一个由牵引车拖的、没有发动机的东西
我需要一辆三轴半挂的测试数据
编一个停在场地的可交换厢体
挂在卡车后面的东西我们保存什么？

record | locker
Invent a cabinet where people fetch their things by themselves
I need test data for the self-service boxes at a station
Make up a wall of little doors with free places
What does the cabinet tell about itself each hour?
编一个让人自己取东西的柜子
我需要车站自助柜的测试数据
造一面有空位的小格门墙
柜子每小时上报自己的什么情况？

record | locker_compartment
Show me one little door of the cabinet and what lies behind it
I need sample data for a single box in the self-service wall
Make up a small door that is jammed
What is written when one of the doors opens or closes?
给我看柜子的一扇小门和里面的东西
我需要自助柜里单个格子的样例
编一个卡住的小格门
某一扇小门开关时会写入什么？

record | locker_deposit
The driver puts a box into the cabinet: give me an example
I need test data for something being placed behind a little door for fetching
Make up the moment in which a package is left in the self-service wall
What is sent when the door falls shut with a package inside?
送货员把箱子放进柜子，给我一个例子
我需要把东西放进小格等人来取的测试数据
编一个包裹被放入自助柜的时刻
门关上、里面有包裹时会发送什么？

record | locker_pickup
Somebody fetched their box with the code: show me that
I need sample data for a package being taken out of the cabinet
Make up a visit of a recipient at the self-service wall
What is noted when the little door is empty again?
有人用码取走了箱子，给我看看
我需要从柜子里拿走包裹的样例
编一次收件人到自助柜拿件的数据
小格重新变空时会记什么？

record | pickup_point
Invent a kiosk that keeps packages for neighbours
I need test data for a shop with opening hours where people fetch things
Make up a partner shop that also takes goods back
What does the partner office write when a new shop joins?
编一家替街坊保管快件的小店
我需要一家有营业时间、让人来取东西的店的测试数据
造一家也收退货的合作店
新店加入时合作伙伴办公室会写什么？
"""
