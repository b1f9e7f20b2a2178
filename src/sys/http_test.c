/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The HTTP engine on real sockets of the loopback: what it answers, what it refuses, what it ends,
 * and that it lives on after each of them. */
#include "sys/http.h"

#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "sys/clock.h"
#include "sys/http_fixture.h"

enum { DEADLINE_MS = 300, BODY_DEADLINE_MS = 3 * DEADLINE_MS, LONG_HEAD_BYTES = 3300 };
#define CLIENT_ADDRESS "127.10.200.9" /* with one, two and three digits */

/* A server whose handler answers by path, and one client's last answer. */
struct world {
    struct mem *mem;
    struct http_server *server;
    pthread_mutex_t lock;
    pthread_cond_t handed;
    struct http_exchange *suspended; /* by /later */
    int taken;                       /* by /stream; -1 */
    struct answer answer;            /* the client's last */
};

static void answer_text(struct http_exchange *exchange, int status, const char *text)
{
    struct http_reply reply = {.status = status, .body = text, .body_count = strlen(text)};
    http_reply_header(&reply, "Content-Type", "text/plain");
    http_answer(exchange, &reply);
}

static void hand_over(struct world *world, struct http_exchange *exchange, int taken)
{
    pthread_mutex_lock(&world->lock);
    world->suspended = exchange;
    world->taken = taken;
    pthread_cond_signal(&world->handed);
    pthread_mutex_unlock(&world->lock);
}

static void handle(void *context, struct http_exchange *exchange)
{
    struct world *world = context;
    const struct http_request *request = http_request(exchange);
    if (strcmp(request->path, "/later") == 0) {
        http_suspend(exchange);
        hand_over(world, exchange, -1);
    } else if (strcmp(request->path, "/stream") == 0) {
        hand_over(world, NULL, http_take_socket(exchange));
    } else if (strcmp(request->path, "/bad-header") == 0) {
        struct http_reply reply = {.status = 303};
        http_reply_header(&reply, "Location", "/a\r\nSet-Cookie: b=c");
        http_answer(exchange, &reply);
    } else if (strcmp(request->path, "/long-head") == 0) {
        char *text = mem_alloc(http_mem(exchange), LONG_HEAD_BYTES + 1);
        memset(text, 'x', LONG_HEAD_BYTES);
        struct http_reply reply = {.status = 200};
        http_reply_header(&reply, "X-Long", text);
        http_answer(exchange, &reply);
    } else if (request->body) {
        answer_text(exchange, 200, request->body);
    } else {
        answer_text(exchange, 200,
                    mem_printf(http_mem(exchange), "%s %s?%s from %s", request->method,
                               request->path, request->query, request->address));
    }
}

static void *wait_for_hand_over(struct world *world)
{
    pthread_mutex_lock(&world->lock);
    while (!world->suspended && world->taken < 0)
        pthread_cond_wait(&world->handed, &world->lock);
    void *exchange = world->suspended;
    world->suspended = NULL;
    pthread_mutex_unlock(&world->lock);
    return exchange;
}

static int start(void **state)
{
    struct mem *mem = mem_new(16 * 1024 * 1024);
    struct world *world = MEM_NEW(mem, struct world);
    world->mem = mem;
    world->taken = -1;
    pthread_mutex_init(&world->lock, NULL);
    pthread_cond_init(&world->handed, NULL);
    struct http_config config = {.address = "127.0.0.1",
                                 .threads = 2,
                                 .handle = handle,
                                 .context = world,
                                 .head_ms = DEADLINE_MS,
                                 .body_ms = BODY_DEADLINE_MS};
    world->server = http_start(&config);
    *state = world;
    return world->server ? 0 : -1;
}

static int stop(void **state)
{
    struct world *world = *state;
    if (world->server)
        http_stop(world->server);
    pthread_cond_destroy(&world->handed);
    pthread_mutex_destroy(&world->lock);
    mem_free(world->mem);
    return 0;
}

static int client_new(const struct world *world)
{
    int client = client_connect_from(CLIENT_ADDRESS, http_port(world->server));
    assert_true(client >= 0);
    return client;
}

/* Sends a request on a connection of its own; its status. */
static int ask(struct world *world, const char *request)
{
    int client = client_new(world);
    client_send(client, request);
    int status = client_read(client, true, &world->answer);
    close(client);
    return status;
}

static void assert_alive(struct world *world)
{
    assert_int_equal(ask(world, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"), 200);
}

/* The request is answered with 400 and the connection ends; a request behind it is not served. */
static void assert_refused(struct world *world, const char *request)
{
    int client = client_new(world);
    client_send(client, request);
    if (client_read(client, true, &world->answer) != 400)
        fail_msg("answered %d to: %s", world->answer.status, request);
    assert_non_null(strcasestr(world->answer.head, "Connection: close"));
    while (client_read(client, true, &world->answer) != 0)
        assert_int_equal(world->answer.status, 400); /* the library may say it twice */
    close(client);
    assert_alive(world);
}

static void a_request_comes_as_it_was_sent(void **state)
{
    struct world *world = *state;
    assert_int_equal(ask(world, "GET /a%2Fb+c?d=%20e&f HTTP/1.1\r\nHost: a\r\n\r\n"), 200);
    assert_string_equal(world->answer.body, "GET /a%2Fb+c?d=%20e&f from " CLIENT_ADDRESS);
    assert_non_null(strstr(world->answer.head, "\r\nDate: "));
}

static void any_method_reaches_the_handler(void **state)
{
    struct world *world = *state;
    assert_int_equal(ask(world, "BREW /tea HTTP/1.1\r\nHost: a\r\n\r\n"), 200);
    assert_string_equal(world->answer.body, "BREW /tea? from " CLIENT_ADDRESS);
}

static void head_is_answered_without_a_body(void **state)
{
    struct world *world = *state;
    int client = client_new(world);
    client_send(client, "HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n"
                        "GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal(client_read(client, false, &world->answer), 200);
    assert_non_null(strstr(world->answer.head, "Content-Length: 26"));
    assert_int_equal(client_read(client, true, &world->answer), 200);
    assert_string_equal(world->answer.body, "GET /a? from " CLIENT_ADDRESS);
    close(client);
}

static void heads_that_two_programs_could_read_differently_are_refused(void **state)
{
    static const char *const requests[] = {
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\nContent-Length: "
        "5\r\n\r\nhello",
        "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "POST /a HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nhello",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello",
        "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
        "chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
        "GET /a HTTP/1.1\r\n\r\n",
        "GET /a HTTP/1.0\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost:\r\n\r\n",
        "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a\001b HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /caf\303\251 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a HTTP/1.7\r\nHost: a\r\n\r\n",
        "G@T /a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\nX-\001: b\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\nX: b\033c\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
        assert_refused(*state, requests[i]);
}

static void a_space_in_the_target_ends_the_connection(void **state)
{
    assert_int_equal(ask(*state, "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"), 0);
    assert_alive(*state);
}

static void a_head_of_64_kilobytes_is_refused_as_too_large(void **state)
{
    struct world *world = *state;
    char *head = mem_alloc(world->mem, 66 * 1024);
    memset(head, 'x', 66 * 1024 - 1);
    static const char start_text[] = "GET /a HTTP/1.1\r\nHost: a\r\nX: ";
    memcpy(head, start_text, sizeof start_text - 1);
    int client = client_new(world);
    client_send(client, head);
    client_send(client, "\r\n\r\n");
    assert_int_equal(client_read(client, true, &world->answer), 431);
    assert_true(client_is_ended(client));
    close(client);
    assert_alive(world);
}

/* `count` headers of `value_bytes` each, beside Host. */
static char *head_with(struct world *world, const char *name, int count, int value_bytes)
{
    char *value = mem_alloc(world->mem, (size_t)value_bytes + 1);
    memset(value, 'v', (size_t)value_bytes);
    char *head = mem_strdup(world->mem, "GET /a HTTP/1.1\r\nHost: localhost:8080\r\n");
    for (int i = 0; i < count; i++)
        head = mem_printf(world->mem, "%s%s: %s\r\n", head, name, value);
    return mem_printf(world->mem, "%s\r\n", head);
}

static void the_number_of_headers_has_a_limit(void **state)
{
    struct world *world = *state;
    assert_int_equal(ask(world, head_with(world, "X", HTTP_HEADERS_MAX - 1, 1)), 200);
    assert_int_equal(ask(world, head_with(world, "X", HTTP_HEADERS_MAX, 1)), 431);
}

/* What Chromium sends behind a proxy, with cookies of `cookie_bytes`. */
static char *browser_head(struct world *world, const char *path, int cookie_bytes)
{
    char *cookie = mem_alloc(world->mem, (size_t)cookie_bytes + 1);
    memset(cookie, 'c', (size_t)cookie_bytes);
    memcpy(cookie, "a=b; d=", 7);
    return mem_printf(
        world->mem,
        "GET %s HTTP/1.1\r\nHost: localhost:8080\r\nCache-Control: max-age=0\r\n"
        "sec-ch-ua: \"Chromium\";v=\"142\", \"Google Chrome\";v=\"142\", \"Not_A "
        "Brand\";v=\"99\"\r\n"
        "sec-ch-ua-mobile: ?0\r\nsec-ch-ua-platform: \"Linux\"\r\nUpgrade-Insecure-Requests: 1\r\n"
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/142.0.0.0 Safari/537.36\r\nAccept: text/html,application/xhtml+xml,"
        "application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\nSec-Fetch-Site: same-origin\r\n"
        "Sec-Fetch-Mode: navigate\r\nSec-Fetch-User: ?1\r\nSec-Fetch-Dest: document\r\n"
        "Referer: http://localhost:8080/campagnes\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
        "Accept-Language: fr-FR,fr;q=0.9,en;q=0.8\r\nX-Forwarded-For: 203.0.113.7\r\n"
        "X-Forwarded-Proto: https\r\nCookie: %s\r\n\r\n",
        path, cookie);
}

static void a_browser_with_many_cookies_gets_a_reply_with_a_long_head(void **state)
{
    struct world *world = *state;
    assert_int_equal(ask(world, browser_head(world, "/long-head", 2600)), 200);
    assert_non_null(strstr(world->answer.head, "X-Long: "));
    assert_int_equal(ask(world, browser_head(world, "/a", 3600)), 431);
    assert_alive(world);
}

static void three_pipelined_requests_get_three_answers(void **state)
{
    struct world *world = *state;
    int client = client_new(world);
    client_send(client, "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
                        "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
    for (int i = 1; i <= 3; i++) {
        assert_int_equal(client_read(client, true, &world->answer), 200);
        assert_int_equal(world->answer.body[5], '0' + i);
    }
    close(client);
}

static void a_connection_is_kept_over_several_requests(void **state)
{
    struct world *world = *state;
    int client = client_new(world);
    for (int i = 0; i < 3; i++) {
        client_send(client, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_int_equal(client_read(client, true, &world->answer), 200);
        assert_null(strcasestr(world->answer.head, "Connection: close"));
        client_send(client, "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
        assert_int_equal(client_read(client, true, &world->answer), 200);
        assert_string_equal(world->answer.body, "hello");
    }
    close(client);
}

static void a_chunked_body_arrives_whole(void **state)
{
    struct world *world = *state;
    assert_int_equal(ask(world, "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                "5\r\nhello\r\n7;x=y\r\n, world\r\n0\r\n\r\n"),
                     200);
    assert_string_equal(world->answer.body, "hello, world");
}

static void a_client_may_ask_before_it_sends_its_body(void **state)
{
    struct world *world = *state;
    int client = client_new(world);
    client_send(client,
                "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    assert_int_equal(client_read(client, false, &world->answer), 100);
    client_send(client, "hello");
    assert_int_equal(client_read(client, true, &world->answer), 200);
    assert_string_equal(world->answer.body, "hello");
    close(client);
}

static void a_body_of_the_largest_size_is_accepted(void **state)
{
    struct world *world = *state;
    char *body = mem_alloc(world->mem, HTTP_BODY_BYTES_MAX + 1);
    memset(body, 'b', HTTP_BODY_BYTES_MAX);
    char *request =
        mem_printf(world->mem, "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s",
                   HTTP_BODY_BYTES_MAX, body);
    assert_int_equal(ask(world, request), 200);
    assert_string_equal(world->answer.body, body);
}

static void a_larger_body_is_refused_before_it_comes(void **state)
{
    struct world *world = *state;
    int client = client_new(world);
    char *head = mem_printf(world->mem, "PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n",
                            HTTP_BODY_BYTES_MAX + 1);
    client_send(client, head);
    assert_int_equal(client_read(client, true, &world->answer), 413);
    assert_non_null(strcasestr(world->answer.head, "Connection: close"));
    assert_true(client_is_ended(client));
    close(client);
    assert_alive(world);
}

static void a_chunked_body_that_grows_too_large_is_refused(void **state)
{
    struct world *world = *state;
    char chunk[1024 + 1];
    memset(chunk, 'c', 1024);
    chunk[1024] = '\0';
    int client = client_new(world);
    client_send(client, "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i <= HTTP_BODY_BYTES_MAX / 1024; i++)
        client_send(client, mem_printf(world->mem, "400\r\n%s\r\n", chunk));
    client_send(client, "0\r\n\r\n");
    assert_int_equal(client_read(client, true, &world->answer), 413);
    assert_true(client_is_ended(client));
    close(client);
    assert_alive(world);
}

/* Sends a byte every 50 ms; the milliseconds until the server has had enough. */
static int64_t trickle(int client)
{
    int64_t began = clock_monotonic_ms();
    struct pollfd end = {.fd = client, .events = POLLRDHUP};
    while (poll(&end, 1, 50) == 0 && clock_monotonic_ms() - began < CLIENT_PATIENCE_SECONDS * 1000)
        client_send(client, "x");
    close(client);
    return clock_monotonic_ms() - began;
}

static void a_trickled_head_is_cut_off(void **state)
{
    int client = client_new(*state);
    client_send(client, "GET /a HTTP/1.1\r\nHost: a\r\nX: ");
    assert_in_range(trickle(client), DEADLINE_MS / 2, 4 * DEADLINE_MS);
    assert_alive(*state);
}

static void a_head_trickled_after_a_first_request_is_cut_off(void **state)
{
    struct world *world = *state;
    int client = client_new(world);
    client_send(client, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal(client_read(client, true, &world->answer), 200);
    client_send(client, "GET /b HTTP/1.1\r\nHost: a\r\nX: ");
    assert_in_range(trickle(client), DEADLINE_MS / 2, 4 * DEADLINE_MS);
    assert_alive(world);
}

static void a_trickled_body_is_cut_off(void **state)
{
    int client = client_new(*state);
    client_send(client, "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
    assert_in_range(trickle(client), BODY_DEADLINE_MS - DEADLINE_MS / 2, 2 * BODY_DEADLINE_MS);
    assert_alive(*state);
}

static void a_silent_connection_is_cut_off(void **state)
{
    int client = client_new(*state);
    assert_true(client_is_ended(client));
    close(client);
    assert_alive(*state);
}

static void a_suspended_request_is_answered_from_another_thread(void **state)
{
    struct world *world = *state;
    int client = client_new(world);
    for (int i = 0; i < 2; i++) { /* twice: the connection is kept */
        client_send(client, "POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
        struct http_exchange *exchange = wait_for_hand_over(world);
        assert_string_equal(http_request(exchange)->body, "hello");
        assert_string_equal(http_header(http_request(exchange), "host"), "a");
        answer_text(exchange, 201, "done");
        assert_int_equal(client_read(client, true, &world->answer), 201);
        assert_string_equal(world->answer.body, "done");
    }
    close(client);
}

static void a_client_may_leave_while_its_request_is_suspended(void **state)
{
    struct world *world = *state;
    int client = client_new(world);
    client_send(client, "POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    struct http_exchange *exchange = wait_for_hand_over(world);
    close(client);
    answer_text(exchange, 200, "nobody reads this");
    assert_alive(world);
}

static void a_suspended_request_has_no_deadline(void **state)
{
    struct world *world = *state;
    int client = client_new(world);
    client_send(client, "POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    struct http_exchange *exchange = wait_for_hand_over(world);
    struct pollfd end = {.fd = client, .events = POLLRDHUP};
    assert_int_equal(poll(&end, 1, 3 * DEADLINE_MS), 0);
    answer_text(exchange, 200, "late");
    assert_int_equal(client_read(client, true, &world->answer), 200);
    close(client);
}

static void a_reply_with_a_broken_header_becomes_an_empty_500(void **state)
{
    struct world *world = *state;
    assert_int_equal(ask(world, "GET /bad-header HTTP/1.1\r\nHost: a\r\n\r\n"), 500);
    assert_null(strcasestr(world->answer.head, "Set-Cookie"));
    assert_alive(world);
}

/* The wire test of what the library does not promise: its end of a taken connection does not end
 * ours. */
static void a_taken_socket_carries_bytes_after_its_handler(void **state)
{
    struct world *world = *state;
    int client = client_new(world);
    client_send(client, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    wait_for_hand_over(world);
    assert_alive(world); /* the library has long closed its own */
    struct pollfd end = {.fd = client, .events = POLLIN | POLLRDHUP};
    assert_int_equal(poll(&end, 1, 3 * DEADLINE_MS), 0);
    client_send(world->taken, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstream");
    assert_int_equal(client_read(client, true, &world->answer), 200);
    assert_string_equal(world->answer.body, "stream");
    close(world->taken);
    assert_true(client_is_ended(client));
    close(client);
    assert_alive(world);
}

static void *stop_thread(void *context)
{
    struct world *world = context;
    http_stop(world->server);
    return NULL;
}

static void stopping_answers_what_was_accepted_and_accepts_no_more(void **state)
{
    struct world *world = *state;
    int client = client_new(world);
    client_send(client, "POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    struct http_exchange *exchange = wait_for_hand_over(world);
    http_stop_accepting(world->server);
    assert_true(client_connect(http_port(world->server)) < 0);
    pthread_t stopping;
    assert_int_equal(pthread_create(&stopping, NULL, stop_thread, world), 0);
    struct pollfd end = {.fd = client, .events = POLLRDHUP};
    assert_int_equal(poll(&end, 1, DEADLINE_MS), 0);
    answer_text(exchange, 200, "kept");
    assert_int_equal(client_read(client, true, &world->answer), 200);
    assert_string_equal(world->answer.body, "kept");
    assert_non_null(strcasestr(world->answer.head, "Connection: close"));
    pthread_join(stopping, NULL);
    assert_true(client_is_ended(client));
    close(client);
    world->server = NULL;
}

static void a_request_that_nobody_answers_keeps_the_server_from_stopping(void **state)
{
    struct world *world = *state;
    struct http_config config = {
        .address = "127.0.0.1", .threads = 1, .handle = handle, .context = world, .stop_ms = 100};
    log_set_level(LOG_ERROR + 1);
    struct http_server *usual = world->server;
    world->server = http_start(&config);
    int client = client_new(world);
    client_send(client, "POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    struct http_exchange *exchange = wait_for_hand_over(world);
    assert_false(http_stop(world->server));
    answer_text(exchange, 200, "late"); /* its memory is still there */
    assert_int_equal(client_read(client, true, &world->answer), 200);
    assert_true(http_stop(world->server));
    close(client);
    world->server = usual;
    log_set_level(LOG_ERROR);
}

static void a_taken_port_stops_the_start(void **state)
{
    struct world *world = *state;
    struct http_config config = {
        .address = "127.0.0.1", .port = http_port(world->server), .threads = 1, .handle = handle};
    assert_null(http_start(&config));
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    log_set_level(LOG_ERROR);
    const struct CMUnitTest tests[] = {
        STORY(a_request_comes_as_it_was_sent),
        STORY(any_method_reaches_the_handler),
        STORY(head_is_answered_without_a_body),
        STORY(heads_that_two_programs_could_read_differently_are_refused),
        STORY(a_space_in_the_target_ends_the_connection),
        STORY(a_head_of_64_kilobytes_is_refused_as_too_large),
        STORY(the_number_of_headers_has_a_limit),
        STORY(a_browser_with_many_cookies_gets_a_reply_with_a_long_head),
        STORY(three_pipelined_requests_get_three_answers),
        STORY(a_connection_is_kept_over_several_requests),
        STORY(a_chunked_body_arrives_whole),
        STORY(a_client_may_ask_before_it_sends_its_body),
        STORY(a_body_of_the_largest_size_is_accepted),
        STORY(a_larger_body_is_refused_before_it_comes),
        STORY(a_chunked_body_that_grows_too_large_is_refused),
        STORY(a_trickled_head_is_cut_off),
        STORY(a_head_trickled_after_a_first_request_is_cut_off),
        STORY(a_trickled_body_is_cut_off),
        STORY(a_silent_connection_is_cut_off),
        STORY(a_suspended_request_is_answered_from_another_thread),
        STORY(a_client_may_leave_while_its_request_is_suspended),
        STORY(a_suspended_request_has_no_deadline),
        STORY(a_reply_with_a_broken_header_becomes_an_empty_500),
        STORY(a_taken_socket_carries_bytes_after_its_handler),
        STORY(stopping_answers_what_was_accepted_and_accepts_no_more),
        STORY(a_request_that_nobody_answers_keeps_the_server_from_stopping),
        STORY(a_taken_port_stops_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
