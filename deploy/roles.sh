#!/bin/sh
# Runs once, when the database is made: the owner migrates, the application owns nothing.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner="$(cat /run/secrets/owner_password)" \
    --set app="$(cat /run/secrets/app_password)" <<'SQL'
CREATE ROLE clm_owner LOGIN NOSUPERUSER CREATEDB PASSWORD :'owner';
CREATE ROLE clm_app LOGIN NOSUPERUSER PASSWORD :'app';
CREATE DATABASE clm OWNER clm_owner TEMPLATE template0;
REVOKE ALL ON DATABASE clm FROM PUBLIC;
GRANT CONNECT ON DATABASE clm TO clm_app;
SQL
