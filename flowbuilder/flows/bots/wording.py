"""What a drawn flow says, in the two languages that descriptions are read in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    question: str
    which_record: str
    text_to_read: str
    find: str
    prompt: str
    record: str
    label: str
    answer: str
    reply: str
    context: str
    ask: str
    text: str
    fields: str
    labels: str
    summary: str
    one_record: str
    from_context: str
    make: str
    what_are: str
    some_thing: str
    example_question: str
    example_text: str
    any_labels: tuple[str, ...]
    next: str
    upload: str
    try_it: str
    improve: str
    small: str


ENGLISH = Wording(
    question="Question",
    which_record="Which record do you need?",
    text_to_read="Text",
    find="Find it in the documents",
    prompt="Prompt",
    record="Write the record",
    label="Choose a label",
    answer="Answer",
    reply="Reply",
    context="Context",
    ask="Question: ",
    text="Text",
    fields="Fields",
    labels="Labels",
    summary="Summary:",
    one_record="Answer with one JSON record.",
    from_context="Answer from the context alone; where it does not say, say that you do not know.",
    make="Make a {thing} record.",
    what_are="What are the {names}?",
    some_thing="parcel",
    example_question="What can you help me with?",
    example_text="The parcel arrived two days late and the box was open. Please send me a new one.",
    any_labels=("yes", "no", "unsure"),
    next="**What to do next**",
    upload="Upload documents to the knowledge base *{base}*, on the page *Knowledge*.",
    try_it="Ask something in the chat on the right, and rate what you get.",
    improve="Select *{prompt}* and press **Improve**: with a few cases the best of many wordings is searched.",
    small="*{model}* only knows the forms that it was trained on, so its prompt has no instructions. Choose a larger "
    "model for everything else.",
)
CHINESE = Wording(
    question="问题",
    which_record="您需要哪种记录？",
    text_to_read="文本",
    find="在文档中查找",
    prompt="提示词",
    record="生成记录",
    label="选择标签",
    answer="回答",
    reply="回复",
    context="资料",
    ask="问题：",
    text="文本",
    fields="字段",
    labels="标签",
    summary="摘要：",
    one_record="请用一条 JSON 记录回答。",
    from_context="只根据资料回答；资料中没有的，请说不知道。",
    make="生成一条{thing}记录。",
    what_are="{names}分别是什么？",
    some_thing="包裹",
    example_question="你能帮我做什么？",
    example_text="包裹晚到了两天，箱子已经被打开。请给我重新寄一个。",
    any_labels=("是", "否", "不确定"),
    next="**接下来**",
    upload="在“知识”页面把文档上传到知识库 *{base}*。",
    try_it="在右侧的对话里提问，并给回答打分。",
    improve="选中*{prompt}*并点击 **Improve**：有几个用例时，会搜索出最好的写法。",
    small="*{model}* 只认识它训练时见过的格式，所以提示词里没有指令。其他任务请选更大的模型。",
)
