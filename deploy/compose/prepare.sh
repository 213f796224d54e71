#!/bin/sh
# Makes the certificates and secrets of deploy/compose.yaml in the folder `secrets` beside this file, or in the folder that is given.
# It keeps a folder that is there. It needs openssl.
set -eu
folder="${1:-$(dirname "$0")/secrets}"
if [ -e "$folder" ]; then
  echo "$folder is there already. Remove it for new secrets." >&2
  exit 1
fi
# The containers' users read the files, each through a mount of its own. Nobody else enters the folder.
mkdir -m 700 "$folder"
cd "$folder"
umask 022

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj "/CN=bff compose" \
  -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign" -keyout ca.key -out ca.pem 2>/dev/null
for name in app.localhost keycloak.localhost redis; do
  printf 'subjectAltName=DNS:%s\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n' "$name" > extensions
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" -keyout "$name.key" -out request 2>/dev/null
  openssl x509 -req -in request -CA ca.pem -CAkey ca.key -CAcreateserial -days 365 -extfile extensions -out "$name.pem" 2>/dev/null
  chmod 644 "$name.key"
done
rm -f extensions request ca.srl
chmod 600 ca.key

password="$(openssl rand -hex 24)"
client_secret="$(openssl rand -hex 24)"
printf '%s' "$password" > redis_password
printf 'rediss://bff:%s@redis:6379' "$password" > redis_url
printf '%s' "$client_secret" > client_secret
openssl rand -base64 32 > session_key
{
  echo "CLIENT_SECRET=$client_secret"
  echo "KC_BOOTSTRAP_ADMIN_USERNAME=admin"
  echo "KC_BOOTSTRAP_ADMIN_PASSWORD=$(openssl rand -hex 12)"
} > keycloak.env
chmod 600 keycloak.env
