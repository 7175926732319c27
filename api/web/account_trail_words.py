"""What the trail says of accounts: sign-ins, codes, secrets and addresses."""

from collections.abc import Mapping

from api.i18n import N_
from engine.domain.actions import Action

# The name of the kind for the filter, and the sentence, as in `trail_words`.
ACCOUNT_DEEDS: Mapping[Action, tuple[str, str]] = {
    Action.SESSION_OPENED: (N_("Signed in"), N_("%(who)s signed in.")),
    Action.SESSION_CLOSED: (N_("Signed out"), N_("%(who)s signed out.")),
    Action.SESSION_REFUSED: (N_("Sign-in refused"), N_("A sign-in of %(who)s was refused.")),
    Action.CODE_ISSUED: (N_("One-time code issued"), N_("%(who)s issued a one-time code.")),
    Action.CODE_USED: (N_("One-time code used"), N_("%(who)s used a one-time code.")),
    Action.PASSWORD_CHANGED: (N_("Password set"), N_("%(who)s set a password.")),
    Action.PIN_SET: (N_("PIN for signing set"), N_("%(who)s set a PIN for signing.")),
    Action.APP_SET: (
        N_("Authenticator app set up"),
        N_("%(who)s set up an authenticator app."),
    ),
    Action.APP_REMOVED: (
        N_("Authenticator app removed"),
        N_("%(who)s removed the authenticator app."),
    ),
    Action.CONTACT_SET: (
        N_("Address for notices given"),
        N_("%(who)s gave an address for notices."),
    ),
    Action.CONTACT_VERIFIED: (
        N_("Address for notices proved"),
        N_("%(who)s proved an address for notices with a code."),
    ),
    Action.CONTACT_REMOVED: (
        N_("Address for notices removed"),
        N_("%(who)s removed an address for notices."),
    ),
    Action.CONTACT_OPTED_OUT: (
        N_("Notices stopped"),
        N_("%(who)s stopped notices by the link in a letter."),
    ),
}
