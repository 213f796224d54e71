#!/bin/sh
# Three replicas behind nginx with a Redis, metrics and audit records, on this machine:
#
#   BFF_ISSUER=https://login.example.com/realms/main BFF_CLIENT_ID=app BFF_CLIENT_SECRET=... deploy/three-replicas.sh FOLDER
#
# For a Keycloak set BFF_PROVIDER=keycloak too: it names the claim with the roles.
# The folder gets the certificate, the keys, the data of Redis, the logs and the audit records. Everything listens on loopback and ends
# with this script. It needs nginx, redis-server, openssl, and the program that `cargo xtask build` writes to `dist`. These variables
# change what it takes:
#
#   PROGRAM, NGINX, REDIS_SERVER     the programs
#   NAME, PORT, PLAIN_PORT           the name and the ports of nginx: localhost, 8443 and 8080
#   PUBLIC_URL                       the address that browsers use: https://NAME:PORT
#   REPLICA_PORTS, METRICS_PORTS     three ports each: "3001 3002 3003" and "9464 9465 9466"
#   REDIS_PORT                       6390
set -eu

here="$(cd "$(dirname "$0")" && pwd)"
folder="${1:?the folder for the files of the replicas}"
program="${PROGRAM:-$here/../dist/bff}"
nginx="${NGINX:-nginx}"
redis_server="${REDIS_SERVER:-redis-server}"
name="${NAME:-localhost}"
port="${PORT:-8443}"
plain_port="${PLAIN_PORT:-8080}"
redis_port="${REDIS_PORT:-6390}"
public_url="${PUBLIC_URL:-https://$name:$port}"
replica_ports="${REPLICA_PORTS:-3001 3002 3003}"
metrics_ports="${METRICS_PORTS:-9464 9465 9466}"
: "${BFF_ISSUER:?the provider}" "${BFF_CLIENT_ID:?the client}"

umask 077
mkdir -p "$folder"
folder="$(cd "$folder" && pwd)"

running=""
end() {
  trap - EXIT INT TERM
  # Each of these was started below. The list is split into its words.
  for process in $running; do kill "$process" 2>/dev/null || true; done
  wait
}
trap end EXIT
trap 'exit 0' INT TERM

# 1. A certificate for nginx, by an authority that this browser alone has to trust.
if [ ! -e "$folder/app.pem" ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=three replicas" \
    -keyout "$folder/ca.key" -out "$folder/ca.pem" 2>/dev/null
  printf 'subjectAltName=DNS:%s\nbasicConstraints=CA:FALSE\n' "$name" > "$folder/extensions"
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" \
    -keyout "$folder/app.key" -out "$folder/request" 2>/dev/null
  openssl x509 -req -in "$folder/request" -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -CAcreateserial -days 30 \
    -extfile "$folder/extensions" -out "$folder/app.pem" 2>/dev/null
fi

# 2. Redis with the rights that the server needs, and no other user.
[ -e "$folder/redis_password" ] || openssl rand -hex 24 > "$folder/redis_password"
[ -e "$folder/session_key" ] || openssl rand -base64 32 > "$folder/session_key"
password="$(cat "$folder/redis_password")"
mkdir -p "$folder/redis"
# By the shell itself: others on this machine can read the arguments of a program.
rights="$(cat "$here/redis/bff.acl")"
printf '%s%s%s\nuser default off\n' "${rights%%PASSWORD*}" "$password" "${rights#*PASSWORD}" > "$folder/users.acl"
"$redis_server" --bind 127.0.0.1 --port "$redis_port" --dir "$folder/redis" --appendonly yes --appendfsync everysec \
  --maxmemory 640mb --maxmemory-policy noeviction --aclfile "$folder/users.acl" > "$folder/redis.log" 2>&1 &
running="$running $!"

# 3. The replicas. They differ in their ports and files alone.
printf 'redis://bff:%s@127.0.0.1:%s' "$password" "$redis_port" > "$folder/redis_url"
export BFF_PUBLIC_URL="$public_url" BFF_TRUSTED_PROXIES=127.0.0.1
export BFF_SESSION_KEY_FILE="$folder/session_key" BFF_REDIS_URL_FILE="$folder/redis_url"
replica() {
  BFF_LISTEN="127.0.0.1:$2" BFF_METRICS_LISTEN="127.0.0.1:$3" BFF_AUDIT="file:$folder/audit-$1.jsonl" \
    "$program" > "$folder/replica-$1.log" 2>&1 &
  running="$running $!"
}
# The lists are split into their words.
set -- $replica_ports
one="$1" two="$2" three="$3"
set -- $metrics_ports
replica 1 "$one" "$1"
replica 2 "$two" "$2"
replica 3 "$three" "$3"

# 4. nginx with the site of nginx/bff.conf: its addresses, names and files are changed, and nothing else.
sed -e "s|10.0.0.11:3000|127.0.0.1:$one|" -e "s|10.0.0.12:3000|127.0.0.1:$two|" -e "s|10.0.0.13:3000|127.0.0.1:$three|" \
  -e "s|listen 80\([ ;]\)|listen 127.0.0.1:$plain_port\1|" -e "s|listen 443 ssl|listen 127.0.0.1:$port ssl|" \
  -e "s|/etc/ssl/app.example.com|$folder/app|" -e "s|server_name app.example.com;|server_name $name;|" \
  -e "s|https://app.example.com\$request_uri|$public_url\$request_uri|" "$here/nginx/bff.conf" > "$folder/site.conf"
cat > "$folder/nginx.conf" <<END
daemon off;
master_process off;
pid $folder/nginx.pid;
events { worker_connections 4096; }
http {
    access_log $folder/access.log;
    client_body_temp_path $folder/client_body;
    proxy_temp_path $folder/proxy;
    fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi;
    scgi_temp_path $folder/scgi;
    include $folder/site.conf;
}
END
"$nginx" -p "$folder" -e "$folder/nginx.log" -c "$folder/nginx.conf" > "$folder/nginx.out" 2>&1 &
running="$running $!"

# 5. A replica that does not answer says why.
check() {
  tries=0
  until "$program" health --url "http://127.0.0.1:$2" > /dev/null 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -ge 20 ]; then
      echo "replica $1 does not answer. The end of $folder/replica-$1.log:" >&2
      tail -n 5 "$folder/replica-$1.log" >&2
      return
    fi
    sleep 1
  done
}
check 1 "$one"
check 2 "$two"
check 3 "$three"

echo "nginx    $public_url, trusting $folder/ca.pem"
echo "metrics  http://127.0.0.1:$1/metrics and the ports $2 and $3"
echo "audit    $folder/audit-1.jsonl to audit-3.jsonl"
echo "Ctrl-C ends everything."
wait
