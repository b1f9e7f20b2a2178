/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* For tests of every floor: a fresh database for each, on SQLite, or on the PostgreSQL server that
 * the environment names. */
#pragma once
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "sys/db.h"

/* The server on which tests run: a postgresql:// address with a '?' in it, or NULL: they run on
 * SQLite. */
static inline const char *database_server(void)
{
    return getenv("ESSAIM_TEST_DATABASE");
}

/* A test of what one of them alone does ends here on the other. */
#define sqlite_only()                                                                              \
    do {                                                                                           \
        if (database_server())                                                                     \
            skip();                                                                                \
    } while (0)
#define postgres_only()                                                                            \
    do {                                                                                           \
        if (!database_server())                                                                    \
            skip();                                                                                \
    } while (0)

/* Gives the names of all tables. */
static inline const char *database_tables_sql(void)
{
    return database_server()
               ? "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = "
                 "current_schema() AND left(tablename, 5) <> 'kept_' ORDER BY tablename"
               : "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
}

/* Runs it on the server. */
static inline bool database_exec(const char *sql)
{
    const char *error = NULL;
    struct db *db = db_open(database_server(), DB_WRITE);
    bool done = db && db_script(db, sql, &error);
    db_close(db);
    return done;
}

/* Ends the connections that listen in that schema. */
static inline bool database_deafen(struct mem *mem, const char *where)
{
    return database_exec(mem_printf(mem,
                                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                    " WHERE query = 'LISTEN essaim_' || md5('%s')",
                                    strstr(where, "test_")));
}

/* A new database: a schema of its own on the server, or a file of that name in `folder`. "" when
 * the server has none for us. */
static inline const char *database_new(struct mem *mem, const char *folder)
{
    static int made;
    if (!database_server())
        return mem_printf(mem, "%s/essaim.db", folder);
    const char *schema = mem_printf(mem, "test_%d_%d", getpid(), ++made);
    if (!database_exec(mem_printf(mem, "CREATE SCHEMA %s", schema)))
        return "";
    return mem_printf(mem, "%s&options=-csearch_path%%3D%s", database_server(), schema);
}

/* Ends it, and what was laid beside its file. */
static inline void database_drop(struct mem *mem, const char *where)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".copy"};
    const char *schema = strstr(where, "test_");
    if (db_is_postgres(where))
        database_exec(mem_printf(mem, "DROP SCHEMA %s CASCADE", schema));
    for (size_t i = 0; !db_is_postgres(where) && i < sizeof ends / sizeof *ends; i++)
        unlink(mem_printf(mem, "%s%s", where, ends[i]));
}
