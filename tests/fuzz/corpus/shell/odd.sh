#!/bin/sh
set +e
[[ $1 =~ ^v[0-9]+$ ]] && eas build --profile production --non-interactive
npm test; npm run lint
if [ $? -ne 0 ]; then exit 1; fi
bash <<'END'
alembic upgrade head &
wait $!
END
release() { return; }
release; release || true
vercel deploy --prod --token "$TOKEN" | tee log.txt
for host in a b; do rsync -az dist/ "$host:/srv" & done
case "$1" in main|v*) target=production ;; *) target=staging ;; esac
kubectl --context "$target" apply -f k8s.yaml
(( count++ )) || :
