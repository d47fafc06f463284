"""How the protocol changes, and how long records are kept."""

from examples.protocol.source.shapes import Chapter, Section, Text

VERSIONING = Chapter(
    Text("Versions of the protocol", "协议版本"),
    Text(
        "How this protocol changes without breaking those who speak it.",
        "本协议如何在不影响使用方的情况下演进。",
    ),
    sections=(
        Section(
            Text("Numbers of versions", "版本号"),
            (
                Text(
                    "The current version is 2.1. The first number changes when a sender must change its program, the second when optional fields or new records are added.",
                    "当前版本为 2.1。上报方必须修改程序时第一位数字变化；新增可选字段或记录时第二位数字变化。",
                ),
            ),
        ),
        Section(
            Text("Old versions", "旧版本"),
            (
                Text(
                    "A version is understood for 18 months after its successor came out. Version 1 ends on 30 June 2026.",
                    "新版本发布后，旧版本仍支持 18 个月。版本 1 于 2026 年 6 月 30 日停用。",
                ),
                Text(
                    "Senders announce a change of their version to the protocol board two weeks ahead.",
                    "上报方更换版本须提前两周告知协议委员会。",
                ),
            ),
        ),
        Section(
            Text("Trying things out", "试用环境"),
            (
                Text(
                    "The test centre at https://test.data.delivery.example takes the same records as the real one and forgets them every Sunday night.",
                    "测试中心 https://test.data.delivery.example 接收与正式环境相同的记录，并在每周日夜间清空。",
                ),
                Text(
                    "Mock records for tests follow the rules of their fields; names of people in them are invented.",
                    "测试用的模拟记录须遵守字段规则，其中的人名均为虚构。",
                ),
            ),
        ),
    ),
)

RETENTION = Chapter(
    Text("Retention and privacy", "保存期限与隐私"),
    Text("How long records are kept, and who may read them.", "记录保存多久，以及谁可以查看。"),
    sections=(
        Section(
            Text("How long records are kept", "保存期限"),
            (
                Text(
                    "Records about parcels are kept for three years, those about money for ten, as the law demands.",
                    "与包裹有关的记录保存三年，与款项有关的依法保存十年。",
                ),
                Text(
                    "Pictures are erased after 90 days unless a claim needs them.",
                    "照片在 90 天后删除，理赔需要的除外。",
                ),
                Text(
                    "Weather and traffic records are kept for 13 months, so that a season can be compared with the one before.",
                    "天气和路况记录保存 13 个月，以便与上一年同期比较。",
                ),
            ),
        ),
        Section(
            Text("Personal data", "个人信息"),
            (
                Text(
                    "Names, addresses, telephone numbers and positions of people are personal data. They are shown only to those who need them for their work, and each look is written down.",
                    "姓名、地址、电话号码和人员位置属于个人信息，仅向工作需要的人员显示，每次查看都会记录。",
                ),
                Text(
                    "A person who asks gets a copy of their data within one month.",
                    "个人提出申请后，可在一个月内获得其数据副本。",
                ),
            ),
        ),
        Section(
            Text("Erasing", "删除"),
            (
                Text(
                    "When a customer leaves, their personal data is replaced by the word erased after 180 days; the records themselves stay.",
                    "客户注销 180 天后，其个人信息以 erased 一词替换，记录本身保留。",
                ),
            ),
        ),
    ),
)
