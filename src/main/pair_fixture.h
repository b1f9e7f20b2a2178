/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* For tests of two processes on one PostgreSQL database, each with a data folder of its own: here
 * two programs in one process, of which the first serves. */
#pragma once
/* clang-format off: cmocka wants these first */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
/* clang-format on */
#include <dirent.h>
#include <sys/stat.h>

#include "base/log.h"
#include "main/program.h"
#include "sys/db_testing.h"

struct pair {
    struct mem *mem;
    char folder[48];
    const char *database;
    struct config configs[2];
    struct program *first; /* serves */
    struct program *second;
};

static inline int pair_set_up(void **state)
{
    struct mem *mem = mem_new(8 * 1024 * 1024);
    struct pair *pair = MEM_NEW(mem, struct pair);
    pair->mem = mem;
    *state = pair;
    if (!database_server())
        return 0;
    log_set_level(LOG_ERROR + 1);
    snprintf(pair->folder, sizeof pair->folder, "/tmp/essaim-pair-XXXXXX");
    if (!mkdtemp(pair->folder))
        return -1;
    pair->database = database_new(mem, pair->folder);
    for (int i = 0; i < 2; i++)
        pair->configs[i] = (struct config){.data = mem_printf(mem, "%s/%d", pair->folder, i),
                                           .database = pair->database,
                                           .listen = "127.0.0.1:0",
                                           .base_url = "http://127.0.0.1:8080",
                                           .cache_mb = 4};
    return 0;
}

static inline struct pair *pair_open(void **state)
{
    struct pair *pair = *state;
    pair->first = program_open(&pair->configs[0], PROGRAM_SERVING, NULL);
    assert_non_null(pair->first);
    pair->second = program_open(&pair->configs[1], PROGRAM_ALONE, NULL);
    assert_non_null(pair->second);
    return pair;
}

static inline void pair_remove(struct mem *mem, const char *folder)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        unlink(mem_printf(mem, "%s/%s", folder, entry->d_name));
    if (dir)
        closedir(dir);
    rmdir(folder);
}

static inline int pair_tear_down(void **state)
{
    struct pair *pair = *state;
    if (pair->database) {
        if (pair->first)
            program_close(pair->first);
        if (pair->second)
            program_close(pair->second);
        database_drop(pair->mem, pair->database);
        pair_remove(pair->mem, pair->configs[0].data);
        pair_remove(pair->mem, pair->configs[1].data);
        rmdir(pair->folder);
    }
    mem_free(pair->mem);
    return 0;
}

#define PAIR_TEST(name) cmocka_unit_test_setup_teardown(name, pair_set_up, pair_tear_down)
