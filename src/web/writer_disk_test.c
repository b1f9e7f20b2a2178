/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The writer when the disk fails: no file may grow any more (RLIMIT_FSIZE), or what was written
 * cannot be made durable; SQLite meets both as an I/O error when it commits. That limit is a
 * process's, and so is fdatasync, which stands here in the place of libc's: these tests have a
 * process of their own. */
#include "web/writer_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>

static atomic_int syncs_that_fail;

int fdatasync(int file)
{
    if (atomic_load(&syncs_that_fail) == 0)
        return (int)syscall(SYS_fdatasync, file);
    atomic_fetch_sub(&syncs_that_fail, 1);
    errno = EIO;
    return -1;
}

static void let_files_grow(bool may)
{
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = may ? limit.rlim_max : 0;
    setrlimit(RLIMIT_FSIZE, &limit);
}

static bool act_disk_fails_once(struct piece *piece, struct tx *tx)
{
    (void)tx;
    let_files_grow(piece->runs > 1);
    return true;
}

static void after_a_fault_of_the_disk_the_file_is_opened_again(void **state)
{
    sqlite_only();
    struct world *world = *state;
    signal(SIGXFSZ, SIG_IGN);
    struct db *reader = db_open(world->place->path, DB_READ); /* keeps the log's files there */
    struct piece *piece = submit_acting(world, 1, act_disk_fails_once);
    let_files_grow(true);
    assert_ended(piece, WRITER_KEPT, 2);
    assert_true(has_row(world, 1));
    assert_true(writer_is_well(world->writer));
    assert_false(db_wants_reopen(world->place->db));
    db_close(reader);
    writer_stop(world->writer);
}

enum { SYNC_TRIES = 2 }; /* of the log, and once more while the file is closed */

static bool act_sync_fails_once(struct piece *piece, struct tx *tx)
{
    (void)tx;
    atomic_store(&syncs_that_fail, piece->runs == 1 ? SYNC_TRIES : 0);
    return true;
}

/* The log holds all of the first run. Nobody else has the file open, so that whoever opens it takes
 * over what the log holds: the second run would find its row there. */
static void what_was_not_made_durable_does_not_come_back(void **state)
{
    sqlite_only();
    struct world *world = *state;
    struct piece *piece = submit_acting(world, 1, act_sync_fails_once);
    assert_ended(piece, WRITER_KEPT, 2);
    assert_true(writer_is_well(world->writer));
    assert_int_equal(count_things(world->place), 1);
    writer_stop(world->writer);
}

static bool act_disk_fails(struct piece *piece, struct tx *tx)
{
    (void)piece, (void)tx;
    let_files_grow(false);
    return true;
}

enum { HEAD_BYTES = 100 };

static void put_head(const char *path, const char bytes[HEAD_BYTES])
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(file, bytes, HEAD_BYTES, 0), HEAD_BYTES);
    close(file);
}

static void get_head(const char *path, char ret_bytes[HEAD_BYTES])
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    assert_int_equal(pread(file, ret_bytes, HEAD_BYTES, 0), HEAD_BYTES);
    close(file);
}

/* The file's head is overwritten, and then put back. A reader keeps SQLite from mending it out of
 * the log when the writer's connection closes. */
static void nothing_is_written_to_a_file_that_is_not_sound(void **state)
{
    sqlite_only();
    struct world *world = *state;
    struct place *place = world->place;
    char head[HEAD_BYTES];
    const char *error = NULL;
    signal(SIGXFSZ, SIG_IGN);
    assert_true(db_script(place->db, "PRAGMA wal_checkpoint(TRUNCATE)", &error));
    struct db *reader = db_open(place->path, DB_READ);
    get_head(place->path, head);
    put_head(place->path, (const char[HEAD_BYTES]){"no database"});
    struct piece *piece = submit_acting(world, 1, act_disk_fails);
    let_files_grow(true);
    assert_ended(piece, WRITER_FAULT, 1);
    assert_ended(submit(world, 2), WRITER_FAULT, 0);
    assert_false(writer_is_well(world->writer));

    put_head(place->path, head);
    pause_ms(DB_PAUSE_MS_MIN + 1); /* it is not tried without end */
    assert_ended(submit(world, 3), WRITER_KEPT, 1);
    assert_true(writer_is_well(world->writer));
    assert_int_equal(count_things(place), 1);
    db_close(reader);
    writer_stop(world->writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ALONE(after_a_fault_of_the_disk_the_file_is_opened_again),
        ALONE(what_was_not_made_durable_does_not_come_back),
        ALONE(nothing_is_written_to_a_file_that_is_not_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
