"""Codes of countries and languages, and what they are called in English: ISO 3166 and ISO 639.

Owns: these pairs. Which of them are one node, the periods decide in which they stand.
"""

from __future__ import annotations

from collections.abc import Mapping

_COUNTRIES = (
    "ae United Arab Emirates; ar Argentina; at Austria; au Australia; bd Bangladesh; be Belgium; bg Bulgaria; "
    "br Brazil; ca Canada; ch Switzerland; cl Chile; cn China; co Colombia; cy Cyprus; cz Czechia; cz Czech Republic; "
    "de Germany; dk Denmark; dz Algeria; ec Ecuador; ee Estonia; eg Egypt; es Spain; fi Finland; fr France; "
    "gb United Kingdom; gr Greece; el Greece; hr Croatia; hu Hungary; id Indonesia; ie Ireland; il Israel; in India; "
    "iq Iraq; it Italy; jp Japan; ke Kenya; kh Cambodia; kr South Korea; kz Kazakhstan; lt Lithuania; lu Luxembourg; "
    "lv Latvia; ma Morocco; mm Myanmar; mt Malta; mx Mexico; my Malaysia; ng Nigeria; nl Netherlands; no Norway; "
    "pe Peru; ph Philippines; pk Pakistan; pl Poland; pt Portugal; ro Romania; rs Serbia; ru Russia; sa Saudi Arabia; "
    "se Sweden; sg Singapore; si Slovenia; sk Slovakia; th Thailand; tr Turkey; tw Taiwan; ua Ukraine; "
    "uk United Kingdom; us United States; vn Vietnam; za South Africa"
)
_LANGUAGES = (
    "ar Arabic; bg Bulgarian; bn Bengali; cs Czech; da Danish; de German; el Greek; en English; es Spanish; "
    "et Estonian; fi Finnish; fr French; ga Irish; he Hebrew; hi Hindi; hr Croatian; hu Hungarian; id Indonesian; "
    "it Italian; ja Japanese; ko Korean; lt Lithuanian; lv Latvian; ms Malay; mt Maltese; nl Dutch; no Norwegian; "
    "pl Polish; pt Portuguese; ro Romanian; ru Russian; sk Slovak; sl Slovenian; sv Swedish; th Thai; tr Turkish; "
    "uk Ukrainian; ur Urdu; vi Vietnamese; zh Chinese"
)


def _pairs() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for listed in (_COUNTRIES, _LANGUAGES):
        for pair in listed.split("; "):
            code, name = pair.split(" ", 1)
            names[code] = (*names.get(code, ()), name)
    return names


NAMES_OF_CODES: Mapping[str, tuple[str, ...]] = _pairs()
"""Code in lower case → names it may stand for; a code may be a country and a language."""
