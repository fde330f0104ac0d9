#!/usr/bin/env bash
set -euo pipefail
profile="${1:-preview}"
case "$profile" in
  production) channel=main ;;
  preview | development) channel="${profile%%-*}" ;;
  *) echo "no profile ${profile}" >&2; exit 2 ;;
esac
for platform in ios android; do
  if [[ "$platform" == ios && -n "${SKIP_IOS:-}" ]]; then continue; fi
  eas build --platform "$platform" --profile "$profile" --non-interactive | tee build.log &
done
wait
npx eas update --branch "$channel" --message "$(git log -1 --pretty=%s)"
