"""The words of a result sheet: everything on it as text, in the language it is made in."""

from collections.abc import Mapping, Sequence
from datetime import date

from api.web.phrasing import Phrasing
from engine.queries.people import Person
from engine.queries.result_facts import SheetFacts, SheetVersion

Row = list[str]


def sheet_data(say: Phrasing, facts: SheetFacts, *, code: str, address: str) -> dict[str, object]:
    """All that the template shows; with `nip` and `predicate_code` for the check of the sheet."""
    _, present = say.words, facts.present
    made_on = say.day_of(say.now)
    return {
        "language": _.language,
        "made_on": [made_on.year, made_on.month, made_on.day],
        "nip": facts.subject.nip,
        "predicate_code": present.predicate,
        "agency": facts.agency,
        "period": facts.period,
        "person": _person(say, facts.subject, facts.unit_word),
        "predicate": say.label("predicate", present.predicate),
        "ratings": _ratings(say, present),
        "decision": _decision(say, facts, present),
        "versions": [_version(say, version) for version in facts.versions],
        "basis": list(facts.legal_basis),
        "address": address,
        "code": code,
        "annex": _annex(say, present),
        "footer": _(
            "Made on %(date)s from the file of this appraisal, version %(version)s of the result",
            date=say.date(made_on),
            version=present.version,
        ),
        "words": sheet_words(say),
    }


def sheet_words(say: Phrasing) -> Mapping[str, str | Sequence[str]]:
    """The fixed words of a sheet."""
    _ = say.words
    return {
        "title": _("Result sheet of the performance appraisal"),
        "predicate": _("Performance predicate"),
        "decided": _("Decision, signature and receipt"),
        "signature_note": _(
            "Electronic consent is given inside the product with the means named above. It is an "
            "uncertified electronic signature; no certificate of an authority stands behind it."
        ),
        "versions": _("Versions of the result"),
        "version_columns": [
            _("Version"), _("Origin"), _("Performance predicate"), _("Received")
        ],
        "basis": _("Legal basis"),
        "qr_alt": _("QR code of the page that checks this sheet"),
        "verify": _("Check this sheet"),
        "verify_how": _(
            "Open the address, enter the code, the NIP and the predicate. The page answers only "
            "whether they match."
        ),
        "code": _("Code"),
        "annex": _("Annex: local score"),
        "annex_note": _(
            "The local score follows the agency's own rules. It is no official predicate and does "
            "not change it."
        ),
    }  # fmt: skip


def _person(say: Phrasing, person: Person, unit_word: Mapping[str, str]) -> list[Row]:
    _ = say.words
    rows = [[_("Name"), person.name], ["NIP", _spaced(person.nip)]]
    rows += [[_("Post"), person.position]] if person.position else []
    return rows + ([[say.title(unit_word), person.unit]] if person.unit else [])


def _spaced(nip: str) -> str:
    whole = f"{nip[:8]} {nip[8:14]} {nip[14:15]} {nip[15:]}"
    return whole if len(whole.replace(" ", "")) == len("198001012005011001") else nip


def _ratings(say: Phrasing, present: SheetVersion) -> list[Row]:
    _ = say.words
    return [
        [_("Work result rating"), say.label("rating", present.result_rating)],
        [_("Work behaviour rating"), say.label("rating", present.behaviour_rating)],
    ]


def _decision(say: Phrasing, facts: SheetFacts, present: SheetVersion) -> list[Row]:
    _ = say.words
    rows = [
        [_("Decided by"), f"{_named(present.decided_by)}, {say.instant(present.decided_at)}"],
        [_("Origin"), say.title(present.source)],
    ]
    if present.signed_at:
        signed = f"{_named(present.signed_by)}, {say.instant(present.signed_at)}"
        rows.append([_("Signed by"), signed])
        rows.append([_("Kind of signature"), say.label("signature", present.signature_kind)])
    received = f"{facts.subject.name}, {say.instant(present.delivered_at)}"
    rows.append([_("Received by"), received])
    rows.append([_("Kind of receipt"), say.label("delivery", present.delivery_kind)])
    rows += [
        [say.title(step.name), _(
            "%(kind)s; keyed in by %(operator)s",
            kind=say.label("signature", step.signature_kind), operator=_named(step.by),
        )]
        for step in facts.keyed_in
    ]  # fmt: skip
    if facts.under_appeal:
        rows.append([_("Appeal"), _("An appeal against this result is being decided.")])
    return rows


def _named(person: Person | None) -> str:
    if person is None:
        return "–"
    return f"{person.name} ({person.position})" if person.position else person.name


def _version(say: Phrasing, version: SheetVersion) -> Row:
    return [
        str(version.version),
        say.title(version.source),
        say.label("predicate", version.predicate),
        say.instant(version.delivered_at),
    ]


def _annex(say: Phrasing, present: SheetVersion) -> list[Row] | None:
    if present.local_score is None:
        return None
    return [[say.words("Local score"), say.number(present.local_score)]]


def day_of_sheet(facts: Mapping[str, object]) -> date:
    """The date that a kept sheet bears."""
    parts = facts["made_on"]
    year, month, day = parts if isinstance(parts, list) else (1970, 1, 1)
    return date(int(year), int(month), int(day))
