"""The formats of credentials, as data: each with its literals and the public page it was written from."""

from __future__ import annotations

import re

from runcrew_lint.patterns import lazily
from runcrew_lint.tuples import NamedTuple


class Format(NamedTuple):
    """One format.

    Arguments:
        name: as a message says it.
        begins: literals, one of which the value begins with; where `beside` is set, any beginning.
        form: the value, matched at its first character.
        source: the public document.
        beside: literals that stand within 200 characters of a value whose form alone tells too little.
    """

    name: str
    begins: tuple[str, ...]
    form: re.Pattern[str]
    source: str
    beside: tuple[str, ...] = ()


def _format(name: str, begins: str, form: str, source: str) -> Format:
    return Format(name, tuple(begins.split()), lazily(form), source)


def _beside(name: str, words: str, form: str, source: str) -> Format:
    return Format(name, (), lazily(form), source, tuple(words.split()))


FORMATS = (
    _format(
        "an AWS access key id",
        "AKIA ASIA ABIA ACCA",
        r"A(?:KI|SI|BI|CC)A[A-Z2-7]{16}(?![A-Za-z0-9])",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
    ),
    _format(
        "a GitHub token",
        "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
        r"gh[opusr]_[A-Za-z0-9]{36,255}(?![A-Za-z0-9])|ghs_\d{1,12}_eyJ[\w-]{10,2000}\.[\w-]{10,4000}\.[\w-]{20,700}|github_pat_[A-Za-z0-9_]{82}(?!\w)",
        "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github",
    ),
    _format(
        "a GitLab token",
        "glpat- gldt- glptt- glrt- glcbt- glimt- glsoat- glagent- gloas- glft- glffct- GR1348941 "
        "_gitlab_session=",
        r"gl(?:pat|dt|ptt|rt|cbt|imt|soat|agent|oas|ft|ffct)-[\w.-]{20,300}|GR1348941[\w-]{20}(?!\w)"
        r"|_gitlab_session=[0-9A-Za-z]{32}(?!\w)",
        "https://docs.gitlab.com/security/tokens/",
    ),
    _format(
        "a Slack token",
        "xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs-",
        r"xox[abeoprs]-(?=[A-Za-z-]{0,100}+[0-9])[A-Za-z0-9-]{20,250}"
        r"|xox[ar]-(?:\d-)?(?=[A-Za-z]{0,48}+[0-9])[A-Za-z0-9]{12,48}(?![\w-])",
        "https://api.slack.com/concepts/token-types",
    ),
    _format(
        "a Slack app token",
        "xapp-",
        r"xapp-\d-[A-Z0-9]{6,20}-\d{6,20}-[A-Za-z0-9]{32,80}(?![A-Za-z0-9])",
        "https://api.slack.com/concepts/token-types",
    ),
    _format(
        "an Amazon Bedrock key",
        "ABSKQmVkcm9ja0FQSUtleS",
        r"ABSK[A-Za-z0-9+/]{100,280}={0,2}",
        "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html",
    ),
    _format(
        "a Slack webhook",
        "hooks.slack.com/",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/(?:[A-Z0-9]{8,14}/[A-Z0-9]{8,20}(?:/\d{10,20})?"
        r"/[A-Za-z0-9]{16,40}|[A-Za-z0-9+/]{40,60})(?![A-Za-z0-9])",
        "https://api.slack.com/messaging/webhooks",
    ),
    _format(
        "a Discord webhook",
        "discord.com/api/webhooks/ discordapp.com/api/webhooks/",
        r"discord(?:app)?\.com/api/webhooks/\d{17,20}/[\w-]{60,72}(?![\w-])",
        "https://discord.com/developers/docs/resources/webhook",
    ),
    _beside(
        "a Teams webhook",
        "webhook.office.com/webhookb2/",
        r"webhook\.office\.com/webhookb2/[0-9a-z-]{36}@[0-9a-z-]{36}/IncomingWebhook/[0-9a-z]{32}/[0-9a-z-]{36}",
        "https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook",
    ),
    _beside(
        "an Azure client secret",
        "Q~",
        r"(?<![\w~.-])[\w~.]{3}\dQ~[\w~.-]{31,34}(?![\w~-])",
        "https://learn.microsoft.com/en-us/entra/identity-platform/how-to-add-credentials",
    ),
    _beside(
        "the key of an Azure storage account",
        "AccountKey",
        r"AccountKey=([A-Za-z0-9+/]{86}==)",
        "https://learn.microsoft.com/en-us/azure/storage/common/storage-configure-connection-string",
    ),
    _beside(
        "the token of an npm registry",
        ":_authToken :_password :_auth",
        r":_(?:authToken|password|auth)\s{0,4}=\s{0,4}[\"']?([A-Za-z0-9+/=_-]{16,250})(?![\w.-])",
        "https://docs.npmjs.com/cli/configuring-npm/npmrc",
    ),
    _format(
        "a Stripe key",
        "sk_live_ sk_test_ rk_live_ rk_test_ sk_prod_ rk_prod_",
        r"[sr]k_(?:live|test|prod)_[A-Za-z0-9]{16,250}(?![A-Za-z0-9])",
        "https://docs.stripe.com/keys",
    ),
    _format(
        "a Google API key",
        "AIza",
        r"AIza[\w-]{35}(?![\w-])",
        "https://cloud.google.com/docs/authentication/api-keys",
    ),
    _format(
        "a Google OAuth client secret",
        "GOCSPX-",
        r"GOCSPX-[\w-]{28}(?![\w-])",
        "https://developers.google.com/identity/protocols/oauth2",
    ),
    _format(
        "a Google OAuth token",
        "ya29.",
        r"ya29\.[\w-]{40,500}(?![\w-])",
        "https://developers.google.com/identity/protocols/oauth2",
    ),
    _format(
        "a Firebase CI token",
        "1//0",
        r"1//0[\w-]{40,150}(?![\w-])",
        "https://firebase.google.com/docs/cli#cli-ci-systems",
    ),
    _format(
        "an npm token",
        "npm_",
        r"npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])",
        "https://docs.npmjs.com/about-access-tokens",
    ),
    _format(
        "a PyPI token",
        "pypi-",
        # A macaroon, which begins with its location: pypi.org or test.pypi.org.
        r"pypi-(?:AgEIcHlwaS5vcmc|AgENdGVzdC5weXBpLm9yZw)[\w-]{50,500}|pypi-[\w-]{80,500}",
        "https://pypi.org/help/#apitoken",
    ),
    _format(
        "a SendGrid key",
        "SG.",
        r"SG\.[\w-]{22}\.[\w-]{43}(?![\w-])",
        "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys",
    ),
    _format(
        "an Anthropic key", "sk-ant-", r"sk-ant-[\w-]{32,250}", "https://docs.anthropic.com/en/api/overview"
    ),
    _format(
        "an OpenAI key",
        "sk-",
        r"sk-(?!ant-)(?:(?:proj|svcacct|admin)-[\w-]{40,250}|[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}|[A-Za-z0-9]{48})(?![\w-])",
        "https://platform.openai.com/docs/api-reference/authentication",
    ),
    _format(
        "a Sentry token",
        "sntrys_ sntryu_",
        r"sntrys_[\w=+/-]{40,500}|sntryu_[a-f0-9]{64}(?!\w)",
        "https://docs.sentry.io/api/auth/",
    ),
    _format(
        "a Supabase secret key",
        "sb_secret_",
        r"sb_secret_[\w-]{20,100}",
        "https://supabase.com/docs/guides/api/api-keys",
    ),
    _format(
        "a secret Mapbox token",
        "sk.eyJ tk.eyJ",
        r"[st]k\.eyJ[\w-]{20,400}\.[\w-]{20,60}",
        "https://docs.mapbox.com/help/dive-deeper/access-tokens/",
    ),
    _format(
        "a JSON Web Token",
        "eyJ",
        r"eyJ[\w-]{8,400}\.eyJ[\w-]{8,4000}\.[\w-]{20,700}(?![\w-])",
        "https://www.rfc-editor.org/rfc/rfc7519",
    ),
    _beside(
        "a Firebase Cloud Messaging server key",
        ":APA91b",
        r"AAAA[\w-]{7}:APA91b[\w-]{120,150}(?![\w-])",
        "https://firebase.google.com/docs/cloud-messaging/auth-server",
    ),
    _beside(
        "a Twilio key",
        "twilio Twilio TWILIO",
        r"(?<![\w/-])SK[0-9a-f]{32}(?![\w-])",
        "https://www.twilio.com/docs/iam/api-keys",
    ),
    _beside(
        "a Twilio auth token",
        "twilio Twilio TWILIO",
        r"(?i:auth|token)\w{0,20}[\"']?\s{0,4}[:=(,]\s{0,4}[\"']([0-9a-f]{32})(?![\w-])",
        "https://www.twilio.com/docs/iam/api/authtoken",
    ),
)
