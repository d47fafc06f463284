"""Words for the keyword index: Latin words lower-cased, Chinese segmented."""

import re

import rjieba

WORD = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*|[\u3400-\u9fff\uf900-\ufaff]+")
# Words that a question has and an answer need not: in a small base even these are rare, and would decide.
STOP = frozenset(
    "a an and are as at be been by can do does for from had has have how i if in into is it its me my not of on or "
    "our shall should so than that the their them then there these they this to us was we were what when where "
    "which who whose why will with would you your make give show need want please 的 了 是 在 有 和 与 吗 呢 什么 哪些 怎么 "
    "如何 请 我 你 生成 一条 一个 一份 给 给我 需要 我要 想要 帮 帮我 造 编 做 看看 一下 吧".split()
)
HAN = re.compile(r"[\u3400-\u9fff]")
HAN_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
STOP_PARTS = STOP | frozenset("".join(word for word in STOP if HAN.search(word)))


def words(text: str) -> list[str]:
    """In order, with repeats. ``parcel_id`` is found whole and by its parts."""
    found: list[str] = []
    for match in WORD.finditer(text.lower().replace("_", "-")):
        word = match[0]
        if HAN.search(word):
            found.extend(rjieba.cut_for_search(word))
            continue
        found.append(word)
        parts = re.split(r"[._-]", word)
        found.extend(parts if len(parts) > 1 else ())
    return [word for word in found if word not in STOP]


def terms(text: str) -> list[str]:
    """What is indexed and looked for: the words, and of Chinese each character and each pair of them as well.

    A word that the segmenter cuts differently in question and text, or another word for the same (格口, 小格), still
    shares its characters. Words with n-grams find more than either (Nie, Gao, Zhang & Zhou 2000); the benchmark
    ``benchmarks.retrieval`` says how much more.
    """
    found = words(text)
    known = set(found)
    for run in HAN_RUN.findall(text):
        pairs = (run[at : at + 2] for at in range(len(run) - 1))
        found += [part for part in (*run, *pairs) if part not in STOP_PARTS and part not in known]
    return found
