"""Codes TC640–TC645: who has signed which version, and what is to stay near it."""

from __future__ import annotations

from engine.codes.kinds import NOTE, Code

SIGN_OFF: tuple[Code, ...] = (
    Code(
        "TC640",
        NOTE,
        "A sign-off is for a version that the workbook does not keep",
        "a version that targets version list names",
        "Keep what was signed: targets version save; or correct Version in SignOff.",
    ),
    Code(
        "TC641",
        NOTE,
        "Somebody has agreed, and it does not say who or when",
        "By and At beside agreed and sealed",
        "Type who said so, and the day, into SignOff.",
    ),
    Code(
        "TC642",
        NOTE,
        "The whole is further than a part of it",
        "parts that have agreed before the whole is agreed or sealed",
        "Ask the part, or add a row to SignOff that says why it goes on without it.",
    ),
    Code(
        "TC643",
        NOTE,
        "A version is called sealed, and is not",
        "a version that targets seal has sealed",
        "Seal it: targets seal; until then its numbers may be kept anew under the same name.",
    ),
    Code(
        "TC644",
        NOTE,
        "A version was kept anew after somebody had signed it",
        "a word on the numbers as they are kept now",
        "Ask again, and add a row to SignOff; targets version compare tells what differs.",
    ),
    Code(
        "TC645",
        NOTE,
        "Numbers are to stay near what was sealed, and nothing is sealed",
        "a sealed version, from which Keep near, Move only and the smallest moves count",
        "Seal one: targets seal. Until then numbers follow history.",
    ),
    Code(
        "TC646",
        NOTE,
        "Numbers start from what was sealed, not from history",
        "what was sealed, once something is: inputs have changed since, and people have said yes to these numbers",
        "Set Keep near in Settings to fair share to start from history.",
    ),
)
