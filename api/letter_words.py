"""What a letter says: counts and a link; no name, no result, nothing about anybody else."""

from dataclasses import dataclass
from urllib.parse import quote

from api.i18n import Words
from engine.jobs.letters import Letter

STOP = "/notices/stop"


@dataclass(frozen=True)
class Said:
    """The parts of a letter in one language; `open` and `stop` are addresses, or empty."""

    subject: str
    greeting: str
    lines: tuple[str, ...]
    footer: str
    open: str = ""
    stop: str = ""


def said(letter: Letter, words: Words, public_address: str) -> Said:
    """The letter in the words of its language."""
    _ = words
    base = public_address.rstrip("/")
    if letter.code is not None:
        return Said(
            _("Alur Kinerja: your code is %(code)s", code=letter.code),
            _("Good day,"),
            (_("Your code is %(code)s. It is good for 30 minutes.", code=letter.code),),
            _("If you did not ask for it, somebody mistyped an address: do nothing."),
        )
    tasks = counted(letter, words)
    return Said(
        _("Alur Kinerja: %(tasks)s", tasks=tasks),
        _("Good day,"),
        (_("You have %(tasks)s.", tasks=tasks), *_news(letter, words)),
        _("This letter names nobody; everything else stands in the product."),
        open=f"{base}/inbox",
        stop=f"{base}{STOP}?token={quote(letter.opt_out, safe='.')}",
    )


def short(letter: Letter, words: Words, public_address: str) -> str:
    """The same as one short message."""
    _ = words
    if letter.code is not None:
        return _("Alur Kinerja: your code is %(code)s", code=letter.code)
    line = _("You have %(tasks)s.", tasks=counted(letter, words))
    return f"Alur Kinerja: {line} {public_address.rstrip('/')}/inbox"


def counted(letter: Letter, words: Words) -> str:
    """How many tasks and how many of them late, as in "3 tasks, 1 late"."""
    _ = words
    waiting, late = letter.figures.get("open", 0), letter.figures.get("overdue", 0)
    tasks = _.ngettext("%(count)s task", "%(count)s tasks", waiting)
    if not waiting:
        tasks = _("no open task")
    if not late:
        return tasks
    return f"{tasks}, " + _("%(count)s late", count=late)


def _news(letter: Letter, words: Words) -> tuple[str, ...]:
    _ = words
    count = letter.figures.get("unread", 0)
    if not count:
        return ()
    return (_.ngettext("%(count)s unread notice.", "%(count)s unread notices.", count),)
