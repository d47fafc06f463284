"""Draws the flow of what was understood: nodes, wires, texts in the description's language, a note on what to do next."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from flowbuilder.engine.ports import static_outputs
from flowbuilder.flows.bots.fields import as_lines
from flowbuilder.flows.bots.understanding import Answers, Understanding
from flowbuilder.flows.bots.wording import CHINESE, ENGLISH, Wording
from flowbuilder.flows.nodes import catalogue

STEP = 310
TRIAL_FIELDS = (
    "\n- parcel_id: string\n- weight_kg: number\n- status: enum (enum: created, in_transit, delivered)"
)
"""What the example asks for while there is no document that would say it."""
SHARE_OF_PASSAGES = 0.4
"""Of what a model reads. A small vocabulary makes twice the tokens that are estimated, and the question needs some too."""


@dataclass(frozen=True)
class Parts:
    """What the flow is drawn with, beside what was understood."""

    model: str
    trained_form: bool = False
    """The model knows only the forms that it was trained on: instructions would be noise to it."""
    base: str = ""
    """Id of the knowledge base; empty where nothing is looked up."""
    base_name: str = ""
    base_is_empty: bool = True
    reads: int = 0
    """How many tokens the model reads at once; 0 where that is not known."""


@dataclass
class _Canvas:
    nodes: list[dict[str, Any]] = field(default_factory=list)
    wires: list[dict[str, Any]] = field(default_factory=list)

    def node(self, id: str, type: str, label: str, y: int = 100, **settings: Any) -> None:
        position = {"x": STEP * len(self.nodes), "y": y}
        self.nodes.append(
            {"id": id, "type": type, "label": label, "settings": settings, "position": position}
        )

    def wire(self, source: str, target: str, port: str, source_port: str = "out") -> None:
        wire = {"source": source, "source_port": source_port, "target": target, "target_port": port}
        self.wires.append({"id": f"w{len(self.wires) + 1}", **wire})


def draw(description: str, understood: Understanding, parts: Parts) -> dict[str, Any]:
    words = CHINESE if understood.language == "zh" else ENGLISH
    drawing = _Drawing(plain(description), understood, parts, words)
    return drawing.graph()


def plain(description: str) -> str:
    """Double braces in it would become inputs of the prompt."""
    return re.sub(r"\{\{+", "{", re.sub(r"\}\}+", "}", description.strip()))


@dataclass(frozen=True)
class _Drawing:
    description: str
    understood: Understanding
    parts: Parts
    words: Wording

    def graph(self) -> dict[str, Any]:
        canvas, words = _Canvas(), self.words
        canvas.node("start_1", "flow.start", words.question, **self._start())
        direct = False
        if self.parts.base:
            canvas.node("retrieve_1", "knowledge.retrieve", words.find, y=-100, **self._retrieve())
            canvas.wire("start_1", "retrieve_1", "question")
            direct = _answers_directly()
        canvas.node("prompt_1", "text.prompt", words.prompt, template=self.template())
        if self.parts.base:
            canvas.wire("retrieve_1", "prompt_1", "context")
        canvas.wire("start_1", "prompt_1", self._input)
        id, type, label, settings = self._model()
        canvas.node(id, type, label, **settings)
        canvas.wire("prompt_1", id, "prompt")
        # Beside what comes straight from Retrieve, so that this wire crosses no node.
        canvas.node("reply_1", "flow.reply", words.reply, y=-60 if direct else 100)
        canvas.wire(id, "reply_1", "content")
        if direct:
            canvas.wire("retrieve_1", "reply_1", "content", source_port="answer")
        return {"nodes": canvas.nodes, "wires": canvas.wires, "notes": [self._note()]}

    @property
    def _reads_a_text(self) -> bool:
        """What is sent to the bot is a text to work on, no question."""
        if self.parts.base:
            return False
        understood = self.understood
        return understood.answers in {Answers.LABEL, Answers.SUMMARY} or (
            understood.answers == Answers.RECORD and not understood.invents and understood.schema is not None
        )

    @property
    def _input(self) -> str:
        return "text" if self._reads_a_text else "question"

    def _start(self) -> dict[str, Any]:
        words = self.words
        if self._reads_a_text:
            return {"question_label": words.text_to_read, "example": words.example_text}
        if self.understood.answers == Answers.RECORD:
            return {"question_label": words.which_record, "example": self._example_record()}
        return {"question_label": words.question, "example": words.example_question}

    def _example_record(self) -> str:
        asked = self.words.make.format(thing=self.understood.thing or self.words.some_thing)
        known = self.understood.schema or (self.parts.base and not self.parts.base_is_empty)
        return asked if known else f"{asked}\n{self.words.fields}:{TRIAL_FIELDS}"

    def _retrieve(self) -> dict[str, Any]:
        # One record is described in one place; an answer may stand in several.
        settings: dict[str, Any] = {
            "base": self.parts.base,
            "limit": 3 if self.understood.answers == Answers.RECORD else 4,
        }
        # A record's prompt is shortened to its fields where it is too long; any other would be refused.
        if self.parts.reads and self.understood.answers != Answers.RECORD:
            settings["most_tokens"] = int(self.parts.reads * SHARE_OF_PASSAGES)
        return {**settings, "answer_directly": True} if _answers_directly() else settings

    def template(self) -> str:
        words, answers = self.words, self.understood.answers
        if self.parts.trained_form and answers in {Answers.RECORD, Answers.TEXT}:
            return self._trained_form()
        blocks = [self.description]
        if answers == Answers.LABEL:
            blocks.append(f"{words.labels}: {', '.join(self._labels())}")
        if answers == Answers.RECORD and self.understood.schema:
            blocks.append(f"{words.fields}:\n{as_lines(self.understood.schema)}")
        if self.parts.base:
            blocks.append(f"{words.context}:\n{{{{ context }}}}")
        if self._reads_a_text:
            blocks.append(f"{words.text}:\n{{{{ text }}}}")
        else:
            blocks.append(f"{words.ask}{{{{ question }}}}")
        if answers == Answers.RECORD:
            blocks.append(words.one_record)
        elif answers == Answers.SUMMARY:
            blocks.append(words.summary)
        elif self.parts.base and answers == Answers.TEXT:
            blocks.append(words.from_context)
        return "\n\n".join(blocks)

    def _trained_form(self) -> str:
        """The three forms of the shipped model; see its README."""
        schema = self.understood.schema
        if self.parts.base:
            return "Context:\n{{ context }}\n\nQuestion: {{ question }}"
        if self._reads_a_text and schema:
            names = " and ".join(schema["properties"])
            return f"Context:\n{{{{ text }}}}\n\nQuestion: {ENGLISH.what_are.format(names=names)}"
        if self.understood.answers == Answers.RECORD:
            return "{{ question }}" + (f"\nFields:\n{as_lines(schema)}" if schema else "")
        return f"{self.description}\n\n{self.words.ask}{{{{ question }}}}"

    def _labels(self) -> tuple[str, ...]:
        return self.understood.labels or self.words.any_labels

    def _model(self) -> tuple[str, str, str, dict[str, Any]]:
        words, model = self.words, {"model": self.parts.model}
        match self.understood.answers:
            case Answers.RECORD:
                schema = self.understood.schema
                rule = json.dumps(schema, ensure_ascii=False, indent=2) if schema else ""
                settings = {
                    **model,
                    "json_schema": rule,
                    "temperature": 0.7 if self.understood.invents else 0,
                }
                return "record_1", "language.structured", words.record, settings
            case Answers.LABEL:
                rule = json.dumps(_label_schema(self._labels()), ensure_ascii=False, indent=2)
                settings = {**model, "json_schema": rule, "temperature": 0}
                return "record_1", "language.structured", words.label, settings
            case _:
                return "model_1", "language.local_model", words.answer, model

    def _note(self) -> dict[str, Any]:
        words = self.words
        steps = (
            [words.upload.format(base=self.parts.base_name)]
            if self.parts.base_is_empty and self.parts.base
            else []
        )
        steps += [words.try_it, words.improve.format(prompt=words.prompt)]
        text = "\n".join(
            [words.next, "", *(f"{number}. {step}" for number, step in enumerate(steps, start=1))]
        )
        if self.parts.trained_form:
            text += "\n\n" + words.small.format(model=self.parts.model)
        return {
            "id": "note_1",
            "text": text,
            "position": {"x": 0, "y": 300},
            "size": {"width": 460, "height": 230},
        }


def _label_schema(labels: tuple[str, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"label": {"type": "string", "enum": list(labels)}},
        "required": ["label"],
        "additionalProperties": False,
    }


def _answers_directly() -> bool:
    """Whether this installation's Retrieve gives people's own answers to questions that they answered before."""
    kind = catalogue().kinds["knowledge.retrieve"]
    return "answer_directly" in kind.model_fields and any(
        port.name == "answer" for port in static_outputs(kind).ports
    )
