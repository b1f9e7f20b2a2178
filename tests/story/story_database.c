/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One schema for all stories of a program, emptied in between by a script of PostgreSQL's own. On
 * SQLite there is nothing to do: a file is made in no time. */
#include "story/story_database.h"

#include <stdbool.h>
#include <stdio.h>

#include "base/str.h"
#include "story/story.h"
#include "sys/db.h"
#include "sys/db_testing.h"

/* The schema that is shared. A story that opens a second install while it has the first gets
 * another one. */
static struct {
    char where[256];
    bool is_taken;
    bool is_kept; /* there are tables kept_x with what belongs into x */
} shared;

static const char keep[] = "DO $$ DECLARE t RECORD; n BIGINT; BEGIN "
                           "FOR t IN SELECT tablename AS name FROM pg_tables "
                           "WHERE schemaname = current_schema() LOOP "
                           "EXECUTE 'SELECT COUNT(*) FROM ' || t.name INTO n; "
                           "IF n > 0 THEN "
                           "EXECUTE 'CREATE TABLE kept_' || t.name || ' AS TABLE ' || t.name; "
                           "END IF; END LOOP; END $$";

static const char empty[] = "DO $$ DECLARE t RECORD; BEGIN "
                            "SET LOCAL session_replication_role = replica; " /* no foreign keys */
                            "FOR t IN SELECT tablename AS name FROM pg_tables "
                            "WHERE schemaname = current_schema() "
                            "AND left(tablename, 5) <> 'kept_' LOOP "
                            "EXECUTE 'DELETE FROM ' || t.name; "
                            "IF to_regclass('kept_' || t.name) IS NOT NULL THEN "
                            "EXECUTE 'INSERT INTO ' || t.name || ' TABLE kept_' || t.name; "
                            "END IF; END LOOP; END $$";

static void run(const char *where, const char *script)
{
    const char *error = "it cannot be opened";
    struct db *db = db_open(where, DB_WRITE);
    if (!db || !db_script(db, script, &error))
        fail_msg("the database of the stories: %s", error);
    db_close(db);
}

const char *story_database_take(struct mem *mem, const char *folder)
{
    if (!database_server() || shared.is_taken)
        return database_new(mem, folder);
    if (*shared.where)
        run(shared.where, empty);
    else
        snprintf(shared.where, sizeof shared.where, "%s", database_new(mem, folder));
    shared.is_taken = true;
    return shared.where;
}

void story_database_keep(const char *where)
{
    if (where != shared.where || shared.is_kept)
        return;
    run(where, keep);
    shared.is_kept = true;
}

void story_database_give(const char *where)
{
    if (where == shared.where)
        shared.is_taken = false;
}
