"""Variables that somebody else gives: the shell, the system, CI, the platforms that run programs."""

from __future__ import annotations

_NAMES = """
PATH HOME USERNAME PWD OLDPWD USER LOGNAME SHELL TERM LANG LC_ALL TZ TMPDIR TEMP TMP HOSTNAME EDITOR
VISUAL PAGER DISPLAY UID EUID PPID RANDOM SECONDS LINENO IFS PS1 PS4 OPTARG OPTIND REPLY SHLVL OSTYPE
HOSTTYPE MACHTYPE COLUMNS LINES FUNCNAME BASH BASH_SOURCE BASH_VERSION BASH_REMATCH BASH_LINENO
PIPESTATUS BASHPID DIRSTACK GROUPS HISTFILE NODE_ENV NODE_OPTIONS NODE_PATH CI DEBUG PORT HOST
PYTHONPATH PYTHONUNBUFFERED VIRTUAL_ENV DJANGO_SETTINGS_MODULE FORCE_COLOR NO_COLOR INIT_CWD APPDATA
LOCALAPPDATA PROGRAMFILES USERPROFILE SYSTEMROOT COMSPEC WINDIR SSH_AUTH_SOCK DOCKER_HOST KUBECONFIG
MODE DEV PROD SSR BASE_URL JAVA_HOME ANDROID_HOME ANDROID_SDK_ROOT PYTEST_CURRENT_TEST GITHUB_TOKEN
GOOGLE_APPLICATION_CREDENTIALS
"""
_KNOWN = frozenset(_NAMES.split())
_PREFIXES = (
    "GITHUB_",
    "RUNNER_",
    "ACTIONS_",
    "GITLAB_",
    "CI_",
    "EAS_BUILD",
    "EXPO_OS",
    "XDG_",
    "npm_",
    "VERCEL_",
    "RENDER_",
    "RAILWAY_",
    "FLY_",
    "NETLIFY_",
    "AWS_LAMBDA_",
    "AWS_EXECUTION_",
    "ECS_",
    "KUBERNETES_",
    "DYNO",
    "HEROKU_",
    "BASH_",
    "LC_",
    "JEST_",
    "VITEST",
    "__",
)


def is_known(name: str) -> bool:
    """Whether a variable is none of the repository's own."""
    return name in _KNOWN or name.startswith(_PREFIXES)


# What the clients of services and the tools of a build read by themselves: none of our readers sees it.
_TOOLS = """
AWS_ AZURE_ GOOGLE_ GCLOUD_ SENTRY_ OTEL_ DD_ COMPOSE_ DOCKER_ POSTGRES_ PG MYSQL_ MARIADB_ REDIS_
RABBITMQ_ MINIO_ KEYCLOAK_ KC_ UVICORN_ GUNICORN_ CELERY_ DJANGO_ FLASK_ PYTHON PIP_ UV_ NEXT_ NEXTAUTH_
AUTH_ NUXT_ VITE_ EXPO_ EAS_ METRO_ TURBO_ TRAEFIK_ CLERK_ SUPABASE_ OPENAI_ ANTHROPIC_ TF_ http_ HTTP_
HTTPS_ NO_PROXY
"""
_OF_TOOLS = tuple(_TOOLS.split())


def is_of_a_tool(name: str) -> bool:
    """Whether a library or tool may read a variable without the repository's own code naming it."""
    return is_known(name) or name.startswith(_OF_TOOLS)
