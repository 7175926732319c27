"""Puts together what leaves the product, as far as the installation has switched it on."""

from collections.abc import Callable, Mapping
from datetime import datetime

from api.gateways import MessageSender, gateway_of
from api.i18n import Words, load_words
from api.mail import MailSender
from api.outgoing import Outgoing
from api.settings import Settings
from api.webhooks import SignedPoster, read_targets
from engine.commands.contacts import LETTER
from engine.commands.desk import Desk
from engine.domain.notices import Channel
from engine.domain.webhooks import Listener
from engine.jobs.letters import LetterCourier, Sender
from engine.jobs.outbox import ByTopic, Courier
from engine.jobs.telling import NOTIFY, NotifyCourier
from engine.jobs.webhooks import WEBHOOK, WebhookCourier


def channels_of(settings: Settings) -> tuple[Channel, ...]:
    """The channels that the installation has switched on."""
    known = {Channel.EMAIL: settings.mail.host, Channel.MESSAGE: settings.gateway.name}
    return tuple(channel for channel, chosen in known.items() if chosen)


def listeners_of(settings: Settings) -> tuple[Listener, ...]:
    """Who hears of events."""
    return tuple(target.listener for target in read_targets(settings.webhooks_file))


def courier_for(desk: Desk, settings: Settings, clock: Callable[[], datetime]) -> Courier:
    """The courier of the outbox: letters, webhooks and what diagrams ask to be told."""
    poster = SignedPoster(read_targets(settings.webhooks_file), Outgoing(), clock)
    return ByTopic(
        {
            LETTER: LetterCourier(desk, senders_of(settings, load_words()), clock),
            WEBHOOK: WebhookCourier(desk, poster, clock),
            NOTIFY: NotifyCourier(desk, clock),
        }
    )


def senders_of(settings: Settings, words: Mapping[str, Words]) -> Mapping[Channel, Sender]:
    """One sender a channel that is switched on."""
    made: dict[Channel, Sender] = {}
    for channel in channels_of(settings):
        if channel is Channel.EMAIL:
            made[channel] = MailSender(settings.mail, words, settings.public_address)
        else:
            gateway = gateway_of(settings.gateway)
            made[channel] = MessageSender(gateway, words, settings.public_address)
    return made
