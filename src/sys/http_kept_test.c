/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers that are kept, on real sockets: one that is sent often comes from a file, and nobody can
 * tell by what arrives. */
#include "sys/http.h"

#include <dirent.h>
#include <linux/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/clock.h"
#include "sys/http_fixture.h"

enum { LARGE_BYTES = 200 * 1024, FILES = 3, TRIES = 5, CORK_MS = 200 /* the kernel's patience */ };

/* What the server answers with: `kept`, but for other paths than "/". */
struct world {
    struct mem *mem;
    struct http_server *server;
    struct http_kept *kept;
    atomic_int files_left;
    char *body;
    int client;
    struct answer answer;
};

static void handle(void *context, struct http_exchange *exchange)
{
    struct world *world = context;
    const struct http_request *request = http_request(exchange);
    if (str_equal(request->path, "/") && !request->body)
        http_answer_kept(exchange, world->kept);
    else
        http_answer(exchange,
                    &(struct http_reply){.status = 200, .body = "other", .body_count = 5});
}

/* Keeps the first bytes of the body; each of them says where it stands. */
static void keep(struct world *world, size_t count)
{
    http_kept_give(world->kept);
    struct http_reply reply = {.status = 200, .body = world->body, .body_count = count};
    http_reply_header(&reply, "Content-Type", "text/plain");
    world->kept = http_keep(&reply, &world->files_left);
    assert_non_null(world->kept);
}

static int start(void **state)
{
    struct mem *mem = mem_new(16 * 1024 * 1024);
    struct world *world = MEM_NEW(mem, struct world);
    world->mem = mem;
    world->body = mem_alloc(mem, LARGE_BYTES);
    for (int i = 0; i < LARGE_BYTES; i++)
        world->body[i] = (char)('!' + (i / 90 + i) % 90);
    atomic_init(&world->files_left, FILES);
    world->server = http_start(&(struct http_config){
        .address = "127.0.0.1", .threads = 1, .handle = handle, .context = world});
    if (!world->server)
        return -1;
    keep(world, HTTP_FILE_BYTES_MIN);
    world->client = client_connect(http_port(world->server));
    *state = world;
    return world->client >= 0 ? 0 : -1;
}

static int stop(void **state)
{
    struct world *world = *state;
    close(world->client);
    http_kept_give(world->kept);
    bool stopped = http_stop(world->server);
    bool is_given_back = atomic_load(&world->files_left) == FILES;
    mem_free(world->mem);
    return stopped && is_given_back ? 0 : -1;
}

/* How many files in memory this process has open. */
static int files_open(void)
{
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    for (struct dirent *entry; (entry = readdir(folder));) {
        char target[64] = "";
        if (readlinkat(dirfd(folder), entry->d_name, target, sizeof target - 1) > 0)
            count += str_starts(target, "/memfd:page");
    }
    closedir(folder);
    return count;
}

static void ask(struct world *world, const char *request, bool with_body)
{
    client_send(world->client, request);
    assert_int_equal(client_read(world->client, with_body, &world->answer), 200);
}

static void get_kept(struct world *world, size_t count)
{
    ask(world, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", true);
    assert_non_null(strstr(world->answer.head, "\r\nContent-Type: text/plain\r\n"));
    assert_int_equal(strlen(world->answer.body), count);
    assert_memory_equal(world->answer.body, world->body, count);
}

/* So often that it has a file, if it may have one. */
static void get_often(struct world *world, size_t count)
{
    for (int i = 0; i < HTTP_FILE_FROM_SENDING; i++)
        get_kept(world, count);
}

static void what_is_sent_often_gets_a_file(void **state)
{
    struct world *world = *state;
    for (int i = 1; i < HTTP_FILE_FROM_SENDING; i++)
        get_kept(world, HTTP_FILE_BYTES_MIN);
    assert_int_equal(files_open(), 0);
    for (int i = 0; i < 3; i++)
        get_kept(world, HTTP_FILE_BYTES_MIN);
    assert_int_equal(files_open(), 1);
    assert_int_equal(atomic_load(&world->files_left), FILES - 1);
}

static void what_is_small_gets_none(void **state)
{
    struct world *world = *state;
    keep(world, HTTP_FILE_BYTES_MIN - 1);
    get_often(world, HTTP_FILE_BYTES_MIN - 1);
    assert_int_equal(files_open(), 0);
}

static void without_files_left_it_is_sent_all_the_same(void **state)
{
    struct world *world = *state;
    atomic_store(&world->files_left, 0);
    get_often(world, HTTP_FILE_BYTES_MIN);
    get_often(world, HTTP_FILE_BYTES_MIN);
    assert_int_equal(files_open(), 0);
    assert_int_equal(atomic_load(&world->files_left), 0);
    atomic_store(&world->files_left, FILES);
}

static void a_process_that_may_open_no_more_files_sends_it_all_the_same(void **state)
{
    struct world *world = *state;
    struct rlimit before;
    get_kept(world, HTTP_FILE_BYTES_MIN); /* now the connection itself has its file */
    getrlimit(RLIMIT_NOFILE, &before);
    struct rlimit none = {.rlim_cur = 0, .rlim_max = before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
    get_often(world, HTTP_FILE_BYTES_MIN);
    get_often(world, HTTP_FILE_BYTES_MIN);
    setrlimit(RLIMIT_NOFILE, &before);
    assert_int_equal(files_open(), 0);
    assert_int_equal(atomic_load(&world->files_left), FILES);
}

static int segments(int client)
{
    struct tcp_info info = {0};
    socklen_t bytes = sizeof info;
    getsockopt(client, IPPROTO_TCP, TCP_INFO, &info, &bytes);
    return (int)info.tcpi_data_segs_in;
}

static void head_and_body_arrive_together(void **state)
{
    struct world *world = *state;
    get_often(world, HTTP_FILE_BYTES_MIN);
    int before = segments(world->client);
    get_kept(world, HTTP_FILE_BYTES_MIN);
    get_kept(world, HTTP_FILE_BYTES_MIN);
    assert_int_equal(segments(world->client), before + 2);
}

static void head_is_answered_without_a_body(void **state)
{
    struct world *world = *state;
    get_often(world, HTTP_FILE_BYTES_MIN);
    ask(world, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", false);
    assert_non_null(strstr(world->answer.head, "Content-Length: 6144"));
    get_kept(world, HTTP_FILE_BYTES_MIN);
}

/* The quickest of some tries: what waits for a cork would never take less than that. */
static int64_t quickest_after_a_file(struct world *world, const char *request)
{
    int64_t quickest = INT64_MAX;
    for (int i = 0; i < TRIES; i++) {
        get_kept(world, HTTP_FILE_BYTES_MIN);
        int64_t began = clock_monotonic_ms();
        client_send(world->client, request);
        client_read(world->client, true, &world->answer);
        int64_t took = clock_monotonic_ms() - began;
        quickest = took < quickest ? took : quickest;
        if (world->answer.status == 100)
            ask(world, "abc", true);
        assert_string_equal(world->answer.body, "other");
    }
    return quickest;
}

static void other_answers_on_that_connection_do_not_wait(void **state)
{
    struct world *world = *state;
    get_often(world, HTTP_FILE_BYTES_MIN);
    const char *other = "GET /other HTTP/1.1\r\nHost: a\r\n\r\n";
    const char *asking = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
                         "Expect: 100-continue\r\n\r\n";
    assert_in_range(quickest_after_a_file(world, other), 0, CORK_MS * 3 / 4);
    assert_in_range(quickest_after_a_file(world, asking), 0, CORK_MS * 3 / 4);
}

static void what_is_on_its_way_outlives_what_was_kept(void **state)
{
    struct world *world = *state;
    keep(world, LARGE_BYTES);
    get_often(world, LARGE_BYTES);
    client_send(world->client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_true(client_read_until(world->client, "\r\n\r\n", world->answer.head, 4096));
    keep(world, HTTP_FILE_BYTES_MIN);
    ssize_t received = recv(world->client, world->answer.body, LARGE_BYTES, MSG_WAITALL);
    assert_int_equal(received, LARGE_BYTES);
    assert_memory_equal(world->answer.body, world->body, LARGE_BYTES);
    get_often(world, HTTP_FILE_BYTES_MIN);
    assert_int_equal(files_open(), 1);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    log_set_level(LOG_ERROR);
    const struct CMUnitTest tests[] = {
        STORY(what_is_sent_often_gets_a_file),
        STORY(what_is_small_gets_none),
        STORY(without_files_left_it_is_sent_all_the_same),
        STORY(a_process_that_may_open_no_more_files_sends_it_all_the_same),
        STORY(head_and_body_arrive_together),
        STORY(head_is_answered_without_a_body),
        STORY(other_answers_on_that_connection_do_not_wait),
        STORY(what_is_on_its_way_outlives_what_was_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
