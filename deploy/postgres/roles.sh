#!/bin/sh
# Run once, by PostgreSQL's image, when the database is new: the roles of docs/server.md, and one
# that may only copy the whole cluster.
set -eu

psql -v ON_ERROR_STOP=1 -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" \
    -v backup="$BACKUP_PASSWORD" -d "$POSTGRES_DB" <<'SQL'
CREATE ROLE huyula_owner LOGIN PASSWORD :'owner';
CREATE ROLE huyula_app LOGIN PASSWORD :'app';
CREATE ROLE huyula_backup LOGIN REPLICATION PASSWORD :'backup';
ALTER DATABASE :"DBNAME" OWNER TO huyula_owner;
REVOKE CONNECT, TEMPORARY ON DATABASE :"DBNAME" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO huyula_app;
SQL
echo "host replication huyula_backup samenet scram-sha-256" >>"$PGDATA/pg_hba.conf"
