/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Streams over the loopback, through the HTTP engine and a database of its own: the stream of
 * object n shows row n of a table of counters. */
#include "web/live.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/clock.h"
#include "sys/db.h"
#include "sys/db_readers.h"
#include "sys/http.h"
#include "sys/http_fixture.h"
#include "web/app.h"
#include "web/community.h"
#include "web/live_local.h"

enum { CROWD = 120, ALIVE_MS = 300, TEXT_BYTES = 4096 };

struct world {
    struct app app; /* first: that is how the data's function finds the rest */
    struct mem *mem;
    struct db *db;
    struct http_server *server;
    struct live *live;
    atomic_int reads;
    char folder[32];
    char text[TEXT_BYTES]; /* what the last client read */
};

static const char *counter(struct work *work, int64_t id)
{
    atomic_fetch_add(&((struct world *)(void *)(uintptr_t)work->app)->reads, 1);
    const struct db_row *row = tx_one(work->tx, "SELECT n FROM counter WHERE id = ?1", id);
    if (!row)
        return NULL;
    return mem_printf(work->mem, "{\"n\":%d,\"in\":\"%s\"}", (int)row_int(row, 0),
                      work->community->name);
}

static const char *unreadable(struct work *work, int64_t id)
{
    return tx_one(work->tx, "SELECT n FROM nowhere WHERE id = ?1", id) ? "{}" : NULL;
}

static const struct object first = {OBJECT_CAMPAIGN, 1};
static const struct object second = {OBJECT_CAMPAIGN, 2};

/* /1, /2, /9 are the objects; /fault one that cannot be read. The community lives as long as the
 * request. */
static void handle(void *context, struct http_exchange *exchange)
{
    struct world *world = context;
    const char *path = http_request(exchange)->path;
    struct mem *mem = http_mem(exchange);
    struct community community = {.slug = "",
                                  .name = mem_strdup(mem, "Essaim"),
                                  .description = "",
                                  .language = "fr",
                                  .time_zone = "Europe/Paris"};
    int64_t id = 1;
    str_to_int(path + 1, &id);
    live_data *data = strcmp(path, "/fault") == 0 ? unreadable : counter;
    live_follow(world->live, http_take_socket(exchange), (struct object){OBJECT_CAMPAIGN, id},
                &community, data);
}

static int start_with(void **state, int alive_ms)
{
    struct mem *mem = mem_new(1024 * 1024);
    struct world *world = MEM_NEW(mem, struct world);
    *state = world;
    world->mem = mem;
    memcpy(world->folder, "/tmp/live-XXXXXX", sizeof "/tmp/live-XXXXXX");
    assert_non_null(mkdtemp(world->folder));
    const char *path = mem_printf(mem, "%s/live.db", world->folder);
    const char *error = NULL;
    world->db = db_open(path, DB_WRITE);
    assert_true(db_script(world->db,
                          "CREATE TABLE counter (id INTEGER PRIMARY KEY, n INTEGER NOT NULL);"
                          "INSERT INTO counter VALUES (1, 0), (2, 0)",
                          &error));
    world->app.clock = clock_new_still(mem, 0);
    world->app.readers = db_readers_new(path, 2);
    world->live = live_start_with(&world->app, alive_ms, CROWD);
    struct http_config config = {
        .address = "127.0.0.1", .threads = 2, .handle = handle, .context = world};
    world->server = http_start(&config);
    return world->live && world->server ? 0 : -1;
}

static int start(void **state)
{
    return start_with(state, 3600 * 1000);
}

static int start_lively(void **state)
{
    return start_with(state, ALIVE_MS);
}

static int stop(void **state)
{
    struct world *world = *state;
    http_stop(world->server);
    if (world->live)
        live_stop(world->live);
    db_readers_free(world->app.readers);
    db_close(world->db);
    static const char *const files[] = {"live.db", "live.db-wal", "live.db-shm"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(mem_printf(world->mem, "%s/%s", world->folder, files[i]));
    rmdir(world->folder);
    mem_free(world->mem);
    return 0;
}

static void write_n(struct world *world, const char *sql, struct object object, int n)
{
    struct mem *mem = mem_new(64 * 1024);
    struct tx *tx = db_begin(world->db, mem);
    tx_do(tx, sql, object.id, n);
    assert_true(tx_commit(tx));
    mem_free(mem);
}

/* Sets the counter as the writer does: the commit, then the wake. */
static void set(struct world *world, struct object object, int n)
{
    write_n(world, "UPDATE counter SET n = ?2 WHERE id = ?1", object, n);
    struct notes touched = {.count = 1, .objects = {object}};
    live_wake(world->live, &touched);
}

static int follow(struct world *world, const char *path)
{
    int client = client_connect(http_port(world->server));
    assert_true(client >= 0);
    client_send(client, mem_printf(world->mem, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", path));
    return client;
}

static bool read_event(struct world *world, int client)
{
    return client_read_until(client, "\n\n", world->text, sizeof world->text);
}

static void assert_event(struct world *world, int client, int n)
{
    assert_true(read_event(world, client));
    assert_string_equal(
        world->text,
        mem_printf(world->mem, "event: progress\ndata: {\"n\":%d,\"in\":\"Essaim\"}\n\n", n));
}

/* Follows an object and reads the head and the first event. */
static int follow_and_read(struct world *world, const char *path, int n)
{
    int client = follow(world, path);
    assert_true(client_read_until(client, "\r\n\r\n", world->text, sizeof world->text));
    assert_true(read_event(world, client));
    assert_string_equal(world->text, "retry: 3000\n\n");
    assert_event(world, client, n);
    return client;
}

static void wait_for_viewers(struct world *world, int count)
{
    int64_t began = clock_monotonic_ms();
    while (live_viewers(world->live) != count) {
        assert_true(clock_monotonic_ms() - began < CLIENT_PATIENCE_SECONDS * 1000);
        poll(NULL, 0, 1);
    }
}

static void the_head_says_what_it_is_and_that_nobody_keeps_it(void **state)
{
    struct world *world = *state;
    int client = follow(world, "/1");
    assert_true(client_read_until(client, "\r\n\r\n", world->text, sizeof world->text));
    assert_true(str_starts(world->text, "HTTP/1.1 200 OK\r\n"));
    static const char *const lines[] = {
        "\r\nContent-Type: text/event-stream\r\n", "\r\nCache-Control: no-store\r\n",
        "\r\nX-Accel-Buffering: no\r\n",           "\r\nX-Content-Type-Options: nosniff\r\n",
        "\r\nReferrer-Policy: same-origin\r\n",    "\r\nConnection: close\r\n"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_non_null(strstr(world->text, lines[i]));
    close(client);
}

static void a_stream_begins_with_the_present_state_and_follows_changes(void **state)
{
    struct world *world = *state;
    set(world, first, 3);
    int client = follow_and_read(world, "/1", 3);
    set(world, first, 4);
    assert_event(world, client, 4);
    set(world, first, 5);
    assert_event(world, client, 5);
    close(client);
}

static void a_stream_hears_of_its_own_object_alone(void **state)
{
    struct world *world = *state;
    int one = follow_and_read(world, "/1", 0);
    int two = follow_and_read(world, "/2", 0);
    set(world, second, 8);
    assert_event(world, two, 8);
    set(world, first, 9);
    assert_event(world, one, 9);
    close(one);
    close(two);
}

static void many_changes_become_few_events_and_the_last_one_always_comes(void **state)
{
    struct world *world = *state;
    int client = follow_and_read(world, "/1", 0);
    int64_t began = clock_monotonic_ms();
    for (int n = 1; n <= 100; n++)
        set(world, first, n);
    int events = 0;
    do {
        assert_true(read_event(world, client));
        events++;
    } while (!strstr(world->text, "\"n\":100,"));
    int64_t took_ms = clock_monotonic_ms() - began;
    assert_in_range(events, 1, took_ms / LIVE_EVENT_MS_MIN + 1);
    struct pollfd more = {.fd = client, .events = POLLIN};
    assert_int_equal(poll(&more, 1, 2 * LIVE_EVENT_MS_MIN), 0);
    close(client);
}

static void a_crowd_hears_of_a_change_within_a_second_and_it_is_read_once(void **state)
{
    struct world *world = *state;
    int clients[CROWD];
    for (int i = 0; i < CROWD; i++)
        clients[i] = follow_and_read(world, "/1", 0);
    assert_int_equal(live_viewers(world->live), CROWD);
    int reads = atomic_load(&world->reads);
    int64_t began = clock_monotonic_ms();
    set(world, first, 1);
    for (int i = 0; i < CROWD; i++)
        assert_event(world, clients[i], 1);
    assert_in_range(clock_monotonic_ms() - began, 0, 1000);
    assert_int_equal(atomic_load(&world->reads), reads + 1);
    int one_more = follow(world, "/1");
    assert_true(client_is_ended(one_more));
    close(one_more);
    for (int i = 0; i < CROWD; i++)
        close(clients[i]);
    wait_for_viewers(world, 0);
}

static void streams_leave_files_to_everybody_else(void **state)
{
    (void)state;
    assert_int_equal(live_viewers_max(1024), 519);
    assert_int_equal(live_viewers_max(4096), 2266);
    assert_int_equal(live_viewers_max(HTTP_FILES_WANTED), LIVE_VIEWERS_MAX);
    assert_int_equal(live_viewers_max(100), 1);
    assert_int_equal(live_viewers_max(0), 1);
}

static void notes_that_ran_over_wake_everybody(void **state)
{
    struct world *world = *state;
    int client = follow_and_read(world, "/2", 0);
    write_n(world, "UPDATE counter SET n = ?2 WHERE id = ?1", second, 6);
    struct notes touched = {.over = true};
    live_wake(world->live, &touched);
    assert_event(world, client, 6);
    close(client);
}

static void viewers_who_leave_are_forgotten(void **state)
{
    struct world *world = *state;
    int one = follow_and_read(world, "/1", 0);
    int two = follow_and_read(world, "/1", 0);
    close(one);
    wait_for_viewers(world, 1);
    set(world, first, 1);
    assert_event(world, two, 1);
    close(two);
    wait_for_viewers(world, 0);
    close(follow_and_read(world, "/1", 1));
}

/* A socket whose buffer is full already. */
static void a_viewer_who_does_not_read_is_sent_away(void **state)
{
    struct world *world = *state;
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    char filling[1024] = {0};
    while (send(pair[0], filling, sizeof filling, MSG_DONTWAIT) > 0)
        ;
    struct community community = {
        .slug = "", .name = "", .description = "", .language = "fr", .time_zone = ""};
    assert_true(live_follow(world->live, pair[0], first, &community, counter));
    wait_for_viewers(world, 0);
    close(pair[1]);
    close(follow_and_read(world, "/1", 0));
}

static void streams_end_with_their_object_and_a_browser_is_told_not_to_come_back(void **state)
{
    struct world *world = *state;
    int client = follow_and_read(world, "/2", 0);
    write_n(world, "DELETE FROM counter WHERE id = ?1 AND ?2 = 0", second, 0);
    struct notes touched = {.count = 1, .objects = {second}};
    live_wake(world->live, &touched);
    assert_true(client_is_ended(client));
    close(client);
    client = follow(world, "/9");
    assert_true(client_read_until(client, "\r\n\r\n", world->text, sizeof world->text));
    assert_true(str_starts(world->text, "HTTP/1.1 204 "));
    assert_true(client_is_ended(client));
    close(client);
    wait_for_viewers(world, 0);
}

static void a_fault_ends_the_stream_so_that_the_browser_comes_back(void **state)
{
    struct world *world = *state;
    int client = follow(world, "/fault");
    assert_true(client_read_until(client, "retry: 3000\n\n", world->text, sizeof world->text));
    assert_true(str_starts(world->text, "HTTP/1.1 200 "));
    assert_true(client_is_ended(client));
    close(client);
    close(follow_and_read(world, "/1", 0));
}

static void a_quiet_stream_shows_that_it_is_alive(void **state)
{
    struct world *world = *state;
    int client = follow_and_read(world, "/1", 0);
    for (int i = 0; i < 2; i++) {
        assert_true(read_event(world, client));
        assert_string_equal(world->text, "event: alive\ndata: {}\n\n");
    }
    close(client);
}

static void stopping_ends_every_stream(void **state)
{
    struct world *world = *state;
    int one = follow_and_read(world, "/1", 0);
    int two = follow_and_read(world, "/2", 0);
    live_stop(world->live);
    world->live = NULL;
    assert_true(client_is_ended(one));
    assert_true(client_is_ended(two));
    close(one);
    close(two);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    log_set_level(LOG_ERROR);
    const struct CMUnitTest tests[] = {
        STORY(the_head_says_what_it_is_and_that_nobody_keeps_it),
        STORY(a_stream_begins_with_the_present_state_and_follows_changes),
        STORY(a_stream_hears_of_its_own_object_alone),
        STORY(many_changes_become_few_events_and_the_last_one_always_comes),
        STORY(a_crowd_hears_of_a_change_within_a_second_and_it_is_read_once),
        STORY(notes_that_ran_over_wake_everybody),
        cmocka_unit_test(streams_leave_files_to_everybody_else),
        STORY(viewers_who_leave_are_forgotten),
        STORY(a_viewer_who_does_not_read_is_sent_away),
        STORY(streams_end_with_their_object_and_a_browser_is_told_not_to_come_back),
        STORY(a_fault_ends_the_stream_so_that_the_browser_comes_back),
        cmocka_unit_test_setup_teardown(a_quiet_stream_shows_that_it_is_alive, start_lively, stop),
        STORY(stopping_ends_every_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
