/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What PostgreSQL alone does: errors that are told later, a lock that others hold, connections that
 * break, and a COMMIT whose answer is lost. The last needs somebody between the program and the
 * server who keeps the answer to themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/log.h"
#include "sys/clock.h"
#include "sys/db_fixture.h"
#include "sys/db_postgres_local.h"
#include "sys/db_readers.h"

enum { LONG_MS = 60000, ENDED_MS_MAX = 20000, PIECE_BYTES_MAX = 65536, DEAF_US = 1000 };

static int group_set_up(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR + 1);
    return 0;
}

/* Ends the server's side of a connection, as an administrator would. */
static void end_backend(struct db *db)
{
    char sql[80];
    snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%d, 5000)",
             PQbackendPID(postgres_of(db)->connection));
    assert_true(database_exec(sql));
}

static void a_batch_of_steps_that_give_up_at_once_is_not_too_long_for_the_line(void **state)
{
    postgres_only();
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    for (int i = 0; i < PIPE_SENT_MAX; i++) {
        tx_step_begin(tx, place->mem, LONG_MS);
        tx_give_up(tx, "too much", "a test");
        tx_step_end(tx, true);
    }
    tx_step_begin(tx, place->mem, LONG_MS);
    insert(tx, 1, "one");
    tx_step_end(tx, true);
    assert_true(tx_commit(tx));
    assert_int_equal(count_things(place), 1);
}

static void an_error_in_a_step_that_has_ended_is_the_batch_s(void **state)
{
    postgres_only();
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    tx_step_begin(tx, place->mem, LONG_MS);
    insert(tx, 1, "one");
    insert(tx, 1, "again");
    tx_step_end(tx, true);
    tx_step_begin(tx, place->mem, LONG_MS);
    assert_null(tx_one(tx, "SELECT 1"));
    assert_int_equal(tx_fault(tx), TX_FAULT_BATCH);
    assert_true(tx_is_lost(tx));
    tx_step_end(tx, true);
    assert_false(tx_commit(tx));
    assert_false(db_wants_reopen(place->db));
    assert_int_equal(count_things(place), 0);
}

static void an_error_that_nobody_read_fails_the_commit(void **state)
{
    postgres_only();
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    insert(tx, 1, "one");
    insert(tx, 1, "again");
    assert_false(tx_commit(tx));
    assert_non_null(strstr(tx_error(tx), "INSERT INTO thing"));
    assert_int_equal(count_things(place), 0);
}

static void what_nobody_reads_makes_no_round_trip(void **state)
{
    postgres_only();
    struct place *place = *state;
    struct db_postgres *postgres = postgres_of(place->db);
    struct tx *tx = db_begin(place->db, place->mem);
    int64_t before = postgres->round_trips;
    for (int i = 0; i < 20; i++) {
        tx_step_begin(tx, place->mem, LONG_MS);
        insert(tx, i, NULL);
        insert(tx, 100 + i, NULL);
        tx_step_end(tx, i != 7);
    }
    assert_int_equal(postgres->round_trips, before);
    assert_true(tx_commit(tx));
    assert_int_equal(postgres->round_trips, before + 1);
    assert_int_equal(count_things(place), 38);
}

static void more_than_the_pipe_holds_goes_through_it(void **state)
{
    postgres_only();
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    for (int i = 0; i < 3 * PIPE_SENT_MAX; i++)
        insert(tx, i, NULL);
    assert_true(tx_commit(tx));
    assert_int_equal(count_things(place), 3 * PIPE_SENT_MAX);
}

static void rows_that_are_copied_in_are_there_with_all_else(void **state)
{
    postgres_only();
    static const char copy[] = "COPY thing (id, name) FROM STDIN";
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    insert(tx, 1, "one");
    tx_copy_begin(tx, copy);
    tx_copy_lines(tx, "2\ttw", 4);
    tx_copy_lines(tx, "o\n3\t\\N\n", 7);
    tx_copy_end(tx, copy);
    insert(tx, 4, "four");
    assert_true(tx_has_written(tx));
    assert_true(tx_commit(tx));
    assert_int_equal(count_things(place), 4);
}

static void a_copy_that_is_refused_is_a_fault_of_its_transaction(void **state)
{
    postgres_only();
    static const char *const copies[] = {"COPY thing (id) FROM STDIN",
                                         "COPY thing (no) FROM STDIN"};
    struct place *place = *state;
    for (int i = 0; i < 2; i++) {
        struct tx *tx = db_begin(place->db, place->mem);
        insert(tx, 1, "one");
        tx_copy_begin(tx, copies[i]);
        tx_copy_lines(tx, "2\n1\n", 4);
        tx_copy_end(tx, copies[i]);
        assert_int_equal(tx_fault(tx), TX_FAULT);
        assert_non_null(strstr(tx_error(tx), "COPY thing"));
        assert_false(tx_commit(tx));
        assert_int_equal(count_things(place), 0);
    }
}

static void a_copy_whose_connection_ends_is_a_fault(void **state)
{
    postgres_only();
    static const char copy[] = "COPY thing (id) FROM STDIN";
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    tx_copy_begin(tx, copy);
    end_backend(place->db);
    tx_copy_lines(tx, "2\n", 2);
    tx_copy_end(tx, copy);
    assert_true(tx_fault(tx) != TX_FINE);
    assert_false(tx_commit(tx));
    assert_true(db_wants_reopen(place->db));
    assert_true(db_reopen(place->db));
    assert_int_equal(count_things(place), 0);
}

static void a_write_that_takes_too_long_ends_its_step_alone(void **state)
{
    postgres_only();
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    insert(tx, 1, "one");
    tx_step_begin(tx, place->mem, 20);
    tx_do(tx, "INSERT INTO thing (id) WITH RECURSIVE n (i) AS "
              "(SELECT 10 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n");
    assert_int_equal(tx_fault(tx), TX_FAULT_TIME);
    assert_false(tx_is_lost(tx));
    tx_step_end(tx, true);
    assert_true(tx_commit(tx));
    assert_int_equal(count_things(place), 1);
}

static void a_batch_leaves_its_number_when_it_wrote_something(void **state)
{
    postgres_only();
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    assert_non_null(tx_one(tx, "SELECT 1"));
    assert_false(tx_has_written(tx));
    assert_true(tx_commit(tx));
    tx = db_begin(place->db, place->mem);
    assert_null(tx_one(tx, "SELECT number FROM db_batch"));
    insert(tx, 1, "one");
    assert_true(tx_has_written(tx));
    assert_true(tx_commit(tx));
    struct db_postgres *postgres = postgres_of(place->db);
    assert_int_equal(postgres_look_up(postgres, postgres->batch), BATCH_KEPT);
    assert_int_equal(postgres_look_up(postgres, postgres->batch + 1), BATCH_NOT_KEPT);
    db_close(place->db);
    place->db = db_open(place->path, DB_WRITE);
    tx = db_begin(place->db, place->mem);
    assert_null(tx_one(tx, "SELECT number FROM db_batch")); /* who ends well takes it along */
    tx_rollback(tx);
}

static void who_waits_too_long_for_the_lock_does_not_begin(void **state)
{
    postgres_only();
    struct place *place = *state;
    const char *error = NULL;
    struct db *other = db_open(place->path, DB_WRITE);
    assert_true(db_script(place->db, "SET lock_timeout = 50", &error));
    struct tx *kept = db_begin(other, place->mem);
    struct tx *tx = db_begin(place->db, place->mem);
    assert_int_equal(tx_fault(tx), TX_FAULT_BATCH);
    assert_true(tx_is_lost(tx));
    assert_false(db_wants_reopen(place->db));
    tx_rollback(tx);
    tx_rollback(kept);
    tx = db_begin(place->db, place->mem);
    insert(tx, 1, "one");
    assert_true(tx_commit(tx));
    db_close(other);
}

static void a_connection_that_is_lost_is_opened_again(void **state)
{
    postgres_only();
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    insert(tx, 1, "one");
    end_backend(place->db);
    assert_null(tx_one(tx, "SELECT 1"));
    assert_int_equal(tx_fault(tx), TX_FAULT_BATCH);
    assert_true(tx_is_lost(tx));
    assert_true(db_wants_reopen(place->db));
    assert_false(tx_commit(tx));
    assert_true(db_reopen(place->db));
    assert_int_equal(count_things(place), 0);
    end_backend(place->db);
    tx = db_begin(place->db, place->mem);
    assert_int_equal(tx_fault(tx), TX_FAULT_BATCH);
    tx_rollback(tx);
    assert_true(db_wants_reopen(place->db));
    assert_true(db_reopen(place->db));
    assert_int_equal(count_things(place), 0);
}

/* As when the program is killed in the middle of it: it would go on with the writer's lock. */
static void a_statement_that_nobody_waits_for_ends(void **state)
{
    postgres_only();
    struct place *place = *state;
    PGconn *connection = postgres_of(place->db)->connection;
    char sql[160];
    snprintf(sql, sizeof sql,
             "SELECT 1 / (CASE WHEN EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = %d) "
             "THEN 0 ELSE 1 END)",
             PQbackendPID(connection));
    assert_true(PQsendQueryParams(connection, "SELECT pg_sleep(60)", 0, NULL, NULL, NULL, NULL, 0));
    assert_true(PQsendFlushRequest(connection));
    assert_int_equal(PQflush(connection), 0);
    assert_false(database_exec(sql));
    shutdown(PQsocket(connection), SHUT_RDWR);
    int64_t until = clock_monotonic_ms() + ENDED_MS_MAX;
    while (!database_exec(sql) && clock_monotonic_ms() < until)
        poll(NULL, 0, 100);
    assert_true(database_exec(sql));
}

static void a_reader_whose_server_hung_up_is_not_handed_out(void **state)
{
    postgres_only();
    struct place *place = *state;
    struct db_readers *readers = db_readers_new(place->path, 1);
    struct db *reader = db_readers_take(readers);
    assert_int_equal(row_int(tx_one(db_begin(reader, place->mem), "SELECT 1"), 0), 1);
    tx_rollback(&reader->tx);
    db_readers_give(readers, reader);
    end_backend(reader);
    reader = db_readers_take(readers);
    assert_non_null(reader);
    assert_non_null(tx_one(db_begin(reader, place->mem), "SELECT 1"));
    tx_rollback(&reader->tx);
    db_readers_give(readers, reader);
    db_readers_free(readers);
}

static void a_server_that_is_not_there_is_not_asked_without_end(void **state)
{
    postgres_only();
    (void)state;
    struct db_readers *readers = db_readers_new("postgresql:///x?host=/tmp/essaim-none", 1);
    struct pause pause = {0};
    for (int i = 0; i < 12; i++)
        pause_begin(&pause);
    assert_int_equal(pause.ms, DB_PAUSE_MS_MAX);
    assert_false(pause_is_over(&pause));
    int64_t began_us = clock_monotonic_us();
    for (int i = 0; i < 1000; i++)
        assert_null(db_readers_take(readers));
    assert_in_range(clock_monotonic_us() - began_us, 0, 1000000);
    db_readers_free(readers);
}

/* A socket that takes connections and says nothing. */
static int mute_listen(const char *folder)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/.s.PGSQL.5432", folder);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 8), 0);
    return listener;
}

static void *take_none(void *readers)
{
    return db_readers_take(readers);
}

/* After one that failed; the others are told so at once, however long that one waits. */
static void a_server_that_says_nothing_is_waited_for_by_one_alone(void **state)
{
    postgres_only();
    struct place *place = *state;
    pthread_t thread;
    void *taken;
    int listener = mute_listen(place->folder);
    struct db_readers *readers =
        db_readers_new(mem_printf(place->mem, "postgresql:///x?host=%s", place->folder), 2);
    assert_null(db_readers_take(readers));
    close(accept(listener, NULL, NULL));
    poll(NULL, 0, 2 * DB_PAUSE_MS_MIN);
    assert_int_equal(pthread_create(&thread, NULL, take_none, readers), 0);
    int waits = accept(listener, NULL, NULL); /* that thread is there */
    int64_t began_ms = clock_monotonic_ms();
    for (int i = 0; i < 100; i++)
        assert_null(db_readers_take(readers));
    assert_in_range(clock_monotonic_ms() - began_ms, 0, 1000);
    close(waits);
    pthread_join(thread, &taken);
    assert_null(taken);
    db_readers_free(readers);
    close(listener);
    unlink(mem_printf(place->mem, "%s/.s.PGSQL.5432", place->folder));
}

static void a_commit_on_a_lost_connection_is_looked_up_and_was_not_kept(void **state)
{
    postgres_only();
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    insert(tx, 1, "one");
    assert_int_equal(tx_fault(tx), TX_FINE);
    end_backend(place->db);
    assert_false(tx_commit(tx));
    assert_int_equal(tx_fault(tx), TX_FAULT_BATCH);
    assert_false(db_wants_reopen(place->db)); /* it was asked on a new one */
    assert_int_equal(count_things(place), 0);
}

/* Somebody in the middle: passes on what both say, until the COMMIT of a batch. That they pass on,
 * wait for the answer, and hang up without telling it. Then they take the next connection. */
struct middle {
    char folder[32];
    const char *server;
    int listener;
    atomic_bool keeps_answers; /* to COMMIT */
    atomic_bool is_deaf;       /* hears nothing more, and hangs up on nobody */
    atomic_bool is_gone;       /* takes no further connection */
    atomic_int kept;
};

static int middle_call_server(const struct middle *middle)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/.s.PGSQL.5432", middle->server);
    int server = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(server, (struct sockaddr *)&address, sizeof address), 0);
    return server;
}

/* Passes on one piece; what the client says is listened to. False: that side has hung up. */
static bool middle_pass(struct middle *middle, int from, int to, bool is_client)
{
    static char piece[PIECE_BYTES_MAX];
    ssize_t count = recv(from, piece, sizeof piece, 0);
    if (count <= 0 || send(to, piece, (size_t)count, MSG_NOSIGNAL) != count)
        return false;
    if (!is_client || !atomic_load(&middle->keeps_answers) ||
        !memmem(piece, (size_t)count, "COMMIT", 7))
        return true;
    atomic_store(&middle->keeps_answers, false);
    atomic_fetch_add(&middle->kept, 1);
    recv(to, piece, sizeof piece, 0);
    return false;
}

static void *middle_thread(void *context)
{
    struct middle *middle = context;
    int client;
    while ((client = accept(middle->listener, NULL, NULL)) >= 0) {
        int server = middle_call_server(middle);
        bool goes_on = true;
        while (goes_on) {
            struct pollfd sides[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
            poll(sides, 2, -1);
            while (atomic_load(&middle->is_deaf))
                usleep(DEAF_US);
            if (sides[0].revents)
                goes_on = middle_pass(middle, client, server, true);
            if (goes_on && sides[1].revents)
                goes_on = middle_pass(middle, server, client, false);
        }
        if (atomic_load(&middle->is_gone))
            shutdown(middle->listener, SHUT_RDWR);
        close(client);
        close(server);
    }
    return NULL;
}

/* The folder of the server's socket, as ESSAIM_TEST_DATABASE names it. */
static const char *server_folder(struct mem *mem)
{
    const char *host = strstr(database_server(), "host=");
    assert_non_null(host);
    host += strlen("host=");
    return mem_strndup(mem, host, strcspn(host, "&"));
}

static pthread_t middle_start(struct middle *middle, struct place *place)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    pthread_t thread;
    snprintf(middle->folder, sizeof middle->folder, "/tmp/essaim-mid-XXXXXX");
    assert_non_null(mkdtemp(middle->folder));
    middle->server = server_folder(place->mem);
    snprintf(address.sun_path, sizeof address.sun_path, "%s/.s.PGSQL.5432", middle->folder);
    middle->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(middle->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(middle->listener, 8), 0);
    assert_int_equal(pthread_create(&thread, NULL, middle_thread, middle), 0);
    db_close(place->db);
    place->db =
        db_open(mem_printf(place->mem, "%s&host=%s", place->path, middle->folder), DB_WRITE);
    assert_non_null(place->db);
    return thread;
}

static void middle_stop(struct middle *middle, pthread_t thread, struct place *place)
{
    db_close(place->db);
    shutdown(middle->listener, SHUT_RDWR);
    pthread_join(thread, NULL);
    close(middle->listener);
    unlink(mem_printf(place->mem, "%s/.s.PGSQL.5432", middle->folder));
    rmdir(middle->folder);
    place->db = db_open(place->path, DB_WRITE);
}

static void a_commit_whose_answer_is_lost_is_looked_up_and_was_kept(void **state)
{
    postgres_only();
    struct place *place = *state;
    struct middle middle = {.listener = -1};
    pthread_t thread = middle_start(&middle, place);
    atomic_store(&middle.keeps_answers, true);
    struct tx *tx = db_begin(place->db, place->mem);
    insert(tx, 1, "one");
    assert_true(tx_commit(tx));
    assert_int_equal(atomic_load(&middle.kept), 1);
    tx = db_begin(place->db, place->mem);
    insert(tx, 2, "two");
    assert_true(tx_commit(tx));
    middle_stop(&middle, thread, place);
    assert_int_equal(count_things(place), 2);
}

/* It takes connections, as the kernel does for a program that hangs, and says nothing: neither to
 * who waits for rows, nor to who wants that cancelled. */
static void a_server_that_hangs_is_given_up_in_time(void **state)
{
    postgres_only();
    struct place *place = *state;
    struct middle middle = {.listener = -1};
    pthread_t thread = middle_start(&middle, place);
    struct tx *tx = db_begin(place->db, place->mem);
    tx_step_begin(tx, place->mem, 10);
    int64_t began_ms = clock_monotonic_ms();
    atomic_store(&middle.is_deaf, true);
    assert_null(tx_one(tx, "SELECT 1"));
    assert_in_range(clock_monotonic_ms() - began_ms, 0, ENDED_MS_MAX);
    assert_true(tx_is_lost(tx));
    tx_step_end(tx, true);
    tx_rollback(tx);
    assert_true(db_wants_reopen(place->db));
    atomic_store(&middle.is_deaf, false);
    middle_stop(&middle, thread, place);
}

static void a_commit_that_nobody_can_be_asked_about_is_not_sure(void **state)
{
    postgres_only();
    struct place *place = *state;
    struct middle middle = {.listener = -1, .is_gone = true};
    pthread_t thread = middle_start(&middle, place);
    atomic_store(&middle.keeps_answers, true);
    struct tx *tx = db_begin(place->db, place->mem);
    insert(tx, 1, "one");
    assert_false(tx_commit(tx));
    assert_int_equal(tx_fault(tx), TX_FAULT_UNSURE);
    assert_true(db_wants_reopen(place->db));
    middle_stop(&middle, thread, place);
    assert_int_equal(count_things(place), 1);
}

static void a_password_in_the_address_is_not_logged_and_a_wrong_database_not_opened(void **state)
{
    postgres_only();
    struct place *place = *state;
    assert_null(db_open("postgresql://essaim:secret@/essaim?host=/tmp/essaim-none", DB_WRITE));
    assert_true(db_is_postgres("postgres://there"));
    assert_false(db_is_postgres(place->folder));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_TEST(a_batch_of_steps_that_give_up_at_once_is_not_too_long_for_the_line),
        PLACE_TEST(an_error_in_a_step_that_has_ended_is_the_batch_s),
        PLACE_TEST(an_error_that_nobody_read_fails_the_commit),
        PLACE_TEST(what_nobody_reads_makes_no_round_trip),
        PLACE_TEST(more_than_the_pipe_holds_goes_through_it),
        PLACE_TEST(rows_that_are_copied_in_are_there_with_all_else),
        PLACE_TEST(a_copy_that_is_refused_is_a_fault_of_its_transaction),
        PLACE_TEST(a_copy_whose_connection_ends_is_a_fault),
        PLACE_TEST(a_write_that_takes_too_long_ends_its_step_alone),
        PLACE_TEST(a_batch_leaves_its_number_when_it_wrote_something),
        PLACE_TEST(who_waits_too_long_for_the_lock_does_not_begin),
        PLACE_TEST(a_connection_that_is_lost_is_opened_again),
        PLACE_TEST(a_statement_that_nobody_waits_for_ends),
        PLACE_TEST(a_reader_whose_server_hung_up_is_not_handed_out),
        PLACE_TEST(a_server_that_is_not_there_is_not_asked_without_end),
        PLACE_TEST(a_server_that_says_nothing_is_waited_for_by_one_alone),
        PLACE_TEST(a_commit_on_a_lost_connection_is_looked_up_and_was_not_kept),
        PLACE_TEST(a_commit_whose_answer_is_lost_is_looked_up_and_was_kept),
        PLACE_TEST(a_server_that_hangs_is_given_up_in_time),
        PLACE_TEST(a_commit_that_nobody_can_be_asked_about_is_not_sure),
        PLACE_TEST(a_password_in_the_address_is_not_logged_and_a_wrong_database_not_opened),
    };
    return cmocka_run_group_tests(tests, group_set_up, NULL);
}
