"""Writes the sample protocol beside this file, in every format and language.

Run it from the repository's root: ``python -m examples.protocol.make_documents``
"""

from pathlib import Path

from examples.protocol.source.shapes import LANGUAGES, Language
from examples.protocol.writing.markdown import markdown
from examples.protocol.writing.openapi import openapi_json, openapi_yaml
from examples.protocol.writing.pdf import pdf
from examples.protocol.writing.questions import question_lines
from examples.protocol.writing.sheets import sheets
from examples.protocol.writing.word import word

HERE = Path(__file__).parent
FORMATS = {
    "md": markdown,
    "docx": word,
    "pdf": pdf,
    "xlsx": sheets,
    "openapi.json": openapi_json,
    "openapi.yaml": openapi_yaml,
}


def name_of(language: Language, suffix: str) -> str:
    return f"parcel-protocol{'' if language == 'en' else '.' + language}.{suffix}"


def questions_name(language: Language) -> str:
    return f"questions{'' if language == 'en' else '.' + language}.jsonl"


def main() -> None:
    for language in LANGUAGES:
        for suffix, write in FORMATS.items():
            content = write(language)
            data = content.encode() if isinstance(content, str) else content
            (HERE / name_of(language, suffix)).write_bytes(data)
        (HERE / questions_name(language)).write_text(question_lines(language))


if __name__ == "__main__":
    main()
