# Runs in the container `redis`: the rights of bff.acl with the password of the secret, TLS alone, and no other user.
set -eu
umask 077
# By the shell itself: others can read the arguments of a program.
rights="$(cat /etc/redis/bff.acl)"
password="$(cat /run/secrets/redis_password)"
printf '%s%s%s\nuser default off\n' "${rights%%PASSWORD*}" "$password" "${rights#*PASSWORD}" > /tmp/users.acl
exec redis-server --dir /data --appendonly yes --appendfsync everysec --maxmemory 640mb --maxmemory-policy noeviction \
  --port 0 --tls-port 6379 --tls-auth-clients no --tls-ca-cert-file /run/secrets/ca \
  --tls-cert-file /run/secrets/redis_certificate --tls-key-file /run/secrets/redis_key --aclfile /tmp/users.acl
