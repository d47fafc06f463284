"""Weather, roads, cold chain and energy: what is measured around the parcels."""

from examples.protocol.source.shapes import Chapter, Record, Text
from examples.protocol.source.table import fields_of

SURROUNDINGS = Chapter(
    Text("Weather and telemetry", "天气与遥测"),
    Text(
        "What sensors and services measure around the parcels. These records come in the largest numbers after scans.",
        "传感器和外部服务在包裹周围测得的数据，数量仅次于扫描记录。",
    ),
    records=(
        Record(
            "weather_observation",
            Text("weather observation", "天气观测"),
            Text(
                "A weather observation is what a weather station near a depot measured.",
                "天气观测是仓库附近气象站的测量结果。",
            ),
            Text("Each station sends it every ten minutes.", "每个气象站每十分钟发送一次。"),
            fields_of("""
                station_id | id | | Weather station | 气象站
                near_depot_id | id | | Depot close to it | 邻近仓库
                air_celsius | number | -50 to 55; multiple of 0.1; in °C | Temperature of the air | 气温 | 6.4
                humidity_percent | integer | 0 to 100; in percent | Relative humidity | 相对湿度 | 81
                wind_m_s | number | 0 to 75; multiple of 0.1; in m/s | Mean wind | 平均风速 | 7.2
                gust_m_s | number | 0 to 110; multiple of 0.1; in m/s | Strongest gust | 最大阵风 | 12.8
                wind_degrees | integer | 0 to 359; in degrees | Where the wind comes from | 风向 | 240
                rain_mm_h | number | 0 to 200; multiple of 0.1; in mm/h | Rain | 降雨强度 | 1.5
                snow_cm | integer | 0 to 300; in cm; optional | Snow on the ground | 积雪深度 | 0
                visibility_m | integer | 0 to 50000; in metres | How far one sees | 能见度 | 9000
                observed_at | date-time | | When | 观测时间
            """),
        ),
        Record(
            "weather_warning",
            Text("weather warning", "天气预警"),
            Text(
                "A weather warning tells that dangerous weather is coming to a zone.",
                "天气预警说明某区域将出现危险天气。",
            ),
            Text(
                "The national weather service sends it; we pass it on without change.",
                "由国家气象部门发布，我方原样转发。",
            ),
            fields_of("""
                warning | uuid | | Number of the warning | 预警编号
                zone_id | id | | Where | 预警区域
                event | enum | enum: storm, ice, snow, flood, heat, fog, thunder | What is coming | 天气现象 | ice
                level | enum | enum: yellow, orange, red | How dangerous it is | 预警等级 | orange
                begins_at | date-time | | From | 开始时间
                ends_at | date-time | | To | 结束时间
                routes_stopped | boolean | | No vehicle leaves | 停止发车 | false
                text | string | 10 to 400 characters | Wording of the service | 预警文本 | Black ice is likely on bridges before sunrise.
                issued_at | date-time | | When it was issued | 发布时间 | 2026-03-09T06:00:00Z
            """),
            (Text("At level red all routes of the zone stop.", "红色预警时，该区域所有路线停运。"),),
        ),
        Record(
            "temperature_reading",
            Text("temperature reading", "温度读数"),
            Text(
                "A temperature reading proves that cooled goods stayed cool.",
                "温度读数证明冷藏货物保持低温。",
            ),
            Text(
                "Sensors in cooled vehicles and rooms send it every five minutes.",
                "冷藏车和冷库的传感器每五分钟发送一次。",
            ),
            fields_of("""
                sensor_id | id | | Sensor | 传感器
                placed | enum | enum: vehicle, trailer, room, box | Where it hangs | 安装位置 | vehicle
                vehicle_id | id | optional | Vehicle, where it hangs in one | 所在车辆
                celsius | number | -40 to 60; multiple of 0.1; in °C | Measured | 测得温度 | 4.2
                allowed | object | | Limits of the goods | 允许的温度范围
                allowed.lowest_celsius | number | -40 to 60; in °C | Not colder | 最低温度 | 2
                allowed.highest_celsius | number | -40 to 60; in °C | Not warmer | 最高温度 | 8
                door_open | boolean | | A door was open | 门处于打开状态 | false
                battery_volts | number | 0 to 5; multiple of 0.01; in V | Battery of the sensor | 传感器电池电压 | 3.02
                measured_at | date-time | | When | 测量时间
            """),
            (
                Text(
                    "Three readings in a row outside of the limits raise an alarm.",
                    "连续三次读数超出范围时触发报警。",
                ),
            ),
        ),
        Record(
            "traffic_report",
            Text("traffic report", "路况报告"),
            Text(
                "A traffic report tells how the traffic flows on one stretch of road.",
                "路况报告说明某一路段的通行情况。",
            ),
            Text(
                "The map service sends it when the travel time changes by more than ten percent.",
                "行程时间变化超过 10% 时由地图服务发送。",
            ),
            fields_of("""
                stretch | string | pattern ^[A-Z][0-9]{1,3}:[0-9]{1,4}$ | Road and kilometre | 道路及公里桩 | A12:58
                length_km | number | 0.1 to 80; multiple of 0.1; in km | Length | 路段长度 | 6.5
                state | enum | enum: free, slow, jam, closed | How it flows | 通行状态 | slow
                usual_seconds | integer | 1 to 7200; in seconds | Usual travel time | 通常用时 | 240
                now_seconds | integer | 1 to 36000; in seconds; nullable | Travel time now, null when closed | 当前用时，封闭时为空 | 520
                cause | enum | enum: accident, works, event, weather, volume, unknown | Why | 原因 | works
                confidence | number | 0 to 1; multiple of 0.05 | How sure it is | 可信度 | 0.85
                reported_at | date-time | | When | 报告时间
            """),
        ),
        Record(
            "energy_reading",
            Text("energy reading", "能耗读数"),
            Text(
                "An energy reading is what the meters of a depot counted in a quarter of an hour.",
                "能耗读数是仓库电表在一刻钟内的计量值。",
            ),
            Text(
                "The building's control writes it at minutes 0, 15, 30 and 45.",
                "楼宇控制系统在每小时的 0、15、30、45 分写入。",
            ),
            fields_of("""
                depot_id | id | | Building | 仓库
                meter | string | pattern ^M-[0-9]{4}$ | Number of the meter | 电表编号 | M-2081
                used_kwh | number | 0 to 5000; multiple of 0.001; in kWh | Taken from the grid | 用电量 | 41.275
                solar_kwh | number | 0 to 2000; multiple of 0.001; in kWh | Made on the roof | 光伏发电量 | 6.125
                belts_kwh | number | 0 to 2000; multiple of 0.001; in kWh | Of it for the belts | 其中传送带用电 | 18.45
                charging_kwh | number | 0 to 3000; multiple of 0.001; in kWh | Of it for vehicles | 其中车辆充电 | 12.25
                peak_kw | number | 0 to 10000; in kW | Highest power | 最大功率 | 228
                estimated | boolean | | The meter did not answer | 电表无响应，数值为估算 | false
                quarter_at | date-time | | Begin of the quarter | 时段开始 | 2026-03-09T08:15:00Z
            """),
        ),
    ),
    rules=(
        Text("A gust is at least as strong as the mean wind.", "最大阵风不小于平均风速。"),
        Text(
            "The energy of belts and charging together is at most what was used plus what the roof made.",
            "传送带与充电用电之和不超过用电量与光伏发电量之和。",
        ),
    ),
)
