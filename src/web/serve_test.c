/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The frame over the loopback, with its threads: what is suspended is answered by the writer, what
 * is a stream goes to the streams, and who comes too many at once is told so. */
#include "web/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

#include "sys/http_fixture.h"
#include "web/web_fixture.h"

enum { CROWD = 20 };

struct served {
    struct web *web;
    struct http_server *server;
};

static const struct refusal *insert_handle(struct request *rq)
{
    tx_do(rq->work.tx, "INSERT INTO thing (name) VALUES ('a')");
    reply_see_other(rq, "/live");
    return NULL;
}

static const char *count_things(struct work *work, int64_t object_id)
{
    (void)object_id;
    const struct db_row *row = tx_one(work->tx, "SELECT COUNT(*) FROM thing");
    return row ? mem_printf(work->mem, "{\"things\":%d}", (int)row_int(row, 0)) : NULL;
}

static const struct refusal *live_handle(struct request *rq)
{
    reply_live(rq, OBJECT_CAMPAIGN, 7, count_things);
    return NULL;
}

static const struct route routes[] = {
    {"POST", "/things", ACCESS_ANYONE, .handle = insert_handle},
    {"GET", "/live", ACCESS_ANYONE, .flags = ROUTE_NO_STORE, .handle = live_handle},
    {.method = NULL},
};
static const struct feature test_feature = {.name = "test", .routes = routes};
static const struct feature *const features[] = {&test_feature, NULL};

static int set_up(void **state)
{
    struct web *web = web_new(features, true);
    struct served *served = MEM_NEW(web->mem, struct served);
    served->web = web;
    web->app.live = live_start(&web->app);
    struct http_config config = {
        .address = "127.0.0.1", .threads = 2, .handle = request_handle, .context = &web->app};
    served->server = http_start(&config);
    *state = served;
    return web->app.live && served->server ? 0 : -1;
}

static int tear_down(void **state)
{
    struct served *served = *state;
    http_stop(served->server);
    live_stop(served->web->app.live);
    web_free(served->web);
    return 0;
}

static int connect_to(void **state)
{
    struct served *served = *state;
    int client = client_connect(http_port(served->server));
    assert_true(client >= 0);
    return client;
}

static void send_line(int client, const char *line)
{
    client_send(client, line);
    client_send(client, " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n");
}

static void a_post_is_answered_by_the_writer(void **state)
{
    struct answer answer;
    int client = connect_to(state);
    for (int i = 0; i < 3; i++) {
        send_line(client, "POST /things");
        assert_int_equal(client_read(client, true, &answer), 303);
        assert_non_null(strstr(answer.head, "\r\nLocation: /live\r\n"));
    }
    close(client);
}

static void many_at_once_are_all_answered(void **state)
{
    struct answer answer;
    int clients[CROWD];
    for (int i = 0; i < CROWD; i++) {
        clients[i] = connect_to(state);
        send_line(clients[i], "POST /things");
    }
    for (int i = 0; i < CROWD; i++) {
        assert_int_equal(client_read(clients[i], true, &answer), 303);
        close(clients[i]);
    }
    int client = connect_to(state);
    char text[1024];
    send_line(client, "GET /live");
    assert_true(client_read_until(client, "}\n\n", text, sizeof text));
    assert_non_null(strstr(text, "data: {\"things\":20}"));
    close(client);
}

static void head_of_a_stream_ends_with_its_head(void **state)
{
    struct answer answer;
    int client = connect_to(state);
    send_line(client, "HEAD /live");
    assert_int_equal(client_read(client, false, &answer), 200);
    assert_non_null(strstr(answer.head, "\r\nContent-Type: text/event-stream\r\n"));
    send_line(client, "HEAD /nowhere");
    assert_int_equal(client_read(client, false, &answer), 404);
    assert_non_null(strstr(answer.head, "\r\nX-Content-Type-Options: nosniff\r\n"));
    close(client);
}

/* The writer's own thread, held up. */
struct gate {
    struct writer_task task;
    atomic_bool held;
    atomic_bool open;
};

static bool gate_run(struct writer_task *task, struct tx *tx)
{
    struct gate *gate = (struct gate *)task;
    (void)tx;
    atomic_store(&gate->held, true);
    while (!atomic_load(&gate->open))
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    return true;
}

static void gate_done(struct writer_task *task, enum writer_end end)
{
    (void)task, (void)end;
}

static bool filler_run(struct writer_task *task, struct tx *tx)
{
    (void)task, (void)tx;
    return true;
}

static void who_finds_the_queue_full_is_asked_to_come_again(void **state)
{
    struct served *served = *state;
    struct writer *writer = served->web->app.writer;
    struct mem *mem = mem_new(8 * 1024 * 1024); /* of the writer's thread, until it stops */
    struct gate gate = {
        .task = {.lane = LANE_BULK, .mem = mem, .run = gate_run, .done = gate_done}};
    struct writer_task *fillers = MEM_ARRAY(served->web->mem, struct writer_task, WRITER_QUEUE_MAX);
    writer_submit(writer, &gate.task);
    while (!atomic_load(&gate.held))
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    for (int i = 0; i < WRITER_QUEUE_MAX; i++) {
        fillers[i] = (struct writer_task){
            .lane = LANE_BULK, .mem = mem, .run = filler_run, .done = gate_done};
        assert_true(writer_submit(writer, &fillers[i]));
    }
    struct answer answer;
    int client = connect_to(state);
    send_line(client, "POST /things");
    assert_int_equal(client_read(client, true, &answer), 503);
    assert_non_null(strstr(answer.head, "\r\nRetry-After: 5\r\n"));
    atomic_store(&gate.open, true);
    do { /* until those who came before are through */
        send_line(client, "POST /things");
    } while (client_read(client, true, &answer) == 503);
    assert_int_equal(answer.status, 303);
    close(client);
    mem_free(mem);
}

#define SERVED(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED(a_post_is_answered_by_the_writer),
        SERVED(many_at_once_are_all_answered),
        SERVED(head_of_a_stream_ends_with_its_head),
        SERVED(who_finds_the_queue_full_is_asked_to_come_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
