"""Words that say what a column of an export is, in the languages that exports come in.

Owns: these lists, as data, and how a header is compared with them.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum


class Role(StrEnum):
    """What a column of an export is."""

    ORG = "org"
    QUEUE = "queue"
    PERIOD = "period"
    YEAR = "year"
    METRIC = "metric"  # the name of what the value column counts
    VOLUME = "volume"
    RATE = "rate"
    SAMPLE = "sample"  # observations behind a rate
    HANDLE_TIME = "handle time"
    FTE = "fte"
    HOURS = "hours"
    INFLOW = "inflow"
    BACKLOG = "backlog"
    IGNORE = "ignore"


ORG_LEVELS: tuple[tuple[str, ...], ...] = (
    ("region", "geo", "area", "business unit", "bu", "cluster", "gebiet", "grossregion", "regio", "regione", "regiao",
     "zona"),
    ("country", "market", "member state", "state", "land", "pays", "pais", "paese", "markt", "marche"),
    ("vendor", "partner", "bpo", "supplier", "provider", "company", "dienstleister", "prestataire", "proveedor"),
    ("site", "location", "office", "hub", "campus", "centre", "center", "city", "standort", "sede", "ville", "lugar"),
    ("department", "dept", "abteilung", "service", "departement", "departamento", "reparto"),
    ("language", "sprache", "langue", "idioma", "lingua", "locale"),
    ("team", "group", "squad", "pod", "crew", "gruppe", "mannschaft", "equipe", "equipo", "squadra", "zespol", "ploeg"),
    ("team lead", "lead", "supervisor", "manager", "teamleiter", "responsable"),
)  # fmt: skip
"""Words of org columns, from the top of a tree to its leaves."""

EITHER = frozenset(
    {
        "country", "market", "member state", "state", "land", "pays", "pais", "paese", "markt", "marche", "language",
        "sprache", "langue", "idioma", "lingua", "locale", "area",
    }
)  # fmt: skip
"""Org words that name a part of the work as often: which of the two, the values decide."""

PEOPLE = ("agent", "moderator", "reviewer", "employee", "associate", "worker", "analyst", "mitarbeiter", "agente",
          "moderateur", "person", "user", "login", "email", "name", "fte", "staff")  # fmt: skip

QUEUE_LEVELS: tuple[tuple[str, ...], ...] = (
    ("product", "business line", "line of business", "lob", "project", "program", "programme", "produkt", "produit"),
    ("content type", "media", "channel", "kanal", "canal", "content"),
    ("policy", "category", "violation", "topic", "theme", "kategorie", "categorie", "categoria", "thema", "themenfeld",
     "themenbereich", "themengebiet", "richtlinie"),
    ("sub policy", "subpolicy", "sub category", "subcategory", "unterkategorie", "sous categorie"),
    ("workflow", "work type", "task type", "case type", "ticket type", "process", "skill", "prozess", "aufgabe"),
    ("queue", "sub queue", "job queue", "warteschlange", "file", "cola", "coda", "fila", "wachtrij", "kolejka"),
    ("severity", "priority", "risk"),
)  # fmt: skip
"""Words of queue columns, from the top of a tree to its leaves."""

PERIODS = frozenset(
    {
        "period", "week", "month", "date", "day", "quarter", "half", "half year", "semester", "fiscal period",
        "reporting period", "woche", "kw", "kalenderwoche", "kalendermonat",
        "berichtsmonat", "monat", "datum", "tag", "quartal", "halbjahr", "zeitraum", "semaine",
        "mois", "jour", "trimestre", "semestre", "periode", "semana", "mes", "fecha", "periodo", "settimana", "mese",
        "data", "maand", "kwartaal", "tydzien", "miesiac", "wc", "week commencing", "week ending", "week starting",
    }
)  # fmt: skip

YEARS = frozenset({"year", "fiscal year", "fy", "jahr", "annee", "ano", "anno", "jaar", "rok"})

METRICS = frozenset({"metric", "kpi", "measure", "measure name", "indicator", "kennzahl", "indicateur", "indicador"})

HANDLE_TIMES = frozenset(
    {
        "aht", "handle time", "handling time", "average handle time", "avg handle time", "average handling time",
        "avg handling time", "time per task", "tpt", "processing time", "cycle time", "dmt", "tmo", "bearbeitungszeit",
        "bearb zeit", "bearbeitungsdauer",
        "duree moyenne de traitement", "tiempo medio", "review time", "seconds per item", "sec per item",
        "tempo medio", "behandeltijd",
    }
)  # fmt: skip

VOLUMES = frozenset(
    {
        "handled", "volume", "volumes", "reviews", "reviewed", "tasks", "cases", "tickets", "items", "closed",
        "resolved", "completed", "processed", "actions", "actioned", "measures", "count", "counts", "quantity", "qty",
        "jobs", "calls", "contacts", "removals", "removed", "decisions", "moderated", "done", "output", "throughput",
        "answered", "solved", "worked", "notices", "appeals", "complaints", "bearbeitet", "bearbeitete", "erledigt",
        "erledigte", "anzahl",
        "menge", "vorgange", "faelle", "falle", "traites", "traite", "nombre", "cas", "dossiers", "procesados",
        "gestionados", "cantidad", "casos", "gestiti", "lavorati", "quantita", "tratados", "afgehandeld", "aantal",
        "patrolled", "patrol actions",
    }
)  # fmt: skip

MAIN_VOLUMES = ("handled", "reviewed", "reviews", "human", "not automated", "manual", "completed", "processed",
                "bearbeitet", "traites", "gestionados", "volume")  # fmt: skip
"""Words of the volume that people work on, where there are several, the likeliest first."""

RATES = frozenset(
    {
        "accuracy", "quality", "qa", "qa score", "precision", "recall", "sla", "rate", "share", "pct", "percent",
        "percentage", "score", "csat", "ratio", "overturn", "overturned", "utilisation", "utilization", "occupancy",
        "genauigkeit", "treffsicherheit", "trefferquote", "korrektheit",
        "qualitat", "quote", "anteil", "taux", "qualite", "precisao", "calidad", "tasa", "qualita",
        "tasso", "f1", "compliance", "adherence",
    }
)  # fmt: skip

LOWER_IS_BETTER = ("error", "overturn", "reversed", "false", "appeal rate", "defect", "fehler", "erreur", "escalat",
                   "reopen", "absence", "attrition", "shrinkage")  # fmt: skip

SAMPLES = frozenset({"sample", "samples", "audits", "audited", "qa sample", "sample size", "stichprobe", "echantillon"})

FTES = frozenset({"fte", "ftes", "headcount", "hc", "heads", "agents", "moderators", "reviewers", "staff", "patrollers",
                  "people", "employees", "mitarbeiter", "effectif", "etp", "plantilla", "vzk", "vza",
                  "vollzeitaquivalente", "kopfe", "koepfe"})  # fmt: skip

HOURS = frozenset({"hours", "productive hours", "handling hours", "worked hours", "hrs", "stunden", "heures", "horas",
                   "ore", "uren"})  # fmt: skip

INFLOWS = frozenset({"inflow", "received", "created", "incoming", "arrivals", "arrived", "new", "offered", "creations",
                     "eingang", "eingange", "recus", "entrantes", "recibidos", "ricevuti"})  # fmt: skip

BACKLOGS = frozenset(
    {"backlog", "open", "pending", "outstanding", "wip", "offen", "ruckstand", "encours", "pendientes"}
)

AVERAGES = ("avg", "average", "mean", "median", "p50", "p75", "p90", "p95", "max", "min", "durchschnitt", "moyenne",
            "promedio", "media")  # fmt: skip
"""Words of figures that do not add up and have no weight of their own."""

IDS = frozenset({"id", "key", "code", "uuid", "ref", "reference", "comment", "comments", "note", "notes", "url",
                 "bemerkung", "anmerkung", "kommentar"})  # fmt: skip


def words_of(header: object) -> str:
    """Return a header as it is compared: lower case, no accents, words with one space between, no brackets."""
    text = unicodedata.normalize("NFKD", str(header))
    plain = "".join(letter for letter in text if not unicodedata.combining(letter)).casefold()
    plain = re.sub(r"\(.*?\)|\[.*?\]", " ", plain)
    spaced = re.sub(r"[^a-z0-9%#]+", " ", plain).strip()
    return re.sub(r"(?<=[a-z])(?=%)", " ", spaced)


def has_any(words: str, known: frozenset[str] | tuple[str, ...]) -> str:
    """Return the longest known word or phrase that stands in a header, "" if none does."""
    padded = f" {words} "
    found = [each for each in known if f" {each} " in padded]
    return max(found, key=len) if found else ""


_LEVELS = tuple(word for level in (*ORG_LEVELS, *QUEUE_LEVELS) for word in level)
_ALL = (PERIODS, YEARS, METRICS, HANDLE_TIMES, VOLUMES, RATES, SAMPLES, FTES, HOURS, INFLOWS, BACKLOGS)


def is_known(header: object) -> bool:
    """Whether a header has a word of any list."""
    words = words_of(header)
    return any(bool(has_any(words, known)) for known in (_LEVELS, *_ALL)) or "%" in words
