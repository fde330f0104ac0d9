"""What EAS takes in an eas.json: @expo/eas-json 24.8 (its README and its schema's behaviour).

tests/eas/test_verdicts.py holds every word of it to that package's own verdict.
"""

from __future__ import annotations

from runcrew_lint.domains.eas.shapes import Boolean, Number, Record, Shape, Text, Texts, matching
from runcrew_lint.domains.eas.versions import is_version

_TEXT, _BOOLEAN = Text(), Boolean()
_VERSION = Text("a whole version such as 22.14.0", fits=is_version, nullable=True)
_CHANNEL = Text("a name of a-z, 0-9, `.`, `_` and `-`", fits=matching(r"[a-z\d][a-z\d._-]*"))
_CLASSES = ("default", "medium", "large")

MAX_CACHE_KEY = 128  # UTF-16 units


def _is_short(text: str) -> bool:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 <= MAX_CACHE_KEY


CACHE = Record(
    "`cache`",
    {
        "disabled": _BOOLEAN,
        "key": Text(f"a text of at most {MAX_CACHE_KEY} characters", fits=_is_short),
        "cacheDefaultPaths": _BOOLEAN,
        "customPaths": Texts(),
        "paths": Texts(),
    },
)

_COMMON: dict[str, Shape] = {
    "resourceClass": Text("a resource class", _CLASSES),
    "env": Record("`env`", rest=Text(nullable=True)),
    "node": _VERSION,
    "corepack": _BOOLEAN,
    "pnpm": _VERSION,
    "bun": _VERSION,
    "yarn": _VERSION,
    "expoCli": _VERSION,
    "credentialsSource": Text("a source of credentials", ("local", "remote")),
    "distribution": Text("a distribution", ("store", "internal")),
    "releaseChannel": _CHANNEL,
    "channel": _CHANNEL,
    "developmentClient": _BOOLEAN,
    "prebuildCommand": _TEXT,
    "autoIncrement": _BOOLEAN,
    "buildArtifactPaths": Texts(),
    "uploadSourceMaps": _BOOLEAN,
    "cache": CACHE,
    "config": _TEXT,
    "withoutCredentials": _BOOLEAN,
    "environment": Text(
        "an environment's name: 3 to 100 of a-z, 0-9, `_` and `-`", fits=matching(r"[a-z0-9_-]{3,100}")
    ),
}
_PLATFORM: dict[str, Shape] = _COMMON | {
    "image": _TEXT,
    "artifactPath": _TEXT,
    "applicationArchivePath": _TEXT,
}
BUILD_ANDROID = Record(
    "`android` of a build profile",
    _PLATFORM
    | {
        "ndk": _VERSION,
        "gradleCommand": _TEXT,
        "buildType": Text("a build type", ("apk", "app-bundle")),
        "autoIncrement": Boolean(("version", "versionCode")),
        "keystoreName": _TEXT,
    },
)
BUILD_IOS = Record(
    "`ios` of a build profile",
    _PLATFORM
    | {
        "resourceClass": Text("a resource class", (*_CLASSES, "m-medium", "m1-medium", "m-large")),
        "bundler": _VERSION,
        "fastlane": _VERSION,
        "cocoapods": _VERSION,
        "enterpriseProvisioning": Text("a way of provisioning", ("adhoc", "universal")),
        "simulator": _BOOLEAN,
        "scheme": _TEXT,
        "buildConfiguration": _TEXT,
        "autoIncrement": Boolean(("version", "buildNumber")),
    },
)
BUILD_PROFILE = Record(
    "a build profile", _COMMON | {"extends": _TEXT, "android": BUILD_ANDROID, "ios": BUILD_IOS}
)
SUBMIT_ANDROID = Record(
    "`android` of a submit profile",
    {
        "serviceAccountKeyPath": _TEXT,
        "track": _TEXT,
        "releaseStatus": Text("a release status", ("completed", "draft", "halted", "inProgress")),
        "changesNotSentForReview": _BOOLEAN,
        "applicationId": _TEXT,
        "rollout": Number(0, 1),
    },
)
SUBMIT_IOS = Record(
    "`ios` of a submit profile",
    dict.fromkeys(
        (
            *("ascApiKeyPath", "ascApiKeyId", "ascApiKeyIssuerId", "appleId", "ascAppId", "appleTeamId"),
            *("sku", "language", "companyName", "appName", "bundleIdentifier", "metadataPath"),
        ),
        _TEXT,
    )
    | {"groups": Texts()},
)
SUBMIT_PROFILE = Record("a submit profile", {"extends": _TEXT, "android": SUBMIT_ANDROID, "ios": SUBMIT_IOS})
EAS_JSON = Record(
    "eas.json",
    {
        "$schema": _TEXT,
        "cli": Record(
            "`cli`",
            {
                "version": _TEXT,
                "requireCommit": _BOOLEAN,
                "appVersionSource": Text("a source of versions", ("local", "remote")),
                "promptToConfigurePushNotifications": _BOOLEAN,
                "updateAssetHostOverride": _TEXT,
                "updateManifestHostOverride": _TEXT,
            },
        ),
        "build": Record("`build`", rest=BUILD_PROFILE),
        "submit": Record("`submit`", rest=SUBMIT_PROFILE),
    },
)
