/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The log of a SQLite file stays short, whoever writes, reads, or stops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

#include "sys/db_fixture.h"

enum {
    MB = 1024 * 1024,
    PIECE_BYTES = 400 * 1000,
    LOG_MB_MAX = 140, /* what the writer waits for, and a transaction more */
    WRITTEN_MB = 300
};

static int file_mb(const struct place *place, const char *suffix)
{
    struct stat file;
    const char *path = mem_join(place->mem, place->path, suffix);
    return stat(path, &file) == 0 ? (int)(file.st_size / MB) : 0;
}

/* A transaction that adds as many bytes to the log: what stays as it is would not be written. */
static void write_piece(struct place *place, int number)
{
    struct mem *mem = mem_new(4 * MB);
    char *bytes = mem_alloc(mem, PIECE_BYTES);
    memset(bytes, number, PIECE_BYTES);
    struct tx *tx = db_begin(place->db, mem);
    tx_do(tx, "UPDATE thing SET bytes = ?1", db_blob(bytes, PIECE_BYTES));
    assert_true(tx_commit(tx));
    mem_free(mem);
}

static void write_pieces(struct place *place, int megabytes)
{
    for (int i = 0; i < megabytes * (MB / 1000) / (PIECE_BYTES / 1000); i++)
        write_piece(place, i);
}

/* With the one row that is written again and again. */
static int set_up(void **state)
{
    if (place_set_up(state) != 0)
        return -1;
    struct place *place = *state;
    const char *error = NULL;
    if (database_server())
        return 0;
    return db_script(place->db, "INSERT INTO thing (id) VALUES (1)", &error) ? 0 : -1;
}

static void however_much_is_written_the_log_stays_short(void **state)
{
    sqlite_only();
    struct place *place = *state;
    write_pieces(place, WRITTEN_MB);
    assert_in_range(file_mb(place, "-wal"), 1, LOG_MB_MAX);
    assert_true(db_is_sound(place->db));
    assert_int_equal(count_things(place), 1);
}

static void as_long_as_somebody_reads_it_becomes_longer(void **state)
{
    sqlite_only();
    struct place *place = *state;
    struct db *reader = db_open(place->path, DB_READ);
    struct tx *tx = db_begin(reader, place->mem);
    assert_non_null(tx_one(tx, "SELECT id FROM thing"));
    write_pieces(place, LOG_MB_MAX + 20);
    assert_in_range(file_mb(place, "-wal"), LOG_MB_MAX, 2 * LOG_MB_MAX);
    tx_rollback(tx);
    db_close(reader);
    write_pieces(place, WRITTEN_MB);
    assert_in_range(file_mb(place, "-wal"), 1,
                    LOG_MB_MAX); /* cut to its limit when it begins anew */
    assert_true(db_is_sound(place->db));
}

/* No file may be opened any more. */
static void allow_no_more_files(struct rlimit *ret_before)
{
    int next = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(next);
    getrlimit(RLIMIT_NOFILE, ret_before);
    struct rlimit now = {.rlim_cur = (rlim_t)next, .rlim_max = ret_before->rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &now), 0);
}

static void where_the_thread_cannot_open_the_file_the_writer_does_it_alone(void **state)
{
    sqlite_only();
    struct place *place = *state;
    struct rlimit before;
    log_set_level(LOG_ERROR + 1);
    write_piece(place, 0);
    allow_no_more_files(&before);
    write_pieces(place, WRITTEN_MB);
    setrlimit(RLIMIT_NOFILE, &before);
    assert_in_range(file_mb(place, "-wal"), 1, LOG_MB_MAX);
    assert_true(db_is_sound(place->db));
}

static void it_is_gone_when_the_last_one_closes(void **state)
{
    sqlite_only();
    struct place *place = *state;
    write_pieces(place, WRITTEN_MB / 4);
    db_close(place->db);
    assert_int_equal(file_mb(place, "-wal"), 0);
    place->db = db_open(place->path, DB_WRITE);
    assert_int_equal(count_things(place), 1);
}

static void a_file_that_is_opened_again_is_looked_after_as_before(void **state)
{
    sqlite_only();
    struct place *place = *state;
    write_pieces(place, WRITTEN_MB / 4);
    assert_true(db_reopen(place->db));
    write_pieces(place, WRITTEN_MB);
    assert_in_range(file_mb(place, "-wal"), 1, LOG_MB_MAX);
    assert_true(db_is_sound(place->db));
}

#define LOG_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, place_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOG_TEST(however_much_is_written_the_log_stays_short),
        LOG_TEST(as_long_as_somebody_reads_it_becomes_longer),
        LOG_TEST(where_the_thread_cannot_open_the_file_the_writer_does_it_alone),
        LOG_TEST(it_is_gone_when_the_last_one_closes),
        LOG_TEST(a_file_that_is_opened_again_is_looked_after_as_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
