"""The values that travel along wires, and the kinds of settings: what nodes and plug-ins import.

A wire fits when both types are equal, when the target takes ``object``, or when the value type says
how it becomes text (it defines ``__str__``) and the target takes ``str``.
"""

from nodes.types.answers import Candidates, Record, Score, ScorePart
from nodes.types.evaluation import EvaluationReport, Figure, Regression, SafetyScore, WinRate
from nodes.types.examples import (
    Demonstration,
    Demonstrations,
    LabelledText,
    LabelledTexts,
    PreferencePair,
    Preferences,
    PromptLine,
    Prompts,
)
from nodes.types.knowledge import QUOTED, Found, KeptAnswer, Passage, Passages
from nodes.types.messages import Message, Messages
from nodes.types.models import Label, ModelVersion
from nodes.types.references import (
    DatasetRef,
    FlowRef,
    JsonSchema,
    KnowledgeRef,
    LongText,
    ModelRef,
    Needed,
    OperationRef,
    PromptText,
    SecretRef,
)
from nodes.types.value import TYPE, Failure, Items, Value, typed, with_type

__all__ = [
    "QUOTED",
    "TYPE",
    "Candidates",
    "DatasetRef",
    "Demonstration",
    "Demonstrations",
    "EvaluationReport",
    "Failure",
    "Figure",
    "FlowRef",
    "Found",
    "Items",
    "JsonSchema",
    "KeptAnswer",
    "KnowledgeRef",
    "Label",
    "LabelledText",
    "LabelledTexts",
    "LongText",
    "Message",
    "Messages",
    "ModelRef",
    "ModelVersion",
    "Needed",
    "OperationRef",
    "Passage",
    "Passages",
    "PreferencePair",
    "Preferences",
    "PromptLine",
    "PromptText",
    "Prompts",
    "Record",
    "Regression",
    "SafetyScore",
    "Score",
    "ScorePart",
    "SecretRef",
    "Value",
    "WinRate",
    "typed",
    "with_type",
]
