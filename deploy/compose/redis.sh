# Runs in the container `redis`: the rights of bff.acl with the password of the secret, TLS alone, and no other user.
set -eu
sed "s/PASSWORD/$(cat /run/secrets/redis_password)/" /etc/redis/bff.acl > /tmp/users.acl
echo "user default off" >> /tmp/users.acl
exec redis-server --dir /data --appendonly yes --appendfsync everysec --maxmemory-policy noeviction \
  --port 0 --tls-port 6379 --tls-auth-clients no --tls-ca-cert-file /run/secrets/ca \
  --tls-cert-file /run/secrets/redis_certificate --tls-key-file /run/secrets/redis_key --aclfile /tmp/users.acl
