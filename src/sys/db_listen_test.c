/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What one process tells and another hears: after the commit, never without it, and again after the
 * line was lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pthread.h>
#include <time.h>

#include "base/limits.h"
#include "base/log.h"
#include "sys/db_fixture.h"
#include "sys/db_listen.h"

enum { WAIT_SECONDS_MAX = 30, HEARD_BYTES_MAX = 2 * DB_NOTICE_BYTES_MAX };

/* All that was heard, a line each; "+" when it began to listen, "-" when it ended. */
struct ears {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    char heard[HEARD_BYTES_MAX];
    struct db_listener *listener;
};

static void note(struct ears *ears, const char *words)
{
    pthread_mutex_lock(&ears->lock);
    size_t length = strlen(ears->heard);
    snprintf(ears->heard + length, sizeof ears->heard - length, "%s\n", words);
    pthread_cond_signal(&ears->changed);
    pthread_mutex_unlock(&ears->lock);
}

static void hear(void *context, const char *words)
{
    note(context, words);
}

static void note_listens(void *context, bool listens)
{
    note(context, listens ? "+" : "-");
}

/* Waits until that much was heard, and takes care that it is no more and nothing else. */
static void assert_heard(struct ears *ears, const char *expected)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WAIT_SECONDS_MAX;
    pthread_mutex_lock(&ears->lock);
    int status = 0;
    while (status == 0 && strlen(ears->heard) < strlen(expected))
        status = pthread_cond_timedwait(&ears->changed, &ears->lock, &until);
    assert_string_equal(ears->heard, expected);
    pthread_mutex_unlock(&ears->lock);
}

static struct ears *ears_new(const struct place *place)
{
    struct ears *ears = MEM_NEW(place->mem, struct ears);
    const struct db_hearer hearer = {ears, hear, note_listens};
    pthread_mutex_init(&ears->lock, NULL);
    pthread_cond_init(&ears->changed, NULL);
    ears->listener = db_listen(place->mem, place->path, &hearer);
    assert_non_null(ears->listener);
    assert_heard(ears, "+\n");
    return ears;
}

static void tell(struct place *place, const char *words, bool keep)
{
    struct tx *tx = db_begin(place->db, place->mem);
    tx_tell(tx, words);
    if (keep)
        assert_true(tx_commit(tx));
    else
        tx_rollback(tx);
}

static void what_is_committed_is_heard_and_what_is_not_is_not(void **state)
{
    postgres_only();
    struct place *place = *state;
    struct ears *ears = ears_new(place);
    struct tx *tx = db_begin(place->db, place->mem);
    insert(tx, 1, "one");
    tx_tell(tx, "one");
    assert_int_equal(tx_fault(tx), TX_FINE);
    assert_heard(ears, "+\n");
    assert_true(tx_commit(tx));
    assert_heard(ears, "+\none\n");
    tell(place, "two", false);
    tell(place, "three", true);
    assert_heard(ears, "+\none\nthree\n");
    db_listener_stop(ears->listener);
    assert_heard(ears, "+\none\nthree\n"); /* its end is no loss */
}

static void a_long_notice_arrives_whole(void **state)
{
    postgres_only();
    struct place *place = *state;
    struct ears *ears = ears_new(place);
    char words[DB_NOTICE_BYTES_MAX + 1];
    memset(words, 'x', sizeof words - 1);
    words[sizeof words - 1] = '\0';
    tell(place, words, true);
    assert_heard(ears, mem_printf(place->mem, "+\n%s\n", words));
    db_listener_stop(ears->listener);
}

static void who_shares_the_database_and_not_the_schema_tells_us_nothing(void **state)
{
    postgres_only();
    struct place *place = *state;
    struct ears *ears = ears_new(place);
    struct place other = *place;
    other.path = database_new(place->mem, place->folder);
    other.db = db_open(other.path, DB_WRITE);
    tell(&other, "theirs", true);
    tell(place, "ours", true);
    assert_heard(ears, "+\nours\n");
    db_close(other.db);
    database_drop(place->mem, other.path);
    db_listener_stop(ears->listener);
}

static void a_lost_line_is_said_and_opened_again(void **state)
{
    postgres_only();
    struct place *place = *state;
    struct ears *ears = ears_new(place);
    assert_true(database_deafen(place->mem, place->path));
    assert_heard(ears, "+\n-\n+\n");
    tell(place, "again", true);
    assert_heard(ears, "+\n-\n+\nagain\n");
    db_listener_stop(ears->listener);
}

static void it_ends_though_there_is_no_server(void **state)
{
    struct place *place = *state;
    struct ears *ears = MEM_NEW(place->mem, struct ears);
    const struct db_hearer hearer = {ears, hear, note_listens};
    struct db_listener *listener = db_listen(place->mem, "postgresql:///x?host=/nowhere", &hearer);
    assert_non_null(listener);
    db_listener_stop(listener);
    assert_string_equal(ears->heard, "");
}

static void on_a_file_nobody_can_be_told_anything(void **state)
{
    sqlite_only();
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    assert_false(tx_can_tell(tx));
    tx_tell(tx, "nobody hears it");
    assert_false(tx_has_written(tx));
    assert_true(tx_commit(tx));
}

static int group_set_up(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR + 1);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_TEST(what_is_committed_is_heard_and_what_is_not_is_not),
        PLACE_TEST(a_long_notice_arrives_whole),
        PLACE_TEST(who_shares_the_database_and_not_the_schema_tells_us_nothing),
        PLACE_TEST(a_lost_line_is_said_and_opened_again),
        PLACE_TEST(it_ends_though_there_is_no_server),
        PLACE_TEST(on_a_file_nobody_can_be_told_anything),
    };
    return cmocka_run_group_tests(tests, group_set_up, NULL);
}
