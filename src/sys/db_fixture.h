/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* For tests of the database alone: a folder with one fresh database of one table, made before each
 * test and removed after it. */
#pragma once
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "sys/db_testing.h"

struct place {
    char folder[32];
    struct mem *mem;
    const char *path;
    struct db *db;
};

static inline int place_set_up(void **state)
{
    struct mem *mem = mem_new(32 * 1024 * 1024);
    struct place *place = MEM_NEW(mem, struct place);
    place->mem = mem;
    snprintf(place->folder, sizeof place->folder, "/tmp/essaim-db-XXXXXX");
    if (!mkdtemp(place->folder))
        return -1;
    place->path = database_new(mem, place->folder);
    place->db = db_open(place->path, DB_WRITE);
    const char *error = NULL;
    if (!place->db ||
        !db_script(place->db,
                   mem_printf(mem,
                              "CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT UNIQUE, "
                              "parent_id BIGINT REFERENCES thing (id), bytes %s)",
                              database_server() ? "BYTEA" : "BLOB"),
                   &error))
        return -1;
    *state = place;
    return 0;
}

static inline int place_tear_down(void **state)
{
    struct place *place = *state;
    db_close(place->db);
    database_drop(place->mem, place->path);
    int code = rmdir(place->folder);
    mem_free(place->mem);
    return code;
}

#define PLACE_TEST(name) cmocka_unit_test_setup_teardown(name, place_set_up, place_tear_down)

static inline void insert(struct tx *tx, int id, const char *name)
{
    tx_do(tx, "INSERT INTO thing (id, name) VALUES (?1, ?2)", id, name);
}

/* How many things are there, asked in a transaction of its own. */
static inline int64_t count_things(struct place *place)
{
    struct tx *tx = db_begin(place->db, place->mem);
    int64_t count = row_int(tx_one(tx, "SELECT COUNT(*) FROM thing"), 0);
    tx_rollback(tx);
    return count;
}
