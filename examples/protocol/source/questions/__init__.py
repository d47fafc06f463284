"""Questions that people ask about the protocol, each in four wordings and both languages.

Blocks of text: a line that says what is expected, four English wordings, four Chinese ones. The line is ``record | NAME``,
``fact | WHERE | ANSWER | 答案``, ``rule | WHERE | ANSWER | 答案`` or ``none``; WHERE is ``record.field`` or some English words
of the paragraph that answers it.
"""
